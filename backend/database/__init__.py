"""The database: its tables, its one writer, and the way from one shape to the next."""

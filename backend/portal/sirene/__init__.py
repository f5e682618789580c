"""The company register as INSEE's Sirene API has it (version 3.11, domain.md §12.1)."""

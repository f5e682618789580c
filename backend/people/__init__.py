"""People as HR registers them: the file, the accounts it makes, and the letter that each is handed."""

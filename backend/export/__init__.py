"""What administrators take away to read in a spreadsheet: who there is, without any secret."""

"""Registration on a portal (domain.md §8): who registers, where they belong, what the company register says."""

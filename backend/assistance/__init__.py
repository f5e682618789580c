"""Asking for a telephone call without an account (domain.md §7.3, A-22 to A-24): the request, its states, and what agents do with it."""

"""Pairing a phone with the institution's application: a code on the computer, a sign-in on the phone, a yes on the
computer (domain.md §9.2)."""

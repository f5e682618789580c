"""Mails: composed, written with the act they announce, carried, and tried again until they are out."""

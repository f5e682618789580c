"""Asking for help without an account (domain.md §7.3): the request, how it is submitted, what agents do with it.

Reading order: ``request``, ``identity`` and ``number``, then ``submission`` (the person's side) and ``desk`` (theirs).
"""

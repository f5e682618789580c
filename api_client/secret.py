"""A value that must not be seen: it travels in a request body and is shown nowhere.

``repr``, ``str`` and ``format`` give ``•••``; the text comes out by ``reveal()`` alone, so a search for that
one word lists every place where a secret is used. Equality is in constant time.
"""


class Secret:
    """A password, provisional password, one-time code or key, wrapped so that no log or trace prints it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Use it as late as possible and keep no copy."""
        return self._text

    def __repr__(self) -> str:
        return "•••"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __len__(self) -> int:
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        import hmac  # three milliseconds that the first picture need not wait for

        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        raise TypeError("a secret is no dictionary key")

    def __reduce__(self) -> str:
        raise TypeError("a secret is never pickled")

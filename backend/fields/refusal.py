"""Why what was typed in a field cannot be kept."""


class FieldRefused(ValueError):
    """``say`` is the key of the sentence to show under the field. What was typed is nowhere in it."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say

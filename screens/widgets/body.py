"""The part of a page that scrolls."""

from textual.containers import VerticalScroll

from screens.widgets.question import Question


class Body(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Whatever grows, shrinks or appears in it, what has the focus stays in sight, with its question if it can.

    The arrows are the page's own: on the welcome screen they go from door to door, also where these scroll.
    """

    def __init__(self) -> None:
        super().__init__(id="body")

    def on_mount(self) -> None:
        self.watch(self, "virtual_size", self.on_resize, init=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._keep_focus_in_sight)

    def on_descendant_focus(self) -> None:
        self.call_after_refresh(self._keep_focus_in_sight)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.call_after_refresh(self._take_cursor_along)

    def _take_cursor_along(self) -> None:
        """Magnifiers, Braille displays and input methods look for the terminal's cursor in the field one types in;
        Textual leaves it where that was before it scrolled."""
        focused = self.screen.focused if self.is_attached else None
        place = getattr(focused, "cursor_screen_offset", None)
        if focused is not None and place is not None and place != self.app.cursor_position:
            self.app.cursor_position = place
            focused.refresh()

    def _keep_focus_in_sight(self) -> None:
        focused = self.screen.focused if self.is_attached else None
        if focused is None:
            return
        around = (node for node in focused.ancestors if isinstance(node, Question))
        for widget in (*around, focused):
            widget.scroll_visible(animate=False, immediate=True)

"""The part of a page that scrolls."""

from textual.containers import VerticalScroll


class Body(VerticalScroll, can_focus=False):
    """Whatever grows, shrinks or appears in it, what has the focus stays in sight."""

    def __init__(self) -> None:
        super().__init__(id="body")

    def on_mount(self) -> None:
        self.watch(self, "virtual_size", self.on_resize, init=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._keep_focus_in_sight)

    def _keep_focus_in_sight(self) -> None:
        focused = self.screen.focused if self.is_attached else None
        if focused is not None:
            focused.scroll_visible(animate=False)

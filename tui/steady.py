"""An app that stays up, whatever is typed, clicked or pasted, and however fast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.errors import NoWidget
from textual.widget import Widget
from textual.worker import WorkerFailed

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.screen import Screen

    _Base = Screen[Any]
else:
    _Base = object


class SteadyApp(App[None]):
    """Leaves alone what is not there yet and what is there no longer."""

    async def on_event(self, event: events.Event) -> None:
        """A click on what has just gone is a click on nothing; what is pasted is cleaned."""
        if isinstance(event, events.Paste):
            from engine.problems.texts import clean

            event.text = clean(event.text)
        if isinstance(event, events.MouseEvent) and not event.is_forwarded:
            try:
                widget, _ = self.get_widget_at(event.x, event.y)
            except NoWidget:
                pass
            else:
                if not widget.is_attached:
                    return
        await super().on_event(event)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """A key, or a command of the palette, means nothing to a screen that isn't there to see.

        Its widgets may not be made yet, or it was closed or covered meanwhile.
        """
        if isinstance(default_namespace, Widget) and not _is_there(default_namespace):
            return False
        return await super().run_action(action, default_namespace, namespaces)

    def is_left_behind(self, error: Exception) -> bool:
        """Whether a screen that was closed meanwhile missed its own widgets: that harms nobody."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not isinstance(cause, (NoMatches, NoScreen)):
            return False
        trace = cause.__traceback__
        while trace is not None:
            node = trace.tb_frame.f_locals.get("self")
            if isinstance(node, Widget):
                above = {*node.ancestors_with_self}
                if not above.intersection(self.screen_stack):
                    return True
            trace = trace.tb_next
        return False


def _is_there(widget: Widget) -> bool:
    try:
        screen = widget.screen
    except NoScreen:
        return False
    return screen.is_mounted and screen.app.screen is screen


class ClosesOnce(_Base):
    """A screen that closes itself, however often it is told to; stands before the screen's class.

    Textual's `dismiss` closes whatever is on top.
    """

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close this screen, and never the one beneath it."""
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)

"""The smallest Textual app with a text field: what Textual costs; with `--numpy`, NumPy too."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import Input


class BareApp(App[None]):
    """One Input."""

    def compose(self) -> ComposeResult:
        yield Input()


if __name__ == "__main__":
    if "--numpy" in sys.argv:
        import numpy  # noqa: F401
    BareApp().run()

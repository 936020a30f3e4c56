"""Opening the app, once it is sure that there is a terminal for it."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from engine.language import language, tr
from tui.commands.common import USAGE, CommandError
from tui.streams import complain, is_terminal

if TYPE_CHECKING:
    from tui.app import Start


def need_terminal() -> None:
    """CommandError unless the app can be shown; without a terminal Textual would wait for ever."""
    if os.environ.get("TERM") == "dumb":
        cause = tr("This terminal (TERM=dumb) can't show the app.")
    elif not is_terminal():
        cause = tr("The app needs a terminal for its input and its output.")
    else:
        return
    advice = tr("The same lessons go line by line with --plain: backhand lesson --plain")
    raise CommandError(USAGE, f"{cause} {advice}")


def run_app(start: Start, options: Namespace, *, restart: bool = False) -> int:
    """Show the app until it is left; its exit code."""
    from engine.records.places import open_places
    from tui.app import BackhandApp

    with open_places(options.data_dir) as places:
        app = BackhandApp(start, places=places, language=language(), restart=restart)
        app.run()
        code = app.return_code or 0
        lost = app.recorder.finish()
    for text in filter(None, (places.trouble, lost)):
        complain(text)
    return code

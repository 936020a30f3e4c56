"""Opening the app, once it is sure that there is a terminal for it."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from engine.language import language, tr, use_language
from tui.accidents import OWN_FAULT, accident_words, debugging, write_log
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


def take_up_settings(options: Namespace, folder: Path) -> None:
    """Let the learner's language and decimal sign count for the line mode too."""
    from tui.settings import load_settings
    from tui.shown import use_decimal_comma

    settings, trouble = load_settings(folder)
    if settings.language and not options.lang:
        use_language(settings.language)
    use_decimal_comma(settings.decimal_comma)
    if trouble:
        complain(trouble)


def follow_the_terminal() -> None:
    """Let the terminal itself say how large it is, now and whenever that changes.

    Where COLUMNS and LINES are exported they would go on saying what it was at the start.
    """
    with suppress(OSError):
        if os.get_terminal_size(sys.__stdout__.fileno()).columns:  # type: ignore[union-attr]
            for name in ("COLUMNS", "LINES"):
                os.environ.pop(name, None)


def paint_on_the_terminal() -> None:
    """Let Textual, which paints on stderr, paint on stdout where stderr goes to a file."""
    if sys.stderr is None or not sys.stderr.isatty():
        vars(sys)["__stderr__"] = sys.__stdout__


def run_app(start: Start, options: Namespace, *, restart: bool = False) -> int:
    """Show the app until it is left; its exit code."""
    from engine.records.places import open_places
    from tui.app import BackhandApp
    from tui.settings import load_settings

    with open_places(options.data_dir) as places:
        settings, trouble = load_settings(places.path.parent)
        app = BackhandApp(
            start,
            places=places,
            language=options.lang or settings.language or language(),
            restart=restart,
            settings=settings,
            trouble=trouble,
        )
        follow_the_terminal()
        paint_on_the_terminal()
        app.run()
        code = app.return_code or 0
        try:
            lost = app.recorder.finish()
        except Exception as error:
            lost, app.accident = "", app.accident or error
    told = ""
    if app.accident is not None:
        code = OWN_FAULT
    if app.accident is not None and not debugging():
        log = write_log(places.path.parent, app.accident)
        told = accident_words(None if places.trouble else places.path, log)
    for text in filter(None, (told, places.trouble, lost)):
        complain(text)
    return code

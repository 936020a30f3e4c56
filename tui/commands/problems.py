"""`problems`: the list of the built-in problems, without any mathematics."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.language import local, mark_text, tr
from tui.commands.common import FINE, USAGE
from tui.streams import say, say_json

SUMMARY = mark_text("list the built-in problems")
DETAILS = mark_text(
    "Lists the built-in problems in the order in which they are best done; the first word of a "
    "line is what the other commands want as PROBLEM."
)
EXAMPLES = "backhand problems\nbackhand problems --json"
CODES = (FINE, USAGE)


def add_arguments(parser: ArgumentParser) -> None:
    """``problems [--json]``"""
    parser.add_argument("--json", action="store_true", help=tr("print a JSON list"))


def run(options: Namespace) -> int:
    """One problem a line, in the order in which they are best done."""
    from engine.problems.reading import builtin_files

    found = [(file.id, local(file.title)) for file in builtin_files()]
    if options.json:
        say_json([{"id": identity, "title": title} for identity, title in found])
        return FINE
    width = max(len(identity) for identity, _ in found)
    for identity, title in found:
        say(f"{identity:<{width}}  {title}")
    return FINE

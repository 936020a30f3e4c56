"""`quiz`: items with new numbers, in the app or line by line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.language import mark_text, tr
from tui.commands.arguments import whole_number
from tui.commands.common import FINE, USAGE, CommandError
from tui.commands.starting import need_terminal, run_app, take_up_settings

SUMMARY = mark_text("answer quiz items with new numbers")
DETAILS = mark_text(
    "Asks items with numbers that nobody has seen before, on what helps most now: mistakes that "
    "come back, skills that are due, new ones. It says why it asks each. A quiz that was left goes "
    "on without options; with any, a new one begins."
)
EXAMPLES = "backhand quiz\nbackhand quiz --skill relu.backward --length 5\nbackhand quiz --plain"
CODES = (FINE, USAGE)

LONGEST = 100


def add_arguments(parser: ArgumentParser) -> None:
    """``quiz [--skill S] [--length N] [--seed N] [--exam]``"""
    parser.add_argument("--skill", metavar="S", help=tr("one skill only, such as relu.backward"))
    parser.add_argument(
        "--length",
        metavar="N",
        type=whole_number(1, LONGEST),
        help=tr("how many items (default: 10)"),
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=whole_number(0),
        help=tr("the same number gives the same items"),
    )
    parser.add_argument(
        "--exam", action="store_true", help=tr("say nothing about the answers before the end")
    )


def run(options: Namespace) -> int:
    """An unknown skill is told about before any screen opens."""
    if not options.plain:
        need_terminal()
    from engine.practice.skills import UnknownSkillError, find_skill

    wanted = {
        name: getattr(options, name)
        for name in ("skill", "length", "seed")
        if getattr(options, name) is not None
    }
    if options.exam:
        wanted["exam"] = True
    try:
        if options.skill is not None:
            find_skill(options.skill)
    except UnknownSkillError as error:
        raise CommandError(USAGE, str(error)) from error
    if not options.plain:
        return run_app(("quiz", wanted), options)
    from engine.records.places import open_places
    from tui.plain import play_quiz

    with open_places(options.data_dir) as places:
        take_up_settings(options, places.path.parent)
        return play_quiz(wanted, places)

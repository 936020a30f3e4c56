"""`generate`: quiz items as JSON, one a line."""

from __future__ import annotations

import random
from argparse import ArgumentParser, Namespace

from engine.language import mark_text, tr
from tui.commands.arguments import whole_number
from tui.commands.common import FINE, USAGE, CommandError
from tui.streams import say_json

SUMMARY = mark_text("print quiz items as JSON lines")
DETAILS = mark_text(
    "Prints items of the quiz, one JSON object a line, with their right answers. The same skill, "
    "level, kind and seed give the same item on every machine. Skills such as pass.mse give whole "
    "passes with every step."
)
EXAMPLES = (
    "backhand generate --skill relu.backward --level 2 --seed 7\n"
    "backhand generate --skill pass.mse --level 3\n"
    "backhand generate --kind choice --count 20"
)
CODES = (FINE, USAGE)

LEVELS = (1, 4)
KINDS = ("value", "formula", "choice", "shape", "spot")


def add_arguments(parser: ArgumentParser) -> None:
    """``generate [--skill S] [--level N] [--seed N] [--count N] [--kind K]``"""
    parser.add_argument(
        "--skill", metavar="S", help=tr("one skill only, such as relu.backward (default: all)")
    )
    parser.add_argument(
        "--level",
        metavar="N",
        type=whole_number(*LEVELS),
        default=1,
        help=tr("how difficult, from 1 to 4 (default: 1)"),
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=whole_number(0),
        help=tr("the seed of the first item; the next ones count up (default: by chance)"),
    )
    parser.add_argument(
        "--count",
        metavar="N",
        type=whole_number(1),
        default=1,
        help=tr("how many items (default: 1)"),
    )
    parser.add_argument(
        "--kind",
        choices=KINDS,
        default=KINDS[0],
        help=tr("what is asked: value, formula, choice, shape or spot (default: value)"),
    )


def run(options: Namespace) -> int:
    """Each item says its own seed, so that it can be had again."""
    from engine.practice.mixing import many

    seed = random.randrange(10**9) if options.seed is None else options.seed
    try:
        for item in many(options.skill, options.level, seed, options.count, options.kind):
            say_json(item.as_json())
    except ValueError as error:
        raise CommandError(USAGE, str(error)) from error
    return FINE

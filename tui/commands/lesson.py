"""`lesson`: a guided lesson, in the app or line by line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.language import mark_text, tr
from tui.commands.arguments import add_model_arguments
from tui.commands.common import load_problem
from tui.commands.starting import need_terminal, run_app

FIRST = "masha"
"""The lesson of someone who names none."""

SUMMARY = mark_text("go through a problem, question by question")
EXAMPLES = (
    "backhand lesson\n"
    "backhand lesson masha-logistic\n"
    "backhand lesson my.toml --plain\n"
    "backhand lesson model.onnx --input x.npy --target y.npy"
)


def add_arguments(parser: ArgumentParser) -> None:
    """``lesson [PROBLEM] [--restart]``"""
    parser.add_argument(
        "problem",
        metavar="PROBLEM",
        nargs="?",
        default=FIRST,
        help=tr("a built-in problem or a problem file (default: {first})", first=FIRST),
    )
    parser.add_argument(
        "--restart", action="store_true", help=tr("begin anew, not where you stopped")
    )
    add_model_arguments(parser)


def run(options: Namespace) -> int:
    """A faulty file is told about before any screen opens."""
    if not options.plain:
        need_terminal()
        return run_app(
            ("lesson", load_problem(options.problem, options)), options, restart=options.restart
        )
    from engine.records.places import open_places
    from tui.plain import play_lesson

    problem = load_problem(options.problem, options)
    with open_places(options.data_dir) as places:
        return play_lesson(problem, places, restart=options.restart)

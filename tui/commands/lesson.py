"""`lesson`: a guided lesson, in the app or line by line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.language import mark_text, tr
from engine.problems.course import FIRST
from tui.commands.arguments import add_model_arguments
from tui.commands.common import FINE, INVALID_FILE, USAGE, load_problem
from tui.commands.starting import need_terminal, run_app, take_up_settings

SUMMARY = mark_text("go through a problem, question by question")
DETAILS = mark_text(
    "Asks for the formula and the numbers of every step of a problem, in order. Every cell is "
    "marked, the mistake is named, and afterwards every cell is worked out. The lesson goes on "
    "where it was left, the half-typed answer included, and every answer is recorded.\n\n"
    "The problem is a built-in one, a problem file, or an ONNX model: a small network of linear, "
    "convolution, pooling and activation layers, tried on an example that is given or drawn. For "
    "models the package onnx is needed."
)
EXAMPLES = (
    "backhand lesson\n"
    "backhand lesson masha-logistic\n"
    "backhand lesson my.toml --plain\n"
    "backhand lesson model.onnx --input x.npy --target y.npy"
)
CODES = (FINE, USAGE, INVALID_FILE)


def add_arguments(parser: ArgumentParser) -> None:
    """``lesson [PROBLEM] [--restart]``"""
    parser.add_argument(
        "problem",
        metavar="PROBLEM",
        nargs="?",
        default=FIRST,
        help=tr(
            "a built-in problem, a problem file or an .onnx model (default: {first})", first=FIRST
        ),
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
        take_up_settings(options, places.path.parent)
        return play_lesson(problem, places, restart=options.restart)

"""`solve`: every quantity of every pass of a problem."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.language import mark_text, tr
from tui.commands.arguments import add_model_arguments, add_problem
from tui.commands.common import FINE, INVALID_FILE, USAGE, load_problem
from tui.streams import say, say_json

SUMMARY = mark_text("print every quantity of every pass")
DETAILS = mark_text(
    "Prints every quantity of the forward pass, the loss, the backward pass and the update, with "
    "its formula: as text, as one JSON object with all digits, as LaTeX for a handout, or as a "
    "Python program with NumPy that computes the same."
)
EXAMPLES = "backhand solve masha\nbackhand solve masha --format python > masha.py"
CODES = (FINE, USAGE, INVALID_FILE)


def add_arguments(parser: ArgumentParser) -> None:
    """``solve PROBLEM [--format text|json|latex|python]``"""
    add_problem(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json", "latex", "python"),
        default="text",
        help=tr("how it is written (default: text)"),
    )
    add_model_arguments(parser)


def run(options: Namespace) -> int:
    """The whole solution in the format asked."""
    problem = load_problem(options.problem, options)
    match options.format:
        case "json":
            from tui.solved.as_json import solution_json

            say_json(solution_json(problem))
            return FINE
        case "latex":
            from tui.solved.as_latex import solution_latex as written
        case "python":
            from tui.solved.as_python import solution_python as written
        case _:
            from tui.solved.as_text import solution_text as written
    for line in written(problem):
        say(line)
    return FINE

"""`check`: what an author should know about a problem file before a class meets it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.language import mark_text, tr
from tui.commands.arguments import add_model_arguments
from tui.commands.common import FINE, INVALID_FILE, USAGE, WRONG, CommandError, model_example
from tui.streams import complain, say

SUMMARY = mark_text("check problem files before a class meets them")
DETAILS = mark_text(
    "Reads problem files as the tutor does and says what is wrong, each with its line and column: "
    "faults, gradients that differ from finite differences, printed values that aren't right, "
    "texts "
    "that lack a language (a warning)."
)
EXAMPLES = "backhand check my.toml\nbackhand check problems/*.toml"
CODES = (FINE, WRONG, USAGE, INVALID_FILE)


def add_arguments(parser: ArgumentParser) -> None:
    """``check FILE…``"""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help=tr("problem files, built-in problems or .onnx models"),
    )
    add_model_arguments(parser)


def run(options: Namespace) -> int:
    """One line a finding; exit code 1 if something is wrong, 3 if a file is invalid."""
    code = FINE
    for name in options.files:
        code = max(code, _check(name, options))
    return code


def _check(name: str, options: Namespace) -> int:
    from engine.practice.author_check import check_problem
    from engine.problems.faults import ProblemError
    from engine.problems.reading import MissingPackageError, UnknownProblemError

    try:
        checked = check_problem(name, model_example(name, options))
    except (UnknownProblemError, MissingPackageError) as error:
        raise CommandError(USAGE, str(error)) from error
    except ProblemError as error:
        for line in error.lines():
            say(line)
        return INVALID_FILE
    for finding in checked.findings:
        say(finding.line())
    if not checked.passed:
        return WRONG
    complain(tr("{name}: fine; asked: {precision}", name=name, precision=checked.precision))
    return FINE

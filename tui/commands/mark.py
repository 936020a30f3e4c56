"""`mark`: one answer, or a table of them, marked without any screen."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.language import mark_text, tr
from tui.commands.arguments import add_model_arguments, add_problem
from tui.commands.common import FINE, INVALID_FILE, USAGE, WRONG, CommandError, load_problem
from tui.streams import read_input, say, say_json

if TYPE_CHECKING:
    from engine.marking.mark import Mark
    from engine.problems.problem import Problem

SUMMARY = mark_text("mark an answer, or a table of answers")
DETAILS = mark_text(
    "Marks one answer, or a table of them, as the lesson does: by cell, in the best light, with "
    "the mistake's name. What the learner entered before can be given, so that an earlier mistake "
    "is "
    "carried forward and not blamed again.\n\n"
    "An answer is a matrix with its rows between semicolons or line ends, or as NumPy and PyTorch "
    "print it; numbers may be fractions and short arithmetic. It may begin with a minus sign."
)
EXAMPLES = (
    'backhand mark masha H1 "2 -1; 0 1"\n'
    'backhand mark masha grad.yhat "-0.5; 0" --json\n'
    'backhand mark masha grad.O1 "d @ W2.T" --formula\n'
    'backhand mark masha grad.H1 "-1 0; 0 0" --given "grad.O1=-1 -1; 0 0"\n'
    "backhand mark masha --answers class.csv"
)
CODES = (FINE, WRONG, USAGE, INVALID_FILE)

FORMULA = "formula "
"""What stands before a key where its formula is meant."""

LONGEST = 100_001
"""How much of the standard input is read: one character more than an answer may have."""


def add_arguments(parser: ArgumentParser) -> None:
    """``mark PROBLEM KEY ANSWER`` or ``mark PROBLEM --answers FILE.csv``"""
    add_problem(parser)
    parser.add_argument(
        "key", metavar="KEY", nargs="?", help=tr("the quantity, such as H1 or grad.W1")
    )
    parser.add_argument(
        "answer",
        metavar="ANSWER",
        nargs="?",
        help=tr("what was typed; - reads it from the standard input"),
    )
    parser.add_argument("--formula", action="store_true", help=tr("the answer is a formula"))
    parser.add_argument(
        "--given",
        metavar="KEY=ANSWER",
        action="append",
        default=[],
        help=tr("what was entered earlier for another quantity; may be repeated"),
    )
    parser.add_argument(
        "--answers",
        metavar="FILE.csv",
        help=tr("a table with the header learner,key,answer; a formula's key is “formula H1”"),
    )
    parser.add_argument("--json", action="store_true", help=tr("print the mark as JSON"))
    add_model_arguments(parser)


VALUED = frozenset(
    {"--given", "--answers", "--input", "--target", "--seed", "--lang", "--data-dir"}
)
"""The options that take a value."""


def arranged(tokens: Sequence[str]) -> list[str]:
    """The options first, then ``--`` and the rest: an answer may begin with a minus sign."""
    options: list[str] = []
    rest: list[str] = []
    waiting = iter(tokens)
    for token in waiting:
        if token == "--":
            rest.extend(waiting)
        elif token == "-h" and not rest:
            options.append(token)
        elif token.startswith("--") and token[2:3].isalpha():
            options.append(token)
            if token in VALUED:
                options.extend(value for value in [next(waiting, None)] if value is not None)
        else:
            rest.append(token)
    return [*options, "--", *rest]


def run(options: Namespace) -> int:
    """Exit code 0 for an answer that is right, rounded or carried."""
    if options.answers is not None:
        if options.key is not None or options.formula or options.given:
            raise CommandError(USAGE, tr("--answers takes no KEY, no --formula and no --given."))
        from tui.commands.mark_table import mark_table

        return mark_table(load_problem(options.problem, options), options.answers, options.json)
    if options.answer is None:
        raise CommandError(USAGE, tr("A KEY and an ANSWER are needed, or --answers FILE.csv."))
    given = dict(_entry(text) for text in options.given)
    problem = load_problem(options.problem, options)
    key = options.key.removeprefix(FORMULA).strip()
    as_formula = options.formula or options.key.startswith(FORMULA)
    _known([key], problem)
    _known([key for key in given if key not in problem.network.values], problem)
    answer = read_input(LONGEST) if options.answer == "-" else options.answer
    mark = marked(problem, key, answer, as_formula=as_formula, given=given)
    if options.json:
        say_json(mark.as_json())
    else:
        from tui.spoken import mark_lines, reading_text

        for line in mark_lines(mark):
            say(line)
        reading = reading_text(mark)
        if reading and "".join(reading.split()) != "".join(answer.split()):
            say(tr("Read as: {reading}", reading=reading))
    return FINE if mark.accepted else WRONG


def marked(
    problem: Problem, key: str, answer: str, *, as_formula: bool, given: dict[str, str]
) -> Mark:
    """The mark of a value or of a formula."""
    import engine

    if as_formula:
        return engine.mark_formula(problem, key, answer)
    return engine.mark(problem, key, answer, given=given)


def _entry(text: str) -> tuple[str, str]:
    key, equals, answer = text.partition("=")
    if not equals:
        message = tr("--given takes KEY=ANSWER, such as H1=2 -1; 0 1; this is {text}", text=text)
        raise CommandError(USAGE, message)
    return key.strip(), answer


def _known(keys: Sequence[str], problem: Problem) -> None:
    from engine.api import UnknownKeyError, check_key

    try:
        for key in keys:
            check_key(problem, key)
    except UnknownKeyError as error:
        raise CommandError(USAGE, str(error)) from error

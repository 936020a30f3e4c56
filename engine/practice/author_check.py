"""An author's check of a problem file: gradients, printed values, texts, digits, alike mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.language import LANGUAGES, tr
from engine.marking.hints import answer_text
from engine.marking.precision import digits_asked, half_unit
from engine.network.check import TOLERANCE, check_solution
from engine.practice.mistakes import mistake_title
from engine.practice.published import agrees
from engine.practice.telling_apart import (
    Alike,
    alike,
    as_in_a_file,
    asked_keys,
    count,
    suggest,
)
from engine.problems.course import builtin_ids
from engine.problems.example import Example
from engine.problems.faults import Path, locate, placed
from engine.problems.lesson import path_of
from engine.problems.problem import Problem
from engine.problems.reading import is_model, load, read_source
from engine.problems.schema import ProblemFile, decode

MOST_PAIRS = 3
"""How many pairs of mistakes that look alike are named for one step."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an author should look at."""

    place: str
    position: tuple[int, int] | None
    """Line and column, counted from 1; None where the file isn't a text."""
    message: str
    is_warning: bool = False

    def line(self) -> str:
        """``FILE:LINE:COLUMN: message``"""
        kind = tr("warning: ") if self.is_warning else ""
        return f"{placed(self.place, self.position)}: {kind}{self.message}"


@dataclass(frozen=True, slots=True)
class AuthorCheck:
    """What was found in a problem, and the digits that it asks for, in words."""

    findings: Sequence[Finding]
    precision: str

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong; a warning isn't."""
        return all(finding.is_warning for finding in self.findings)


def check_problem(name: str, example: Example | None = None) -> AuthorCheck:
    """Everything that is wrong with a problem, by built-in id or path, in the file's order; other
    numbers that tell more mistakes apart come last, for an author's own file.

    Raises what `load` does, `ProblemError` where the file can't be used at all.
    """
    problem = load(name, example)
    precision = digits_asked(problem.precision)
    if is_model(name):
        wrong = [Finding(name, None, message) for _, message, _ in _gradients(problem)]
        return AuthorCheck(wrong, precision)
    data, place = read_source(name)
    text = data.decode("utf-8-sig")
    file = decode(data, place)
    keys = asked_keys(problem)
    confused = alike(problem, keys)
    found = [
        *_gradients(problem),
        *_published(problem, file),
        *_texts(file),
        *_digits(problem, file, keys),
        *_confusions(problem, file, confused),
    ]
    found.sort(key=lambda each: locate(text, each[0]))
    if name not in builtin_ids():
        found += _suggestion(problem, keys, confused)
    findings = [
        Finding(place, locate(text, path), message, is_warning)
        for path, message, is_warning in found
    ]
    return AuthorCheck(findings, precision)


Found = tuple[Path, str, bool]


def _gradients(problem: Problem) -> Iterator[Found]:
    check = check_solution(problem.solution)
    for key, error in check.errors.items() if check else ():
        if not error <= TOLERANCE:
            message = tr(
                "{symbol} differs from finite differences by {error}, relative to its largest cell",
                symbol=problem.solution.symbol(key),
                error=f"{error:.1e}",
            )
            yield ("loss",), message, False


def _published(problem: Problem, file: ProblemFile) -> Iterator[Found]:
    for index, table in enumerate(file.published):
        printed = problem.published[table.key]
        path: Path = ("published", index)
        if printed.value is None and printed.formula is None and not printed.erratum:
            yield path, tr("this entry for {key} says nothing", key=table.key), True
        if agrees(problem, printed) or printed.note.strip():
            continue
        symbol = problem.solution.symbol(table.key)
        if printed.value_agrees(problem.solution[table.key]):
            message = tr(
                "the printed formula isn't right: {symbol} = {formula}; say so in `erratum`",
                symbol=symbol,
                formula=problem.solution.formula(table.key),
            )
            yield (*path, "formula"), message, False
        else:
            message = tr(
                "the printed value isn't right: {symbol} = {answer}; say so in `erratum`",
                symbol=symbol,
                answer=answer_text(problem, table.key),
            )
            yield (*path, "value"), message, False


def _texts(file: ProblemFile) -> Iterator[Found]:
    """A text that is given in some languages should be given in each."""
    texts: list[tuple[Path, Any]] = [(("title",), file.title), (("intro",), file.intro)]
    texts += [
        (("published", i, "erratum"), table.erratum) for i, table in enumerate(file.published)
    ]
    texts += [(("parts", i, "text"), table.text) for i, table in enumerate(file.parts)]
    for path, text in texts:
        if isinstance(text, dict):
            missing = [name for name in LANGUAGES if not text.get(name, "").strip()]
            if missing:
                yield path, tr("no text in {languages}", languages=", ".join(missing)), True


def _digits(problem: Problem, file: ProblemFile, keys: Sequence[str]) -> Iterator[Found]:
    """A cell that isn't 0 but is at the digits asked can't be told from one that is."""
    for key in keys:
        step, precision = problem.solution[key], problem.precision_for(key)
        if step.digits is not None and step.digits <= precision.exact_decimals:
            continue
        if any(cell and abs(cell) < half_unit(float(cell), precision) for cell in step.value.flat):
            message = tr(
                "{symbol} has a cell that isn't 0 but rounds to 0 at the digits asked "
                "({precision}): ask for `significant` digits",
                symbol=problem.solution.symbol(key),
                precision=digits_asked(precision),
            )
            yield path_of(key, file), message, True


# --- mistakes that can't be told apart ------------------------------------------------------------


def _confusions(problem: Problem, file: ProblemFile, confused: Alike) -> Iterator[Found]:
    """The mistakes at each step that the numbers can't tell apart: those that look right first."""
    for key, found in confused.items():
        pairs = [words.split(" = ") for words in found]
        right = [mistake_title(one) for one, *other in pairs if not other]
        equal = [" = ".join(map(mistake_title, pair)) for pair in pairs if len(pair) > 1]
        what = []
        if right:
            what.append(tr("these look right: {mistakes}", mistakes=", ".join(right)))
        if equal:
            shown = equal[:MOST_PAIRS]
            if len(equal) > len(shown):
                shown.append(tr("and {number} more", number=len(equal) - len(shown)))
            what.append(tr("these look alike: {mistakes}", mistakes=", ".join(shown)))
        message = tr(
            "{symbol}: the numbers can't tell some mistakes apart; {what}",
            symbol=problem.solution.symbol(key),
            what="; ".join(what),
        )
        yield path_of(key, file), message, True


def _suggestion(problem: Problem, keys: Sequence[str], confused: Alike) -> Iterator[Found]:
    """Other numbers that can tell these mistakes apart, or more of them."""
    suggestion = suggest(problem, keys, confused) if confused else None
    if suggestion is None:
        return
    values = ", ".join(as_in_a_file(problem, *item) for item in suggestion.values.items())
    message = tr("{values} would tell them apart", values=values)
    if suggestion.left:
        message = tr(
            "{values} would tell {some} of these {all} apart",
            values=values,
            some=count(confused) - suggestion.left,
            all=count(confused),
        )
    yield ("values",), message, True

"""An author's check of a problem file: its gradients, what the source prints, missing texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.language import LANGUAGES, tr
from engine.marking.hints import answer_text
from engine.network.check import TOLERANCE, check_solution
from engine.practice.published import agrees
from engine.problems.example import Example
from engine.problems.faults import Path, locate, placed
from engine.problems.problem import Problem
from engine.problems.reading import is_model, load, read_source
from engine.problems.schema import ProblemFile, decode


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


def check_problem(name: str, example: Example | None = None) -> list[Finding]:
    """Everything that is wrong with a problem, by built-in id or path, in the file's order.

    Raises what `load` does, `ProblemError` where the file can't be used at all.
    """
    problem = load(name, example)
    if is_model(name):
        return [Finding(name, None, message) for _, message, _ in _gradients(problem)]
    data, place = read_source(name)
    text = data.decode("utf-8-sig")
    file = decode(data, place)
    found = [
        Finding(place, locate(text, path), message, is_warning)
        for path, message, is_warning in _findings(problem, file)
    ]
    return sorted(found, key=lambda finding: finding.position or (1, 1))


Found = tuple[Path, str, bool]


def _findings(problem: Problem, file: ProblemFile) -> Iterator[Found]:
    yield from _gradients(problem)
    yield from _published(problem, file)
    yield from _texts(file)


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

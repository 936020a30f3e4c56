"""What stands around a question: the part's words, what is asked of it, the cells as texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.content import Content

from engine.expression.node import name as node_of
from engine.marking.hints import shape_name
from engine.practice.choices import Choice
from engine.practice.spotting import Spot
from tui.widgets.brackets import readable
from tui.widgets.known_panel import Known
from tui.widgets.options_view import Option
from tui.wording import precision_words, question_words

if TYPE_CHECKING:
    from engine.expression.evaluate import Array
    from engine.practice.question import Question, Task
    from engine.practice.session import Session

SHOWN_DECIMALS = 4

NOTED = "✎"
"""Stands before an answer of an exam, which nothing is said about yet."""


def unasked(session: Session) -> list[str]:
    """The keys whose formula is still to be found, or is of a kind that is."""
    solution = session.question.problem.solution
    skills = {
        asked.skill
        for asked, progress in zip(session.questions, session.progress, strict=True)
        if asked.kind == "formula" and progress.status not in ("right", "revealed")
    }
    return [key for key, step in solution.items() if step.skill in skills]


def known_items(
    question: Question, keys: Sequence[str], noted: Mapping[str, Array] = MappingProxyType({})
) -> list[Known]:
    """These quantities with their values; the gradient that arrives is called d.

    Those that were ``noted`` have the learner's value, and the sign of an answer not judged yet.
    """
    numbers = question.problem.solution.numbers
    return [
        Known(
            key,
            (f"{NOTED} " if key in noted else "") + known_name(question, key),
            (noted[key] if key in noted else numbers[key]).tolist(),
        )
        for key in keys
        if not _is_shown_as_gradient(question, key)
    ]


def known_name(question: Question, key: str) -> str:
    """How a known quantity is called here: ``d = ∂L/∂H₁`` for the gradient that arrives."""
    solution = question.problem.solution
    name = solution.symbol(key)
    return f"d = {name}" if key == solution[question.key].quantity.d else name


def _is_shown_as_gradient(question: Question, key: str) -> bool:
    """Whether it is the given gradient that the one called d stands for: the same numbers twice."""
    solution = question.problem.solution
    arriving = solution[question.key].quantity.d
    return bool(arriving) and solution[arriving].node == node_of(key)


def part_content(question: Question) -> Content:
    label = question.part.label if question.part else ""
    text = question.text or question.words
    return Content.assemble((f"{label}  " if label else "", "bold $accent"), text)


def ask_content(question: Question, *, digits: bool = True) -> Content:
    """What is asked now, of all that the part asks, and how exactly; or the shapes one needs.

    Without ``digits`` not how exactly: behind an answer nobody needs that.
    """
    if isinstance(question.task, Choice) and question.kind == "shape":
        words = [
            f"{known_name(question, key)} {shape_name(shape)}"
            for key, shape in question.task.shapes().items()
            if not _is_shown_as_gradient(question, key)
        ]
        return Content(",  ".join(words))
    asked = question_words(question) if question.text else ""
    precision = precision_words(question) if digits else ""
    gap = "  " if asked and precision else ""
    return Content.assemble((asked, "bold"), (gap + precision, "$muted"))


def options_of(task: Task) -> list[Option]:
    """What there is to choose from: shapes, matrices, or the steps of a pass."""
    if isinstance(task, Spot):
        symbol = task.problem.solution.symbol
        return [Option(symbol(key), value.tolist()) for key, value in task.shown.items()]
    assert isinstance(task, Choice)
    return [
        Option(shape_name(option.shape))
        if option.value is None or task.kind == "shape"
        else Option("", option.value.tolist())
        for option in task.options
    ]


def two_dimensional(shape: tuple[int, ...]) -> tuple[int, int]:
    rows, columns = (*shape, 1, 1)[:2]
    return rows, columns


def texts(value: Array) -> list[list[str]]:
    rows = value.tolist() if value.shape else [[float(value)]]
    return [[readable(cell, SHOWN_DECIMALS) for cell in row] for row in rows]

"""`solve`: every quantity as its formula and its matrix, pass by pass, to be read in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from engine.expression.evaluate import Array
from engine.language import tr
from engine.network.check import check_solution
from engine.network.solution import Step
from engine.practice.published import agrees
from engine.problems.problem import Problem
from tui.widgets.brackets import format_number, layout, middle
from tui.wording import PASSES

DECIMALS = 6


def solution_text(problem: Problem) -> Iterator[str]:
    """The lines."""
    solution = problem.solution
    yield f"{problem.title} ({problem.id})"
    yield ""
    yield tr("given") + ":"
    for key, value in problem.network.values.items():
        yield from _equation(f"  {solution.symbol(key)} = ", value.array)
    stage = ""
    for step in solution.values():
        if step.stage != stage:
            stage = step.stage
            yield ""
            yield f"{tr(PASSES[stage])}:"
        yield from _step(problem, step)
    check = check_solution(solution)
    if check is not None:
        outcome = tr("agree") if check.passed else tr("don't agree")
        yield ""
        yield tr(
            "The gradients and finite differences {outcome}: relative error {error} at most.",
            outcome=outcome,
            error=f"{check.max_relative_error:.1e}",
        )


def _step(problem: Problem, step: Step) -> Iterator[str]:
    solution = problem.solution
    head = f"  {solution.symbol(step.key)} = {solution.formula(step.key)} = "
    yield from _equation(head, step.value)
    published = problem.published.get(step.key)
    if published is None or agrees(problem, published):
        return
    printed = published.formula or "; ".join(
        " ".join(str(cell) for cell in row) for row in published.value or ()
    )
    yield "    ! " + tr("the source prints {printed}", printed=printed)


def _equation(head: str, value: Array) -> Iterator[str]:
    """``head`` before the matrix, on its middle line."""
    rows = value.tolist() if value.shape else [[value.item()]]
    lines = layout([[format_number(cell, DECIMALS) for cell in row] for row in rows])
    for number, spans in enumerate(lines):
        before = head if number == middle(len(lines)) else " " * cell_len(head)
        yield (before + "".join(span.text for span in spans)).rstrip()

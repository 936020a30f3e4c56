"""`solve --format latex`: every quantity as a line of an `align*` environment (amsmath)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.expression.evaluate import Array
from engine.expression.symbols import latex_symbol
from engine.language import tr
from engine.problems.problem import Problem
from tui.widgets.brackets import format_number
from tui.wording import PASSES

DECIMALS = 6
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}


def solution_latex(problem: Problem) -> Iterator[str]:
    """The lines, to be put into a document that uses amsmath."""
    solution = problem.solution
    yield rf"\paragraph{{{_escaped(problem.title)}}}"
    given = [
        f"  {latex_symbol(key)} &= {_matrix(value.array)}"
        for key, value in problem.network.values.items()
    ]
    yield from _aligned(tr("given"), given)
    by_pass: dict[str, list[str]] = {}
    for key, step in solution.items():
        line = f"  {_symbol(problem, key)} &= {solution.latex(key)} = {_matrix(step.value)}"
        by_pass.setdefault(step.stage, []).append(line)
    for stage, lines in by_pass.items():
        yield from _aligned(tr(PASSES[stage]), lines)


def _aligned(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield rf"\paragraph{{{_escaped(title)}}}"
        yield r"\begin{align*}"
        yield " \\\\\n".join(lines)
        yield r"\end{align*}"


def _symbol(problem: Problem, key: str) -> str:
    """The key's symbol; a local derivative names both its ends."""
    base, _, step = key.partition("@")
    if base.startswith("local."):
        source = base.removeprefix("local.")
        for entry in problem.network.entries:
            if entry.source == source:
                upper, lower = latex_symbol(entry.to), latex_symbol(source)
                after = f"^{{({step})}}" if step else ""
                return rf"\frac{{\partial {upper}}}{{\partial {lower}}}{after}"
    return latex_symbol(key)


def _matrix(value: Array) -> str:
    if not value.shape:
        return format_number(value.item(), DECIMALS)
    rows = (" & ".join(format_number(cell, DECIMALS) for cell in row) for row in value.tolist())
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in " ".join(text.split()))

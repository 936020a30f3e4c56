"""What is shown after the answer: the right matrix, its formula, each cell worked out, the book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.worked import Worked, show_value, work
from engine.problems.problem import Problem, Published

if TYPE_CHECKING:
    from engine.practice.proof import Proof


@dataclass(frozen=True, eq=False)
class Reveal:
    """The right answer to one question, with everything that explains it."""

    problem: Problem
    key: str

    @property
    def symbol(self) -> str:
        return self.problem.solution.symbol(self.key)

    @property
    def formula(self) -> str:
        """The formula in the lesson's notation: ``X·W₁``."""
        return self.problem.solution.formula(self.key)

    @property
    def other_formulas(self) -> tuple[str, ...]:
        """Other textbook forms of the same, such as ``p - y``."""
        solution = self.problem.solution
        return tuple(solution.write(node) for node in solution[self.key].quantity.others)

    @property
    def value(self) -> Array:
        """The right value, not rounded; shape () for a scalar."""
        return self.problem.solution[self.key].value

    @property
    def numpy(self) -> str:
        return self.problem.solution.numpy(self.key)

    @property
    def pytorch(self) -> str:
        return self.problem.solution.pytorch(self.key)

    @property
    def published(self) -> Published | None:
        """What the source prints for this, or a remark."""
        return self.problem.published.get(self.key)

    def cell(self, row: int, column: int) -> Worked:
        """One cell (from 0) with the numbers put in, as in ``1·(-1) + 2·0``."""
        solution = self.problem.solution
        return work(solution[self.key].node, row, column, solution.numbers, show_value)

    @property
    def provable(self) -> bool:
        """Whether this is a gradient that nudging the loss can be held against."""
        from engine.practice.proof import provable

        return provable(self.problem, self.key)

    def proof(self, row: int, column: int) -> Proof:
        """What nudging one cell (from 0) does to the loss; only where `provable`."""
        from engine.practice.proof import prove

        return prove(self.problem, self.key, row, column)

    def worked(self) -> list[list[str]]:
        """Every cell as "sum = result"."""
        rows = np.atleast_2d(self.value)
        return [
            [
                f"{self.cell(i, j).text} = {show_value(float(rows[i, j]))}"
                for j in range(rows.shape[1])
            ]
            for i in range(rows.shape[0])
        ]


def reveal(problem: Problem, key: str) -> Reveal:
    """The reveal of one quantity of a problem."""
    return Reveal(problem, key)

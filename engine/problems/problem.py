"""A problem, read and checked: its network, its precision, its parts, what its source prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import numpy as np

from engine.expression.node import Node
from engine.language import local
from engine.network.model import Network
from engine.network.solution import Solution, Step, solve_network

Kind = Literal["value", "formula"]
Text = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Precision:
    """The digits asked where a result isn't exact: so many decimals, or so many significant."""

    decimals: int | None = None
    significant: int | None = None

    @property
    def exact_decimals(self) -> int:
        """The most decimals that a result may have to be asked for exactly."""
        return 4 if self.decimals is None else self.decimals


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a guided lesson."""

    label: str
    ask: tuple[tuple[Kind, str], ...]
    given: tuple[str, ...] = ()
    text: Text | None = None
    precision: Precision | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What the source prints for one key, or a remark where it prints nothing."""

    key: str
    value: Sequence[Sequence[int | Decimal]] | None = None
    """Rows, with the digits as printed."""
    formula: str | None = None
    node: Node | None = None
    """The formula as a tree."""
    erratum: Text | None = None

    @property
    def note(self) -> str:
        """The erratum or remark in the learner's language."""
        return local(self.erratum)

    def value_agrees(self, step: Step) -> bool:
        """Right within half a unit of the last digit printed; a printed integer is exact."""
        if self.value is None:
            return True
        rows = np.atleast_2d(step.value)
        if rows.shape != (len(self.value), len(self.value[0])):
            return False
        return all(
            _cell_agrees(printed, float(rows[i, j]))
            for i, row in enumerate(self.value)
            for j, printed in enumerate(row)
        )


def _cell_agrees(printed: int | Decimal, value: float) -> bool:
    if isinstance(printed, int):
        return abs(printed - value) <= 1e-12 * max(1.0, abs(value))
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    half = Decimal(5).scaleb(exponent - 1)
    return abs(printed - Decimal(value)) <= half * (1 + Decimal("1e-9"))


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything that a problem file says, ready to be solved and taught."""

    id: str
    title_text: Text
    network: Network
    precision: Precision
    intro_text: Text | None = None
    source: str = ""
    place: str = ""
    """The file it was read from, or the built-in id."""
    parts: tuple[Part, ...] = ()
    published: Mapping[str, Published] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    """The forward results of the problem that this one goes on from."""
    continues: str = ""
    made: tuple[str, ...] = ()
    """The names of the scalars that were made for the update's numbers."""
    baked: frozenset[str] = frozenset()
    """The names of the numbers that windows were set by."""

    @property
    def title(self) -> str:
        """On one line, however it is written in the file."""
        return " ".join(local(self.title_text).split())

    @property
    def intro(self) -> str:
        return local(self.intro_text)

    @cached_property
    def solution(self) -> Solution:
        """Every step; computed once."""
        return solve_network(self.network)

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What others work out once for this problem, by a name; it may refer to the problem.

        It goes with the problem. A table of weak keys outside would keep both for ever.
        """
        return {}

    def precision_for(self, key: str) -> Precision:
        """The precision asked for a key: its part's, or the problem's."""
        for part in self.parts:
            if part.precision is not None and any(key == asked for _, asked in part.ask):
                return part.precision
        return self.precision

    def as_dict(self) -> dict[str, Any]:
        """What a list of problems shows of it."""
        return {"id": self.id, "title": self.title}

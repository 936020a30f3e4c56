"""What marking says of one answer: the verdict, the cells, the misconception, how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal[
    "right", "rounded", "coarse", "carried", "misconception", "wrong", "incomplete", "invalid"
]
CellMark = Literal["right", "wrong", "blank"]

ACCEPTED: frozenset[Verdict] = frozenset({"right", "rounded", "carried"})
"""Verdicts that earn the credit and let the learner go on."""

FREE: frozenset[Verdict] = frozenset({"invalid", "incomplete", "coarse"})
"""Verdicts that cost nothing: the answer couldn't be judged yet, or is right so far."""


@dataclass(frozen=True, slots=True)
class Misconception:
    """A named mistake; the tag is the same in every language."""

    tag: str
    message: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The judgement of one answer."""

    verdict: Verdict
    message: str
    cells: tuple[tuple[CellMark, ...], ...] = ()
    """One mark a cell; a scalar's is 1x1; empty for an unreadable answer and for a formula."""
    misconception: Misconception | None = None
    reading: tuple[tuple[str, ...], ...] | str = ()
    """How the answer was read: the cells, or a formula as one string."""
    carried_from: tuple[str, ...] = ()
    """For `carried`: the keys of the earlier entries where the fault lies."""

    @property
    def accepted(self) -> bool:
        """Whether the learner may go on."""
        return self.verdict in ACCEPTED

    @property
    def credit(self) -> float:
        return 1.0 if self.accepted else 0.0

    def as_json(self) -> dict[str, Any]:
        """The object that ``mark --json`` prints, always with all fields."""
        named = self.misconception
        return {
            "verdict": self.verdict,
            "credit": self.credit,
            "message": self.message,
            "cells": [list(row) for row in self.cells],
            "misconception": named and {"tag": named.tag, "message": named.message},
            "reading": self.reading
            if isinstance(self.reading, str)
            else [list(row) for row in self.reading],
            "carried_from": list(self.carried_from),
        }

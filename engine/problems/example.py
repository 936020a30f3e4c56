"""What a model is tried on: its input and its target, given or to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.expression.evaluate import Array


@dataclass(frozen=True, slots=True)
class Given:
    """An array that somebody gave, and the file it is from."""

    array: Array
    place: str


@dataclass(frozen=True, slots=True)
class Example:
    """The input and the target of a model's lesson.

    What isn't given is drawn from the seed. With an input and without both a target and a seed
    there is a forward pass only.
    """

    input: Given | None = None
    target: Given | None = None
    seed: int | None = None

    @property
    def draws_target(self) -> bool:
        """Whether there is a target to be drawn."""
        return self.target is None and (self.input is None or self.seed is not None)

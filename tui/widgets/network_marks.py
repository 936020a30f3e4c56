"""What the map of a network shows for a question: what is lit, what is known, which numbers fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from engine.expression.symbols import symbol
from engine.marking.per_solution import PerSolution
from engine.network.passes import consumers_of
from tui.shown import shown
from tui.widgets.brackets import readable
from tui.widgets.network_steps import MapStep, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.network.solution import Solution
    from engine.practice.question import Question

LIT = "bold $accent"
DONE = "$foreground"
AHEAD = "$muted"

UPDATES = frozenset({"new", "m", "v", "mhat", "vhat", "ahead"})
"""What an update step finds about a parameter."""

MOST_CELLS, WIDEST = 3, 13
"""A vector of more cells than this, or a longer text, isn't written behind its name."""


class Mark(NamedTuple):
    """A part of the picture: which kind of part, and whose."""

    part: str
    """``node``, ``edge`` and ``weight`` of the forward line; ``back`` (an edge), ``grad`` and
    ``weight_grad`` of the backward line."""
    name: str


@dataclass(frozen=True)
class MapState:
    """All that the picture follows from; equal states give the same picture."""

    solution: Solution
    lit: frozenset[Mark]
    known: frozenset[str]
    """The keys whose values may be shown."""
    step: str = ""
    """Which update step's passes are shown: nothing for the first, then ``@2``…"""
    arriving: str = ""
    """The value whose gradient is the d of the question, if there is only one."""
    backward: bool = False
    """Whether the question is about the way back."""
    numbers: bool = True
    """Whether numbers may be shown at all: not where a shape or a wrong step is asked."""

    @property
    def steps(self) -> tuple[MapStep, ...]:
        """The arrows, in pass order."""
        return _steps(self.solution)

    def key(self, name: str, *, gradient: bool = False) -> str:
        """The key of a node, or of its gradient, in the passes that are shown."""
        if name in self.solution.network.values and not gradient:
            return name
        return f"{'grad.' if gradient else ''}{name}{self.step}"

    def has(self, name: str, *, gradient: bool = False) -> bool:
        """Whether there is such a quantity in these passes."""
        return self.key(name, gradient=gradient) in self.solution.numbers

    def is_known(self, name: str, *, gradient: bool = False) -> bool:
        """Whether a node's value, or its gradient's, has been found or is given."""
        return self.key(name, gradient=gradient) in self.known

    def is_scalar(self, name: str) -> bool:
        """Whether a node is a single number."""
        value = self.solution.numbers.get(self.key(name))
        return value is not None and value.size == 1

    @cached_property
    def passed(self) -> frozenset[str]:
        """The nodes that are known, or that something known was made from."""
        found = {step.to for step in self.steps if self.is_known(step.to)}
        for step in reversed(self.steps):
            if step.to in found:
                found.update(step.sources)
        return frozenset(found)

    def style(self, mark: Mark) -> str:
        """How a part is drawn: lit, known, or still ahead."""
        if mark in self.lit:
            return LIT
        return DONE if self.is_walked(mark) else AHEAD

    def is_walked(self, mark: Mark) -> bool:
        """Whether a part belongs to what has been found."""
        match mark.part:
            case "back":
                step = next(step for step in self.steps if step.to == mark.name)
                return any(self.is_known(name, gradient=True) for name in step.sources)
            case "grad" | "weight_grad":
                return self.is_known(mark.name, gradient=True)
        return mark.name in self.passed or self.is_known(mark.name)

    def text(self, name: str, *, gradient: bool = False, values: bool = True) -> str:
        """A node as ``L = 0.25``, ``H₁``, ``∂ŷ = (-1; 0)``; the gradient that arrives is d."""
        key = self.key(name, gradient=gradient)
        label = symbol(name if gradient or not self.has(name) else key)
        if gradient:
            label = "d" if name == self.arriving else f"∂{label}"
        value = self._value(key) if values and self.numbers and key in self.known else ""
        return f"{label} = {value}" if value else label

    def _value(self, key: str) -> str:
        value = self.solution.numbers[key]
        if value.size > MOST_CELLS or min(value.shape, default=1) > 1:
            return ""
        cells = [shown(readable(float(cell), 4)) for cell in value.flat]
        between = "; " if value.shape[1:] == (1,) else " "
        text = between.join(cells)
        text = f"({text})" if len(cells) > 1 else text
        return text if len(text) <= WIDEST else ""


_steps = PerSolution(lambda solution: tuple(steps_of(solution.network)))


def map_state(question: Question, known: Iterable[str]) -> MapState:
    """What the map shows for a question, given the keys that are known at it."""
    solution = question.problem.solution
    quantity = solution[question.key].quantity
    _, at, step = question.key.partition("@")
    upstream = quantity.d.partition("@")[0]
    lit = lit_marks(question)
    several = sum(mark.part == "back" for mark in lit) > 1  # no single one is the d
    return MapState(
        solution,
        lit,
        frozenset(known),
        step=at + step,
        arriving="" if several else upstream.removeprefix("grad."),
        backward=quantity.stage == "backward",
        numbers=question.kind not in ("shape", "spot"),
    )


def lit_marks(question: Question) -> frozenset[Mark]:
    """What is lit for a question: the step forward, or every step back and what it brings."""
    if question.kind == "spot":
        return frozenset()  # to find the place is what is asked
    network = question.problem.network
    key = question.key.partition("@")[0]
    prefix, _, name = key.partition(".")
    result = question.problem.solution[question.key].quantity.result.partition("@")[0]
    if prefix in UPDATES and name:
        return frozenset({Mark("weight", name)})
    if prefix == "local":
        return frozenset({Mark("back", result)})
    if prefix == "grad":
        if name in network.parameters:
            return frozenset({Mark("weight_grad", name)})
        steps = _steps(question.problem.solution)
        outer = {inner: step.to for step in steps for inner in step.inner}
        if name in outer:
            return frozenset({Mark("back", outer[name])})
        back = {Mark("back", outer.get(to, to)) for to in consumers_of(network, name)}
        return frozenset({Mark("grad", name), *back})
    entry = next((entry for entry in network.entries if entry.to == key), None)
    if entry is not None and entry.part != "forward":
        return frozenset({Mark("edge", key.partition(".")[2])})
    place = key if entry is not None else result or name
    return frozenset({Mark("edge", place), Mark("node", place)})

"""A translation on its way: the values and entries so far, and what each tensor has become."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import names
from engine.expression.shape import Shape
from engine.language import tr
from engine.problems.arrays import as_cells
from engine.problems.faults import Faults
from engine.problems.onnx_model.graph import Graph, Operation, UnteachableError, shown
from engine.problems.schema import FORMAT, ProblemFile
from engine.problems.wiring import MAX_ENTRIES, TAKEN, Wiring

PREDICTION = "yhat"


@dataclass(frozen=True, slots=True)
class Form:
    """A tensor that depends on the input, as results of the lesson."""

    pieces: tuple[str, ...]
    """Their names: the channels of a picture, or the blocks of columns that once were channels."""
    rank: int
    """The tensor's axes: 1 or 2 for rows of observations, 4 for a picture."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A tensor that is the same for every input."""

    array: Array
    name: str
    turned: bool = False
    """Whether `array` is the tensor's transpose."""

    @property
    def T(self) -> Constant:  # noqa: N802 - as NumPy calls it
        return replace(self, array=self.array.T, turned=not self.turned)


Operand = Form | Constant


class BlockedError(Exception):
    """An operation that rests on one that can't be taught: it is not to blame."""


class TooLongError(Exception):
    """A lesson beyond the bound of a problem file."""


class Translation:
    """Collects what a problem file would say; operators add to it."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.faults = Faults()
        self.wiring = Wiring(ProblemFile(format=FORMAT, id="", title=""), None, self.faults)
        self.values: dict[str, Any] = {}
        self.tables: list[dict[str, Any]] = []
        self.places: list[str] = []
        """Where each table comes from, as a message names it."""
        self.forms: dict[str, Operand] = {}
        self.merged: set[int] = set()
        """The numbers of operations that became part of another one's entry."""
        self.layer = 0
        """How many layers with weights there are so far."""
        self.tensors: dict[str, str] = {}
        """What the values are called in the model."""
        self.trained: set[str] = set()
        """The values that are the model's parameters."""
        self._known: dict[tuple[str, str], list[tuple[str, Array, bool]]] = {}
        """The values by tensor and part: their name, the tensor's numbers, whether transposed."""
        self._bases: dict[tuple[str, str], str] = {}
        """What the parts of a tensor are called together."""
        self._taken: set[str] = set(TAKEN)

    # --- what an operation takes in ---------------------------------------------------------------

    def has(self, operation: Operation, index: int) -> bool:
        """Whether the operation has that input."""
        return index < len(operation.inputs) and operation.inputs[index] != ""

    def operand(self, operation: Operation, index: int) -> Operand:
        """What an input has become; raises `BlockedError` where that failed."""
        if not self.has(operation, index):
            raise UnteachableError(tr("input {number} is missing", number=index + 1))
        name = operation.inputs[index]
        if name not in self.forms:
            array = self.graph.constant(name)
            if array is None:
                raise BlockedError
            self.forms[name] = Constant(array, name)
        return self.forms[name]

    def form(self, operation: Operation, index: int = 0) -> Form:
        """An input that depends on the model's own input."""
        found = self.operand(operation, index)
        if isinstance(found, Form):
            return found
        raise UnteachableError(tr("it works on the constant “{name}”", name=shown(found.name)))

    def rows(self, operation: Operation, index: int = 0) -> Form:
        """An input that is rows of observations."""
        found = self.form(operation, index)
        if found.rank == 4:
            raise UnteachableError(tr("it works on a picture, which isn't flattened before"))
        return found

    def picture(self, operation: Operation, index: int = 0) -> Form:
        """An input that is a picture."""
        found = self.form(operation, index)
        if found.rank != 4:
            raise UnteachableError(tr("a picture is expected: 1 x channels x rows x columns"))
        return found

    def constant(self, operation: Operation, index: int) -> Constant:
        """An input that is the same whatever goes into the model."""
        found = self.operand(operation, index)
        if isinstance(found, Constant):
            return found
        raise UnteachableError(tr("input {number} must be a constant", number=index + 1))

    def shape(self, key: str) -> Shape:
        """The shape of a value or a result."""
        return self.wiring.shapes[key]

    # --- names ------------------------------------------------------------------------------------

    def fresh(self, stem: str, count: int = 1) -> tuple[str, ...]:
        """New names with the number of the layer, or the next that is free: ``H2``, or ``H2_1``."""
        number = max(1, self.layer)
        while f"{stem}{number}" in self._taken:
            number += 1
        self._taken.add(f"{stem}{number}")
        return _numbered(f"{stem}{number}", count)

    def results(self, stem: str, tensor: str, count: int = 1) -> tuple[str, ...]:
        """The names of what becomes of a tensor; the model's output is the prediction."""
        if tensor == self.graph.prediction:
            return _numbered(PREDICTION, count)
        return self.fresh(stem, count)

    # --- values -----------------------------------------------------------------------------------

    def give(self, key: str, array: Array) -> None:
        """A given value: a number, or a matrix."""
        self.values[key] = as_cells(array)
        self._checked(lambda: self.wiring.add_value(key, self.values[key]))

    def value(self, constant: Constant, array: Array, stem: str, part: str = "") -> str:
        """The name of a constant's value, or of a part of it; `array` has no axis or two."""
        return self.oriented(replace(constant, array=array), stem, part)[0]

    def oriented(self, constant: Constant, stem: str, part: str = "") -> tuple[str, bool]:
        """The same, and whether that value, which was met before, must be transposed."""
        upright = constant.array.T if constant.turned else constant.array
        for key, known, turned in self._known.get((constant.name, part), ()):
            if np.array_equal(known, upright):
                return key, turned is not constant.turned
        base = self._bases.get((constant.name, stem))
        if base is None or base + part in self.values:
            (base,) = self.fresh(stem)
            self._bases[constant.name, stem] = base
        key = base + part
        self.give(key, constant.array)
        self._known.setdefault((constant.name, part), []).append((key, upright, constant.turned))
        self.tensors[key] = shown(constant.name) + ("ᵀ" if constant.turned else "")
        if self.graph.is_parameter(constant.name):
            self.trained.add(key)
        return key, False

    def beside(self, constant: Constant, shape: Shape, stem: str, part: str = "") -> str:
        """A constant that goes with a matrix cell by cell: a number, a row, or a whole matrix."""
        array = constant.array
        while array.ndim > 2 and len(array) == 1:
            array = array[0]
        if array.size == 1:
            return self.value(constant, array.reshape(()), stem, part)
        if array.ndim == 1:
            array = array[np.newaxis]
        fits = array.ndim == 2 and array.shape[1] == shape[1]
        if fits and (1 in (len(array), shape[0]) or len(array) == shape[0]):
            return self.value(constant, array, stem, part)
        message = tr(
            "“{name}” of the shape {shape} goes with no matrix of the shape {other}: "
            "only a number, a row for every row, or a matrix of the same shape does",
            name=shown(constant.name),
            shape=[*constant.array.shape],
            other=[*shape],
        )
        raise UnteachableError(message)

    # --- entries ----------------------------------------------------------------------------------

    def entry(self, operation: Operation, to: str, **keys: Any) -> None:
        """One more forward entry; raises `UnteachableError` where it doesn't fit."""
        if len(self.tables) == MAX_ENTRIES:
            raise TooLongError
        table = {"to": to, **keys}
        path = ("forward", len(self.tables))
        self._checked(lambda: self.wiring.read_entry(table, path))
        self._taken.add(to)
        self.tables.append(table)
        self.places.append(operation.place)

    def become(self, operation: Operation, operand: Operand, output: str = "") -> None:
        """What the operation's result is; by default the first output's."""
        self.forms[output or operation.outputs[0]] = operand

    def each(self, operation: Operation, stem: str, make: Callable[[str], dict[str, Any]]) -> None:
        """An entry for each piece of the first input; `make` says what it has besides `to`."""
        form = self.form(operation)
        found = self.results(stem, operation.outputs[0], len(form.pieces))
        for piece, to in zip(form.pieces, found, strict=True):
            self.entry(operation, to, **make(piece))
        self.become(operation, replace(form, pieces=found))

    def _checked(self, add: Callable[[], None]) -> None:
        before = len(self.faults.found)
        add()
        if len(self.faults.found) > before:
            found = self.faults.found[before:]
            del self.faults.found[before:]
            raise UnteachableError(found[0].message)

    # --- what depends on what ---------------------------------------------------------------------

    def behind(self, result: str) -> set[str]:
        """Every name that a result rests on."""
        found = {result}
        for entry in reversed(self.wiring.entries):
            if entry.to in found:
                found.update(names(entry.node))
        return found

    @property
    def in_layers(self) -> set[str]:
        """The values that are a layer's weight or bias: their gradients are asked anyway."""
        return {key for entry in self.wiring.entries for key in entry.roles.values()}


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return (name,) if count == 1 else tuple(f"{name}_{i}" for i in range(1, count + 1))


def joined(pieces: Sequence[str]) -> str:
    """A sum as a formula."""
    return " + ".join(pieces)

"""The sample trees cover every op, and every table knows every op."""

from __future__ import annotations

import pytest

from engine.expression.bound import BOUNDS
from engine.expression.derive import GRADIENTS, LOCAL, WITHOUT_GRADIENT
from engine.expression.evaluate import VALUES, WITH_ARGUMENT
from engine.expression.exact import EXACT
from engine.expression.node import walk
from engine.expression.printing import LATEX, NUMPY, PYTORCH, UNICODE
from engine.expression.shape import SHAPES
from engine.expression.worked import CELLS, FUNCTIONS
from tests.engine.expression.samples import SAMPLES

LEAVES = {"name", "number"}
OPS = {*VALUES, *WITH_ARGUMENT}
WAYS_TO_WRITE = {
    "size": {"size.all", "size.rows", "size.columns"},
    "mul": {"mul", "scale", "numbers"},
    "mask": {"mask", "mask.factor"},
    "broadcast": {"broadcast", "repeated"},
}
"""Ops that a notation writes in several ways."""


def in_samples() -> set[str]:
    return {node.op for sample in SAMPLES.values() for node in walk(sample.node)}


def test_every_op_has_a_sample() -> None:
    assert in_samples() == OPS | LEAVES


@pytest.mark.parametrize(
    "table",
    [SHAPES, VALUES, EXACT, LOCAL, GRADIENTS, BOUNDS, CELLS, FUNCTIONS, WITHOUT_GRADIENT],
)
def test_no_table_has_an_op_without_a_sample(table: dict[str, object]) -> None:
    assert {*table} - in_samples() == set()


def test_every_op_has_a_shape_a_bound_and_a_worked_cell() -> None:
    assert OPS - {*SHAPES} == set()
    assert OPS - {*BOUNDS} == set()
    assert OPS - {*CELLS} - {*FUNCTIONS} == set()


@pytest.mark.parametrize("forms", [UNICODE, LATEX, NUMPY, PYTORCH])
def test_every_op_is_written_in_every_notation(forms: dict[str, object]) -> None:
    ways = {way for op in OPS for way in WAYS_TO_WRITE.get(op, {op})}
    assert {*forms} <= ways
    assert {op for op in OPS if not WAYS_TO_WRITE.get(op, {op}) & {*forms}} == set()

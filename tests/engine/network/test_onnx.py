"""Forward results against ONNX's own operator tests: each case is run, or left out for a reason."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import numpy as np
import pytest

pytest.importorskip("onnx")

from tests.engine.network.onnx_cases import operators, read, same_data
from tests.engine.network.onnx_operators import OPERATORS

LEFT_OUT = {
    "*pool_3d_*": "a picture of three dimensions is no matrix",
    "*pool_2d_dilations": "the window of a pooling has no dilation here",
    "div_*int*": "whole numbers are divided without a remainder",
    "reduce_*_empty_set*": "a matrix has at least one row and one column",
    "reduce_*_noop*": "no axes are named, and nothing is reduced",
    "training_dropout": "the mask is drawn inside and not told",
    "training_dropout_default": "the mask is drawn inside and not told",
}
"""The cases that aren't run, by their names, and why."""

COVERED = [name for name, operator in operators().items() if operator in OPERATORS]
RUN = [name for name in COVERED if not any(fnmatchcase(name, left) for left in LEFT_OUT)]
GRAPHS = [name for name, operator in operators().items() if not operator]

ROUGHLY = {"averagepool_2d_ceil_last_window_starts_on_pad": 5e-5}
"""Cases whose results are written down with four decimals only."""


@pytest.mark.parametrize("name", RUN)
def test_a_case_agrees(name: str) -> None:
    case = read(name)
    with np.errstate(all="ignore"):
        found = OPERATORS[case.operator](case)
    assert len(found) == len(case.outputs)
    for ours, theirs in zip(found, case.outputs, strict=True):
        if ours is not None:
            relative = 2e-3 if theirs.dtype == np.float16 else 2e-5
            assert np.shape(ours) == theirs.shape
            np.testing.assert_allclose(
                ours, theirs.astype(float), rtol=relative, atol=ROUGHLY.get(name, 1e-6)
            )


def test_every_operator_has_cases_and_most_are_run() -> None:
    assert {operators()[name] for name in RUN} == OPERATORS.keys()
    assert len(RUN) > 0.9 * len(COVERED)


@pytest.mark.parametrize("left", LEFT_OUT)
def test_each_reason_leaves_covered_cases_out(left: str) -> None:
    assert any(fnmatchcase(name, left) for name in COVERED)


def test_a_graph_of_several_operators_is_there_as_one_with_the_same_numbers() -> None:
    for name in GRAPHS:
        single = re.sub(r"_expanded(_ver\d+)?$", "", name)
        assert operators()[single], name
        assert same_data(name, single), name

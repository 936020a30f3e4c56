"""A file's layers with all their keys, and what is said of keys that mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.network.check import check_solution
from tests.engine.problems.files import HEAD, Folder

VALUES = """[values]
X = [[1, -2, 0.5, 3], [0, 1, 2, -1], [2, 2, -1, 1]]
K = [[1, -1], [0.5, 2]]
M = [[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 1]]
g = [1, 2, 0.5, -1]
b = [0.1, 0.2, 0.3, 0.4]
c = 0.5
share = 0.8
"""
"""With `HEAD` eleven lines."""

ENTRIES = {
    "leaky_relu": 'layer = "leaky_relu"\nslope = "c"',
    "leaky_relu, a number": 'layer = "leaky_relu"\nslope = 0.2',
    "tanh": 'layer = "tanh"',
    "softmax": 'layer = "softmax"',
    "dropout": 'layer = "dropout"\nmask = "M"\nkeep = "share"',
    "batch_norm": 'layer = "batch_norm"\ngamma = "g"\nbeta = "b"\nepsilon = 0.001',
    "layer_norm": 'layer = "layer_norm"\ngamma = "g"\nbeta = "b"\nepsilon = "c"',
    "conv2d": 'layer = "conv2d"\nweight = "K"\nbias = "c"\n'
    "stride = [1, 2]\npadding = 1\ndilation = 2",
    "max_pool2d": 'layer = "max_pool2d"\nsize = [2, 3]\nstride = 1',
    "avg_pool2d": 'layer = "avg_pool2d"\nsize = 2',
    "flatten": 'layer = "flatten"',
}


def text(entry: str) -> str:
    return HEAD + VALUES + f'\n[[forward]]\n{entry}\nto = "H"\n'


@pytest.mark.parametrize("case", ENTRIES)
def test_a_layer_with_all_its_keys_is_solved_and_its_gradients_hold(
    folder: Folder, case: str
) -> None:
    content = text(ENTRIES[case]) + '\n[loss]\nformula = "sum(square(H))"\n'
    problem = folder.read(content)
    found = check_solution(problem.solution)
    assert found is not None
    assert found.passed, found.errors
    assert "grad.X" in found.errors


@pytest.mark.parametrize("case", ENTRIES)
def test_a_layer_is_trained_like_any_other(folder: Folder, case: str) -> None:
    update = '\n[update]\noptimizer = "sgd"\nlearning_rate = 0.1\n'
    content = text(ENTRIES[case]) + '\n[loss]\nformula = "sum(square(H))"\n' + update
    trained = [key for key in folder.read(content).solution if key.startswith("new.")]
    wanted = {
        "batch_norm": ["new.b", "new.g"],
        "layer_norm": ["new.b", "new.g"],
        "conv2d": ["new.K", "new.c"],
    }
    assert sorted(trained) == wanted.get(case, [])


def test_a_pooling_steps_by_its_own_size_unless_told_otherwise(folder: Folder) -> None:
    problem = folder.read(text('layer = "max_pool2d"\nsize = [3, 2]'))
    assert problem.solution["H"].value.tolist() == [[2, 3]]
    assert problem.solution.formula("H") == "max_pool2d(X, size=[3, 2])"


def test_a_setting_may_be_the_name_of_a_whole_number(folder: Folder) -> None:
    entry = text('layer = "conv2d"\nweight = "K"\nstride = ["s", 1]\npadding = "s"')
    problem = folder.read(entry.replace("c = 0.5", "c = 0.5\ns = 2"))
    assert problem.solution.formula("H") == "conv2d(X, K, stride=[2, 1], padding=2)"


def test_a_flat_gamma_is_a_row(folder: Folder) -> None:
    problem = folder.read(text(ENTRIES["batch_norm"]))
    assert problem.network.values["g"].shape == (1, 4)


def test_the_mask_of_a_dropout_can_be_cut_to_a_batch(folder: Folder) -> None:
    update = """
[update]
optimizer = "sgd"
learning_rate = 0.1
batch = ["X", "M", "y"]
steps = [{ rows = [0, 2] }]
"""
    content = text('layer = "dropout"\nmask = "M"').replace("c = 0.5", "c = 0.5\nw = [1, 2, 3, 4]")
    content = content.replace("[values]\n", "[values]\ny = [1, 2, 3]\n")
    content += '\n[[forward]]\nlayer = "linear"\nweight = "w"\nto = "yhat"\n'
    problem = folder.read(content + '\n[loss]\nkind = "mse"\ntarget = "y"\n' + update)
    assert np.array_equal(problem.solution["H"].value, [[1, 0, 0.5, 3], [2, 2, 0, 1]])


@pytest.mark.parametrize(
    ("entry", "line", "message"),
    [
        ('layer = "leakyrelu"', 14, "unknown layer \"leakyrelu\"; did you mean 'leaky_relu'?"),
        ('layer = "leaky_relu"\nslop = 1', 15, "unknown key 'slop'; did you mean 'slope'?"),
        ('layer = "leaky_relu"\nslope = "d"', 15, "there is no number 'd' among the values"),
        ('layer = "leaky_relu"\nslope = "X"', 15, "there is no number 'X' among the values"),
        ('layer = "leaky_relu"\nslope = true', 15, "true is not a number"),
        ('layer = "dropout"', 13, "the layer dropout needs `mask`"),
        ('layer = "dropout"\nmask = "N"', 15, "there is no value 'N'"),
        ('layer = "dropout"\nmask = "K"', 13, "don't fit cell by cell"),
        ('layer = "dropout"\nmask = "M"\nkeep = 0', 16, "a share above 0 and at most 1"),
        ('layer = "dropout"\nmask = "M"\nkeep = 1.5', 16, "a share above 0 and at most 1"),
        ('layer = "batch_norm"\nepsilon = -1', 15, "expected 0 or a number above it"),
        ('layer = "batch_norm"\ngamma = "K"', 13, "don't fit cell by cell"),
        ('layer = "conv2d"', 13, "the layer conv2d needs `weight`"),
        ('layer = "conv2d"\nweight = "K"\nstride = 0', 16, "expected 1 to 64"),
        ('layer = "conv2d"\nweight = "K"\npadding = -1', 16, "expected 0 to 64"),
        ('layer = "conv2d"\nweight = "K"\npadding = 65', 16, "expected 0 to 64"),
        ('layer = "conv2d"\nweight = "K"\ndilation = 1.5', 16, "a whole number or [rows, columns]"),
        ('layer = "conv2d"\nweight = "K"\nstride = [1]', 16, "a whole number or [rows, columns]"),
        ('layer = "conv2d"\nweight = "K"\nstride = "c"', 16, "a whole number or [rows, columns]"),
        ('layer = "conv2d"\nweight = "K"\ndilation = 9', 13, "The kernel K (2x2) doesn't fit into"),
        ('layer = "conv2d"\nweight = "c"', 13, "a matrix of another size is needed"),
        ('layer = "conv2d"\nweight = "K"\nsize = 2', 16, "unknown key 'size'"),
        ('layer = "max_pool2d"\nsize = 4', 13, "The window doesn't fit into X (3x4)"),
        ('layer = "avg_pool2d"\nfrom = "c"', 13, "a matrix of another size is needed"),
        ('layer = "flatten"\nfrom = "c"', 13, "a matrix is needed"),
        ('layer = "flatten"\nfrom = "mean.H"', 15, "there is no value 'mean.H'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    folder: Folder, entry: str, line: int, message: str
) -> None:
    faults = folder.faults(text(entry))
    assert len(faults) == 1, faults
    assert faults[0].startswith(f"small.toml:{line}:"), faults
    assert message in faults[0]


def test_several_faults_of_one_entry_are_said_at_once(folder: Folder) -> None:
    entry = 'layer = "conv2d"\nweight = "Q"\nstride = 0\npading = 1'
    assert len(folder.faults(text(entry))) == 3

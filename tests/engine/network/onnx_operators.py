"""How each operator of ONNX is asked of the engine: as a layer, a formula or a loss, on matrices.

Tensors of more dimensions are reduced to matrices: cell by cell functions to any matrix, sums and
norms to rows, stacks of matrices and of pictures to one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import evaluate
from engine.network.losses import EACH, N, each_node, loss_node
from engine.network.model import Loss
from tests.engine.network.on_arrays import as_matrix, as_rows, exactly, formula, layer
from tests.engine.network.onnx_cases import OnnxCase, Tensor
from tests.engine.network.onnx_windows import WINDOWS

Run = Callable[[OnnxCase], Sequence[Any]]


# --- cell by cell ---------------------------------------------------------------------------------


def _function(text: str) -> Run:
    return lambda case: [formula(text, X=as_matrix(case.x)).reshape(case.x.shape)]


def _elementwise(kind: str) -> Run:
    def run(case: OnnxCase) -> Sequence[Any]:
        slope = {"slope": exactly(case.attribute("alpha", 0.01))} if kind == "leaky_relu" else {}
        return [layer(kind, slope, X=as_matrix(case.x))["H"].reshape(case.x.shape)]

    return run


def _between(text: str) -> Run:
    """An operator between two tensors; the smaller one is a number or a row."""

    def run(case: OnnxCase) -> Sequence[Any]:
        a, b = case.x, case.input(1)
        assert b is not None
        return [formula(text, a=as_matrix(a), b=as_matrix(b)).reshape(case.outputs[0].shape)]

    return run


def _power(case: OnnxCase) -> Sequence[Any]:
    """A whole number as the exponent is written as one, anything else by exp and ln."""
    exponent = case.input(1)
    assert exponent is not None
    if exponent.ndim == 0:
        return _function(f"X^{int(exponent)}")(case)
    return _between("exp(b*ln(a))")(case)


def _joined(text: str) -> Run:
    """An operator over any number of tensors of one shape."""

    def run(case: OnnxCase) -> Sequence[Any]:
        values = {f"x{i}": as_matrix(x) for i, x in enumerate(case.inputs) if x is not None}
        whole = formula(text.format(sum=" + ".join(values), count=len(values)), **values)
        return [whole.reshape(case.x.shape)]

    return run


# --- products -------------------------------------------------------------------------------------


def _matmul(case: OnnxCase) -> Sequence[Any]:
    """A stack of products, one after the other; a vector is a row, or as the second a column."""
    a, b = case.x, case.input(1)
    assert b is not None
    a = a.reshape(1, -1) if a.ndim == 1 else a
    b = b.reshape(-1, 1) if b.ndim == 1 else b
    stack = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a = np.broadcast_to(a, (*stack, *a.shape[-2:]))
    b = np.broadcast_to(b, (*stack, *b.shape[-2:]))
    found = np.empty((*stack, a.shape[-2], b.shape[-1]))
    for place in np.ndindex(*stack):
        found[place] = layer("linear", X=a[place], weight=b[place])["H"]
    return [found.reshape(case.outputs[0].shape)]


def _gemm(case: OnnxCase) -> Sequence[Any]:
    A, B, C = case.x, case.input(1), case.input(2)
    alpha, beta = exactly(case.attribute("alpha", 1)), exactly(case.attribute("beta", 1))
    plain = not case.attribute("transA") and not case.attribute("transB") and alpha == beta == 1
    if plain and C is None:
        return [layer("linear", X=A, weight=B)["H"]]
    assert C is not None
    if plain and C.ndim == 2 and len(C) == 1:
        return [layer("linear", X=A, weight=B, bias=C)["H"]]
    a = "A.T" if case.attribute("transA") else "A"
    b = "B.T" if case.attribute("transB") else "B"
    C = C.reshape(()) if C.size == 1 else C
    text = f"alpha*({a} @ {b}) + beta*C"
    return [formula(text, A=A, B=B, C=C, alpha=float(alpha), beta=float(beta))]


def _transpose(case: OnnxCase) -> Sequence[Any]:
    """Any permutation of three dimensions is a stack of matrices, transposed or not."""
    order = [*case.attribute("perm", range(case.x.ndim)[::-1])]
    found = []
    for stack in range(3):
        rest = [axis for axis in order if axis != order[stack]]
        slices = np.moveaxis(case.x, order[stack], 0)
        text = "X.T" if rest[0] > rest[1] else "X"
        found.append(np.moveaxis(np.stack([formula(text, X=each) for each in slices]), 0, stack))
    assert all(np.array_equal(found[0], each) for each in found)
    return found[:1]


def _flatten(case: OnnxCase) -> Sequence[Any]:
    """One row for each place of the leading dimensions."""
    first = case.attribute("axis", 1) % case.x.ndim
    pictures = case.x.reshape(-1, case.x.shape[first], int(np.prod(case.x.shape[first + 1 :])))
    if first == 0:
        pictures = case.x.reshape(1, case.x.shape[0], -1)
    return [np.concatenate([layer("flatten", X=picture)["H"] for picture in pictures])]


# --- sums and norms -------------------------------------------------------------------------------


def _reduced(text: str) -> Run:
    """Along rows, along columns, and over everything: whatever the axes allow."""

    def run(case: OnnxCase) -> Sequence[Any]:
        named, x = case.input(1), case.x
        axes = case.attribute("axes", [*range(x.ndim)] if named is None else named.tolist())
        axes = [axis % x.ndim for axis in axes or range(x.ndim)]
        kept = [axis for axis in range(x.ndim) if axis not in axes]
        matrix = as_rows(np.transpose(x, [*kept, *axes]), len(kept))
        found = formula(text.format("_columns"), X=matrix)
        across = formula(text.format("_rows"), X=matrix.T)
        np.testing.assert_allclose(across.T, found, rtol=1e-12)
        if not kept:
            np.testing.assert_allclose(formula(text.format(""), X=matrix), found[0, 0], rtol=1e-12)
        return [found.reshape(case.outputs[0].shape)]

    return run


def _of_rows(compute: Callable[[Tensor], Tensor]) -> Run:
    """A function of each row, along any axis."""

    def run(case: OnnxCase) -> Sequence[Any]:
        last = np.moveaxis(case.x, case.attribute("axis", -1), -1)
        found = compute(as_matrix(last)).reshape(last.shape)
        return [np.moveaxis(found, -1, case.attribute("axis", -1))]

    return run


def _batch_norm(case: OnnxCase) -> Sequence[Any]:
    """Each channel is a column; in training the layer, otherwise a formula on what was kept."""
    g, b, mean, variance = (np.reshape(each, (1, -1)) for each in case.inputs[1:])
    epsilon = exactly(case.attribute("epsilon", 1e-5))
    last = np.moveaxis(case.x, 1, -1)
    X = as_matrix(last)
    if not case.attribute("training_mode"):
        text = "g*((X - m)/sqrt(v + e)) + b"
        found = formula(text, X=X, g=g, b=b, m=mean, v=variance, e=float(epsilon))
        return [np.moveaxis(found.reshape(last.shape), -1, 1)]
    all_of_it = layer("batch_norm", {"epsilon": epsilon}, X=X, gamma=g, beta=b)
    share = case.attribute("momentum", 0.9)
    running = [
        (share * old + (1 - share) * all_of_it[key]).ravel()
        for old, key in ((mean, "mean.H"), (variance, "var.H"))
    ]
    return [np.moveaxis(all_of_it["H"].reshape(last.shape), -1, 1), *running]


def _layer_norm(case: OnnxCase) -> Sequence[Any]:
    first = case.attribute("axis", -1) % case.x.ndim
    scale, shift = case.input(1), case.input(2)
    assert scale is not None
    values = {"X": as_rows(case.x, first), "gamma": scale.reshape(1, -1)}
    if shift is not None:
        values["beta"] = shift.reshape(1, -1)
    epsilon = exactly(case.attribute("epsilon", 1e-5))
    found = layer("layer_norm", {"epsilon": epsilon}, **values)
    deviation = formula("(v + e)^-1", v=found["var.H"], e=float(epsilon)) ** 0.5
    wanted = [each.shape for each in case.outputs]
    parts = [found["H"], found["mean.H"], deviation]
    return [part.reshape(shape) for part, shape in zip(parts, wanted, strict=False)]


def _dropout(case: OnnxCase) -> Sequence[Any]:
    """With the mask that the case tells; outside the training everything is kept."""
    ratio, training = case.input(1), case.input(2)
    share = 1 - exactly(0.5 if ratio is None else float(ratio))
    if training is None or not training:
        share = Fraction(1)
    mask = np.ones(case.x.shape) if share == 1 else case.outputs[1]
    found = layer("dropout", {"keep": share}, X=as_matrix(case.x), mask=as_matrix(mask))
    return [found["H"].reshape(case.x.shape), mask][: len(case.outputs)]


# --- losses ---------------------------------------------------------------------------------------


def _cross_entropy(probabilities: Callable[[Tensor], Tensor]) -> Run:
    """Classes are one-hot rows; a weight of a class goes into its row, one to ignore has none."""

    def run(case: OnnxCase) -> Sequence[Any]:
        labels, weights = case.input(1), case.input(2)
        assert labels is not None
        scores = np.moveaxis(case.x, 1, -1)
        P = probabilities(as_matrix(scores))
        y = np.eye(P.shape[1])[np.clip(labels.ravel(), 0, P.shape[1] - 1)]
        y[labels.ravel() == case.attribute("ignore_index", -(10**9))] = 0
        if weights is not None:
            y = y * weights
        reduction = case.attribute("reduction", b"mean").decode()
        loss = Loss("cross_entropy", "P", "y", reduction=reduction)
        values = {"P": P, "y": y, N: np.array(float(len(P)))}
        each = values[EACH] = evaluate(each_node(loss, single=False), values)
        if reduction == "none":
            found = [each.reshape(labels.shape)]
        elif reduction == "mean" and not (y.sum(axis=1) == 1).all():
            found = [formula("sum(l)/sum(y)", l=each, y=y)]  # the mean is over the weights
        else:
            found = [evaluate(loss_node(loss), values)]
        logarithms = formula("ln(P)", P=P).reshape(scores.shape)
        return [*found, np.moveaxis(logarithms, -1, 1)][: len(case.outputs)]

    return run


OPERATORS: dict[str, Run] = {
    "Abs": _function("abs(X)"),
    "Exp": _function("exp(X)"),
    "Log": _function("ln(X)"),
    "Neg": _function("-X"),
    "Reciprocal": _function("X^-1"),
    "Sqrt": _function("sqrt(X)"),
    "Relu": _elementwise("relu"),
    "LeakyRelu": _elementwise("leaky_relu"),
    "Sigmoid": _elementwise("sigmoid"),
    "Tanh": _elementwise("tanh"),
    "Add": _between("a + b"),
    "Sub": _between("a - b"),
    "Mul": _between("a*b"),
    "Div": _between("a/b"),
    "Greater": _between("[a - b > 0]"),
    "PRelu": _between("relu(a) - b*relu(-a)"),
    "Pow": _power,
    "Sum": _joined("{sum}"),
    "Mean": _joined("({sum})/{count}"),
    "MatMul": _matmul,
    "Gemm": _gemm,
    "Transpose": _transpose,
    "Flatten": _flatten,
    "ReduceSum": _reduced("sum{}(X)"),
    "ReduceMean": _reduced("mean{}(X)"),
    "ReduceSumSquare": _reduced("sum{}(X^2)"),
    "ReduceL1": _reduced("sum{}(abs(X))"),
    "ReduceL2": _reduced("sqrt(sum{}(square(X)))"),
    "ReduceLogSum": _reduced("ln(sum{}(X))"),
    "ReduceLogSumExp": _reduced("ln(sum{}(exp(X)))"),
    "Softmax": _of_rows(lambda rows: layer("softmax", X=rows)["H"]),
    "LogSoftmax": _of_rows(lambda rows: formula("ln(softmax(X))", X=rows)),
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "Dropout": _dropout,
    "SoftmaxCrossEntropyLoss": _cross_entropy(lambda rows: layer("softmax", X=rows)["H"]),
    "NegativeLogLikelihoodLoss": _cross_entropy(lambda rows: formula("exp(X)", X=rows)),
    **WINDOWS,
}
"""How each covered operator is run: its outputs from the case's inputs."""

"""The founding exercise and a large network trained by other libraries, for comparison."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.network.solution import Solution

Losses = list[float]


def _given(solution: Solution) -> tuple[list[Any], float]:
    return [solution.numbers[key] for key in ("X", "W1", "W2", "y")], float(
        solution.numbers["gamma"]
    )


def by_pytorch(solution: Solution, steps: int, share: float) -> Losses:
    """PyTorch, eagerly; what is differentiated is `share` of the sum of the halved squares."""
    import torch

    arrays, rate = _given(solution)
    X, W1, W2, y = map(torch.tensor, arrays)
    parameters = [W1.requires_grad_(), W2.requires_grad_()]
    losses = []
    for _ in range(steps):
        whole = ((torch.relu(X @ W1) @ W2 - y) ** 2).sum() / 2
        losses.append(float(whole.detach()) / len(X))
        for parameter in parameters:
            parameter.grad = None
        (whole * share).backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= rate * parameter.grad
    return losses


def by_hips(solution: Solution, steps: int, share: float) -> Losses:
    """HIPS autograd."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    arrays, rate = _given(solution)
    X, W1, W2, y = arrays

    def whole(weights: tuple[Any, Any]) -> Any:
        first, second = weights
        hidden = anp.maximum(anp.dot(X, first), 0)
        return anp.sum((anp.dot(hidden, second) - y) ** 2) / 2

    step = value_and_grad(whole)
    losses = []
    for _ in range(steps):
        loss, (first, second) = step((W1, W2))
        losses.append(float(loss) / len(X))
        W1, W2 = W1 - rate * share * first, W2 - rate * share * second
    return losses


def by_micrograd(solution: Solution, steps: int, share: float) -> Losses:
    """micrograd, which knows numbers and no matrices."""
    from micrograd.engine import Value

    arrays, rate = _given(solution)
    X, W1, W2, y = (array.tolist() for array in arrays)
    first = [[Value(cell) for cell in row] for row in W1]
    second = [[Value(cell) for cell in row] for row in W2]

    def product(left: Any, right: Any) -> Any:
        columns = list(zip(*right, strict=True))
        return [
            [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns]
            for row in left
        ]

    losses = []
    for _ in range(steps):
        hidden = [[cell.relu() for cell in row] for row in product(X, first)]
        cells = zip(np.ravel(product(hidden, second)), np.ravel(y), strict=True)
        whole = sum(((p - float(target)) ** 2 for p, target in cells), Value(0.0)) * 0.5
        losses.append(whole.data / len(X))
        parameters = [value for row in (*first, *second) for value in row]
        for value in parameters:
            value.grad = 0.0
        whole.backward()
        for value in parameters:
            value.data -= rate * share * value.grad
    return losses

"""Problem files that grow: wider matrices, more layers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from engine.problems.problem import Problem
from engine.problems.reading import load

SCRATCH = TemporaryDirectory()


@cache
def square_problem(side: int, depth: int = 2) -> Problem:
    """Linear layers of square matrices with ReLUs between them, and a step of gradient descent."""
    return load(str(square_file(side, depth)))


@cache
def square_file(side: int, depth: int = 2) -> Path:
    """Its file; a lesson asks for the value of each layer's result."""
    keys = [key for layer in range(1, depth) for key in (f"H{layer}", f"O{layer}")] + [f"H{depth}"]
    lines = [
        "format = 1",
        f'id = "square-{side}-{depth}"',
        'title = "Square"',
        "[values]",
        "eta = 0.1",
    ]
    names = ["X", "y", *(f"W{layer}" for layer in range(1, depth + 1))]
    lines += [f"{name} = {_matrix(number, side)}" for number, name in enumerate(names)]
    for key in keys:
        weight = f'weight = "W{key[1:]}"' if key.startswith("H") else ""
        lines += [
            "[[forward]]",
            f'layer = "{"linear" if weight else "relu"}"',
            weight,
            f'to = "{key}"',
        ]
    lines += ["[loss]", 'kind = "mse"', 'target = "y"']
    lines += ["[update]", 'optimizer = "sgd"', 'learning_rate = "eta"']
    lines += ["[[parts]]", 'label = "a"', f"ask = {[f'value {key}' for key in keys]}"]
    path = Path(SCRATCH.name) / f"square-{side}-{depth}.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _matrix(number: int, side: int) -> list[list[float]]:
    """Halves from -1 to 1, different for each number."""
    dice = Random(number)
    return [[dice.randint(-2, 2) / 2 for _ in range(side)] for _ in range(side)]

"""Small problem files for the tests: written, read, and their faults as lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.problems.faults import ProblemError
from engine.problems.problem import Problem
from engine.problems.reading import load

HEAD = 'format = 1\nid = "small"\ntitle = "A small one"\n'
"""The least that a file must say: three lines."""

NETWORK = """[values]
X = [[1, 2], [-1, 2]]
W1 = [[1, -1], [0.5, 0]]
W2 = [[0.5], [1]]
y = [2, 1]

[[forward]]
layer = "linear"
weight = "W1"
to = "H1"

[[forward]]
layer = "relu"
to = "O1"

[[forward]]
layer = "linear"
weight = "W2"
to = "yhat"
"""
"""Masha's network, without a loss; `HEAD + NETWORK` has 22 lines."""

MSE = '\n[loss]\nkind = "mse"\ntarget = "y"\n'
SGD = '\n[update]\noptimizer = "sgd"\nlearning_rate = 0.5\n'


def values(**given: str) -> str:
    """A file that gives values and nothing else."""
    return HEAD + "[values]\n" + "".join(f"{key} = {value}\n" for key, value in given.items())


class Folder:
    """Problem files in a folder of the test's own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, content: str | bytes, name: str = "small.toml") -> str:
        """The path of a file with that content."""
        place = self.path / name
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(place)

    def read(self, content: str | bytes, name: str = "small.toml") -> Problem:
        """The problem in a file with that content."""
        return load(self.write(content, name))

    def faults(self, content: str | bytes, name: str = "small.toml") -> list[str]:
        """What is wrong in a file with that content, without the folder's name."""
        with pytest.raises(ProblemError) as raised:
            self.read(content, name)
        return [line.replace(f"{self.path}/", "") for line in raised.value.lines()]

"""`solve --format python`: a NumPy program that computes every quantity anew and prints it."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import replace

from engine.expression.node import Node, walk
from engine.expression.printing import PRODUCT, Form, numpy_notation, write
from engine.expression.symbols import identifier
from engine.expression.window_code import FUNCTIONS, source
from engine.language import tr
from engine.network.losses import N
from engine.network.solution import Step
from engine.problems.problem import Problem
from tui.wording import PASSES

RESERVED = frozenset(
    {
        *("np", "show", "print", "places", "padded", "sum", "zip", "enumerate", "range"),
        *FUNCTIONS,
        *keyword.kwlist,
        *keyword.softkwlist,
    }
)


def solution_python(problem: Problem) -> Iterator[str]:
    """The lines of the program; it needs NumPy and nothing else."""
    solution = problem.solution
    names = _names([*solution.numbers, *solution])
    title = " ".join(problem.title.split()).replace("\\", "/").replace('"', "'")
    yield f'"""{title} ({problem.id})"""'
    yield ""
    yield "import numpy as np"
    yield ""
    yield "np.set_printoptions(precision=6, suppress=True)"
    yield ""
    yield ""
    yield "def show(name, value):"
    yield '    print(f"{name} =", np.array2string(np.asarray(value) + 0.0, prefix=f"{name} = "))'
    yield ""
    functions = source({node.op for step in solution.values() for node in walk(step.node)})
    yield from functions.splitlines()
    yield ""
    yield "# " + tr("given")
    for key, value in problem.network.values.items():
        yield f"{names[key]} = np.array({value.array.tolist()!r})"
    stage = ""
    counted = False
    for key, step in solution.items():
        if step.stage != stage:
            stage = step.stage
            yield ""
            yield f"# {tr(PASSES[stage])}"
        if N in solution.numbers and not counted and _mentions(step.node, N):
            counted = True
            yield f"{names[N]} = {_count(problem, names)}"
        yield f"{names[key]} = {_code(step, names)}  # {solution.symbol(key)} = {step.formula}"
        yield f'show("{names[key]}", {names[key]})'


def _names(keys: list[str]) -> dict[str, str]:
    """A Python name for each key, each its own."""
    found: dict[str, str] = {}
    taken = set(RESERVED)
    for key in keys:
        if key not in found:
            text = identifier(key)
            while text in taken:
                text += "_"
            taken.add(text)
            found[key] = text
    return found


def _count(problem: Problem, names: dict[str, str]) -> str:
    """n: the rows of the prediction."""
    loss = problem.network.loss
    assert loss is not None
    of = loss.prediction
    return f"{names[of]}.shape[0]" if problem.solution.numbers[of].shape else "1"


def _mentions(root: Node, key: str) -> bool:
    return any(node.op == "name" and node.argument == key for node in walk(root))


def _code(step: Step, names: dict[str, str]) -> str:
    """The step as NumPy; a mask is a matrix of truth values only where it is multiplied."""
    notation = replace(numpy_notation(), symbol=names.__getitem__)
    masks = [node for node in walk(step.node) if node.op == "mask"]
    if any(not _only_multiplied(node, step.node) for node in masks):
        forms = {**notation.forms, "mask": Form(PRODUCT, "({0} > 0) * 1.0")}
        notation = replace(notation, forms=forms)
    return write(step.node, notation)


def _only_multiplied(inner: Node, root: Node) -> bool:
    users = [node for node in walk(root) if inner in node.operands]
    return bool(users) and all(user.op == "mul" for user in users)

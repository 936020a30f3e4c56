"""Hints in five rungs, read off the expression: from what is asked to the answer itself.

Why it is asked, the formula with its shapes, the numbers put in, one cell worked out, the answer.
"""

from __future__ import annotations

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import names
from engine.expression.printing import number_text
from engine.expression.worked import show_number, work
from engine.language import mark_text, tr
from engine.marking.precision import asked_decimals
from engine.problems.problem import Kind, Problem

RUNGS = 5

PURPOSES: dict[str, str] = {
    "linear.forward": mark_text(
        "A linear layer mixes the columns of its input: each row of the input meets each column of "
        "the weights."
    ),
    "relu.forward": mark_text("The ReLU keeps what is positive and makes everything else 0."),
    "softmax.forward": mark_text(
        "The softmax makes probabilities of a row of numbers: all positive, and together 1."
    ),
    "conv2d.forward": mark_text(
        "The kernel slides over the picture. At each place the cells under it are multiplied by "
        "its own, one by one, and added up."
    ),
    "max_pool2d.forward": mark_text("Of each window only the largest cell is kept."),
    "max_pool2d.backward": mark_text(
        "Each window's gradient goes back to the one cell that was the largest; the others get "
        "nothing."
    ),
    "avg_pool2d.forward": mark_text("Of each window the mean is kept."),
    "dropout.forward": mark_text(
        "The dropout switches cells off by a mask and divides what is left by the share kept."
    ),
    "mean": mark_text("A norm begins with the mean of what it normalises together."),
    "var": mark_text("The variance is the mean of the squared distances from the mean."),
    "hat": mark_text(
        "Minus the mean, divided by the root of the variance: what is left has mean 0 and "
        "variance 1."
    ),
    "forward": mark_text("The layer works on its input; its result is the next layer's input."),
    "local": mark_text(
        "The local derivative says how the layer's output follows its input. It is what an "
        "arriving gradient will be multiplied by."
    ),
    "relu.backward": mark_text(
        "The gradient goes back through the ReLU: it passes where the input was positive and stops "
        "where it wasn't."
    ),
    "linear.backward": mark_text(
        "The gradient goes back through the linear layer: each cell of the input gets its share "
        "from every output it fed, through the same weights."
    ),
    "backward": mark_text(
        "The gradient goes back through the layer: what arrives, times the layer's own derivative."
    ),
    "weight_gradient": mark_text(
        "How does the loss follow each weight? A weight connects one column of the input with one "
        "column of the output; its gradient adds up over the observations."
    ),
    "bias_gradient": mark_text(
        "The bias is added to every row, so its gradient adds up what arrives in every row."
    ),
    "loss": mark_text("The loss measures how far the predictions are from the targets."),
    "gradient": mark_text(
        "The backward pass begins at the loss: how does it follow each prediction?"
    ),
    "update": mark_text(
        "A step of gradient descent moves each parameter against its gradient; the learning rate "
        "says how far."
    ),
}


def purpose(skill: str) -> str:
    """What a step is for, in a sentence."""
    template = PURPOSES.get(skill) or PURPOSES.get(skill.partition(".")[2]) or PURPOSES["forward"]
    return tr(template)


def hints(problem: Problem, key: str, kind: Kind = "value") -> tuple[str, ...]:
    """The five rungs for one question, in the learner's language."""
    if kind == "formula":
        return _formula_hints(problem, key)
    solution = problem.solution
    decimals = _decimals(problem, key)
    row, column = _telling_cell(problem, key)
    cell = work(
        solution[key].node,
        row,
        column,
        solution.numbers,
        lambda value: show_number(value, decimals),
    )
    result = np.atleast_2d(solution[key].value)[row, column]
    symbol = solution.symbol(key)
    worked = f"{cell.text} = {show_number(float(result), decimals)}"
    if solution[key].shape:
        worked = tr(
            "Row {row}, column {column}: {worked}", row=row + 1, column=column + 1, worked=worked
        )
    return (
        purpose(solution[key].skill),
        tr(
            "{symbol} = {formula}. Shapes: {shapes}.",
            symbol=symbol,
            formula=solution.formula(key),
            shapes=_shapes(problem, key),
        ),
        tr("With the numbers put in: {numbers}", numbers=_put_in(problem, key, decimals)),
        worked,
        tr("{symbol} = {answer}", symbol=symbol, answer=answer_text(problem, key)),
    )


def _formula_hints(problem: Problem, key: str) -> tuple[str, ...]:
    solution = problem.solution
    node = solution[key].node
    shape = shape_name(solution[key].shape)
    used = ", ".join(solution.symbol(name) for name in names(node))
    i, j = _telling_cell(problem, key)
    decimals = _decimals(problem, key)
    cell = work(node, i, j, solution.numbers, lambda value: show_number(value, decimals))
    return (
        purpose(solution[key].skill),
        tr("The result {symbol} is {shape}.", symbol=solution.symbol(key), shape=shape),
        tr("It is made of {used}. Shapes: {shapes}.", used=used, shapes=_shapes(problem, key)),
        tr("One of its cells comes about like this: {worked}", worked=cell.text),
        tr("{symbol} = {formula}", symbol=solution.symbol(key), formula=solution.formula(key)),
    )


def shape_name(shape: tuple[int, ...]) -> str:
    """A shape in words: "2x3", or "one number"."""
    return "x".join(map(str, shape)) if shape else tr("one number")


def _shapes(problem: Problem, key: str) -> str:
    solution = problem.solution
    used = [name for name in names(solution[key].node) if solution.numbers[name].shape]
    parts = [f"{solution.symbol(name)} {shape_name(solution.numbers[name].shape)}" for name in used]
    own = f"{solution.symbol(key)} {shape_name(solution[key].shape)}"
    return ", ".join([*parts, own])


def _decimals(problem: Problem, key: str) -> int:
    """Decimals enough to show this step's numbers by."""
    precision = problem.precision_for(key)
    if precision.significant is None:
        return precision.exact_decimals
    values = problem.solution[key].value
    return max((asked_decimals(float(cell), precision) for cell in values.flat), default=4) + 1


def _telling_cell(problem: Problem, key: str) -> tuple[int, int]:
    """The first cell that isn't 0: a sum that comes to something shows more."""
    rows = np.atleast_2d(problem.solution[key].value)
    places = np.argwhere(rows != 0)
    return (int(places[0][0]), int(places[0][1])) if len(places) else (0, 0)


def _put_in(problem: Problem, key: str, decimals: int) -> str:
    """The formula with each name's matrix in its place."""
    solution = problem.solution
    texts = {
        name: matrix_text(solution.numbers[name], decimals) for name in names(solution[key].node)
    }
    return solution.write_with(key, texts)


def answer_text(problem: Problem, key: str) -> str:
    """The right answer as one types it, at the digits asked; exact where the step is exact."""
    solution = problem.solution
    step = solution[key]
    precision = problem.precision_for(key)
    rows = np.atleast_2d(step.value)
    exact = step.digits is not None and step.digits <= precision.exact_decimals
    whole = np.atleast_2d(step.exact_value) if exact and step.exact_value is not None else None
    texts = [
        [
            number_text(whole[i, j])[0]
            if whole is not None
            else show_number(float(cell), max(asked_decimals(float(cell), precision), 0))
            for j, cell in enumerate(row)
        ]
        for i, row in enumerate(rows)
    ]
    return "; ".join(" ".join(row) for row in texts)


def matrix_text(value: Array, decimals: int) -> str:
    """A matrix on one line, in round brackets: ``(2 -1; 0 1)``; a number as it is."""
    if not value.shape:
        return show_number(float(value), decimals)
    rows = [" ".join(show_number(float(cell), decimals) for cell in row) for row in value]
    return f"({'; '.join(rows)})"

"""Trials: the whole network with other numbers and other sizes, to see what a formula is worth.

Two formulas are taken for equal if they agree wherever they are tried. The given values are drawn
at random and every pass is run on them, so that all quantities stay consistent (p is the sigmoid of
its input, the gradients are the gradients of that loss). The sizes are drawn too, all different.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.expression.dimensions import Dimensions, infer
from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, names, walk
from engine.expression.shape import Shape, ShapeError
from engine.expression.symbols import split_key
from engine.marking.per_solution import PerSolution
from engine.network.losses import EACH, LOSS, N
from engine.network.solution import Solution

REACH = 2.0
TRIALS, ATTEMPTS = 3, 24
CANDIDATES, SCALAR_TRIALS, LIVELY_TRIALS = 80, 12, 10
"""How many more are drawn, and how many taken, where kinks have a single number before them."""
SQUARE = 5
LIKE_ITS_NAME = frozenset({"grad", "new", "m", "v", "mhat", "vhat", "ahead", "hat"})
"""Prefixes of quantities that have the shape of what they are named after."""
SATURATING = frozenset({"sigmoid", "tanh", "softmax", "exp"})
SATURATION = 8.0
"""Beyond it 1 - σ(x) has too few digits left to compare."""
KINKED = frozenset({"relu", "leaky_relu", "mask", "leaky_mask", "abs", "sign"})


class Sizes(NamedTuple):
    """Which sizes a trial takes."""

    single: bool = False
    """The prediction keeps its one column, as the losses of the observations want it."""
    rows: bool = False
    """As many observations as in the exercise."""
    own: bool = False
    """Every size as in the exercise."""
    square: bool = False
    """Every matrix square, and all of one size, so that a formula that doesn't fit has a value."""


@dataclass(frozen=True)
class Trial:
    """The network once more: the shape and the value of every quantity."""

    shapes: Mapping[str, Shape]
    values: Mapping[str, Array]


def prediction(solution: Solution) -> str:
    """The key of the prediction, whose rows are counted by n."""
    network = solution.network
    if network.loss is not None and network.loss.prediction:
        return network.loss.prediction
    return network.entries[-1].to if network.entries else next(iter(network.values))


def has_one_column(solution: Solution) -> bool:
    """Whether the prediction is a column and its losses are written without a sum over columns."""
    loss = solution.network.loss
    if loss is None or EACH not in solution:
        return False
    return solution.numbers[loss.of].shape[1:] == (1,)


def of_loss(key: str) -> bool:
    """Whether the key is the loss, or the losses of the observations, of any step."""
    return key.partition("@")[0] in (EACH, LOSS)


def _trees(solution: Solution, sizes: Sizes) -> dict[str, Node]:
    """The quantities that the trial has, by key, with what they are computed by."""
    trees: dict[str, Node] = {}
    without = has_one_column(solution) and not (sizes.single or sizes.own or sizes.square)
    dropped: set[str] = set()
    for key, step in solution.items():
        if without and (of_loss(key) or not dropped.isdisjoint(names(step.node))):
            dropped.add(key)
        else:
            trees[key] = step.node
    return trees


def _dimensions(solution: Solution, sizes: Sizes) -> Dimensions:
    network = solution.network
    given: dict[str, Shape] = {**network.shapes, N: ()}
    trees = _trees(solution, sizes)
    alike = [
        (key, name)
        for key in trees
        for prefix, name, _ in (split_key(key),)
        if prefix in LIKE_ITS_NAME and (name in given or name in trees)
    ]
    if sizes.own:
        fixed = [(key, axis, n) for key, shape in given.items() for axis, n in enumerate(shape)]
        return infer(given, trees, fixed=fixed)
    fixed = []
    of = prediction(solution)
    if sizes.single and has_one_column(solution):
        fixed.append((of, 1, 1))
    if sizes.rows and solution.numbers[of].shape:
        fixed.append((of, 0, solution.numbers[of].shape[0]))
    try:
        return infer(given, trees, alike=alike, fixed=fixed)
    except ShapeError:  # an op whose sizes can't be united: then the exercise's own must do
        return _dimensions(solution, Sizes(own=True))


def _shapes(solution: Solution, sizes: Sizes) -> Mapping[str, Shape]:
    return _dimensions(solution, sizes).draw(0)


shapes_at = PerSolution(_shapes)
"""``shapes_at(solution, sizes)``: the shapes of all quantities in the first trial."""


class _Drawing:
    """Draws the values of one solution's networks, and judges whether a draw is any good."""

    def __init__(self, solution: Solution, sizes: Sizes) -> None:
        self.solution, self.sizes = solution, sizes
        self.trees = _trees(solution, sizes)
        self.saturating = self._operands(SATURATING)
        self.kinked = self._operands(KINKED)

    def _operands(self, ops: frozenset[str]) -> tuple[Node, ...]:
        found = dict.fromkeys(
            node.operands[0]
            for tree in self.trees.values()
            for node in walk(tree)
            if node.op in ops
        )
        return tuple(found)

    def leaf(
        self, key: str, shape: Shape, reach: float, like: bool, random: np.random.Generator
    ) -> Array:
        """A given value; `like` draws it on the side of 0 where the exercise's own lies."""
        own = self.solution.numbers[key]
        loss = self.solution.network.loss
        probability = loss is not None and loss.kind in ("logloss", "cross_entropy")
        if probability and loss is not None and key in (loss.of, loss.target):
            drawn = random.uniform(0.05, 0.95, shape)
            # The gradient p - y holds for probabilities that add up to 1 in each row.
            whole = loss.kind == "cross_entropy" and len(shape) == 2
            return np.asarray(drawn / drawn.sum(axis=1, keepdims=True) if whole else drawn)
        if like and own.size and (own > 0).all():
            return np.asarray(random.uniform(0.1, 0.9 if (own <= 1).all() else reach, shape))
        return np.asarray(random.uniform(-reach, reach, shape))

    def attempt(self, shapes: Mapping[str, Shape], number: int, seed: int) -> Trial:
        """One draw; later attempts stay nearer to what the exercise's own values look like."""
        random = np.random.default_rng((seed, number))
        reach = max(REACH * 0.85**number, 0.25)
        values: dict[str, Array] = {}
        for key in self.solution.network.values:
            scalar = not shapes[key]
            like = number >= 8 or (scalar and number >= 3)
            values[key] = self.leaf(key, shapes[key], reach, like, random)
        values[N] = np.array(float(self._rows(shapes)))
        for key, tree in self.trees.items():
            values[key] = evaluate(tree, values)
        return Trial(shapes, values)

    def _rows(self, shapes: Mapping[str, Shape]) -> int:
        if self.sizes.square:
            return SQUARE + 2
        shape = shapes.get(prediction(self.solution), ())
        return int(shape[0]) if shape else 1

    def quality(self, trial: Trial) -> float:
        """1 for a draw in which nothing hides; less the more of it is dead, saturated or no number.

        A ReLU that lets everything through can't show a forgotten mask, one that lets nothing
        through shows nothing at all.
        """
        if not all(np.isfinite(trial.values[key]).all() for key in self.trees):
            return 0.0
        faults = 0.0
        for node in self.saturating:
            faults += bool(np.abs(evaluate(node, trial.values)).max() > SATURATION)
        for node in self.kinked:
            positive = evaluate(node, trial.values) > 0
            faults += 0.5 * bool(positive.size > 1 and (positive.all() or not positive.any()))
        faults += sum(not trial.values[key].any() for key in self.trees)
        return 1 / (1 + faults)

    def best(self, shapes: Mapping[str, Shape], seed: int) -> Trial:
        """The best of several attempts with the same sizes; the first without a fault."""
        best, best_quality = None, -1.0
        for number in range(ATTEMPTS):
            trial = self.attempt(shapes, number, seed)
            quality = self.quality(trial)
            if quality > best_quality:
                best, best_quality = trial, quality
            if quality == 1:
                break
        assert best is not None
        return best


def _draw_trials(solution: Solution, sizes: Sizes) -> tuple[Trial, ...]:
    drawing = _Drawing(solution, sizes)
    if sizes.square:
        shapes = {key: (SQUARE, SQUARE) if v.ndim else () for key, v in solution.numbers.items()}
        try:
            return (drawing.best(shapes, 0),)
        except (ArithmeticError, AssertionError, IndexError, TypeError, ValueError):
            # an op that wants other sizes
            return ()
    dimensions = _dimensions(solution, sizes)
    found = [drawing.best(dimensions.draw(seed), seed) for seed in range(TRIALS)]
    return (*found, *_beyond_kinks(drawing, dimensions))


def _beyond_kinks(drawing: _Drawing, dimensions: Dimensions) -> list[Trial]:
    """Where kinks have a single number before them: trials on the flat side of each, and livelier.

    A matrix shows both sides at once, a number only one. Of many draws those are taken in which as
    much as possible of the rest is alive.
    """
    numbers = drawing.solution.numbers
    single = [node for node in drawing.kinked if evaluate(node, numbers).size == 1]
    if not single:
        return []
    shapes = dimensions.draw(TRIALS)
    count = max(TRIALS, min(CANDIDATES, 2000 // len(drawing.trees)))
    candidates = [drawing.attempt(shapes, 0, TRIALS + seed) for seed in range(count)]
    qualities = [drawing.quality(trial) for trial in candidates]
    livelier = sorted(range(count), key=lambda place: -qualities[place])[:LIVELY_TRIALS]
    chosen = {place: candidates[place] for place in livelier}
    for node in single[:SCALAR_TRIALS]:
        flat = [
            (quality, place)
            for place, (trial, quality) in enumerate(zip(candidates, qualities, strict=True))
            if quality and evaluate(node, trial.values).max() < 0
        ]
        if flat:
            place = max(flat)[1]
            chosen[place] = candidates[place]
    return list(chosen.values())


trials = PerSolution(_draw_trials)
"""``trials(solution, sizes)``: the network with other numbers, three times or more."""

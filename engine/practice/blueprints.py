"""Small networks for practice: which network a skill is practised on, and with what numbers.

Levels: 1 one layer in small whole numbers; 2 more cells, halves and a bias; 3 the layer with
another in front or behind; 4 in the middle or at an end of a deeper network.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, walk
from engine.network.layers import LAYERS, entries
from engine.network.losses import EACH, LOSS, LOSSES
from engine.network.model import Entry, Loss, Network, Update, Value, matrix_value, scalar_value
from engine.practice.draw import Draw
from engine.practice.skills import Skill

Size = tuple[int, ...]


def _numbers(*cells: float) -> tuple[Fraction, ...]:
    return tuple(Fraction(cell) for cell in cells)


@dataclass(frozen=True, slots=True)
class Level:
    """What makes an item harder."""

    sizes: tuple[Size, ...]
    """Observations, then the columns of X, of H1, …: as many as a network of that level needs."""
    inputs: tuple[Fraction, ...]
    weights: tuple[Fraction, ...]
    gradients: tuple[Fraction, ...]
    """Without 0, so that no mask and no factor can be left out unseen."""
    bias: bool = False
    """Whether layers may have the parameters that they can do without."""
    largest: int = 20
    """No number before the answer, and none in it, is larger."""
    decimals: int = 2
    """No exact answer has more."""


LEVELS: dict[int, Level] = {
    1: Level(
        sizes=((2, 3, 2), (2, 2, 3)),
        inputs=_numbers(-2, -1, 0, 1, 2, 3),
        weights=_numbers(-2, -1, 0, 1, 2),
        gradients=_numbers(-2, -1, 1, 2),
        largest=12,
    ),
    2: Level(
        sizes=((3, 2, 3), (2, 3, 2), (3, 3, 2)),
        inputs=_numbers(-3, -2, -1, 0, 1, 2, 3),
        weights=_numbers(-2, -1, -0.5, 0.5, 1, 2),
        gradients=_numbers(-2, -1, -0.5, 0.5, 1, 2),
        bias=True,
        decimals=3,
    ),
    3: Level(
        sizes=((3, 2, 3, 2), (2, 3, 2, 3), (3, 2, 4, 2), (4, 3, 2, 3)),
        inputs=_numbers(-3, -2, -1, 0, 1, 2, 3),
        weights=_numbers(-2, -1, -0.5, 0.5, 1, 2),
        gradients=_numbers(-2, -1, -0.5, 0.5, 1, 2),
        bias=True,
        decimals=3,
    ),
    4: Level(
        sizes=((3, 2, 3, 2), (2, 3, 4, 2), (3, 2, 4, 2), (4, 2, 3, 2)),
        inputs=_numbers(-2, -1, -0.5, 0, 0.5, 1, 2, 3),
        weights=_numbers(-2, -1, -0.5, 0.5, 1, 2),
        gradients=_numbers(-3, -2, -1, -0.5, 0.5, 1, 2, 3),
        bias=True,
        decimals=3,
    ),
}

SHARES = tuple(Fraction(cell, 20) for cell in (2, 4, 5, 6, 8, 12, 14, 15, 16, 18))
"""Probabilities that are given: 0.5 is not among them, for p and 1 - p must differ."""
CLASSES = 3
ROWS_OF_SHARES = tuple(
    tuple(Fraction(cell, 20) for cell in row)
    for row in ((2, 6, 12), (4, 5, 11), (1, 5, 14), (3, 7, 10), (2, 3, 15), (4, 7, 9))
)
"""Probabilities of three classes, no two of them alike."""
WHOLE = _numbers(-2, -1, 0, 1, 2, 3, 4, 5)
ERRORS = {1: (-4, -3, -2, -1, 1, 2, 3, 4), 2: (-2, -1, 1, 2)}
"""How far a prediction is from its target, by the columns it has: never on it."""
DRAWS = 400
RATES = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2))
OBSERVATIONS = (4, 5)
"""Of a loss: not 2, where the 2 from the square and the 1/n cancel; and n divides to the end."""


@dataclass(frozen=True, eq=False)
class Blueprint:
    """A network, and the key that is asked of it."""

    network: Network
    key: str


class _UnhandyError(Exception):
    """The numbers drawn lead to large ones, to a kink, or to where a layer is flat."""


@dataclass(slots=True)
class _Building:
    """A network as it grows, layer by layer; raises `_UnhandyError` as soon as it went wrong."""

    draw: Draw
    level: Level
    size: Size
    """Observations, then the columns after each linear layer."""
    strict: bool = True
    """Whether unhandy numbers are refused."""
    margin: int = 0
    """How far below the largest argument of a saturating layer to stay."""
    values: dict[str, Value] = field(default_factory=dict)
    numbers: dict[str, Array] = field(default_factory=dict)
    """The values and results so far."""
    entries: list[Entry] = field(default_factory=list)
    columns: int = 0
    """Of the result that the next layer takes."""
    depth: int = 0
    """The place in `size` of those columns."""

    def give(self, key: str, shape: tuple[int, int], choices: Sequence[Fraction]) -> str:
        """A given matrix."""
        return self.put(key, self.draw.matrix(shape, choices))

    def put(self, key: str, rows: list[list[Fraction]]) -> str:
        """A given matrix of these rows."""
        value = self.values[key] = matrix_value(key, rows)
        self.numbers[key] = value.array
        return key

    def start(self, key: str, choices: Sequence[Fraction], depth: int = 1) -> str:
        """What goes in in front."""
        self.depth, self.columns = depth, self.size[depth]
        return self.give(key, (self.size[0], self.columns), choices)

    def add(self, kind: str, source: str, to: str, number: int, *needed: str) -> str:
        """A layer behind `source`; `needed` are optional parameters that it must have."""
        layer, roles = LAYERS[kind], {}
        optional = [r for r in layer.optional if r in needed or self._has_optional()]
        if "weight" in layer.required:
            self.depth += 1
        into, out = self.columns, self.size[min(self.depth, len(self.size) - 1)]
        for role in (*layer.required, *optional):
            shape = (into, out) if role == "weight" else (1, out)
            label = f"{PARAMETER_NAMES.get(role, role)}{number}"
            roles[role] = self.give(label, shape, self.level.weights)
        self.columns = out
        others: dict[str, Any] = {key: self.draw.pick(NUMBERS[key]) for key in layer.numbers}
        for role in layer.given:
            others[role] = self.give(role[0].upper(), (self.size[0], out), _numbers(0, 1))
            if self.strict and len(np.unique(self.numbers[others[role]])) == 1:
                raise _UnhandyError
        for entry in entries(kind, source, to, roles, others):
            self.entries.append(entry)
            self.numbers[entry.to] = evaluate(entry.node, self.numbers)
            if self.strict and not self._is_handy(entry.node, self.numbers[entry.to]):
                raise _UnhandyError
        return to

    def _is_handy(self, node: Node, value: Array) -> bool:
        """Whether a result is small, off every kink, well on both sides of it, and nowhere flat."""
        for part in walk(node):
            if part.op in KINKED and not _is_mixed(evaluate(part.operands[0], self.numbers)):
                return False
            if part.op in SATURATING:
                reach = np.abs(evaluate(part.operands[0], self.numbers)).max()
                if reach > SATURATING[part.op] - self.margin:
                    return False
        return bool(np.abs(value).max() <= self.level.largest)

    def _has_optional(self) -> bool:
        return self.level.bias and self.draw.below(2) == 1

    def chain(self, kinds: Iterable[str], *needed: str) -> str:
        """Layers one behind the other: Hᵢ is a linear layer's result, Oᵢ what is made of it."""
        kinds = list(kinds)
        number = 1
        if LAYERS[kinds[0]].required:
            source = self.start("X", self.level.inputs)
        else:
            choices = _without_zero(self.level.inputs + self.level.weights)
            source = self.start("H1", list(dict.fromkeys(choices)))
        for kind in kinds:
            if LAYERS[kind].required:
                source = self.add(kind, source, f"H{number}", number, *needed)
            else:
                source = self.add(kind, source, f"O{number}", number, *needed)
                number += 1
        return source

    def network(self, loss: Loss | None, update: Update | None = None) -> Network:
        """What has been built, with the gradient asked for what goes in."""
        wrt = () if loss is None or "X" in self.values else (next(iter(self.values)),)
        return Network(self.values, tuple(self.entries), loss, update, wrt)

    def arriving(self, key: str) -> Loss:
        """A gradient that is given, under that name, at the end."""
        self.give(key, (self.size[0], self.columns), self.level.gradients)
        return Loss("given", self.entries[-1].to, upstream=key)


KINKED = frozenset({"relu", "leaky_relu", "abs"})
SATURATING = {"sigmoid": 3, "tanh": 2, "softmax": 3}
"""How large an argument may be, smaller by one before a loss: beyond it few digits are left."""


def _is_mixed(before: Array) -> bool:
    """No cell is 0, and at least a third of them are on either side of it."""
    positive = int((before > 0).sum())
    fewest = max(1, before.size // 3)
    return bool((before != 0).all()) and fewest <= positive <= before.size - fewest


def _gentle(level: Level) -> Level:
    """The level with numbers that stay where a saturating layer is steep."""
    return replace(level, inputs=_numbers(-2, -1, 0, 1, 2), weights=_numbers(-1, -0.5, 0.5, 1))


PARAMETER_NAMES = {"weight": "W", "bias": "b"}
NUMBERS = {
    "slope": (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)),
    "keep": (Fraction(1, 2), Fraction(4, 5)),
}
"""What a layer's numbers are drawn from."""


def _without_zero(choices: Sequence[Fraction]) -> list[Fraction]:
    return [cell for cell in choices if cell]


# --- one for each family of skills ----------------------------------------------------------------


def blueprint(draw: Draw, skill: Skill, level: int) -> Blueprint:
    """A network for practising the skill at a level from `LEVELS`, with freshly drawn numbers.

    It stays small in the forward pass, off the kinks, and where layers aren't flat; should that not
    come up in `DRAWS` draws, the next is taken as it is.
    """
    family = _for_optimizer
    if skill.subject in LAYERS:
        family = _for_layer
    elif skill.subject in LOSSES:
        family = _for_loss
    for _ in range(DRAWS):
        with suppress(_UnhandyError):
            return family(draw, skill, level, True)
    return family(draw, skill, level, False)


def _for_layer(draw: Draw, skill: Skill, level: int, strict: bool) -> Blueprint:
    kind, aspect = skill.subject, skill.aspect
    before, after = draw.pick(AROUND_LINEAR[level] if LAYERS[kind].required else AROUND[level])
    numbers = _gentle(LEVELS[level]) if kind in SATURATING else LEVELS[level]
    build = _Building(draw, numbers, draw.pick(numbers.sizes), strict)
    forward = aspect == "forward"
    role = aspect.removesuffix("_gradient")
    build.chain([*before, kind, *(() if forward else after)], role)
    entry = build.entries[len(before)]
    if forward:
        return Blueprint(build.network(None), entry.to)
    # d is the gradient that arrives at the layer asked about; elsewhere it has another name.
    loss = build.arriving("d" if entry is build.entries[-1] else "g")
    return Blueprint(build.network(loss), _key(entry, aspect))


def _key(entry: Entry, aspect: str) -> str:
    if aspect == "local":
        return f"local.{entry.source}"
    if aspect == "backward":
        return f"grad.{entry.source}"
    return f"grad.{entry.roles[aspect.removesuffix('_gradient')]}"


Around = tuple[tuple[str, ...], tuple[str, ...]]

AROUND: dict[int, tuple[Around, ...]] = {
    1: (((), ()),),
    2: (((), ()),),
    3: ((("linear",), ()),),
    4: ((("linear",), ("linear",)),),
}
"""The layers before and behind a layer without parameters."""

AROUND_LINEAR: dict[int, tuple[Around, ...]] = {
    1: (((), ()),),
    2: (((), ()),),
    3: (((), ("relu",)),),
    4: ((("linear", "relu"), ()), ((), ("relu", "linear"))),
}
"""The same for a layer with parameters."""


def _for_loss(draw: Draw, skill: Skill, level: int, strict: bool) -> Blueprint:
    kind = skill.subject
    activation = LOSSES[kind].activation
    columns = 1 if activation or level == 1 else draw.pick((1, 2))
    columns = CLASSES if activation == "softmax" else columns
    hidden = (2,) if level == 4 and not activation else ()
    size = (draw.pick(OBSERVATIONS), 2, *hidden, columns)
    # Errors are squared and divided by n: only whole numbers stay short under that.
    weights = tuple(_without_zero(LEVELS[1].weights))
    whole = replace(LEVELS[level], inputs=LEVELS[1].inputs, weights=weights)
    build = _Building(draw, _gentle(whole) if activation else whole, size, strict, margin=1)
    prediction = _prediction(build, activation, level)
    target = _target(build, prediction, activation)
    average = level == 1 or draw.below(3) > 0
    half = kind == "mse" and level > 1 and draw.below(2) == 1
    loss = Loss(kind, prediction, target, half, "mean" if average else "sum")
    key = f"grad.{prediction}"
    if skill.aspect == "loss":
        # The squared errors are no stop on the way; the losses of the observations are, elsewhere.
        key = EACH if activation and (level == 1 or draw.below(2)) else LOSS
    return Blueprint(build.network(loss), key)


def _prediction(build: _Building, activation: str, level: int) -> str:
    """The prediction: given at levels 1 and 2, made by a layer or by a network above that."""
    last = len(build.size) - 1
    if level <= 2 and activation:
        single = activation != "softmax"
        return build.start("p", SHARES, last) if single else _distributions(build, last)
    if level <= 2:
        return build.start("yhat", WHOLE, last)
    if activation and level == 3:
        return build.add(activation, build.start("z", build.level.inputs, last), "p", 1)
    source = build.start("X", build.level.inputs)
    if activation:
        return build.add(activation, build.add("linear", source, "H1", 1), "p", 1)
    if level == 3:
        return build.add("linear", source, "yhat", 1)
    source = build.add("relu", build.add("linear", source, "H1", 1), "O1", 1)
    return build.add("linear", source, "yhat", 2)


def _distributions(build: _Building, depth: int) -> str:
    """A prediction whose rows sum to 1."""
    build.depth, build.columns, draw = depth, build.size[depth], build.draw
    return build.put("p", [draw.shuffled(draw.pick(ROWS_OF_SHARES)) for _ in range(build.size[0])])


def _target(build: _Building, prediction: str, activation: str) -> str:
    """The target: classes for probabilities, else numbers near the prediction, never on it."""
    if activation == "softmax":
        classes = [build.draw.below(CLASSES) for _ in range(build.size[0])]
        if build.strict and len({*classes}) == 1:
            raise _UnhandyError
        one_hot = [[Fraction(column == each) for column in range(CLASSES)] for each in classes]
        return build.put("y", one_hot)
    if activation:
        build.give("y", (build.size[0], build.columns), _numbers(0, 1))
        if build.strict and len(np.unique(build.numbers["y"])) == 1:
            raise _UnhandyError
        return "y"
    predicted, sizes = build.numbers[prediction].tolist(), ERRORS[build.columns]
    for _ in range(20):
        errors = [[build.draw.pick(sizes) for _ in row] for row in predicted]
        if _tells_sums_apart(predicted, errors):
            break
    pairs = zip(predicted, errors, strict=True)
    rows = [[Fraction(p - e) for p, e in zip(*pair, strict=True)] for pair in pairs]
    return build.put("y", rows)


def _tells_sums_apart(predicted: list[list[float]], errors: list[list[int]]) -> bool:
    """Whether the sums that a squared error is mistaken for differ.

    A sieve for what most often fails, in front of the full check, which takes far longer.
    """
    flat = [cell for row in errors for cell in row]
    added = sum(map(sum, predicted))
    squares = {sum(cell * cell for cell in row) for row in errors}
    mean = sum(cell * cell for cell in flat) / len(errors)
    sums = [0, sum(flat), sum(map(abs, flat)), added, added - sum(flat), mean, *squares]
    return len({*sums}) == len(sums)


def _for_optimizer(draw: Draw, skill: Skill, level: int, strict: bool) -> Blueprint:
    kinds = {1: ["linear"], 2: ["linear"], 3: ["linear", "relu"], 4: ["linear", "relu", "linear"]}
    build = _Building(draw, LEVELS[level], draw.pick(LEVELS[level].sizes), strict)
    build.chain(kinds[level])
    parameters = tuple(key for entry in build.entries for key in entry.roles.values())
    loss = build.arriving("d" if level < 3 else "g")
    build.values["eta"] = scalar_value("eta", draw.pick(RATES))
    update = Update(skill.subject, "eta", parameters)
    return Blueprint(build.network(loss, update), f"new.{draw.pick(parameters)}")

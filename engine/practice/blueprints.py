"""Small networks for practice: which network a skill is practised on, family by family."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.expression.evaluate import Array
from engine.network.layers import LAYERS
from engine.network.losses import EACH, LOSS, LOSSES
from engine.network.model import Entry, Loss, Network, Update, scalar_value
from engine.network.optimizers import OPTIMIZERS
from engine.practice.building import SATURATING, Building, UnhandyError
from engine.practice.draw import Draw
from engine.practice.levels import LEVELS, Level, Size, gentle, numbers, whole
from engine.practice.sieves import (
    Rows,
    confuses_layers,
    is_way_back,
    lonely,
    silent,
    tells_losses_apart,
    tells_rows_apart,
    tells_sums_apart,
)
from engine.practice.skills import PASS, Skill

SHARES = tuple(Fraction(cell, 20) for cell in (2, 4, 5, 6, 8, 12, 14, 15, 16, 18))
"""Probabilities that are given: 0.5 is not among them, for p and 1 - p must differ."""
CLASSES = 3
ROWS_OF_SHARES = tuple(
    tuple(Fraction(cell, 20) for cell in row)
    for row in ((2, 6, 12), (4, 5, 11), (1, 5, 14), (3, 7, 10), (2, 3, 15), (4, 7, 9))
)
"""Probabilities of three classes, no two of them alike."""
LEAST_SHARE = 0.08
"""The least probability of the right class: its 1/p is the gradient."""
CLASS = numbers(0, 1)
WHOLE = numbers(-2, -1, 0, 1, 2, 3, 4, 5)
ERRORS = {1: numbers(-5, -3, -2, -1, 1, 2, 3, 5), 2: numbers(-2, -1, 1, 2)}
"""How far a prediction is from its target, by the columns it has: never on it."""
TARGETS = 12
"""How many are drawn for one prediction."""
RATES = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2))
SMALL_RATES = RATES[:2]
"""No observation's squared error divided by n is one of these."""
OBSERVATIONS = (4, 5)
"""Of a loss: not 2, where the 2 from the square and the 1/n cancel; and n divides to the end."""


@dataclass(frozen=True, eq=False)
class Blueprint:
    """A network, and the keys that are asked of it: none stands for the whole pass."""

    network: Network
    keys: tuple[str, ...]


def blueprint(wiring: Draw, draw: Draw, skill: Skill, level: int) -> Blueprint:
    """A network for practising the skill at a level from `LEVELS`.

    The same `wiring` decides the same network, whose numbers `draw` draws. It stays small in the
    forward pass, off the kinks, and where layers aren't flat; raises `UnhandyError` where such
    numbers don't come up.
    """
    family = next(made for subjects, made in FAMILIES if skill.subject in subjects)
    return family(wiring, draw, skill, level)


# --- one layer ------------------------------------------------------------------------------------

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


def _for_layer(wiring: Draw, draw: Draw, skill: Skill, level: int) -> Blueprint:
    kind, aspect = skill.subject, skill.aspect
    around = AROUND_LINEAR if LAYERS[kind].required else AROUND
    before, after = wiring.pick(around[level])
    build = Building(wiring, draw, _suited(LEVELS[level], kind), _size(wiring, level))
    forward = aspect == "forward"
    # Whoever leaves a bias out is to be found out at the first item.
    needed = LAYERS[kind].optional if forward else (aspect.removesuffix("_gradient"),)
    build.chain([*before, kind, *(() if forward else after)], *needed)
    entry = build.entries[len(before)]
    if forward:
        return Blueprint(build.network(None), (entry.to,))
    # d is the gradient that arrives at the layer asked about; elsewhere it has another name.
    loss = build.arriving("d" if entry is build.entries[-1] else "g")
    return Blueprint(build.network(loss), (_key(entry, aspect),))


def _suited(level: Level, kind: str) -> Level:
    """The level with numbers that go well through a kind of layer."""
    if kind in SATURATING:
        return gentle(level)
    divides = LAYERS[kind].given and LAYERS[kind].numbers
    return whole(level) if divides else level


def _size(wiring: Draw, level: int) -> tuple[int, ...]:
    return wiring.pick(LEVELS[level].sizes)


def _key(entry: Entry, aspect: str) -> str:
    if aspect == "local":
        return f"local.{entry.source}"
    if aspect == "backward":
        return f"grad.{entry.source}"
    return f"grad.{entry.roles[aspect.removesuffix('_gradient')]}"


# --- the loss -------------------------------------------------------------------------------------


def _for_loss(wiring: Draw, draw: Draw, skill: Skill, level: int) -> Blueprint:
    kind = skill.subject
    activation = LOSSES[kind].activation
    columns = wiring.pick((1, 2)) if level in (2, 3) and not activation else 1
    columns = CLASSES if activation == "softmax" else columns
    hidden = (2,) if level == 4 and not activation else ()
    size = (wiring.pick(OBSERVATIONS), 2, *hidden, columns)
    # Errors are squared and divided by n: only whole numbers stay short under that.
    short = whole(LEVELS[level])
    short = gentle(short) if activation else short
    build = Building(wiring, draw, short, size, margin=1)
    prediction = _prediction(build, activation, level)
    average = level == 1 or wiring.below(3) > 0
    half = kind == "mse" and level > 1 and wiring.below(2) == 1
    loss = Loss(kind, prediction, "y", half, "mean" if average else "sum")
    _give_target(build, loss, activation)
    key = f"grad.{prediction}"
    if skill.aspect == "loss":
        # The squared errors are no stop on the way; the losses of the observations are, elsewhere.
        key = EACH if activation and (level == 1 or wiring.below(2)) else LOSS
    return Blueprint(build.network(loss), (key,))


def _prediction(build: Building, activation: str, level: int) -> str:
    """The prediction: given at levels 1 and 2, made by a layer or by a network above that."""
    last = len(build.size) - 1
    if level <= 2 and activation == "softmax":
        return _distributions(build, last)
    if level <= 2:
        found = build.start(*(("p", SHARES) if activation else ("yhat", WHOLE)), last)
    elif activation and level == 3:
        found = build.add(activation, build.start("z", build.level.inputs, last), "p", 1)
    else:
        source = build.start("X", build.level.inputs)
        if activation:
            found = build.add(activation, build.add("linear", source, "H1", 1), "p", 1)
        elif level == 3:
            found = build.add("linear", source, "yhat", 1)
        else:
            source = build.add("relu", build.add("linear", source, "H1", 1), "O1", 1)
            build.settle()
            found = build.add("linear", source, "yhat", 2)
    build.settle()
    return found


def _distributions(build: Building, depth: int) -> str:
    """A prediction whose rows sum to 1."""
    build.depth, build.columns, draw = depth, build.size[depth], build.draw
    return build.put("p", [draw.shuffled(draw.pick(ROWS_OF_SHARES)) for _ in range(build.size[0])])


def _give_target(
    build: Building,
    loss: Loss,
    activation: str,
    suits: Callable[[Array], bool] = lambda errors: True,
) -> None:
    """The target: classes for probabilities, else numbers near the prediction, never on it.

    The errors, prediction less target, must suit.
    """
    predicted = build.numbers[loss.of]
    if activation == "softmax":
        build.put("y", _one_hot(build, predicted))
    elif activation:
        build.give("y", predicted.shape, CLASS, lambda y: suits(predicted - y), TARGETS)
    else:
        build.put("y", _near(build, predicted, loss, suits))


def _near(build: Building, predicted: Array, loss: Loss, suits: Callable[[Array], bool]) -> Rows:
    """Numbers near the prediction, whose squared error can't be mistaken for another sum."""
    if not predicted.sum():
        raise UnhandyError
    choices, cells = ERRORS[build.columns], math.prod(predicted.shape)
    drawn = [[build.draw.below(len(choices)) for _ in range(cells)] for _ in range(TARGETS)]
    errors = np.array(choices, dtype=float)[drawn].reshape(TARGETS, *predicted.shape)
    for at in np.flatnonzero(tells_sums_apart(predicted, errors, loss)).tolist():
        if suits(errors[at]):
            exact = zip(map(Fraction, predicted.flat), drawn[at], strict=True)
            target = [p - choices[place] for p, place in exact]
            return [target[row : row + build.columns] for row in range(0, cells, build.columns)]
    raise UnhandyError


def _one_hot(build: Building, predicted: Array) -> Rows:
    """A class for each observation, not the same for all, and none that is next to impossible."""
    likely = [[at for at, p in enumerate(row) if p > LEAST_SHARE] for row in predicted.tolist()]
    classes = [build.draw.pick(row) for row in likely]
    if len({*classes}) == 1:
        raise UnhandyError
    return [[Fraction(column == each) for column in range(CLASSES)] for each in classes]


# --- the update -----------------------------------------------------------------------------------


def _for_optimizer(wiring: Draw, draw: Draw, skill: Skill, level: int) -> Blueprint:
    kinds = {1: ["linear"], 2: ["linear"], 3: ["linear", "relu"], 4: ["linear", "relu", "linear"]}
    suited = whole(LEVELS[level]) if level == 4 else LEVELS[level]
    build = Building(wiring, draw, suited, _size(wiring, level))
    build.chain(kinds[level])
    parameters = _parameters(build.entries)
    loss = build.arriving("d" if level < 3 else "g")
    update = _step(build, skill.subject, parameters)
    return Blueprint(build.network(loss, update), (f"new.{wiring.pick(parameters)}",))


def _parameters(entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(key for entry in entries for key in entry.roles.values())


def _step(
    build: Building,
    optimizer: str,
    parameters: tuple[str, ...],
    rates: Sequence[Fraction] = RATES,
) -> Update:
    build.values["eta"] = scalar_value("eta", build.draw.pick(rates))
    return Update(optimizer, "eta", parameters)


# --- a whole pass ---------------------------------------------------------------------------------

PASS_SIZES: dict[int, Size] = {1: (4, 2, 1), 2: (4, 3, 1), 3: (4, 3, 2, 1), 4: (4, 2, 3, 1)}
"""Observations, then the columns of X, of the hidden layer and of the prediction."""
MODEST = 6
"""No result of a pass is larger: its gradients grow with it."""


def _for_pass(wiring: Draw, draw: Draw, skill: Skill, level: int) -> Blueprint:
    """One layer at levels 1 and 2, two with a ReLU between above; a bias at level 4.

    Each level has one wiring: what is known of it serves every item.
    """
    kind = skill.aspect
    activation = LOSSES[kind].activation
    short = replace(whole(LEVELS[level]), bias=False, largest=MODEST)
    size = PASS_SIZES[level]
    build = Building(wiring, draw, gentle(short) if activation else short, size, margin=1)
    source = build.start("X", build.level.inputs)
    if level > 2:
        needed = ("bias",) if level == 4 else ()
        source = build.add("relu", build.add("linear", source, "H1", 1, *needed), "O1", 1)
        build.choose(silent if activation else lonely)
    last = len(size) - 2
    made = source = build.add("linear", source, "z" if activation else "yhat", last)
    if activation:
        source = build.add(activation, source, "p", last)
    hidden, weight = build.numbers.get("O1"), f"W{last}"

    def misfits(_: Array) -> Array:
        numbers = build.numbers
        # Where z is 0, p is 1 - p. A sum of predictions that is 0 is that of p - p, too.
        fine = numbers[made].all(axis=0) if activation else numbers[made].sum(axis=0) != 0
        confusing = hidden is not None and confuses_layers(numbers, numbers[weight])
        return np.asarray(~fine | confusing)

    build.choose(misfits)

    half = kind == "mse" and level % 2 == 0
    loss = Loss(kind, source, "y", half)

    def suits(errors: Array) -> bool:
        if not tells_rows_apart(errors):
            return False
        if activation and not tells_losses_apart(build.numbers, errors, SMALL_RATES):
            return False
        begun = errors / len(errors) if half or activation else 2 * errors / len(errors)
        return is_way_back(build.numbers, weight, begun, LEVELS[level].largest)

    _give_target(build, loss, activation, suits)
    update = _step(build, "sgd", _parameters(build.entries), SMALL_RATES)
    network = build.network(loss, update)
    return Blueprint(network, ())


Family = Callable[[Draw, Draw, Skill, int], Blueprint]
FAMILIES: tuple[tuple[frozenset[str], Family], ...] = (
    (frozenset(LAYERS), _for_layer),
    (frozenset(LOSSES), _for_loss),
    (frozenset(OPTIMIZERS), _for_optimizer),
    (frozenset({PASS}), _for_pass),
)
"""The family that a skill belongs to, by its subject."""

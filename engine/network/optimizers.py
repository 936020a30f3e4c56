"""The table of optimizers: the states and the new parameter as expressions, one row an optimizer.

States begin at 0, so the first step's expression leaves the term with the old state out. Sources:
momentum (Polyak 1964), nesterov (Nesterov 1983, the gradient taken at W-βm), adagrad (Duchi, Hazan,
Singer 2011), rmsprop (Hinton 2012, unpublished lecture), adam (Kingma, Ba 2015), adamw (Loshchilov,
Hutter 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from engine.expression.node import Node, sqrt


@dataclass(frozen=True)
class Moment:
    """What an optimizer sees at one step of one parameter."""

    parameter: Node
    gradient: Node
    """With the weight decay added, where there is one."""
    rate: Node
    numbers: Mapping[str, Node]
    """The optimizer's numbers, such as ``beta1``."""
    before: Callable[[str], Node | None]
    """A state after the step before; None at the first step, where it is 0."""
    now: Callable[[str], Node]
    """A state of this step, by name."""
    power: Callable[[str], Node]
    """A number to the power of the step's count t, counted from 1."""


Expression = Callable[[Moment], Node]


@dataclass(frozen=True)
class Optimizer:
    """An optimizer's declaration."""

    new: Expression
    states: Mapping[str, Expression] = field(default_factory=dict)
    """Each state's value after the step, in the order in which they are worked out."""
    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    """The numbers that it takes, with their defaults."""
    ahead: bool = False
    """Whether the whole pass is taken at W - βm, from the second step on."""
    decoupled: bool = False
    """Whether the weight decay shrinks the parameter itself instead of adding to the gradient."""


def _running(state: str, factor: str, share: Expression) -> Expression:
    """factor·state + share: how a state follows what comes in."""

    def rule(moment: Moment) -> Node:
        old = moment.before(state)
        new = share(moment)
        return new if old is None else moment.numbers[factor] * old + new

    return rule


def _average(state: str, factor: str, share: Expression) -> Expression:
    """factor·state + (1 - factor)·share: a running mean."""
    return _running(state, factor, lambda m: (1 - m.numbers[factor]) * share(m))


def _gradient(moment: Moment) -> Node:
    return moment.gradient


def _squared(moment: Moment) -> Node:
    return moment.gradient**2


def _summed_squares(moment: Moment) -> Node:
    old = moment.before("v")
    return _squared(moment) if old is None else old + _squared(moment)


def _corrected(state: str, factor: str) -> Expression:
    """state/(1 - factorᵗ): a running mean that began at 0 is too small at first."""
    return lambda moment: moment.now(state) / (1 - moment.power(factor))


def _scaled_step(moment: Moment) -> Node:
    """W - ηg/(√v + ε)"""
    below = sqrt(moment.now("v")) + moment.numbers["epsilon"]
    return moment.parameter - moment.rate * moment.gradient / below


def _adam_step(moment: Moment) -> Node:
    """W - ηm̂/(√v̂ + ε)"""
    below = sqrt(moment.now("vhat")) + moment.numbers["epsilon"]
    return moment.parameter - moment.rate * moment.now("mhat") / below


MOMENTUM, DECAY, SMALL = Fraction(9, 10), Fraction(999, 1000), Fraction(1, 10**8)
ADAM_STATES: dict[str, Expression] = {
    "m": _average("m", "beta1", _gradient),
    "v": _average("v", "beta2", _squared),
    "mhat": _corrected("m", "beta1"),
    "vhat": _corrected("v", "beta2"),
}
ADAM_NUMBERS = {"beta1": MOMENTUM, "beta2": DECAY, "epsilon": SMALL}
VELOCITY: dict[str, Expression] = {
    "m": _running("m", "momentum", lambda moment: moment.rate * moment.gradient)
}

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(lambda moment: moment.parameter - moment.rate * moment.gradient),
    "momentum": Optimizer(
        lambda moment: moment.parameter - moment.now("m"), VELOCITY, {"momentum": MOMENTUM}
    ),
    "nesterov": Optimizer(
        lambda moment: moment.parameter - moment.now("m"),
        VELOCITY,
        {"momentum": MOMENTUM},
        ahead=True,
    ),
    "adagrad": Optimizer(_scaled_step, {"v": _summed_squares}, {"epsilon": SMALL}),
    "rmsprop": Optimizer(
        _scaled_step, {"v": _average("v", "rho", _squared)}, {"rho": MOMENTUM, "epsilon": SMALL}
    ),
    "adam": Optimizer(_adam_step, ADAM_STATES, ADAM_NUMBERS),
    "adamw": Optimizer(_adam_step, ADAM_STATES, ADAM_NUMBERS, decoupled=True),
}

STATES = ("m", "v", "mhat", "vhat")
"""The prefixes of the states' keys."""

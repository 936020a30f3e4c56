"""The table of losses: each observation's own loss, and the gradient that the textbooks print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from engine.expression.derive import minus
from engine.expression.node import Node, ln, name, number, sum_columns, total
from engine.network.model import Loss

EACH, LOSS, N = "each.L", "L", "n"


@dataclass(frozen=True, slots=True)
class LossKind:
    """A loss of a prediction p and a target y of the same shape."""

    terms: Callable[[Node, Node], Node]
    """The loss cell by cell, without any constant factor."""
    gradient: Callable[[Node, Node], Node]
    """The derivative of `terms` by p, cell by cell, as the textbooks write it."""
    by_target: Callable[[Node, Node], Node]
    """The derivative of `terms` by y, for a target that is itself asked about: an autoencoder's."""
    factor: Callable[[Loss], Fraction]
    """The constant in front."""
    activation: str = ""
    """The layer before it with which the gradient shrinks to p - y."""


def _logloss(p: Node, y: Node) -> Node:
    return minus(y * ln(p) + (1 - y) * ln(1 - p))


LOSSES: dict[str, LossKind] = {
    "mse": LossKind(
        terms=lambda p, y: (p - y) ** 2,
        gradient=lambda p, y: 2 * (p - y),
        by_target=lambda p, y: 2 * (y - p),
        factor=lambda loss: Fraction(1, 2) if loss.half else Fraction(1),
    ),
    "logloss": LossKind(
        terms=_logloss,
        gradient=lambda p, y: minus(y / p) + (1 - y) / (1 - p),
        by_target=lambda p, y: ln(1 - p) - ln(p),
        factor=lambda loss: Fraction(1),
        activation="sigmoid",
    ),
    "cross_entropy": LossKind(
        terms=lambda p, y: minus(y * ln(p)),
        gradient=lambda p, y: minus(y / p),
        by_target=lambda p, y: minus(ln(p)),
        factor=lambda loss: Fraction(1),
        activation="softmax",
    ),
}


def each_node(loss: Loss, single: bool) -> Node:
    """The n x 1 losses of the observations; `single` where the prediction has one column."""
    kind = LOSSES[loss.kind]
    terms = kind.terms(name(loss.of), name(loss.target))
    summed = terms if single else sum_columns(terms)
    factor = kind.factor(loss)
    return summed if factor == 1 else number(factor) * summed


def loss_node(loss: Loss) -> Node:
    """The loss as the lesson writes it: the squared error whole, the others by their terms."""
    kind = LOSSES[loss.kind]
    if loss.kind != "mse":
        gathered = total(name(EACH))
        return gathered / name(N) if loss.reduction == "mean" else gathered
    gathered = total(kind.terms(name(loss.of), name(loss.target)))
    inverse = 1 / kind.factor(loss)
    if loss.reduction == "mean":
        return gathered / (name(N) if inverse == 1 else number(inverse) * name(N))
    return gathered if inverse == 1 else number(kind.factor(loss)) * gathered


def loss_by_terms(loss: Loss) -> Node:
    """The loss from the observations' own losses: the other way to write `loss_node`."""
    gathered = total(name(EACH))
    return gathered / name(N) if loss.reduction == "mean" else gathered


def _scaled(node: Node, loss: Loss) -> Node:
    """The gradient of one observation's loss, divided by n where the mean's own is passed back."""
    strict = loss.reduction == "mean" and not loss.per_observation
    return node / name(N) if strict else node


def gradient_node(loss: Loss) -> Node:
    """The gradient by the prediction, in the convention that the problem passes back."""
    kind = LOSSES[loss.kind]
    p, y = name(loss.of), name(loss.target)
    halved = loss.kind == "mse" and loss.half
    return _scaled(p - y if halved else kind.gradient(p, y), loss)


def target_gradient_node(loss: Loss) -> Node:
    """The gradient by the target, in the same convention."""
    kind = LOSSES[loss.kind]
    p, y = name(loss.of), name(loss.target)
    halved = loss.kind == "mse" and loss.half
    return _scaled(y - p if halved else kind.by_target(p, y), loss)


def shortcut_node(loss: Loss) -> Node:
    """p - y: the gradient by the input of the activation that `LossKind.activation` names."""
    return _scaled(name(loss.of) - name(loss.target), loss)

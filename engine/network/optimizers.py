"""The table of optimizers: the new parameter as an expression of the old one and its gradient."""

from __future__ import annotations

from collections.abc import Callable

from engine.expression.node import Node

OPTIMIZERS: dict[str, Callable[[Node, Node, Node], Node]] = {
    "sgd": lambda parameter, gradient, rate: parameter - rate * gradient,
}
"""From the parameter, its gradient and the learning rate, a scalar."""

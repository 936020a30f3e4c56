"""A quantity: one line of a pass, a key and the expression that it is the value of."""

from __future__ import annotations

from dataclasses import dataclass

from engine.expression.node import Node, names

FORWARD, LOSS_PASS, BACKWARD, UPDATE = "forward", "loss", "backward", "update"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One line of a pass: a key and the expression that it is the value of."""

    key: str
    stage: str
    """The pass: forward, loss, backward or update."""
    node: Node
    skill: str
    """What one must be able to do, such as ``"relu.backward"``."""
    others: tuple[Node, ...] = ()
    """Other textbook forms of the same value."""
    upstream: str = ""
    """The key of the gradient d that arrives, for a quantity of the backward pass."""
    result: str = ""
    """The forward result of the layer that this is about: H1 for H1, grad.X and grad.W1."""

    @property
    def d(self) -> str:
        """The key of the one gradient that may be called d here.

        Empty where gradients come back from several places, as to a value that is used twice.
        """
        others = {key for key in names(self.node) if key.startswith("grad.")} - {self.upstream}
        return "" if others else self.upstream

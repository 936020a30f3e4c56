"""Training: the passes of a network run again and again, each step from the step before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import Node, name, number, substitute
from engine.expression.plan import Plan
from engine.language import tr
from engine.network.losses import LOSS, N
from engine.network.model import Network, Update
from engine.network.optimizers import OPTIMIZERS
from engine.network.passes import pass_on_rows
from engine.network.solution import Solution
from engine.network.updates import Recurrence, moved

DTYPES = ("float64", "float32")


class Losses(np.ndarray[Any, np.dtype[Any]]):
    """The loss before each step, shape (steps,), with the parameters' last values beside it."""

    parameters: Mapping[str, Array]
    """Each trained parameter after the last step."""

    def __array_finalize__(self, source: Any) -> None:
        self.parameters = getattr(source, "parameters", {})


class TrainingError(ValueError):
    """A problem that can't be trained: it has no update, or no loss to follow."""


def train_solution(solution: Solution, steps: int, dtype: str = "float64") -> Losses:
    """Make `steps` updates from the given values; the passes are compiled once, then repeated.

    Raises `TrainingError` for a network without an update or a loss of its own, `ValueError` for
    a negative number of steps or another dtype. A training that diverges goes on with inf and nan.
    """
    if steps < 0:
        raise ValueError(f"steps: expected 0 or more, got {steps}")
    training = Training(solution.network, solution.numbers, dtype)
    losses = np.empty(steps, dtype=dtype)
    with np.errstate(all="ignore"):
        for step in range(steps):
            losses[step] = training.step()
    found = losses.view(Losses)
    found.parameters = training.parameters
    return found


def untrainable(network: Network) -> str:
    """Why a network can't be trained, in the learner's language; nothing where it can."""
    if network.update is None:
        return tr("This problem has no update, so there is nothing to train.")
    if network.loss is None or network.loss.kind == "given":
        return tr("This problem has no loss that training could follow.")
    return ""


class Training:
    """A network in training: the compiled passes, a plan for each choice of observations.

    What goes from step to step is the parameters, then the optimizer's states, which begin at 0.
    """

    def __init__(
        self, network: Network, numbers: Mapping[str, Array], dtype: str = "float64"
    ) -> None:
        """`numbers` are what a solution of the network has: where the parameters begin, and n.

        Raises `TrainingError` where the network is `untrainable`, `ValueError` for another dtype.
        """
        if reason := untrainable(network):
            raise TrainingError(reason)
        if dtype not in DTYPES:
            raise ValueError(f"dtype: expected one of {', '.join(DTYPES)}, got {dtype!r}")
        update = network.update
        assert update is not None
        self.update = update
        self.count = 0
        """The steps that were made."""
        optimizer = OPTIMIZERS[update.optimizer]
        self.kept = [state for state in optimizer.states if not state.endswith("hat")]
        self.powers = sorted(_powers(update)) if optimizer.states else []
        self.state: list[Any] = [
            np.array(numbers[key], dtype=dtype, order="C") for key in update.parameters
        ]
        zeros = [np.zeros_like(value) for value in self.state]
        self.state += [zero.copy() for _ in self.kept for zero in zeros]
        self._spare = [np.empty_like(value) for value in self.state]
        """Memory for the next state: the state before last."""
        self.inputs = [
            *update.parameters,
            *(_before(state, key) for state in self.kept for key in update.parameters),
            *(_power(value) for value in self.powers),
        ]
        self.bases = [float(numbers[value]) for value in self.powers]
        self.dtype = np.dtype(dtype).type
        shapes = {
            key: np.shape(value) for key, value in zip(self.inputs, self.state, strict=False)
        } | {_power(value): () for value in self.powers}
        given = {
            key: np.array(value.array, dtype=dtype)
            for key, value in network.values.items()
            if key not in update.parameters
        }
        self.plans: dict[tuple[int, ...] | None, Plan] = {}
        for rows in dict.fromkeys(update.steps):
            outputs = self._outputs(network, numbers.get(N), rows)
            self.plans[rows] = Plan(self.inputs, outputs, dtype, given, shapes)
        self.runs = [self.plans[rows].run for rows in update.steps]

    @property
    def parameters(self) -> dict[str, Array]:
        """Each trained parameter after the steps that were made; never changed by later ones."""
        copies = (value.copy() for value in self.state)
        return dict(zip(self.update.parameters, copies, strict=False))

    def step(self) -> Any:
        """Make one step; the loss before it, on the observations of that step.

        NumPy warns where it overflows, unless the caller has told it not to.
        """
        before = self.state
        loss, *self.state = self._run([None, *self._spare])
        self._spare = [
            old if new is spare else spare
            for old, new, spare in zip(before, self.state, self._spare, strict=True)
        ]
        self.count += 1
        return loss

    def look(self) -> Any:
        """The loss before the next step, without making it."""
        return self._run()[0]

    def _run(self, into: Sequence[Any] | None = None) -> list[Any]:
        run = self.runs[self.count % len(self.runs)]
        if not self.powers:
            return run(self.state, into)
        count = self.update.first_step + self.count
        return run([*self.state, *(self.dtype(base**count) for base in self.bases)], into)

    def _outputs(
        self, network: Network, count: Array | None, rows: tuple[int, ...] | None
    ) -> list[Node]:
        """The loss, the new parameters and the new states, over the inputs alone."""
        update = self.update
        optimizer = OPTIMIZERS[update.optimizer]
        ahead: dict[Node, Node] = {}
        if optimizer.ahead:
            factor = name(update.numbers["momentum"])
            ahead = {
                name(key): name(key) - factor * name(_before("m", key)) for key in update.parameters
            }
        whole: dict[str, Node] = {}
        by_name: dict[Node, Node] = {}
        for quantity in pass_on_rows(network, rows):
            node = substitute(quantity.node, {**ahead, **by_name})
            whole[quantity.key] = by_name[name(quantity.key)] = node
        if count is not None:
            by_name[name(N)] = number(int(count))
        recurrence = Recurrence(
            before=lambda state, key: name(_before(state, key)),
            power=lambda value: name(_power(value)),
        )
        for quantity in moved(update, optimizer, recurrence):
            node = substitute(quantity.node, by_name)
            whole[quantity.key] = by_name[name(quantity.key)] = node
        keys = [f"new.{key}" for key in update.parameters]
        keys += [f"{state}.{key}" for state in self.kept for key in update.parameters]
        n = {name(N): number(int(count))} if count is not None else {}
        return [substitute(whole[key], n) for key in (LOSS, *keys)]


def _before(state: str, key: str) -> str:
    return f"before.{state}.{key}"


def _power(value: str) -> str:
    return f"power.{value}"


def _powers(update: Update) -> set[str]:
    """The numbers whose powers the optimizer's steps contain."""
    found: set[str] = set()

    def noted(value: str) -> Node:
        found.add(value)
        return name(_power(value))

    recurrence = Recurrence(before=lambda state, key: None, power=noted)
    for _ in moved(update, OPTIMIZERS[update.optimizer], recurrence):
        pass
    return found

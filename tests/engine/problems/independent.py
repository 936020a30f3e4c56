"""Every quantity of a problem file once more: NumPy and HIPS autograd by the contract's words.

Nothing of the engine is used: the file is read with `tomllib`, the forward pass is that of an
`Example`, gradients are those of HIPS autograd by shifts added to every value and result, and the
optimizers are written out here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad
from numpy.typing import NDArray

Array = NDArray[Any]
Values = Mapping[str, Any]
Formula = Callable[[Values], Any]

FOLDER = Path(__file__).parent / "published"


@dataclass(frozen=True)
class Example:
    """A file's forward pass, written by hand for HIPS autograd."""

    forward: Mapping[str, Formula] = field(default_factory=dict)
    """Each result by its key, in order."""
    local: Mapping[str, Formula] = field(default_factory=dict)
    """The local derivative by each input that has one."""
    loss: Formula | None = None
    """The loss, where the file has it as a formula."""
    aside: frozenset[str] = frozenset()
    """Results and values that the loss doesn't depend on."""


def table_of(name: str) -> dict[str, Any]:
    """The file as `tomllib` reads it."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def solved(table: Mapping[str, Any], example: Example, base: Values | None = None) -> Values:
    """Every quantity by its key; `base` has the values of the problem before this one."""
    return _Machine(table, example, base or {}).solved()


def values_of(table: Mapping[str, Any]) -> dict[str, Array]:
    """The given values: a flat list is a column, or a row where it is a bias, gamma or beta."""
    rows = {
        entry[role]
        for entry in table.get("forward", ())
        for role in ("bias", "gamma", "beta")
        if role in entry
    }
    return {key: _value(given, key in rows) for key, given in table.get("values", {}).items()}


def _value(given: Any, is_row: bool) -> Array:
    found = np.array(given, dtype=float)
    if found.ndim == 1:
        return found.reshape(1, -1) if is_row else found.reshape(-1, 1)
    return found


DEFAULTS: dict[str, dict[str, float]] = {
    "sgd": {},
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9},
    "adagrad": {"epsilon": 1e-8},
    "rmsprop": {"rho": 0.9, "epsilon": 1e-8},
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "adamw": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
}


class _Machine:
    def __init__(self, table: Mapping[str, Any], example: Example, base: Values) -> None:
        self.example = example
        self.values: dict[str, Any] = {**base, **values_of(table)}
        self.loss: dict[str, Any] = table.get("loss", {})
        self.update: dict[str, Any] = table.get("update", {})
        self.wrt: Sequence[str] = table.get("wrt", ())
        self.last = [*example.forward][-1] if example.forward else "X"
        roles = ("weight", "bias", "gamma", "beta")
        entries = table.get("forward", ())
        self.roles = {entry[role] for entry in entries for role in roles if role in entry}
        self.roles |= {key for key in base if key.startswith(("W", "b"))}
        self.rows: Sequence[int] | None = None
        """The observations of the step; None for all."""

    # --- one pass ---------------------------------------------------------------------------------

    def passed(self, values: Values, shifts: Values) -> dict[str, Any]:
        """Every value and result, each moved by its shift; on the rows of the step."""
        found = {key: value + shifts.get(key, 0.0) for key, value in values.items()}
        found = self.cut(found)
        for key, formula in self.example.forward.items():
            found[key] = formula(found) + shifts.get(key, 0.0)
        return found

    def terms(self, found: Values) -> Any:
        """The losses of the observations, n x 1."""
        p, y = found[self.of], found[self.loss["target"]]
        kind = self.loss["kind"]
        if kind == "mse":
            cells = (p - y) ** 2 * (0.5 if self.loss.get("half") else 1.0)
        elif kind == "logloss":
            cells = -(y * anp.log(p) + (1 - y) * anp.log(1 - p))
        else:
            cells = -y * anp.log(p)
        return anp.sum(cells, axis=1, keepdims=True)

    @property
    def of(self) -> str:
        return str(self.loss.get("of", self.last))

    def loss_of(self, found: Values) -> Any:
        if self.example.loss is not None:
            return self.example.loss(found)
        gathered = anp.sum(self.terms(found))
        mean = self.loss.get("reduction", "mean") == "mean"
        return gathered / len(found[self.of]) if mean else gathered

    def passed_back(self, found: Values) -> Any:
        """What is differentiated: n·L where each observation's own gradient is passed back."""
        if self.loss.get("kind") == "given":
            return anp.sum(found[self.of] * found[self.loss["upstream"]])
        each = self.loss.get("gradient") == "per_observation"
        mean = self.loss.get("reduction", "mean") == "mean"
        return self.loss_of(found) * (len(found[self.of]) if each and mean else 1)

    def quantities(self, values: Values) -> Iterator[tuple[str, Array]]:
        """The results, the loss, the gradients and the local derivatives of one pass."""
        yield from self.forward(values)
        if not self.loss:
            return
        found = self.passed(values, {})
        shifts = {key: np.zeros(np.shape(value)) for key, value in {**found, **values}.items()}
        gradients = grad(lambda shifts: self.passed_back(self.passed(values, shifts)))(shifts)
        for key in self.differentiated():
            yield f"grad.{key}", gradients[key]
        for key, formula in self.example.local.items():
            yield f"local.{key}", formula(found)

    def forward(self, values: Values) -> Iterator[tuple[str, Array]]:
        found = self.passed(values, {})
        for key in self.example.forward:
            yield key, found[key]
        if self.loss and self.loss.get("kind") != "given":
            yield "L", self.loss_of(found)
            if "kind" in self.loss:
                yield "each.L", self.terms(found)

    def differentiated(self) -> set[str]:
        asked = {*self.example.forward, *self.roles, *self.wrt, *self.trained}
        asked |= {"X"} & set(self.values)
        return asked - self.example.aside

    # --- steps ------------------------------------------------------------------------------------

    @property
    def trained(self) -> Sequence[str]:
        if not self.update:
            return ()
        named: Sequence[str] | None = self.update.get("parameters")
        return sorted(self.roles - self.example.aside) if named is None else named

    def number(self, key: str, default: float = 0.0) -> float:
        given = self.update.get(key, DEFAULTS[self.update["optimizer"]].get(key, default))
        return float(self.values[given]) if isinstance(given, str) else float(given)

    def solved(self) -> dict[str, Array]:
        if not self.update:
            return dict(self.quantities(self.values))
        found: dict[str, Array] = {}
        values = dict(self.values)
        state = {f"{s}.{key}": 0.0 for key in self.trained for s in "mv"}
        steps = self.update.get("steps") or [{}]
        first = int(self.number("first_step", 1))
        for number, step in enumerate(steps, start=1):
            mark = "" if number == 1 else f"@{number}"
            at = dict(values)
            if self.update["optimizer"] == "nesterov" and number > 1:
                for key in self.trained:
                    at[key] = values[key] - self.number("momentum") * state[f"m.{key}"]
                    found[f"ahead.{key}{mark}"] = at[key]
            self.rows = step.get("rows")
            one = dict(self.quantities(at))
            self.rows = None
            found.update({key + mark: value for key, value in one.items()})
            for key in self.trained:
                moved = self.moved(values[key], one[f"grad.{key}"], key, state, first + number - 1)
                found.update({f"{part}.{key}{mark}": value for part, value in moved.items()})
                values[key] = moved["new"]
        if self.update.get("after"):
            mark = f"@{len(steps) + 1}"
            found.update({key + mark: value for key, value in self.forward(values)})
        return found

    def cut(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values on the step's observations."""
        if self.rows is None:
            return values
        batch, rows = self.update.get("batch", ["X", self.loss.get("target")]), list(self.rows)
        return {key: value[rows] if key in batch else value for key, value in values.items()}

    def moved(
        self, w: Array, g: Array, key: str, state: dict[str, Any], t: int
    ) -> Mapping[str, Array]:
        """The new parameter, and the states of one step by the contract's table."""
        kind, rate, decay = self.update["optimizer"], self.rate, self.number("weight_decay")
        m, v = state[f"m.{key}"], state[f"v.{key}"]
        epsilon, found = self.number("epsilon"), {}
        if kind == "adamw":
            w = w - rate * decay * w
        else:
            g = g + decay * w
        if kind == "sgd":
            new = w - rate * g
        elif kind in ("momentum", "nesterov"):
            m = found["m"] = self.number("momentum") * m + rate * g
            new = w - m
        elif kind in ("adagrad", "rmsprop"):
            rho = self.number("rho")
            v = found["v"] = v + g**2 if kind == "adagrad" else rho * v + (1 - rho) * g**2
            new = w - rate * g / (np.sqrt(v) + epsilon)
        else:
            beta1, beta2 = self.number("beta1"), self.number("beta2")
            m = found["m"] = beta1 * m + (1 - beta1) * g
            v = found["v"] = beta2 * v + (1 - beta2) * g**2
            mhat = found["mhat"] = m / (1 - beta1**t)
            vhat = found["vhat"] = v / (1 - beta2**t)
            new = w - rate * mhat / (np.sqrt(vhat) + epsilon)
        state[f"m.{key}"], state[f"v.{key}"] = m, v
        return {**found, "new": new}

    @property
    def rate(self) -> float:
        return self.number("learning_rate")

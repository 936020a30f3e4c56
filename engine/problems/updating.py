"""The update of a problem file: the optimizer, its numbers, its parameters and its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from engine.language import tr
from engine.network.exchange import dependent, free_name
from engine.network.model import Network, Update, Value, scalar_value
from engine.network.optimizers import OPTIMIZERS
from engine.network.passes import quantities
from engine.problems.faults import Faults, Path, one_of, suggestion
from engine.problems.schema import ProblemFile, UpdateTable, shown
from engine.problems.values import read_number
from engine.problems.wiring import Wiring

MAX_STEPS, MAX_FIRST = 20, 10**6


def with_update(file: ProblemFile, network: Network, wiring: Wiring) -> tuple[Network, list[str]]:
    """The network with its update, and the names of the scalars that were made for its numbers."""
    table, faults = file.update, wiring.faults
    if table is None:
        return network, []
    if file.loss is None:
        faults.add(("update",), tr("an update needs a loss"))
    numbers = _Numbers(table, network, wiring)
    rate = numbers.name_of("learning_rate", table.learning_rate)
    named: Mapping[str, str] = {}
    if one_of(table.optimizer, [*OPTIMIZERS], ("update", "optimizer"), faults):
        named = _named(table, numbers)
    for index, key in enumerate(table.parameters or ()):
        path: Path = ("update", "parameters", index)
        wiring.known_name(key, path, network.values)
        if key in (table.parameters or ())[:index]:
            faults.add(path, tr("the name {key} is given twice", key=key))
    batch = _batch(table, network, wiring)
    steps = _steps(table, batch, numbers.values, faults)
    first = _first_step(table.first_step, numbers)
    if faults.found:
        return network, numbers.made
    named_ones = network.parameters if table.parameters is None else tuple(table.parameters)
    parameters = tuple(dict.fromkeys(named_ones))
    update = Update(table.optimizer, rate, parameters, table.after, named, steps, batch, first)
    built = Network(numbers.values, network.entries, network.loss, update, network.wrt)
    return _trained(table, built, faults), numbers.made


def _trained(table: UpdateTable, built: Network, faults: Faults) -> Network:
    """The parameters that the loss depends on; those that an author named must be among them."""
    update = built.update
    assert update is not None
    if table.parameters is not None:
        need_gradients(built, table.parameters, ("update", "parameters"), faults)
        return built
    return replace(built, update=replace(update, parameters=dependent(built, update.parameters)))


def need_gradients(network: Network, keys: list[str], path: Path, faults: Faults) -> None:
    """Add a fault for each key that the loss doesn't depend on."""
    plain = replace(network, update=None)
    found = {quantity.key for quantity in quantities(plain)}
    if network.update is not None:
        once = replace(network.update, optimizer="sgd", steps=(None,), after=False)
        found = {quantity.key for quantity in quantities(replace(network, update=once))}
    for index, key in enumerate(keys):
        if f"grad.{key}" not in found:
            message = tr("the loss doesn't depend on {key}, so it has no gradient", key=key)
            faults.add((*path, index), message)


# --- numbers --------------------------------------------------------------------------------------


class _Numbers:
    """The optimizer's numbers: a name among the values, or a number that gets a name of its own."""

    def __init__(self, table: UpdateTable, network: Network, wiring: Wiring) -> None:
        self.values: dict[str, Value] = dict(network.values)
        self.scalars = [name for name, value in network.values.items() if not value.shape]
        """What the file may name: not the numbers that get a name here."""
        self.wiring = wiring
        self.made: list[str] = []

    def name_of(self, key: str, given: Any) -> str:
        """The name of the scalar that a key stands for."""
        if isinstance(given, str):
            self.check(key, given)
            return given
        path: Path = ("update", key)
        exact = given if isinstance(given, Fraction) else None
        number = exact or read_number(given, path, self.wiring.faults)
        if number is None:
            return key
        name = free_name(key, {*self.wiring.shapes, *self.wiring.broken, *self.values})
        self.values[name] = scalar_value(name, number)
        self.made.append(name)
        return name

    def check(self, key: str, given: str) -> None:
        """A name must be that of a number among the values."""
        if given not in self.scalars and given not in self.wiring.broken:
            message = tr("there is no number {key!r} among the values", key=given)
            self.wiring.faults.add(("update", key), message + suggestion(given, self.scalars))


def _first_step(given: Any, numbers: _Numbers) -> int:
    """The count of the first step: a whole number from 1 on, or the name of one."""
    path: Path = ("update", "first_step")
    faults = numbers.wiring.faults
    if isinstance(given, str):
        numbers.check("first_step", given)
        value = numbers.values.get(given)
        number = value.exact.item() if value is not None and not value.shape else Fraction(1)
    else:
        found = read_number(given, path, faults)
        number = Fraction(1) if found is None else found
    if number < 1 or number.denominator != 1:
        faults.add(path, tr("steps are counted from 1, in whole numbers"))
    elif number > MAX_FIRST:
        faults.add(path, tr("expected {least} to {most}", least=1, most=MAX_FIRST))
    return int(number)


def _named(table: UpdateTable, numbers: _Numbers) -> Mapping[str, str]:
    """The optimizer's numbers by name; one that it doesn't take is a fault."""
    optimizer = OPTIMIZERS[table.optimizer]
    given = {key: value for key, value in table.numbers().items() if value is not None}
    allowed = [*optimizer.numbers, "weight_decay"]
    for key in given:
        if key not in allowed:
            message = tr("{optimizer} has no number of this name", optimizer=table.optimizer)
            numbers.wiring.faults.add(("update", key), message + suggestion(key, allowed))
    named = {
        key: numbers.name_of(key, given.get(key, default))
        for key, default in optimizer.numbers.items()
    }
    if "weight_decay" in given:
        named["weight_decay"] = numbers.name_of("weight_decay", given["weight_decay"])
    return named


# --- steps ----------------------------------------------------------------------------------------


def _batch(table: UpdateTable, network: Network, wiring: Wiring) -> tuple[str, ...]:
    """The values whose rows a step chooses: X and the target, or those that the file names."""
    if table.batch is None:
        target = network.loss.target if network.loss is not None else ""
        return tuple(key for key in ("X", target) if key and key in network.values)
    path: Path = ("update", "batch")
    for index, key in enumerate(table.batch):
        known = wiring.known_name(key, (*path, index), network.values)
        if known is not None and not network.values[known].shape:
            wiring.faults.add((*path, index), tr("{key} is a number: it has no rows", key=key))
    return tuple(table.batch)


def _steps(
    table: UpdateTable, batch: tuple[str, ...], values: Mapping[str, Value], faults: Faults
) -> tuple[tuple[int, ...] | None, ...]:
    """The observations of each step; one step on all of them where the file says nothing."""
    if not table.steps:
        return (None,)
    if len(table.steps) > MAX_STEPS:
        faults.add(("update", "steps"), tr("at most {limit} steps", limit=MAX_STEPS))
    heights = [int(values[key].shape[0]) for key in batch if key in values and values[key].shape]
    found: list[tuple[int, ...] | None] = []
    for index, step in enumerate(table.steps[:MAX_STEPS]):
        path: Path = ("update", "steps", index)
        for key in step:
            if key != "rows":
                message = tr("unknown key {key!r}", key=key) + suggestion(key, ["rows"])
                faults.add((*path, key), message)
        found.append(_rows(step.get("rows"), min(heights, default=0), (*path, "rows"), faults))
    return tuple(found)


def _rows(given: Any, height: int, path: Path, faults: Faults) -> tuple[int, ...] | None:
    if given is None:
        return None
    if not isinstance(given, list) or not given or not all(type(row) is int for row in given):
        message = tr("expected a list of rows, counted from 0, not {came}", came=shown(given))
        faults.add(path, message)
        return None
    for row in given:
        if not 0 <= row < height:
            message = tr(
                "there is no row {row}: rows go from 0 to {last}", row=row, last=height - 1
            )
            faults.add(path, message)
            return None
    return tuple(given)

"""From a decoded file to a problem: its network, update and texts, with every fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.language import tr
from engine.network.model import Network, Update, Value, scalar_value
from engine.network.optimizers import OPTIMIZERS
from engine.network.passes import quantities
from engine.problems.faults import Faults, Path, ProblemError, one_of, suggestion
from engine.problems.lesson import with_texts
from engine.problems.problem import Precision, Problem
from engine.problems.reading import ID
from engine.problems.schema import ProblemFile
from engine.problems.values import read_number
from engine.problems.wiring import Wiring

MAX_DIGITS = 12
LEARNING_RATE = "eta"
"""The name that a learning rate written as a number gets, if it is free."""


def build(file: ProblemFile, place: str, base: Problem | None = None) -> Problem:
    """Build the problem; `base` is the one it continues. Raises `ProblemError` with every fault.

    The faults have no position yet: `engine.problems.faults.located` gives them one.
    """
    faults = Faults()
    if not ID.fullmatch(file.id):
        faults.add(("id",), tr("an id has small letters, digits and hyphens only"))
    precision = _precision(file, faults)
    wiring = Wiring(file, base, faults)
    loss = wiring.loss()
    network = Network(wiring.values, tuple(wiring.entries), loss, None, tuple(file.wrt))
    _check_wrt(file, network, wiring)
    made_rate = _made_rate(file, wiring)
    network = _with_update(file, network, wiring, made_rate)
    if faults.found:
        raise ProblemError(place, faults.found)
    problem = Problem(
        id=file.id,
        title_text=file.title,
        network=network,
        precision=precision,
        intro_text=file.intro,
        source=file.source or "",
        place=place,
        known=frozenset(entry.to for entry in base.network.entries) if base else frozenset(),
        continues=file.continues or "",
        made_rate=made_rate,
    )
    return with_texts(problem, file, faults)


def _precision(file: ProblemFile, faults: Faults) -> Precision:
    if file.decimals is not None and file.significant is not None:
        faults.add(("significant",), tr("either `decimals` or `significant`, not both"))
    for key, digits, least in (
        ("decimals", file.decimals, 0),
        ("significant", file.significant, 1),
    ):
        if digits is not None and not least <= digits <= MAX_DIGITS:
            message = tr("expected {least} to {most}", least=least, most=MAX_DIGITS)
            faults.add((key,), message)
    if file.decimals is None and file.significant is None:
        return Precision(decimals=4)
    return Precision(file.decimals, file.significant)


def _check_wrt(file: ProblemFile, network: Network, wiring: Wiring) -> None:
    known = [
        wiring.known_name(key, ("wrt", index), wiring.values) is not None
        for index, key in enumerate(file.wrt)
    ]
    if file.wrt and file.loss is None:
        wiring.faults.add(("wrt",), tr("a gradient needs a loss"))
    elif all(known) and network.loss is not None:
        _need_gradients(network, file.wrt, ("wrt",), wiring.faults)


def _need_gradients(network: Network, keys: list[str], path: Path, faults: Faults) -> None:
    found = {quantity.key for quantity in quantities(network)}
    for index, key in enumerate(keys):
        if f"grad.{key}" not in found:
            message = tr("the loss doesn't depend on {key}, so it has no gradient", key=key)
            faults.add((*path, index), message)


# --- the update -----------------------------------------------------------------------------------


def _made_rate(file: ProblemFile, wiring: Wiring) -> str:
    """The name for a learning rate that is written as a number; "" where it has one."""
    if file.update is None or isinstance(file.update.learning_rate, str):
        return ""
    taken = {*wiring.shapes, *wiring.broken}
    return next(key for key in _rate_names() if key not in taken)


def _rate_names() -> Iterator[str]:
    yield LEARNING_RATE
    yield "learning_rate"
    number = 1
    while True:
        yield f"learning_rate_{number}"
        number += 1


def _with_update(file: ProblemFile, network: Network, wiring: Wiring, made_rate: str) -> Network:
    table, faults = file.update, wiring.faults
    if table is None:
        return network
    if file.loss is None:
        faults.add(("update",), tr("an update needs a loss"))
    one_of(table.optimizer, [*OPTIMIZERS], ("update", "optimizer"), faults)
    values = dict(network.values)
    rate = made_rate or str(table.learning_rate)
    if made_rate:
        number = read_number(table.learning_rate, ("update", "learning_rate"), faults)
        if number is not None:
            values[rate] = scalar_value(rate, number)
    else:
        _check_rate(rate, values, wiring)
    for index, key in enumerate(table.parameters or ()):
        wiring.known_name(key, ("update", "parameters", index), values)
    if faults.found:
        return network
    parameters = tuple(dict.fromkeys(table.parameters or network.parameters))
    update = Update(table.optimizer, rate, parameters, table.after)
    built = Network(values, network.entries, network.loss, update, network.wrt)
    if table.parameters is not None:
        _need_gradients(built, table.parameters, ("update", "parameters"), faults)
        return built
    found = {quantity.key for quantity in quantities(built)}
    trained = tuple(key for key in parameters if key in values and f"grad.{key}" in found)
    return replace(built, update=replace(update, parameters=trained))


def _check_rate(rate: str, values: dict[str, Value], wiring: Wiring) -> None:
    scalars = [key for key, value in values.items() if not value.shape]
    if rate not in scalars and rate not in wiring.broken:
        message = tr("there is no number {key!r} among the values", key=rate)
        path = ("update", "learning_rate")
        wiring.faults.add(path, message + suggestion(rate, scalars))

"""From a decoded file to a problem: its network, update and texts, with every fault."""

from __future__ import annotations

from engine.language import tr
from engine.network.model import Network
from engine.problems.faults import Faults, ProblemError
from engine.problems.lesson import with_texts
from engine.problems.problem import Precision, Problem
from engine.problems.reading import ID
from engine.problems.schema import ProblemFile
from engine.problems.updating import need_gradients, with_update
from engine.problems.wiring import Wiring

MAX_DIGITS = 12


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
    network, made = with_update(file, network, wiring)
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
        made=tuple(made),
        baked=frozenset(wiring.baked),
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
        need_gradients(network, file.wrt, ("wrt",), wiring.faults)

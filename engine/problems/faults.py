"""What is wrong in a problem file, and where: `FILE:LINE:COLUMN: message`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.language import tr
from engine.problems.positions import positions

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `path` leads to its key, as in ``("forward", 2, "weight")``."""

    path: Path
    message: str
    position: tuple[int, int] | None = (1, 1)
    """Line and column, counted from 1; None where the file isn't a text."""


class ProblemError(ValueError):
    """A file that can't be used, with every fault that was found."""

    def __init__(self, place: str, faults: Sequence[Fault]) -> None:
        self.place, self.faults = place, tuple(faults)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """One line a fault: the place, the key, what is wrong."""
        return [
            f"{placed(self.place, fault.position)}: {_prefix(fault.path)}{fault.message}"
            for fault in self.faults
        ]


def placed(place: str, position: tuple[int, int] | None) -> str:
    """``FILE:LINE:COLUMN``, or the file alone."""
    return place if position is None else f"{place}:{position[0]}:{position[1]}"


def _prefix(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return f"{text}: " if text else ""


class Faults:
    """Collects what is wrong, so that an author sees it all at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: Path, message: str) -> None:
        """One more; the same again is not said twice."""
        fault = Fault(path, message)
        if fault not in self.found:
            self.found.append(fault)


def located(place: str, faults: Iterable[Fault], text: str) -> ProblemError:
    """The error with every fault at its line and column, in the order of the text."""
    found = [replace(fault, position=locate(text, fault.path)) for fault in faults]
    return ProblemError(place, sorted(found, key=lambda fault: fault.position or (1, 1)))


def locate(text: str, path: Path) -> tuple[int, int]:
    """The line and column, counted from 1, of the deepest part of the path that is in the text."""
    found = positions(text)
    while path and path not in found:
        path = path[:-1]
    return place_in(text, found.get(path, 0))


def place_in(text: str, before: int) -> tuple[int, int]:
    """The line and column, counted from 1, behind that many characters."""
    return text.count("\n", 0, before) + 1, before - text.rfind("\n", 0, before)


def suggestion(word: str, known: Sequence[str]) -> str:
    """ "; did you mean X?" where something similar exists, else the list of what is expected."""
    from engine.expression.parse import closest

    meant = closest(word, known)
    if meant:
        return tr("; did you mean {word!r}?", word=meant)
    return tr("; expected one of {known}", known=", ".join(known)) if known else ""


def one_of(given: str, known: Sequence[str], path: Path, faults: Faults) -> bool:
    """Whether the value is one of the known; if not, that is a fault."""
    if given in known:
        return True
    message = tr("unknown value {given!r}", given=given) + suggestion(given, known)
    faults.add(path, message)
    return False

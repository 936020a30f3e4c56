"""What is wrong in a problem file, and where: `FILE:LINE:COLUMN: message`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `path` leads to its key, as in ``("forward", 2, "weight")``."""

    path: Path
    message: str
    position: tuple[int, int] = (1, 1)
    """Line and column, counted from 1."""


class ProblemError(ValueError):
    """A file that can't be used, with every fault that was found."""

    def __init__(self, place: str, faults: Sequence[Fault]) -> None:
        self.place, self.faults = place, tuple(faults)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """One line a fault: the place, the key, what is wrong."""
        return [
            f"{self.place}:{line}:{column}: {_prefix(fault.path)}{fault.message}"
            for fault in self.faults
            for line, column in (fault.position,)
        ]


def _prefix(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return f"{text}: " if text else ""


_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w\-]+|\"[^\"]*\"|'[^']*')\s*(?:=|\.)")


def locate(text: str, path: Path) -> tuple[int, int]:
    """The line and column of a key: a second, rough reading, made only when there is a fault.

    The deepest part of the path that is found counts: a fault inside a matrix is at its key.
    """
    best, depth = (1, 1), 0
    table: Path = ()
    counts: dict[str, int] = {}
    for line_number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.fullmatch(line)
        if header is not None:
            name = header[2].strip("\"' ")
            table = tuple(part.strip("\"' ") for part in name.split("."))
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (*table, counts[name])
            found = table
        else:
            key = _KEY.match(line)
            if key is None:
                continue
            found = (*table, key[1].strip("\"'"))
        if len(found) > depth and path[: len(found)] == found:
            best, depth = (line_number, len(line) - len(line.lstrip()) + 1), len(found)
    return best

"""A layer's keys that aren't names of trained values: its numbers and its windows' settings."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.language import tr
from engine.network.model import Value
from engine.problems.faults import Faults, Path, suggestion
from engine.problems.schema import shown
from engine.problems.values import MAX_SIDE, read_number

Setting = int | tuple[int, int]


class LayerKeys:
    """Reads the keys of one entry; what is wrong becomes a fault."""

    def __init__(self, values: Mapping[str, Value], broken: set[str], faults: Faults) -> None:
        self.values, self.broken, self.faults = values, broken, faults
        self.named: set[str] = set()
        """The values that settings were taken from, once and for all."""

    def number(self, key: str, given: Any, path: Path) -> Fraction | str | None:
        """A number, or the name of one among the values; None where that adds a fault."""
        if not isinstance(given, str):
            number = read_number(given, path, self.faults)
            return number if number is None else self._in_range(key, number, path, number)
        if given in self.broken:
            return None
        scalars = [name for name, value in self.values.items() if not value.shape]
        if given not in scalars:
            message = tr("there is no number {key!r} among the values", key=given)
            self.faults.add(path, message + suggestion(given, scalars))
            return None
        return self._in_range(key, self.values[given].exact.item(), path, given)

    def _in_range(
        self, key: str, number: Fraction, path: Path, found: Fraction | str
    ) -> Fraction | str | None:
        if key == "keep" and not 0 < number <= 1:
            self.faults.add(path, tr("expected a share above 0 and at most 1"))
            return None
        if key == "epsilon" and number < 0:
            self.faults.add(path, tr("expected 0 or a number above it"))
            return None
        return found

    def _cell(self, key: str, given: Any, path: Path) -> Any:
        """A setting's number, as it was written or by its name; None where that adds a fault."""
        if not isinstance(given, str):
            return given
        found = self.number(key, given, path)
        if found is None:
            return None
        self.named.add(given)
        exact = self.values[given].exact.item()
        return int(exact) if exact.denominator == 1 else exact

    def setting(self, key: str, given: Any, path: Path) -> Setting | None:
        """A whole number, or one for the rows and one for the columns; None after a fault.

        Each may be the name of a number among the values.
        """
        pair = isinstance(given, list) and len(given) == 2
        cells = [self._cell(key, cell, path) for cell in (given if pair else [given])]
        if None in cells:
            return None
        least = 0 if key == "padding" else 1
        if not all(type(cell) is int for cell in cells):
            message = tr(
                "expected a whole number or [rows, columns], not {came}", came=shown(given)
            )
            self.faults.add(path, message)
            return None
        if not all(least <= cell <= MAX_SIDE for cell in cells):
            self.faults.add(path, tr("expected {least} to {most}", least=least, most=MAX_SIDE))
            return None
        return (cells[0], cells[1]) if pair else cells[0]

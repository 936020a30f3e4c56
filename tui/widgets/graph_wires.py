"""The lines between a graph's nodes, cell by cell, with the corners and branches they make."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from tui.widgets.graph_layout import Edge

LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
CHARACTERS = {
    LEFT: "─",
    RIGHT: "─",
    LEFT | RIGHT: "─",
    UP | DOWN: "│",
    RIGHT | DOWN: "┌",
    LEFT | DOWN: "┐",
    RIGHT | UP: "└",
    LEFT | UP: "┘",
    LEFT | RIGHT | DOWN: "┬",
    LEFT | RIGHT | UP: "┴",
    UP | DOWN | RIGHT: "├",
    UP | DOWN | LEFT: "┤",
    LEFT | RIGHT | UP | DOWN: "┼",
}

Place = tuple[int, int]
"""A cell: its column and its line, from 0."""


class UnclearError(Exception):
    """Two edges would lie on each other, so that one couldn't tell where they lead."""


class Wires:
    """The cells that edges go through, each with the sides that it is entered and left by."""

    def __init__(self) -> None:
        self.cells: dict[Place, dict[Edge, int]] = {}

    def lay(self, edge: Edge, corners: Sequence[Place]) -> None:
        """An edge from corner to corner, each right, left, above or below the one before."""
        for (x, y), (to_x, to_y) in pairwise(corners):
            step = (_sign(to_x - x), _sign(to_y - y))
            out, into = _SIDES[step] if any(step) else (0, 0)
            while True:
                self._add(edge, (x, y), out)
                if (x, y) == (to_x, to_y):
                    break
                x, y = x + step[0], y + step[1]
                self._add(edge, (x, y), into)
                if (x, y) == (to_x, to_y):
                    break

    def _add(self, edge: Edge, place: Place, side: int) -> None:
        sides = self.cells.setdefault(place, {})
        sides[edge] = sides.get(edge, 0) | side

    def drawn(self, place: Place) -> tuple[str, Collection[Edge]]:
        """The character of a cell, and the edges that it belongs to.

        Where one edge crosses another, the one that goes up and down is drawn. Raises
        `UnclearError` where edges with neither end in common would share a line.
        """
        groups = _groups(self.cells[place])
        for edges, _ in groups:
            starts, ends = {edge[0] for edge in edges}, {edge[1] for edge in edges}
            if len(starts) > 1 and len(ends) > 1 and not self._is_joint(place, edges):
                raise UnclearError
        if len(groups) == 1:
            edges, sides = groups[0]
            return CHARACTERS[sides], edges
        if {sides for _, sides in groups} != {LEFT | RIGHT, UP | DOWN}:
            raise UnclearError
        return next((CHARACTERS[sides], edges) for edges, sides in groups if sides == UP | DOWN)

    def _is_joint(self, place: Place, edges: Iterable[Edge]) -> bool:
        """Whether on each side of the cell all edges begin or all end at the same node."""
        sides = self.cells[place]
        for side in (LEFT, RIGHT, UP, DOWN):
            here = [edge for edge in edges if sides[edge] & side]
            if len({edge[0] for edge in here}) > 1 and len({edge[1] for edge in here}) > 1:
                return False
        return True


_SIDES = {(1, 0): (RIGHT, LEFT), (-1, 0): (LEFT, RIGHT), (0, 1): (DOWN, UP), (0, -1): (UP, DOWN)}
"""The side that a step leaves a cell by, and the one that it enters the next by."""


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _groups(sides: dict[Edge, int]) -> list[tuple[list[Edge], int]]:
    """The edges in a cell that touch each other there, with all their sides."""
    groups: list[tuple[list[Edge], int]] = []
    for edge, own in sides.items():
        apart = [group for group in groups if not group[1] & own]
        edges, all_sides = [edge], own
        for group in groups:
            if group[1] & own:
                edges, all_sides = [*group[0], *edges], all_sides | group[1]
        groups = [*apart, (edges, all_sides)]
    return groups

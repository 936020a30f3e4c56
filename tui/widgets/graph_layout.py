"""Where each node of a graph stands on the map: a column by how deep it is, a row by its branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tui.widgets.network_steps import MapStep

Edge = tuple[str, str]


@dataclass
class Layout:
    """Every node's place, and the row in which each edge crosses the columns in between."""

    edges: tuple[Edge, ...]
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    tracks: dict[Edge, int] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return 1 + max((*self.rows.values(), *self.tracks.values()), default=0)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return 1 + max(self.columns.values(), default=0)


def place(steps: Sequence[MapStep]) -> Layout:
    """The longest path is the first row; each branch gets the row that is free for it.

    Branches that span less lie nearer to the first row, so that they nest instead of crossing.
    """
    edges = tuple((source, step.to) for step in steps for source in step.sources)
    layout = Layout(edges)
    results = [step.to for step in steps]
    inputs = [source for source, _ in edges if source not in results]
    nodes = [*dict.fromkeys(inputs), *results]
    _place_columns(layout, steps, nodes)
    taken: dict[int, list[tuple[int, int]]] = {}
    paths = _paths(layout, nodes)
    branches = sorted(paths[1:], key=lambda path: (_length(layout, path), nodes.index(path[0])))
    for path in [*paths[:1], *branches]:
        row = _free_row(taken, _span(layout, path), least=0 if path is paths[0] else 1)
        layout.rows.update(dict.fromkeys(path, row))
    for edge in sorted(edges, key=lambda edge: _reach(layout, edge)):
        layout.tracks[edge] = _track(layout, taken, edge)
    return layout


def _place_columns(layout: Layout, steps: Sequence[MapStep], nodes: Sequence[str]) -> None:
    """A result stands right of all that it is made of, an input right before its first use."""
    columns = dict.fromkeys(nodes, 0)
    for step in steps:
        columns[step.to] = 1 + max((columns[source] for source in step.sources), default=0)
    results = {step.to for step in steps}
    for node in nodes:
        uses = [columns[to] for source, to in layout.edges if source == node]
        if node not in results and uses:
            columns[node] = min(uses) - 1
    layout.columns = columns


def _paths(layout: Layout, nodes: Sequence[str]) -> list[list[str]]:
    """All nodes, as paths: always the longest that is left; of equally long ones the first."""
    left = list(nodes)
    paths = []
    while left:
        best: dict[str, list[str]] = {}
        for node in sorted(left, key=lambda node: layout.columns[node]):
            before = [best[source] for source, to in layout.edges if to == node and source in best]
            best[node] = [*max(before, key=len, default=[]), node]
        path = max(best.values(), key=len)
        paths.append(path)
        left = [node for node in left if node not in path]
    return paths


def _span(layout: Layout, path: Sequence[str]) -> tuple[int, int]:
    """From where to where a path takes its row, in half columns: the odd ones lie between two."""
    first, last = layout.columns[path[0]], layout.columns[path[-1]]
    into = [layout.columns[source] for source, to in layout.edges if to == path[0]]
    out = [layout.columns[to] for source, to in layout.edges if source == path[-1]]
    return 2 * min(into, default=first - 1) + 1, 2 * min(out, default=last + 1) - 1


def _length(layout: Layout, path: Sequence[str]) -> int:
    begin, end = _span(layout, path)
    return end - begin


def _reach(layout: Layout, edge: Edge) -> int:
    return layout.columns[edge[1]] - layout.columns[edge[0]]


def _free_row(taken: dict[int, list[tuple[int, int]]], span: tuple[int, int], least: int) -> int:
    row = least
    while any(span[0] <= end and begin <= span[1] for begin, end in taken.get(row, [])):
        row += 1
    taken.setdefault(row, []).append(span)
    return row


def _track(layout: Layout, taken: dict[int, list[tuple[int, int]]], edge: Edge) -> int:
    """The row in which an edge crosses the columns between its ends: one of theirs if it is free.

    A row that the edge's own branch has taken for it is free to it.
    """
    source, to = edge
    begin, end = layout.columns[source], layout.columns[to]
    own, other = layout.rows[source], layout.rows[to]
    if end == begin + 1:
        return other
    for row in (own, other):
        if _crosses_nothing(layout, edge, row):
            return row
    return _free_row(taken, (2 * begin + 1, 2 * end - 1), least=1)


def _crosses_nothing(layout: Layout, edge: Edge, row: int) -> bool:
    """Whether neither a node nor another edge that has nothing in common stands in the way."""
    begin, end = layout.columns[edge[0]], layout.columns[edge[1]]
    if any(layout.rows[n] == row and begin < layout.columns[n] < end for n in layout.rows):
        return False
    return not any(
        track == row
        and layout.columns[other[0]] < end
        and layout.columns[other[1]] > begin
        and other[0] != edge[0]
        and other[1] != edge[1]
        for other, track in layout.tracks.items()
    )

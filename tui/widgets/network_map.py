"""The network drawn as a line of arrows, forward above and backward below, with the place lit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from engine.expression.symbols import symbol
from engine.language import tr
from tui.widgets.network_list import Row as GraphRow
from tui.widgets.network_list import graph_lines, graph_rows
from tui.widgets.network_marks import (
    AHEAD,
    DONE,
    LAYER_LABELS,
    LIT,
    LOSS_LABELS,
    Mark,
    done_marks,
    lit_marks,
)

if TYPE_CHECKING:
    from engine.network.model import Entry, Network
    from engine.practice.session import Question


class Piece(NamedTuple):
    """Some characters of a line, and the part that they draw."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One step of the forward pass, from ``source`` to ``to``."""

    source: str
    to: str
    label: str
    weights: tuple[str, ...] = ()


def edges_of(network: Network) -> list[Edge]:
    """Every entry of a chain, and the loss, as an edge."""
    edges = [_edge(entry) for entry in network.entries]
    loss = network.loss
    if loss is not None and loss.kind != "given":
        edges.append(Edge(loss.of, "L", LOSS_LABELS.get(loss.kind, "")))
    return edges


def _edge(entry: Entry) -> Edge:
    if entry.layer == "linear":
        label = "·" + symbol(entry.roles["weight"])
        if bias := entry.roles.get("bias"):
            label += f"+{symbol(bias)}"
        return Edge(entry.source, entry.to, label, tuple(entry.roles.values()))
    label = LAYER_LABELS.get(entry.layer, entry.layer)
    return Edge(entry.source, entry.to, label, tuple(entry.roles.values()))


def is_chain(network: Network) -> bool:
    """Whether every layer takes just what the one before it gave."""
    entries, loss = network.entries, network.loss
    if not entries:
        return loss is not None and bool(loss.of) and loss.kind != "given"
    if any(entry.layer == "formula" for entry in entries):
        return False
    follows = all(b.source == a.to for a, b in pairwise(entries))
    return follows and (loss is None or loss.of == entries[-1].to)


Row = tuple[list[Piece], list[Piece]]
"""A forward line and the backward line below it, equally wide."""


def chain_rows(network: Network, lit: Collection[Mark], width: int) -> list[Row]:
    """The picture of a chain, folded to ``width`` where it is wider."""
    edges = edges_of(network)
    backward = network.loss is not None
    wanted = {*network.wrt, "X", *(entry.to for entry in network.entries)}
    wanted |= {network.loss.of} if network.loss else set()
    units = [_node_unit(edges[0].source, backward and edges[0].source in wanted)]
    units += [_edge_unit(edge, lit, backward, wanted) for edge in edges]
    rows: list[Row] = []
    room = 0
    for above, below in units:
        wide = sum(len(piece.text) for piece in above)
        if not rows or wide > room:
            rows.append(([], []))
            room = width
        rows[-1][0].extend(above)
        rows[-1][1].extend(below)
        room -= wide
    return rows


def _node_unit(name: str, gradient: bool) -> Row:
    text = symbol(name)
    below = Piece("d".ljust(len(text)), Mark("grad", name)) if gradient else Piece(" " * len(text))
    return [Piece(text, Mark("node", name))], [below]


def _edge_unit(edge: Edge, lit: Collection[Mark], backward: bool, wanted: Collection[str]) -> Row:
    forward, back = Mark("edge", edge.to), Mark("back", edge.to)
    gradients = "∂" + ",∂".join(map(symbol, edge.weights)) if edge.weights and backward else ""
    middle = max(len(edge.label), len(gradients))
    line = "═" if forward in lit else "─"
    above = [Piece(f" {line}{line}", forward)]
    weight = next((Mark("weight", name) for name in edge.weights), forward)
    lit_weight = next((m for m in lit if m.part == "weight" and m.name in edge.weights), weight)
    above.append(Piece(edge.label, lit_weight if edge.weights else forward))
    above.append(Piece(line * (2 + middle - len(edge.label)) + "▸ ", forward))
    if not backward:
        below = [Piece(" " * (middle + 7))]
    else:
        line = "═" if back in lit else "─"
        own = next((m for m in lit if m.part == "weight_grad" and m.name in edge.weights), None)
        shown = own or (Mark("weight_grad", edge.weights[0]) if edge.weights else back)
        below = [
            Piece(f" ◂{line}", back),
            Piece(gradients, shown),
            Piece(line * (3 + middle - len(gradients)) + " ", back),
        ]
    node, gradient = _node_unit(edge.to, backward and edge.to in wanted)
    return above + node, below + gradient


class NetworkMap(Widget):
    """Where one is in the network. Chains are drawn, other graphs listed line by line."""

    DEFAULT_CSS = """
    NetworkMap {
        width: 1fr;
        height: auto;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._network: Network | None = None
        self._rows: list[GraphRow] = []
        self._lit: frozenset[Mark] = frozenset()
        self._done: frozenset[Mark] = frozenset()
        self._compact = False

    def show(
        self, question: Question, known: Sequence[str], compact: bool, hidden: Sequence[str] = ()
    ) -> None:
        """Light the place of a question; ``compact`` keeps the lit line only.

        ``hidden`` are the keys whose formula is still to be asked.
        """
        network = question.problem.network
        state = (network, lit_marks(question), done_marks(known), compact)
        rows = [] if is_chain(network) else graph_rows(question.problem.solution, hidden)
        if (*state, rows) == (self._network, self._lit, self._done, self._compact, self._rows):
            return
        self._network, self._lit, self._done, self._compact = state
        self._rows = rows
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the picture takes at this width."""
        return max(len(self._lines(width)), 1)

    def render(self) -> Content:
        """The picture at the width there is."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        network = self._network
        if network is None:
            return []
        if not is_chain(network):
            return graph_lines(
                self._rows, self._lit, self._done, max(width, 20), compact=self._compact
            ) or [Content(tr("This problem has no network."))]
        rows = chain_rows(network, self._lit, max(width, 20))
        lines = [line for row in rows for line in (row if network.loss else row[:1])]
        if self._compact:
            lit_lines = [line for line in lines if any(p.mark in self._lit for p in line)]
            lines = lit_lines or lines[:1]
        return [self._content(line) for line in lines]

    def _content(self, pieces: Sequence[Piece]) -> Content:
        return Content.assemble(*((piece.text, self._style(piece.mark)) for piece in pieces))

    def _style(self, mark: Mark | None) -> str:
        if mark is None:
            return ""
        if mark in self._lit:
            return LIT
        return DONE if mark in self._done else AHEAD

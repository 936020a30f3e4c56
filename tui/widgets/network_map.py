"""The network drawn as a line of arrows, forward above and backward below, with the place lit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from engine.expression.node import names
from engine.language import tr

if TYPE_CHECKING:
    from engine.network.model import Entry, Network
    from engine.practice.session import Question

LIT = "bold $accent"
DONE = "$foreground"
AHEAD = "$muted"

LAYER_LABELS = {"relu": "ReLU", "sigmoid": "σ", "tanh": "tanh"}
LOSS_LABELS = {"mse": "MSE", "logloss": "logloss", "cross_entropy": "cross-entropy"}
LIST_LINES = 5


class Mark(NamedTuple):
    """A part of the picture: which kind of part, and whose."""

    part: str
    """``node``, ``edge`` and ``weight`` of the forward line; ``back`` (an edge), ``grad`` and
    ``weight_grad`` of the backward line."""
    name: str


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


def lit_marks(question: Question) -> frozenset[Mark]:
    """What is lit for a question: the step forward, or the step back and what it brings."""
    key = question.key.partition("@")[0]
    prefix, _, name = key.rpartition(".")
    quantity = question.problem.solution[question.key].quantity
    result = quantity.result.partition("@")[0].removeprefix("new.")
    if prefix == "new":
        return frozenset({Mark("weight", name)})
    if prefix == "local":
        return frozenset({Mark("back", result)})
    if prefix == "grad":
        if name in question.problem.network.parameters:
            return frozenset({Mark("weight_grad", name)})
        return frozenset({Mark("back", result), Mark("grad", name)})
    return frozenset({Mark("edge", result or name), Mark("node", result or name)})


def done_marks(known: Collection[str]) -> frozenset[Mark]:
    """What has been found already, so that it isn't dimmed."""
    marks = set()
    for key in known:
        prefix, _, name = key.rpartition(".")
        if not prefix:
            marks |= {Mark("node", name), Mark("edge", name), Mark("weight", name)}
        elif prefix == "grad":
            marks |= {Mark("grad", name), Mark("weight_grad", name)}
    return frozenset(marks)


def edges_of(network: Network) -> list[Edge]:
    """Every entry and the loss as an edge; a formula's source is all the names in it."""
    symbol = _symbol
    edges = [_edge(entry) for entry in network.entries]
    loss = network.loss
    if loss is not None and loss.kind != "given":
        source = loss.of or ", ".join(symbol(key) for key in names(loss.node or ()))  # type: ignore[arg-type]
        edges.append(Edge(source, "L", LOSS_LABELS.get(loss.kind, "")))
    return edges


def _edge(entry: Entry) -> Edge:
    if entry.layer == "formula":
        return Edge(", ".join(_symbol(key) for key in names(entry.node)), entry.to, "")
    if entry.layer == "linear":
        label = "·" + _symbol(entry.roles["weight"])
        if bias := entry.roles.get("bias"):
            label += f"+{_symbol(bias)}"
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


def _symbol(name: str) -> str:
    from engine.expression.symbols import symbol

    return symbol(name)


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
    text = _symbol(name)
    below = Piece("d".ljust(len(text)), Mark("grad", name)) if gradient else Piece(" " * len(text))
    return [Piece(text, Mark("node", name))], [below]


def _edge_unit(edge: Edge, lit: Collection[Mark], backward: bool, wanted: Collection[str]) -> Row:
    forward, back = Mark("edge", edge.to), Mark("back", edge.to)
    gradients = "∂" + ",∂".join(map(_symbol, edge.weights)) if edge.weights and backward else ""
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
        self._lit: frozenset[Mark] = frozenset()
        self._done: frozenset[Mark] = frozenset()
        self._compact = False

    def show(self, question: Question, known: Sequence[str], compact: bool) -> None:
        """Light the place of a question; ``compact`` keeps the lit line only."""
        network = question.problem.network
        state = (network, lit_marks(question), done_marks(known), compact)
        if state == (self._network, self._lit, self._done, self._compact):
            return
        self._network, self._lit, self._done, self._compact = state
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
            return self._listed(network)
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

    def _listed(self, network: Network) -> list[Content]:
        lines = []
        here = 0
        for index, edge in enumerate(edges_of(network)):
            lit = {mark.part for mark in self._lit if mark.name == edge.to} | {
                mark.part for mark in self._lit if mark.name in edge.weights
            }
            back = lit & {"back", "weight_grad"}
            source = _symbol(edge.source) if "," not in edge.source else edge.source
            label = f"──{edge.label}──" if edge.label else "────"
            arrow = f"◂{label}" if back else f"{label}▸"
            if lit:
                here = index
            style = LIT if lit else DONE if Mark("node", edge.to) in self._done else AHEAD
            marker = "▸ " if lit else "  "
            lines.append(Content.assemble((f"{marker}{source} {arrow} {_symbol(edge.to)}", style)))
        if not lines:
            return [Content(tr("This problem has no network."))]
        start = max(0, min(here - LIST_LINES // 2, len(lines) - LIST_LINES))
        return lines[start : start + LIST_LINES]

"""Reading a typed formula: every way in which the text can be meant, the likeliest first.

People write ``X·W1``, ``X @ W1``, ``d W2^T`` and ``d * W2.T * (H1 > 0)``; the shapes say which
product a sign means. What is left to choose is echoed, never guessed in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.expression.node import Node, walk
from engine.expression.parse import ParseError, Token
from engine.expression.printing import unicode_notation, write
from engine.expression.shape import Shape
from engine.expression.symbols import symbol
from engine.language import tr
from engine.marking.formula_grammar import GRAMMARS, FormulaParser
from engine.marking.formula_shapes import Budget, fits
from engine.marking.formula_text import plain
from engine.marking.formula_tokens import has_compact_gradient, tokens
from engine.marking.formula_words import Vocabulary, vocabulary

__all__ = ["FormulaError", "FormulaReadings", "Reading", "echo", "read_formula", "vocabulary"]

MAX_LENGTH = 200
WORK = 3000
ANOTHER_D, ANOTHER_BRACKETING, WIDE_SUM = 20, 3, 2
"""What a reading costs that takes d for a gradient further up, brackets otherwise, or lets Σ reach
over a whole product."""


class FormulaError(ParseError):
    """A typed formula that can't be read: `message` for the learner, `position` in the text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the text."""

    node: Node
    shape: Shape | None
    """At sizes that are all different; None where the formula doesn't fit in shape."""
    cost: int
    upstream: str
    """The key that d was taken for; empty where no d was typed."""


@dataclass(frozen=True)
class FormulaReadings:
    """Every way to read a text, likeliest first."""

    readings: tuple[Reading, ...]
    notes: tuple[str, ...]
    """What was read in another way than it was typed, in sentences."""
    mentioned: frozenset[str]
    """The keys that the text mentions."""
    asked: Shape
    """The shape that an answer must have, at the same sizes."""

    @property
    def survivors(self) -> tuple[Reading, ...]:
        """The likeliest readings of the shape asked; several where the text leaves it open."""
        fitting = [r for r in self.readings if fits_question(r.shape, self.asked)]
        return tuple(reading for reading in fitting if reading.cost == fitting[0].cost)

    @property
    def likeliest(self) -> Reading:
        """The reading to show: one of the shape asked, else one that fits, else any."""
        survivors = self.survivors
        if survivors:
            return survivors[0]
        return next((r for r in self.readings if r.shape is not None), self.readings[0])


def read_formula(text: str, vocabulary: Vocabulary) -> FormulaReadings:
    """Read a typed formula; raises `FormulaError` with a sentence and a place.

    The text is never executed, and the work is bounded whatever it is.
    """
    try:
        return _read(text, vocabulary)
    except FormulaError:
        raise
    except ParseError as error:
        raise FormulaError(error.message, error.position, error.unfinished) from error


def _read(text: str, vocabulary: Vocabulary) -> FormulaReadings:
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            tr("The formula is longer than {limit} characters.", limit=MAX_LENGTH), MAX_LENGTH
        )
    source = plain(text)
    usual, notes = tokens(source, vocabulary, compact=False)
    if all(token.kind not in ("name", "upstream") for token in usual):
        known = ", ".join(vocabulary.shown())
        message = tr("A formula is asked here, made of what is known: {known}.", known=known)
        raise FormulaError(message, 0, unfinished=True)
    rows = [usual]
    if has_compact_gradient(usual):
        rows.append(tokens(source, vocabulary, compact=True)[0])
    mentioned = frozenset(str(t.value) for row in rows for t in row if t.kind == "name")
    shapes = vocabulary.shapes_with(mentioned)
    asked = shapes[vocabulary.key]
    budget = Budget(WORK)
    readings: list[Reading] = []
    for all_ways in (False, True):
        surfaces = _surfaces(rows, vocabulary, all_ways)
        readings = list(_readings(surfaces, vocabulary, shapes, asked, all_ways, budget))
        if any(fits_question(reading.shape, asked) for reading in readings):
            break
    readings.sort(key=lambda reading: reading.cost)
    return FormulaReadings(tuple(readings), tuple(notes), mentioned, asked)


def _surfaces(rows: list[list[Token]], vocabulary: Vocabulary, all_ways: bool) -> dict[Node, int]:
    """The surface trees of the text, with what each costs; raises what is wrong with the first."""
    found: dict[Node, int] = {}
    kinds = {token.kind for token in rows[0]}
    grammars = GRAMMARS if all_ways and kinds & {"⊙", "*"} else GRAMMARS[:1]
    widths = (False, True) if all_ways and "Σ" in kinds else (False,)
    for place, grammar in enumerate(grammars):
        for wide in widths:
            for row in rows:
                parser = FormulaParser(row, grammar, vocabulary.lexicon.scalars, wide)
                try:
                    root = parser.formula()
                except ParseError:
                    if not found:
                        raise
                    continue
                found.setdefault(root, ANOTHER_BRACKETING * place + WIDE_SUM * wide)
    return found


def _readings(
    surfaces: Mapping[Node, int],
    vocabulary: Vocabulary,
    shapes: Mapping[str, Shape],
    asked: Shape,
    all_ways: bool,
    budget: Budget,
) -> Iterator[Reading]:
    """Every reading; a dearer way is tried only while none has the shape asked."""
    best: int | None = None
    seen: set[tuple[Node, str]] = set()
    ways: list[tuple[int, int, Node, str]] = []
    for number, (surface, cost) in enumerate(surfaces.items()):
        has_d = any(node.op == "upstream" for node in walk(surface))
        upstreams = vocabulary.upstreams if has_d else ("",)
        for place, upstream in enumerate(upstreams if all_ways else upstreams[:1]):
            ways.append((cost + ANOTHER_D * place, number, surface, upstream))
    for cost, _, surface, upstream in sorted(ways, key=lambda way: way[:2]):
        if best is not None and cost > best:
            return
        for fit in fits(surface, vocabulary, shapes, upstream, budget):
            if (fit.node, upstream) in seen:
                continue
            seen.add((fit.node, upstream))
            reading = Reading(fit.node, fit.shape, fit.cost + cost, upstream)
            if fits_question(fit.shape, asked):
                best = reading.cost if best is None else min(best, reading.cost)
            yield reading


def fits_question(shape: Shape | None, asked: Shape) -> bool:
    """Whether a result has the shape asked; a 1x1 matrix will do for a number: (ŷ - y)ᵀ(ŷ - y)."""
    return shape == asked or (shape == (1, 1) and not asked)


def echo(reading: Reading, vocabulary: Vocabulary) -> str:
    """How the text was read, in the lesson's notation: ``(d·W₂ᵀ) ⊙ [H₁ > 0]``.

    Says which gradient d is where it isn't the one that arrives.
    """
    text = write_as_typed(reading.node, vocabulary, reading.upstream)
    if reading.upstream and reading.upstream != vocabulary.upstreams[0]:
        meaning = vocabulary.lexicon.symbols[reading.upstream]
        return tr("{formula} with d = {meaning}", formula=text, meaning=meaning)
    return text


def write_as_typed(node: Node, vocabulary: Vocabulary, upstream: str) -> str:
    """A tree in the lesson's notation, with d for the gradient that d was typed for."""
    symbols = vocabulary.lexicon.symbols

    def show(key: str) -> str:
        return "d" if key == upstream else symbols.get(key) or symbol(key)

    return write(node, unicode_notation(vocabulary.lexicon.scalars, show))

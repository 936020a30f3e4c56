"""Marking a typed formula: by value, on networks of other sizes and other numbers.

Two formulas are the same if they agree on every trial. No trial has the exercise's own sizes, at
which a wrong shape may fit by chance; these serve only to say what doesn't fit, in the numbers that
the learner sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import Node, name, names, substitute, walk
from engine.expression.parse import ParseError
from engine.expression.shape import ShapeError, shape_of, shape_text
from engine.language import mark_text, tr
from engine.marking import slips
from engine.marking.formula_functions import has_words
from engine.marking.formula_reading import (
    FormulaReadings,
    Reading,
    echo,
    fits_question,
    read_formula,
    write_as_typed,
)
from engine.marking.formula_words import Vocabulary, vocabulary
from engine.marking.mark import Mark, Misconception
from engine.marking.sampling import Sizes, Trial, trials
from engine.network.losses import LOSS, N
from engine.network.solution import Solution

__all__ = ["FormulaVariant", "Preview", "mark_formula", "preview", "same_formula"]

TOLERANCE = 1e-9
FACTORS: tuple[tuple[Callable[[float], float], str, str], ...] = (
    (lambda n: 2.0, "coefficient_missing", slips.TWICE),
    (lambda n: 0.5, "coefficient_missing", slips.HALF),
    (lambda n: n, "not_averaged", slips.TIMES_N),
    (lambda n: 1 / n, "averaged", slips.OVER_N),
)
"""By what a whole formula may be off, from the number of observations; its tag and its message."""


class FormulaVariant(Protocol):
    """A misconception as a tree, which may not fit in shape."""

    @property
    def tag(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def node(self) -> Node: ...


def mark_formula(
    solution: Solution, key: str, text: str, *, variants: Iterable[FormulaVariant] = ()
) -> Mark:
    """Mark the answer to "by which formula?"; any text gets a mark.

    `variants` are the misconceptions to compare a wrong formula with, the first that fits is named.
    They are looked at only when the formula is wrong. An unknown key raises `KeyError`.
    """
    words = vocabulary(solution, key)
    if not text.strip():
        return Mark("incomplete", tr("Type a formula."), reading="")
    if is_printed(solution, key, text):
        return Mark("right", tr("Right."), reading=solution.formula(key))
    try:
        readings = read_formula(text, words)
    except ParseError as error:
        return Mark("invalid", error.message, reading="")
    return _Marking(solution, words, readings).mark(variants)


def is_printed(solution: Solution, key: str, text: str) -> bool:
    """Whether a formula that has no words of its own, such as a convolution's, is typed just as the
    lesson prints it in any notation, perhaps with d for the gradient that arrives.
    """
    step = solution[key]
    if has_words(step.node):
        return False
    forms = [solution.formula(key), solution.latex(key), solution.numpy(key), solution.pytorch(key)]
    forms += [solution.write(node) for node in step.quantity.others]
    above = step.quantity.upstream
    if above in solution:
        forms += [form.replace(solution.symbol(above), "d") for form in forms]
    return _squashed(text) in map(_squashed, forms)


def _squashed(text: str) -> str:
    return "".join(text.split()).casefold()


class Preview(NamedTuple):
    """What there is to say of a formula while it is typed."""

    text: str
    """How it is read, or why it can't be; empty while there is nothing to say."""
    read: bool
    """Whether it can be read."""


def preview(solution: Solution, key: str, text: str) -> Preview:
    """How a text is read so far, to be shown while it is typed; never raises.

    Empty while there is nothing to say: no text, or one that breaks off.
    """
    words = vocabulary(solution, key)
    if not text.strip():
        return Preview("", False)
    if is_printed(solution, key, text):
        return Preview(solution.formula(key), True)
    try:
        readings = read_formula(text, words)
    except ParseError as error:
        return Preview("" if error.unfinished else error.message, False)
    return Preview(echo(readings.likeliest, words), True)


def same_formula(solution: Solution, key: str, node: Node) -> bool:
    """Whether a tree is worth the same as the step's own, at every size.

    The tree may have any quantity of the solution in it, and the broadcasts that it needs.
    """
    step, words = solution[key], vocabulary(solution, key)
    if node is step.node or node in step.quantity.others:
        return True
    mentioned = frozenset(names(node))
    shapes = words.shapes_with(mentioned)
    try:
        fits = fits_question(shape_of(node, shapes), shapes[key])
    except (ShapeError, KeyError):
        return False
    return fits and _agrees(node, step.node, trials(solution, words.sizes(mentioned)))


# --- values ---------------------------------------------------------------------------------------


def _value(node: Node, trial: Trial) -> Array | None:
    """The value at a trial; None where it has none."""
    try:
        value = evaluate(node, trial.values)
    except (AssertionError, IndexError, KeyError, TypeError, ValueError):
        return None
    return value if np.isfinite(value).all() else None


def _equal(left: Array | None, right: Array | None, factor: float = 1.0) -> bool:
    """Whether left is factor times right, a 1x1 matrix being as good as a number."""
    if left is None or right is None or left.size != right.size:
        return False
    if left.shape != right.shape and left.size != 1:
        return False
    left, right = left.reshape(right.shape), factor * right
    scale = max(float(np.abs(left).max()), float(np.abs(right).max()))
    return bool(float(np.abs(left - right).max()) <= TOLERANCE * scale)


def _agrees(left: Node, right: Node, where: Sequence[Trial]) -> bool:
    """Whether two trees are worth the same at every trial; False without any trial."""
    if left is right:
        return True
    return bool(where) and all(_equal(_value(left, t), _value(right, t)) for t in where)


# --- one answer -----------------------------------------------------------------------------------


class _Marking:
    """The marking of one text."""

    def __init__(self, solution: Solution, words: Vocabulary, readings: FormulaReadings) -> None:
        self.solution, self.words, self.readings = solution, words, readings
        self.step = solution[words.key]
        self.sizes = words.sizes(readings.mentioned)
        self.reading = readings.likeliest
        self.written = echo(self.reading, words)

    def mark(self, variants: Iterable[FormulaVariant]) -> Mark:
        survivors = self.readings.survivors
        if not survivors:
            return self.misfit(variants)
        right = [self.is_right(reading.node) for reading in survivors]
        if all(right):
            return self.made("right", " ".join([tr("Right."), *self.readings.notes]))
        other = next((r for r in survivors[1:] if not self.same(survivors[0], r)), None)
        if other is not None:
            return self.made(
                "invalid",
                tr(
                    "This can be read as {first} or as {second}: put brackets, or write it out.",
                    first=self.written,
                    second=echo(other, self.words),
                ),
            )
        return self.with_a_constant() or self.wrong(variants)

    def made(self, verdict: str, message: str, named: Misconception | None = None) -> Mark:
        return Mark(verdict, message, misconception=named, reading=self.written)  # type: ignore[arg-type]

    def named(self, tag: str, message: str) -> Mark:
        return self.made("misconception", message, Misconception(tag, message))

    # --- is it right? -----------------------------------------------------------------------------

    def is_right(self, node: Node, sizes: Sizes | None = None) -> bool:
        """Whether the tree is the step's own, or one of its other textbook forms."""
        where = trials(self.solution, sizes or self.sizes)
        forms = (self.step.node, *self.step.quantity.others)
        return node in forms or any(_agrees(node, form, where) for form in forms)

    def same(self, left: Reading, right: Reading) -> bool:
        return _agrees(left.node, right.node, trials(self.solution, self.sizes))

    def with_a_constant(self) -> Mark | None:
        """Right with the exercise's own n or scalar put in as a number."""
        node = self.reading.node
        if N in names(self.step.node) and self.is_right(node, self.sizes._replace(rows=True)):
            message = tr(
                "Right, with n = {n} put in. In general: {formula}",
                n=int(self.solution.numbers[N]),
                formula=self.solution.formula(self.words.key),
            )
            return self.made("right", message)
        numbers = {part.argument: part for part in walk(node) if part.op == "number"}
        for key, value in self.solution.network.values.items():
            number = numbers.get(value.exact.item()) if not value.shape else None
            if number is not None and self.is_right(substitute(node, {number: name(key)})):
                symbol = self.words.lexicon.symbols[key]
                message = tr("Right, with the number of {symbol} put in.", symbol=symbol)
                return self.made("right", message)
        return None

    # --- what is wrong? ---------------------------------------------------------------------------

    def wrong(self, variants: Iterable[FormulaVariant]) -> Mark:
        """A formula of the right shape that is worth something else."""
        known = list(variants)
        for variant in known:
            if variant.node is self.reading.node:
                return self.named(variant.tag, variant.message)
        where = trials(self.solution, self.sizes)
        found = self.worth_as(known, where)
        if found is None:  # a number may have been typed for n
            with_n = [variant for variant in known if N in names(variant.node)]
            found = self.worth_as(with_n, trials(self.solution, self.sizes._replace(rows=True)))
        if found is not None:
            return self.named(found.tag, found.message)
        return self.slip(where) or self.made("wrong", tr(OTHER))

    def worth_as(
        self, variants: Sequence[FormulaVariant], where: Sequence[Trial]
    ) -> FormulaVariant | None:
        """The first variant that has the formula's value at every trial."""
        values = [_value(self.reading.node, trial) for trial in where]
        for variant in variants:
            # Most variants differ at once: the first trial decides, the others confirm.
            if all(
                _equal(value, _value(variant.node, trial))
                for value, trial in zip(values, where, strict=True)
            ):
                return variant
        return None

    def slip(self, where: Sequence[Trial]) -> Mark | None:
        """The whole formula off by a sign or a factor."""
        pairs = [(_value(self.reading.node, t), t.values[self.words.key], t) for t in where]
        if all(_equal(typed, truth, -1) for typed, truth, _ in pairs):
            if self.step.quantity.result == LOSS and self.step.skill.endswith(".gradient"):
                return self.named("difference_reversed", tr(REVERSED))
            return self.named("sign", tr("The formula is right but for its sign."))
        for factor, tag, message in FACTORS:
            if all(_equal(typed, truth, factor(t.values[N].item())) for typed, truth, t in pairs):
                return self.named(tag, tr(message))
        return None

    def misfit(self, variants: Iterable[FormulaVariant]) -> Mark:
        """A formula that doesn't fit in shape, or gives another shape than the one asked."""
        cheapest = self.readings.readings[0].cost
        likely = [r.node for r in self.readings.readings if r.cost <= cheapest + 1]
        known = [variant for variant in variants if not self.fits(variant.node)]
        found = next((variant for variant in known if variant.node in likely), None)
        for trial in trials(self.solution, Sizes(square=True)) if found is None else ():
            values = [_value(node, trial) for node in likely]
            worth = ((variant, _value(variant.node, trial)) for variant in known)
            found = next((v for v, value in worth if any(_equal(x, value) for x in values)), None)
        if found is not None:
            return self.named(found.tag, found.message)
        if self.reading.shape is not None and self.is_right(self.reading.node.T):
            return self.named("answer_transposed", tr(TRANSPOSED))
        return self.shapes_differ()

    def fits(self, node: Node) -> bool:
        """Whether a tree fits in shape, and has the shape asked."""
        try:
            shape = shape_of(node, self.words.shapes_with(self.readings.mentioned))
        except (ShapeError, KeyError):
            return False
        return fits_question(shape, self.readings.asked)

    def shapes_differ(self) -> Mark:
        """Say what doesn't fit, in the exercise's own sizes; or that these fit by chance."""
        words, node = self.words, self.reading.node

        def show(part: Node) -> str:
            return write_as_typed(part, words, self.reading.upstream)

        try:
            shape = shape_of(node, words.own)
        except ShapeError as error:
            message = error.describe(show)
            if error.op == "matmul" and error.shapes[0] == error.shapes[1]:
                message += " " + tr("The product cell by cell is written ⊙.")
            return self.made("invalid", message)
        asked = words.own[words.key]
        if not fits_question(shape, asked):
            message = tr(
                "{formula} is {shape}, but {asked} is {wanted}.",
                formula=self.written,
                shape=shape_text(shape),
                asked=words.symbol,
                wanted=shape_text(asked),
            )
            return self.made("invalid", message)
        try:
            shape_of(node, words.shapes_with(self.readings.mentioned))
        except ShapeError as error:
            left, right = (show(part) for part in (*error.operands, *error.operands)[:2])
            message = tr(
                "{left} and {right} fit only because some sizes happen to be equal here: "
                "with other sizes they don't.",
                left=left,
                right=right,
            )
            return self.made("wrong", message)
        message = tr(
            "{formula} has the shape of {asked} only because some sizes happen to be equal here.",
            formula=self.written,
            asked=words.symbol,
        )
        return self.made("wrong", message)


OTHER = mark_text("This is not the formula: with other numbers it gives something else.")
REVERSED = mark_text(
    "The difference is the wrong way round: check the order of prediction and target."
)
TRANSPOSED = mark_text(
    "This is the right formula, transposed: its rows and columns changed places."
)

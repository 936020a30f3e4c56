"""The words around a question: what is asked, in which pass, how exactly; the verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.expression.symbols import split_key
from engine.language import mark_text, tr
from engine.marking.precision import digits_asked
from engine.network.passes import consumers_of

if TYPE_CHECKING:
    from engine.practice.session import Question

PASSES = {
    "forward": mark_text("forward pass"),
    "loss": mark_text("loss"),
    "backward": mark_text("backward pass"),
    "update": mark_text("gradient step"),
}


class VerdictWords(NamedTuple):
    """How a verdict is shown: never by colour alone."""

    symbol: str
    word: str
    style: str
    """A style variable's name: ``verdict-right``, ``verdict-wrong``, or ``foreground``."""


VERDICTS = {
    "right": VerdictWords("✓", mark_text("right"), "verdict-right"),
    "rounded": VerdictWords(
        "✓", mark_text("right, as far as rounding in between allows"), "verdict-right"
    ),
    "carried": VerdictWords("◐", mark_text("right for what you entered before"), "verdict-right"),
    "coarse": VerdictWords("◐", mark_text("right so far, not exact enough"), "foreground"),
    "misconception": VerdictWords("✗", mark_text("not yet"), "verdict-wrong"),
    "wrong": VerdictWords("✗", mark_text("not yet"), "verdict-wrong"),
    "incomplete": VerdictWords("○", mark_text("not finished"), "foreground"),
    "invalid": VerdictWords("○", mark_text("not readable"), "foreground"),
}
REVEALED = VerdictWords("◇", mark_text("shown, not counted"), "foreground")


STALE = mark_text(
    "This answer rested on an earlier entry that has changed since: look at it again."
)


def pass_words(question: Question) -> str:
    """The pass that the question belongs to: ``backward pass``."""
    if question.kind == "spot":
        return tr("a whole pass")  # which part of it would say where to look
    return tr(PASSES[question.problem.solution[question.key].stage])


GRADIENTS = {
    "kernel": mark_text("{symbol}, the gradient of the kernel {base}."),
    "weight": mark_text("{symbol}, the gradient of the weights {base}."),
    "bias": mark_text("{symbol}, the gradient of the bias {base}."),
    "other": mark_text("{symbol}, the gradient of {base}."),
    "result": mark_text("{symbol}, the gradient that arrives at {base}."),
}
"""What is asked, by the part that the quantity plays whose gradient it is."""

MOVEMENT = mark_text("{symbol}, the movement.")
CORRECTED = mark_text("{symbol}, corrected for its beginning at 0.")
NAMED = {
    "local": mark_text("The local derivative {symbol}: what d is multiplied by."),
    "new": mark_text("{symbol}, that is {base} after the step."),
    "each": mark_text("{symbol}, the loss of each observation."),
    "batch_norm.mean": mark_text("{symbol}, the mean of each column."),
    "batch_norm.var": mark_text("{symbol}, the variance of each column."),
    "layer_norm.mean": mark_text("{symbol}, the mean of each row."),
    "layer_norm.var": mark_text("{symbol}, the variance of each row."),
    "hat": mark_text("{symbol}, the normalised input."),
    "momentum.m": MOVEMENT,
    "nesterov.m": MOVEMENT,
    "m": mark_text("{symbol}, the running mean of the gradients."),
    "adagrad.v": mark_text("{symbol}, the sum of the squared gradients."),
    "v": mark_text("{symbol}, the running mean of the squared gradients."),
    "mhat": CORRECTED,
    "vhat": CORRECTED,
    "ahead": mark_text("{symbol}, where the movement alone would lead."),
}
"""What is asked, by the skill or by what the key begins with."""


def question_words(question: Question) -> str:
    """What is asked, in one sentence that names the quantity."""
    symbol = question.symbol
    if question.kind == "formula":
        return tr("By which formula is {symbol} found?", symbol=symbol)
    prefix, name, step = split_key(question.key)
    base = question.problem.solution.symbol(name)
    if prefix == "grad":
        words = tr(GRADIENTS[_part_played(question, name)], symbol=symbol, base=base)
        if len(consumers_of(question.problem.network, name)) > 1:
            words += " " + tr("It adds up over all places where {base} is used.", base=base)
        return words
    if prefix:
        return tr(NAMED.get(question.skill) or NAMED[prefix], symbol=symbol, base=base)
    if step:
        return tr("{symbol}, that is {base} with the new weights.", symbol=symbol, base=base)
    if name == "L":
        return tr("The loss {symbol}.", symbol=symbol)
    return tr(_shape_words(question), symbol=symbol)


def _part_played(question: Question, name: str) -> str:
    """Which of `GRADIENTS` speaks of a value or a result."""
    network = question.problem.network
    for entry in network.entries:
        role = next((role for role, value in entry.roles.items() if value == name), "")
        if role:
            found = "kernel" if (entry.layer, role) == ("conv2d", "weight") else role
            return found if found in GRADIENTS else "other"
    return "other" if name in network.values and name != "X" else "result"


def _shape_words(question: Question) -> str:
    """A result, by what it is to the loss, or else by its shape."""
    loss = question.problem.network.loss
    if loss is not None and loss.kind != "given" and loss.of == question.key:
        return mark_text("The prediction {symbol}.")
    rows, columns = (*question.shape, 1, 1)[:2]
    if rows == columns == 1:
        return mark_text("The number {symbol}.")
    if rows == 1:
        return mark_text("The row {symbol}.")
    return mark_text("The column {symbol}.") if columns == 1 else mark_text("The matrix {symbol}.")


def precision_words(question: Question) -> str:
    """The digits asked, where the result isn't exact; otherwise nothing."""
    if question.kind != "value":
        return ""
    step, precision = question.problem.solution[question.key], question.precision
    if step.digits is not None and step.digits <= precision.exact_decimals:
        return ""
    return digits_asked(precision)

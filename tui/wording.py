"""The words around a question: what is asked, in which pass, how exactly; the verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.language import mark_text, ntr, tr

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


def question_words(question: Question) -> str:
    """What is asked, in one sentence that names the quantity."""
    symbol = question.symbol
    if question.kind == "formula":
        return tr("By which formula is {symbol} found?", symbol=symbol)
    prefix, _, name = question.key.partition("@")[0].rpartition(".")
    solution = question.problem.solution
    base = solution.symbol(name)
    match prefix:
        case "local":
            return tr("The local derivative {symbol}: what d is multiplied by.", symbol=symbol)
        case "grad" if name in question.problem.network.parameters:
            return tr("{symbol}, the gradient of the weights {base}.", symbol=symbol, base=base)
        case "grad":
            return tr("{symbol}, the gradient that arrives at {base}.", symbol=symbol, base=base)
        case "new":
            return tr("{symbol}, that is {base} after the step.", symbol=symbol, base=base)
        case "each":
            return tr("{symbol}, the loss of each observation.", symbol=symbol)
    if question.key.partition("@")[2]:
        return tr("{symbol}, that is {base} with the new weights.", symbol=symbol, base=base)
    if name == "L":
        return tr("The loss {symbol}.", symbol=symbol)
    return tr("The matrix {symbol}.", symbol=symbol)


def precision_words(question: Question) -> str:
    """The digits asked, where the result isn't exact; otherwise nothing."""
    if question.kind != "value":
        return ""
    step, precision = question.problem.solution[question.key], question.precision
    if step.digits is not None and step.digits <= precision.exact_decimals:
        return ""
    if precision.significant is not None:
        number = precision.significant
        return ntr("{number} significant digit", "{number} significant digits", number)
    return ntr("{number} decimal", "{number} decimals", precision.exact_decimals)

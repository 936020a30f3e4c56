"""What is fuzzed: each target takes any bytes and fails only where a promise is broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from time import process_time

from engine.language import use_language
from engine.marking.formula import mark_formula, preview
from engine.marking.mark import Mark
from engine.marking.matrix import mark_value
from engine.problems.problem import Problem
from engine.problems.reading import load
from tests.fuzz import files

VERDICTS = {"right", "rounded", "coarse", "carried", "misconception", "wrong", "incomplete"}
VERDICTS.add("invalid")
LIMIT = 0.05
"""Seconds of processor time that any answer may take."""

slowdown = 1.0
"""How much slower the code runs than by itself: counting what it covers takes its time."""

VALUE_KEYS = ("H1", "grad.H1", "L", "grad.W2", "new.W1")
FORMULA_KEYS = ("H1", "grad.H1", "grad.W1", "new.W1", "L")


class TooSlowError(AssertionError):
    """An answer took longer than the limit."""


@cache
def _problem(identity: str) -> Problem:
    return load(identity)


def _checked(run: Callable[[], Mark]) -> Mark:
    """The mark, in time: a second try forgives a pause of the machine, not slowness."""
    for _ in range(3):
        start = process_time()
        mark = run()
        spent = process_time() - start
        if spent <= LIMIT * slowdown:
            break
    else:
        raise TooSlowError(f"{spent * 1000:.0f} ms")
    assert mark.verdict in VERDICTS
    assert mark.message
    assert (mark.misconception is not None) == (mark.verdict == "misconception")
    return mark


def value_answer(text: str) -> None:
    """A typed matrix."""
    key = VALUE_KEYS[len(text) % len(VALUE_KEYS)]
    _checked(lambda: mark_value(_problem("masha"), key, text))
    _checked(lambda: mark_value(_problem("masha"), "O1", "1 1; 1 1", given={"H1": text}))


def formula_answer(text: str) -> None:
    """A typed formula, and its echo while it is typed."""
    key = FORMULA_KEYS[len(text) % len(FORMULA_KEYS)]
    solution = _problem("masha").solution
    _checked(lambda: mark_formula(solution, key, text))
    assert isinstance(preview(solution, key, text).text, str)


def russian(text: str) -> None:
    """The same in Russian."""
    use_language("ru")
    try:
        value_answer(text)
        formula_answer(text)
    finally:
        use_language("en")


WORDS = [
    "X", "W1", "W2", "H1", "O1", "yhat", "y", "d", "gamma", "n", "dW1", "dL/dW1", "∂L/∂W₁", "H₁",
    "ŷ", "relu(", "max(0,", "sigmoid(", "σ(", "tanh(", "exp(", "ln(", "sqrt(", "sum(", "Σ", "(",
    ")", "[", "]", "{", "}", ">", "0", "1[", "I(", "^T", ".T", "ᵀ", "'", "^2", "^-1", "**", "*",
    "@", "·", "⊙", "∘", ".*", "/", "+", "-", "−", "=", ",", ";", ":", ".", "0,5", ".5", "1/3",
    "1e-3", "½", "−½", "2", "-1", "_", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", "\\cdot",
    "\\odot", "\\sigma", "array(", "tensor(", "dtype=float32", "np.", "torch.", "Х", "Н", "О", "у",
    "р", "0x1F", "1j", "nan", "inf", "1e999", "%", "\t", "\n", "\u200b", "\u202e", "\x1b[31m",
]  # fmt: skip
"""Pieces of answers: random joins of them come nearer to sense than random letters."""


ANSWERS: dict[str, Callable[[str], None]] = {
    "value": value_answer,
    "formula": formula_answer,
    "russian": russian,
}


@dataclass(frozen=True)
class Target:
    """What is tried, and what it is tried on."""

    check: Callable[[bytes], None]
    pieces: Sequence[str]
    """A dictionary for a fuzzer that is guided by coverage."""
    seeds: Sequence[bytes]
    """Where it begins."""
    longest: int
    """The most bytes."""
    draw: Callable[[Random], bytes]
    """One by chance."""


def _answer_target(check: Callable[[str], None]) -> Target:
    def draw(dice: Random) -> bytes:
        glue = dice.choice(["", " "])
        return glue.join(dice.choice(WORDS) for _ in range(dice.randint(1, 24))).encode()

    seeds = [word.encode() for word in WORDS]
    return Target(lambda data: check(data.decode("utf-8", "replace")), WORDS, seeds, 400, draw)


TARGETS = {
    **{name: _answer_target(check) for name, check in ANSWERS.items()},
    "problem": Target(
        files.must_be_a_problem_or_have_faults_with_places,
        [*files.ODD, *files.KEYS],
        [text.encode() for text in files.good_files()],
        64 * 1024,
        files.tampered,
    ),
}

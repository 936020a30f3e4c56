"""Any text of any length as an answer or a formula gives a verdict, in time, never an exception."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import ANSWERS, WORDS, formula_answer, value_answer

JOINED = st.lists(st.sampled_from(WORDS), max_size=24).map(" ".join)
GLUED = st.lists(st.sampled_from(WORDS), max_size=24).map("".join)


@settings(max_examples=150)
@given(st.text(max_size=300) | JOINED | GLUED)
@pytest.mark.parametrize("name", [*ANSWERS])
def test_any_text_gets_a_verdict(name: str, text: str) -> None:
    ANSWERS[name](text)


@pytest.mark.parametrize(
    "piece",
    ["(", "[", "((", "1 ", "1;", "-", "X", "X·", "σ(", "1/", "ᵀ", "'", "\n", ",", "dW1", "^2"],
)
@pytest.mark.parametrize("length", [100, 10_000, 200_000])
def test_a_long_answer_is_read_or_refused_in_time(piece: str, length: int) -> None:
    text = (piece * length)[:length]
    value_answer(text)
    formula_answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__[0].__subclasses__()",
        "X.__class__",
        "9**9**9**9",
        "1e308*1e308",
        "exp(exp(exp(9)))",
        "sqrt(-1)",
        "{0.__class__}",
        "%s%s%s%n",
        "\x1b]0;title\x07",
    ],
)
def test_what_looks_like_an_attack_is_only_a_text(text: str) -> None:
    value_answer(text)
    formula_answer(text)

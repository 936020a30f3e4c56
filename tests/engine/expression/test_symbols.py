"""Symbols: how a key is written in Unicode, in LaTeX and in Python."""

from __future__ import annotations

import keyword

import pytest

from engine.expression.symbols import (
    GREEK,
    LATEX_PREFIXES,
    UNICODE_PREFIXES,
    base_symbol,
    identifier,
    latex_symbol,
    split_key,
    symbol,
)

WRITTEN: dict[str, tuple[str, str, str]] = {
    "X": ("X", "X", "X"),
    "W1": ("W₁", "W_{1}", "W1"),
    "W12": ("W₁₂", "W_{12}", "W12"),
    "h_2": ("h₂", "h_{2}", "h_2"),
    "yhat": ("ŷ", r"\hat{y}", "yhat"),
    "yhat1": ("ŷ₁", r"\hat{y}_{1}", "yhat1"),
    "xhat": ("x\N{COMBINING CIRCUMFLEX ACCENT}", r"\hat{x}", "xhat"),
    "hat": ("hat", "hat", "hat"),
    "eta": ("η", r"\eta", "eta"),
    "Eta": ("Eta", "Eta", "Eta"),
    "sigma2": ("σ₂", r"\sigma_{2}", "sigma2"),
    "lambda": ("λ", r"\lambda", "lambda_"),
    "learning_rate": ("learning_rate", r"learning\_rate", "learning_rate"),
    "W1x": ("W1x", "W1x", "W1x"),
    "a_1b": ("a_1b", r"a\_1b", "a_1b"),
    "np": ("np", "np", "np_"),
    "grad.H1": ("∂L/∂H₁", r"\frac{\partial L}{\partial H_{1}}", "grad_H1"),
    "grad.yhat": ("∂L/∂ŷ", r"\frac{\partial L}{\partial \hat{y}}", "grad_yhat"),
    "local.X": ("∂/∂X", r"\frac{\partial}{\partial X}", "local_X"),
    "new.W1": ("W₁⁺", "W_{1}^{+}", "new_W1"),
    "each.L": ("ℓ", r"\ell", "each_L"),
    "H1@2": ("H₁⁽²⁾", "H_{1}^{(2)}", "H1_2"),
    "new.W1@12": ("W₁⁺⁽¹²⁾", "{W_{1}^{+}}^{(12)}", "new_W1_12"),
    "grad.W1@2": (
        "∂L/∂W₁⁽²⁾",
        r"\frac{\partial L}{\partial W_{1}}^{(2)}",
        "grad_W1_2",
    ),
    "m.W1": ("m(W₁)", "m(W_{1})", "m_W1"),
    "vhat.W1": ("v̂(W₁)", r"\hat{v}(W_{1})", "vhat_W1"),
    "mean.H1": ("μ(H₁)", r"\mu(H_{1})", "mean_H1"),
    "grad.mean.H1": ("∂L/∂μ(H₁)", r"\frac{\partial L}{\partial \mu(H_{1})}", "grad_mean_H1"),
}


@pytest.mark.parametrize("key", WRITTEN)
def test_a_key_is_written_as_the_field_writes_it(key: str) -> None:
    assert (symbol(key), latex_symbol(key), identifier(key)) == WRITTEN[key]


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("W1", ("", "W1", "")),
        ("grad.W1", ("grad", "W1", "")),
        ("grad.W1@2", ("grad", "W1", "2")),
        ("H1@3", ("", "H1", "3")),
        ("grad.mean.H1@2", ("grad", "mean.H1", "2")),
    ],
)
def test_a_key_is_split_into_prefix_name_and_step(key: str, parts: tuple[str, str, str]) -> None:
    assert split_key(key) == parts


@pytest.mark.parametrize("name", GREEK)
def test_a_greek_name_is_its_letter(name: str) -> None:
    assert len(base_symbol(name)) == 1
    assert latex_symbol(name) == f"\\{name}"


def test_both_notations_know_the_same_prefixes() -> None:
    assert UNICODE_PREFIXES.keys() == LATEX_PREFIXES.keys()


@pytest.mark.parametrize("word", [*keyword.kwlist, "np", "torch"])
def test_an_identifier_is_never_a_word_that_python_means_otherwise(word: str) -> None:
    assert identifier(word) == f"{word}_"
    assert identifier(word).isidentifier()

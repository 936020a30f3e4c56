"""The many ways to type a formula, and the one reading that each of them has."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression import node
from engine.marking.formula_reading import FormulaError, echo, read_formula, vocabulary
from tests.engine.networks import biased, masha, masha_logistic, strict

SOLUTIONS = {
    "masha": masha(),
    "logistic": masha_logistic(),
    "strict": strict(),
    "biased": biased(),
}


def echoes(problem: str, key: str, text: str) -> list[str]:
    words = vocabulary(SOLUTIONS[problem], key)
    return [echo(reading, words) for reading in read_formula(text, words).survivors]


def notes(problem: str, key: str, text: str) -> str:
    return " ".join(read_formula(text, vocabulary(SOLUTIONS[problem], key)).notes)


def error(problem: str, key: str, text: str) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        read_formula(text, vocabulary(SOLUTIONS[problem], key))
    return caught.value


NOTATIONS: dict[tuple[str, str, str], list[str]] = {
    ("masha", "H1", "X·W₁"): [
        *("X·W1", "X @ W1", "X W1", "XW1", "X*W1", "X×W₁", "X⋅W1", "X∙W1", "X • W1", "X ∗ W1"),
        *("X W_1", "X W_{1}", "X·W₁", r"X \cdot W_1", r"X \cdot W_{1}", r"X \times W_1"),
        *(r"\mathbf{X} \mathbf{W}_1", r"$X W_1$", "𝐗 𝐖₁", "np.dot(X, W1)", "X.dot(W1)"),
        *("torch.matmul(X, W1)", "X.mm(W1)", "(X)(W1)", "[X][W1]", "{X}{W1}", "X\u00a0W1"),
        *("H1 = X W1", "H_1 = XW_1", "H1 := X W1", "H1 ← X W1", "h = X W1", "= X W1"),
        *("X.T.T W1", "X''W1", "x w1", "X w_1", "  X\tW1\n"),
    ],
    ("masha", "O1", "max(0, H₁)"): [
        *("max(0, H1)", "max(H1, 0)", "max(0; H1)", "max(0,H_1)", "Max(0, H1)", "ReLU(H1)"),
        *("relu(H1)", "RELU(H1)", "relu H1", "np.maximum(0, H1)", "np.maximum(H1, 0.)"),
        *("torch.relu(H1)", "F.relu(H_1)", r"\max(0, H_1)", r"\operatorname{ReLU}(H_1)"),
        *("O1 = max(0, H1)", "O_1=ReLU(H_1)", r"\max\left(0, H_{1}\right)", "max{0, H1}"),
    ],
    ("masha", "grad.O1", "d·W₂ᵀ"): [
        *("d W2^T", "d·W₂ᵀ", "d @ W2.T", "dW2ᵀ", "dW2T", "dW2'", "d W2⊤", "d W2^{T}", "d·W2^(T)"),
        *(r"d W_2^{\top}", r"d W_2^\top", r"d \cdot W_2^T", "d*W2.T", "d W2′", "d W2’", "d·W2ᵗ"),
        *("d @ W2.t()", "d @ W2.transpose()", "np.dot(d, W2.T)", "d.dot(W2.T)", "d = d W2^T"),
        *("δ W2ᵀ", "dout @ W2.T", "d transpose(W2)", "(d)(W2)ᵀ", "d(W2ᵀ)"),
    ],
    ("masha", "grad.O1", "∂L/∂ŷ·W₂ᵀ"): [
        *("∂L/∂ŷ W2ᵀ", "dL/dyhat W2.T", "dL/dŷ·W2^T", r"\partial L/\partial \hat{y} W_2^T"),
        *("grad.yhat @ W2.T", "grad_yhat @ W2.T", "yhat.grad @ W2.T", "∇ŷ·W2ᵀ", "dyhat @ W2.T"),
        *("dMSE/dŷ W2ᵀ", "∂ℓ/∂ŷ·W2ᵀ", "d L / d y_hat · W2ᵀ", "(∂L/∂ŷ) W2ᵀ", "d_yhat @ W2.T"),
    ],
    ("masha", "grad.H1", "d ⊙ [H₁ > 0]"): [
        *("d ⊙ [H1>0]", "d ∘ [H1>0]", "d .* [H1>0]", "d * [H1>0]", "d [H1>0]", "d ⊙ (H1 > 0)"),
        *("d*(H1>0)", "d ⊙ [H₁ > 0]", "d ⊙ 1[H1>0]", "d 𝟙[H1>0]", "d * 1(H1>0)", "d * I(H1>0)"),
        *("d ⊙ 1{H1>0}", r"d \odot [H_{1} > 0]", r"d \odot \mathbb{1}_{H_1 > 0}", "d ⊙ 1_{H1>0}"),
        *("d ⊙ relu'(H1)", "d ReLU′(H₁)", "d*(0 < H1)", "d * (H1 > 0).astype(float)"),
        *("d * (H1 > 0).float()", "d ⊙ [H_{ij} > 0]", "d ⊙ [H > 0]", "np.multiply(d, H1 > 0)"),
        *("d ◦ indicator(H1 > 0)", "d ⊙ [H1 > 0.0]"),
    ],
    ("masha", "grad.H1", "[H₁ > 0] ⊙ d"): [
        *("[H1>0] ⊙ d", "(H1>0)*d", "np.where(H1 > 0, d, 0)", "where(H1>0, 1, 0) * d"),
        *("1[H1>0] d", "I[H1>0] ⊙ d"),
    ],
    ("masha", "grad.H1", "d ⊙ ∂O₁/∂H₁"): [
        *("d ⊙ ∂O₁/∂H₁", "d ⊙ dO1/dH1", "d*local.H1", r"d \odot \partial O_1/\partial H_1"),
    ],
    ("masha", "grad.H1", "∂L/∂O₁ ⊙ [H₁ > 0]"): [
        *("dO1 * (H1 > 0)", "∂L/∂O₁ ⊙ [H1>0]", "dL/dO1 (H1>0)", "O1.grad * (H1 > 0)"),
    ],
    ("masha", "grad.W1", "Xᵀ·d"): [
        *("Xᵀ d", "X.T @ d", "X^T d", "X' d", "XTd", "XT d", "X.T.dot(d)", r"X^{\top} d"),
    ],
    ("masha", "new.W1", "W₁ - γ·∂L/∂W₁"): [
        *("W1 - γ dW1", "W1 - gamma*dL/dW1", "W1 - lr * grad_W1", "W_1 - η ∂L/∂W₁", "W1 − γ∇W1"),
        *("W1 - eta·dW1", "W1 - learning_rate*W1.grad", "W1 -= γ dW1", "W1 := W1 - γ dW1"),
        *("W1 <- W1 - γ dW1", "W₁⁺ = W₁ - γ ∂L/∂W₁", "w1 - γ dw1", "W1 - γ·g", "W1 - α dW1"),
        r"W_1 - \gamma \, \partial L/\partial W_1",
    ],
    ("masha", "L", "(1/(2·n))·Σ((ŷ - y)²)"): [
        *(
            "1/(2n) Σ(ŷ-y)²",
            "1/2n Σ (yhat - y)^2",
            "1/(2n)·sum((ŷ-y)²)",
            "1/(2*n)*sum((yhat-y)**2)",
        ),
        *(
            r"1/(2n) \sum_{i=1}^{n} (\hat{y}_i - y_i)^2",
            "1/(2n) Σᵢ(ŷᵢ-yᵢ)²",
            "1/2n ∑_i (ŷ_i − y_i)²",
        ),
        *("1/(2n) Σ[(ŷ-y)^2]", "1/(2n) np.sum(np.square(y_hat - y))", "1/(2N) Σ(ypred - y)²"),
        "MSE = 1/(2n) Σ(ŷ-y)²",
    ],
    ("masha", "L", "0.5·mean((ŷ - y)²)"): [
        *("0.5 mean((ŷ-y)²)", "0,5·mean((ŷ-y)²)", ".5*((yhat-y)**2).mean()", "½ mean((ŷ-y)²)"),
    ],
    ("masha", "H1@2", "X·W₁⁺"): [
        *("X·W₁⁺", "X new.W1", "X W1_new", "X W_1^{+}", "X W_1^{new}", "X @ new_W1", "X W1⁺"),
    ],
    ("masha", "yhat@2", "O₁⁽²⁾·W₂⁺"): [
        *("O₁⁽²⁾ W₂⁺", "O1@2 @ new.W2", "O_1^{(2)} W_2^+", "O1_2 @ new_W2"),
    ],
    ("logistic", "p", "σ(ŷ)"): [
        *("σ(ŷ)", "sigmoid(yhat)", "sigma(y_hat)", r"\sigma(\hat{y})", r"\sigma(\hat y)"),
        *("torch.sigmoid(yhat)", "Sigmoid(ŷ)", "σ ŷ", "logistic(ŷ)", "σ[ŷ]", "σ(y\u0302)"),
    ],
    ("logistic", "p", "1/(1 + exp(-ŷ))"): [
        *("1/(1+exp(-ŷ))", "1/(1+e^-ŷ)", "1/(1+e^{-ŷ})", r"1/(1+e^{-\hat{y}})", "1/(1+e**(-yhat))"),
        *("1/(1 + np.exp(-yhat))", "1/(1+e^(-ŷ))", "1/(1+exp(−ŷ))", "1 / (1 + (-ŷ).exp())"),
    ],
    ("logistic", "each.L", "-(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))"): [
        *("-(y ln p + (1-y) ln(1-p))", "-(y*log(p) + (1-y)*log(1-p))", "-[y ln p + (1-y)ln(1-p)]"),
        *("-(ylnp+(1-y)ln(1-p))", "−(y⊙ln p + (1−y)⊙ln(1−p))", "-(y np.log(p)+(1-y) np.log(1-p))"),
        r"-\left(y_i \ln p_i + (1-y_i) \ln(1-p_i)\right)",
    ],
    ("logistic", "local.yhat", "p ⊙ (1 - p)"): ["p(1-p)", "p*(1-p)", "p ⊙ (1-p)", "p∘(1 − p)"],
    ("logistic", "local.yhat", "σ(ŷ) ⊙ (1 - σ(ŷ))"): ["σ'(ŷ)", "sigmoid'(ŷ)", "σ(ŷ)(1-σ(ŷ))"],
    ("logistic", "grad.p", "-y/p + (1 - y)/(1 - p)"): ["-y/p + (1-y)/(1-p)", "−y÷p+(1−y)÷(1−p)"],
    ("strict", "grad.yhat", "(2/n)·(ŷ - y)"): ["2/n (ŷ-y)", "2/n·(yhat-y)", "2/n*(ŷ-y)"],
    ("biased", "yhat", "X·W + b"): ["XW+b", "X@W + b", "X W + b", "X.dot(W) + b"],
    ("biased", "grad.b", "sum_rows(d)"): [
        *("Σ d", "sum(d)", "sum_rows(d)", "d.sum(0)", "d.sum(axis=0)", "np.sum(d, axis=0)"),
        *("d.sum(dim=0, keepdim=True)", "Σ_i d", "np.sum(d, 0)"),
    ],
}
TABLE = [(*case, text) for case, texts in NOTATIONS.items() for text in texts]


@pytest.mark.parametrize(("problem", "key", "shown", "text"), TABLE)
def test_a_notation_is_understood(problem: str, key: str, shown: str, text: str) -> None:
    assert echoes(problem, key, text) == [shown]


RUSSIAN = [
    ("masha", "H1", "Х·W1", "X·W₁", "look the same"),
    ("masha", "O1", "max(0, Н1)", "max(0, H₁)", "look the same"),
    ("masha", "O1", "мах(0, Н1)", "max(0, H₁)", "look the same"),
    ("masha", "grad.W2", "О1.Т @ d", "O₁ᵀ·d", "look the same"),
    ("logistic", "grad.yhat", "р - у", "p - y", "look the same"),
    ("logistic", "p", "σ(у_hat)", "σ(ŷ)", "look the same"),
    ("masha", "H1", "Ч·Ц1", "X·W₁", "keyboard layout"),
    ("masha", "H1", 'Ч " Ц1', "X·W₁", "keyboard layout"),
    ("masha", "O1", "ьфч(0б Р1)", "max(0, H₁)", "keyboard layout"),
    ("masha", "grad.O1", 'в " Ц2юЕ', "d·W₂ᵀ", "keyboard layout"),
    ("masha", "grad.O1", "в Ц2:Е", "d·W₂ᵀ", "keyboard layout"),
    ("masha", "grad.H1", "в * хР1 Ю 0ъ", "d ⊙ [H₁ > 0]", "keyboard layout"),
    ("masha", "new.W1", "Ц1 - пфььф*вД.вЦ1", "W₁ - γ·∂L/∂W₁", "keyboard layout"),
    ("logistic", "each.L", "-(н дт з + (1-н) дт(1-з))", "-(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))", ""),
]


@pytest.mark.parametrize(("problem", "key", "text", "shown", "note"), RUSSIAN)
def test_a_russian_keyboard_is_forgiven_with_a_note(
    problem: str, key: str, text: str, shown: str, note: str
) -> None:
    assert echoes(problem, key, text) == [shown]
    assert note in notes(problem, key, text)


def test_a_russian_word_that_means_nothing_is_quoted_as_it_was_typed() -> None:
    assert "сигмоида" in error("logistic", "p", "сигмоида(ŷ)").message


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("0,5 mean((ŷ-y)²)", "decimal point"),
        ("mean((Yhat-y)²)/2", "Yhat is read as ŷ"),
        ("mean((ŷ-y)²)/2", ""),
    ],
)
def test_what_was_read_otherwise_than_typed_is_noted(text: str, note: str) -> None:
    found = notes("masha", "L", text)
    assert note in found
    assert bool(found) == bool(note)


# --- what the shapes decide -----------------------------------------------------------------------


def test_a_star_is_whichever_product_fits() -> None:
    assert echoes("masha", "grad.H1", "d * W2.T * (H1 > 0)") == [
        "(d·W₂ᵀ) ⊙ [H₁ > 0] with d = ∂L/∂ŷ"
    ]
    assert echoes("masha", "H1", "X * W1") == ["X·W₁"]


def test_the_product_binds_tighter_than_the_elementwise_one_unless_only_the_other_fits() -> None:
    assert echoes("masha", "grad.H1", "d·W2ᵀ ⊙ [H1>0]") == ["(d·W₂ᵀ) ⊙ [H₁ > 0] with d = ∂L/∂ŷ"]
    assert echoes("masha", "grad.H1", "[H1>0] ⊙ d·W2ᵀ") == ["[H₁ > 0] ⊙ (d·W₂ᵀ) with d = ∂L/∂ŷ"]
    assert echoes("masha", "grad.W1", "Xᵀ·d ⊙ [H1>0]") == ["Xᵀ·(d ⊙ [H₁ > 0])"]


def test_a_gradient_further_up_is_tried_for_d_and_named() -> None:
    assert echoes("masha", "grad.H1", "d ⊙ [H1>0]") == ["d ⊙ [H₁ > 0]"]
    shown = echoes("masha", "grad.W1", "Xᵀ((d W2ᵀ) ⊙ [H1>0])")
    assert shown == ["Xᵀ·((d·W₂ᵀ) ⊙ [H₁ > 0]) with d = ∂L/∂ŷ"]


def test_d_and_a_name_are_a_product_or_a_gradient_as_the_shapes_want() -> None:
    assert echoes("masha", "grad.O1", "dW2ᵀ") == ["d·W₂ᵀ"]
    assert echoes("masha", "grad.H1", "dO1 ⊙ [H1>0]") == ["∂L/∂O₁ ⊙ [H₁ > 0]"]
    assert echoes("masha", "new.W2", "W2 - γ dW2") == ["W₂ - γ·∂L/∂W₂"]


def test_an_explicit_product_sign_between_matrices_is_never_elementwise() -> None:
    for text in ("p·(1-p)", "p @ (1-p)", r"p \cdot (1-p)"):
        assert echoes("logistic", "local.yhat", text) == []


def test_a_row_is_added_to_every_row_only_where_it_is_a_bias() -> None:
    assert echoes("biased", "yhat", "b + XW") == ["b + X·W"]
    assert echoes("masha", "grad.O1", "d ⊙ W2ᵀ") == []


def test_a_number_before_a_name_divides_with_it() -> None:
    assert echoes("masha", "L", "Σ(ŷ-y)²/2n") == ["Σ((ŷ - y)²)/(2·n)"]
    assert echoes("masha", "L", "1/2 Σ(ŷ-y)²/n") == ["((1/2)·Σ((ŷ - y)²))/n"]


def test_sigma_reaches_over_a_product_where_only_that_fits() -> None:
    assert echoes("logistic", "L", "-Σ(1-y) ln(1-p)") == ["-Σ((1 - y) ⊙ ln(1 - p))"]


def test_what_can_be_read_in_two_ways_has_two_survivors() -> None:
    two = ["(Σ(ŷ - y))²/(2·n)", "Σ((ŷ - y)²)/(2·n)"]
    assert echoes("masha", "L", "sum(ŷ-y)^2/(2n)") == two
    assert echoes("masha", "L", "Σ(ŷ-y)^2/(2n)") == ["Σ((ŷ - y)²)/(2·n)"]


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "key", "text", "position", "part"),
    [
        ("masha", "H1", "H1", 0, "H₁ is what is asked"),
        ("masha", "H1", "O1", 0, "O₁ comes later than H₁"),
        ("masha", "H1", "X dL/dW1", 2, "∂L/∂W₁ comes later"),
        ("masha", "grad.O1", "d new.W2ᵀ", 2, "W₂⁺ comes later"),
        ("masha", "O1", "H1@2", 0, "H₁⁽²⁾ comes later"),
        ("masha", "H1", "X W", 2, "Did you mean W"),
        ("masha", "H1", "X·W3", 2, "There is no W3"),
        ("masha", "H1", "foo", 0, "Known here: X, W₁, W₂, γ, y, n"),
        ("masha", "H1", "d W1", 0, "No gradient d arrives"),
        ("masha", "new.W1", "W1 - γ·d", 7, "No gradient d arrives"),
        ("masha", "H1", "X W1 +", 6, "breaks off"),
        ("masha", "H1", "(X W1", 5, ") is missing"),
        ("masha", "H1", "X W1)", 4, ") doesn't belong"),
        ("masha", "H1", "X W1 = H1 = X", 10, "One equals sign"),
        ("masha", "H1", "2", 0, "A formula is asked"),
        ("masha", "H1", "2 -1; 0 1", 0, "A formula is asked"),
        ("masha", "O1", "max(1, H1)", 0, "with 0 only"),
        ("masha", "O1", "leaky_relu(H1)", 0, "needs the slope"),
        ("masha", "grad.H1", "d ⊙ [H1 >= 0]", 8, "taken as 0"),
        ("masha", "grad.H1", "d ⊙ [H1 ≥ 0]", 8, "taken as 0"),
        ("masha", "grad.H1", "d * H1 > 0", 7, "Put the mask in brackets"),
        ("masha", "L", r"\frac{1}{2n} \sum (\hat y - y)^2", 0, "with a slash"),
        ("masha", "L", r"\mathcal X", 0, r"\mathcal isn't known"),
        ("masha", "L", "Σ(ŷ-y)^n", 6, "whole number"),
        ("masha", "H1", "X W1 ?", 5, "? has no meaning"),
        ("masha", "H1", "X W1 😀", 5, "has no meaning"),
        ("masha", "H1", "X^T'(W1", 7, ") is missing"),
        ("masha", "H1", "__import__('os')", 2, "There is no import"),
        ("masha", "H1", "X W1" + " " * 200, 200, "longer than 200"),
        ("masha", "H1", "(" * 60 + "X" + ")" * 60, 60, "nested too deeply"),
        ("masha", "H1", "1e999 X W1", 0, "too many digits"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    problem: str, key: str, text: str, position: int, part: str
) -> None:
    found = error(problem, key, text)
    assert part in found.message
    assert found.position == position


def test_a_place_counts_the_characters_as_typed() -> None:
    assert error("masha", "H1", r"X \cdot foo").position == 8
    assert error("masha", "H1", "X W_{1} foo").position == 8


def test_twenty_brackets_are_fine() -> None:
    assert echoes("masha", "H1", "(" * 20 + "X W1" + ")" * 20) == ["X·W₁"]


def test_the_learning_rate_has_many_names_unless_one_of_them_is_taken() -> None:
    assert echoes("biased", "new.b", "b - γ db") == ["b - η·∂L/∂b"]
    assert echoes("biased", "new.b", "b - lr*dL/db") == ["b - η·∂L/∂b"]


# --- any text -------------------------------------------------------------------------------------

PIECES = [
    *("X", "W1", "W_2", "H1", "O1", "ŷ", "y", "p", "d", "n", "γ", "L", "ℓ", "e", "σ(", "max(0,"),
    *("ln ", "Σ", "sum(", "relu'", *"()[]{}*·⊙@/+-^²ᵀ'|‖<>=012 ,;_\\√⁻", ".T", ".sum()", "dL/d"),
    *(
        "np.",
        "\\sigma",
        "\\frac",
        "\u0302",
        "Х",
        "Ц",
        "ю",
        "\x00",
        "😀",
        "**",
        "@2",
        "1e9",
        "∂O1/∂H1",
    ),
]
TEXTS = (
    st.lists(st.sampled_from(PIECES), max_size=50).map("".join)
    | st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(lambda p: "".join(p) * 40)
    | st.text(max_size=220)
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from([("masha", "grad.H1"), ("logistic", "L"), ("biased", "yhat")]))
def test_any_text_has_readings_or_an_error_with_a_place(text: str, where: tuple[str, str]) -> None:
    words = vocabulary(SOLUTIONS[where[0]], where[1])
    problem = None
    try:
        found = read_formula(text, words)
    except FormulaError as raised:
        problem = raised
    if problem is None:
        assert found.readings
        assert all(echo(reading, words) for reading in found.readings)
    else:
        assert problem.message
        assert 0 <= problem.position <= len(text)


def test_reading_keeps_no_trees_alive() -> None:
    words = vocabulary(SOLUTIONS["masha"], "grad.H1")
    gc.collect()
    before = len(node._nodes)
    for number in range(50):
        read_formula(f"d W2ᵀ * [H1 > {number}] + {number} d", words)
    gc.collect()
    assert len(node._nodes) <= before

"""The founding exercise: every value of its table, and exactly the book's own mistakes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from engine.practice.published import agrees
from engine.problems.problem import Problem
from engine.problems.reading import load

E = np.e
P = E / (1 + E)
"""σ(1)"""

MASHA: dict[str, object] = {
    "H1": [[2, -1], [0, 1]],
    "O1": [[2, 0], [0, 1]],
    "yhat": [[1], [1]],
    "L": 0.25,
    "each.L": [[0.5], [0]],
    "grad.yhat": [[-1], [0]],
    "local.O1": [[0.5, 1]],
    "grad.O1": [[-0.5, -1], [0, 0]],
    "local.H1": [[1, 0], [0, 1]],
    "grad.H1": [[-0.5, 0], [0, 0]],
    "local.X": [[1, 0.5], [-1, 0]],
    "grad.X": [[-0.5, -0.25], [0, 0]],
    "grad.W2": [[-2], [0]],
    "grad.W1": [[-0.5, 0], [-1, 0]],
    "new.W1": [[1.5, -1], [1.5, 0]],
    "new.W2": [[2.5], [1]],
    "L@2": 24.90625,
}
"""Parts а to з, and what the step does to the loss."""

LOGISTIC: dict[str, object] = {
    "p": [[P], [P]],
    "each.L": [[-np.log(1 - P)], [-np.log(P)]],
    "L": -np.log(1 - P) - np.log(P),
    "local.yhat": [[P * (1 - P)]] * 2,
    "grad.p": [[1 + E], [-1 - 1 / E]],
    "grad.yhat": [[P], [P - 1]],
    "grad.W2": [[2 * P], [P - 1]],
    "grad.O1": [[P / 2, P], [(P - 1) / 2, P - 1]],
    "grad.H1": [[P / 2, 0], [0, P - 1]],
    "grad.W1": [[P / 2, 1 - P], [P, 2 * (P - 1)]],
    "grad.X": [[P / 2, P / 4], [1 - P, 0]],
    "new.W1": [[1 - P / 2, -1 - (1 - P)], [0.5 - P, 2 * (1 - P)]],
    "new.W2": [[0.5 - 2 * P], [1 + (1 - P)]],
}
"""Parts и to л, in closed form."""

PRINTED: dict[str, object] = {
    "p": [[0.7311], [0.7311]],
    "each.L": [[1.3133], [0.3133]],
    "L": 1.6265,
    "local.yhat": [[0.1966], [0.1966]],
    "grad.p": [[3.7183], [-1.3679]],
    "grad.yhat": [[0.7311], [-0.2689]],
    "grad.W2": [[1.4621], [-0.2689]],
    "grad.H1": [[0.3655, 0], [0, -0.2689]],
    "grad.W1": [[0.3655, 0.2689], [0.7311, -0.5379]],
    "grad.X": [[0.3655, 0.1828], [0.2689, 0]],
    "new.W1": [[0.6345, -1.2689], [-0.2311, 0.5379]],
    "new.W2": [[-0.9621], [1.2689]],
}
"""The same to four decimals, computed with another program."""

DISAGREEMENTS = {
    "masha": {"H1", "new.W1"},
    "masha-logistic": {"each.L", "grad.p", "grad.yhat"},
    "masha-pass-order": set(),
}
REMARKS = {
    "masha": {"grad.yhat", "grad.X", "new.W2", "L@2"},
    "masha-logistic": {"L"},
}


@cache
def problem(identity: str) -> Problem:
    return load(identity)


@pytest.mark.parametrize("identity", ["masha", "masha-pass-order"])
@pytest.mark.parametrize("key", MASHA)
def test_every_value_of_the_first_half_is_right_and_not_rounded(identity: str, key: str) -> None:
    step = problem(identity).solution[key]
    assert step.value.tolist() == MASHA[key]
    assert step.exact_value is not None


@pytest.mark.parametrize("key", LOGISTIC)
def test_every_value_of_the_second_half_is_right_and_not_rounded(key: str) -> None:
    value = problem("masha-logistic").solution[key].value
    np.testing.assert_allclose(value, np.array(LOGISTIC[key]), rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("key", PRINTED)
def test_every_value_of_the_second_half_agrees_with_another_program(key: str) -> None:
    value = problem("masha-logistic").solution[key].value
    np.testing.assert_allclose(value, np.array(PRINTED[key]), atol=5.1e-5)


def test_both_lessons_of_the_first_half_compute_the_same() -> None:
    guided, plain = problem("masha").solution, problem("masha-pass-order").solution
    assert [*guided] == [*plain]
    for key, step in guided.items():
        assert step.value.tolist() == plain[key].value.tolist()
        assert step.formula == plain[key].formula


@pytest.mark.parametrize("identity", DISAGREEMENTS)
def test_exactly_the_books_mistakes_disagree(identity: str) -> None:
    found = problem(identity)
    disagreeing = {
        key for key, published in found.published.items() if not agrees(found, published)
    }
    assert disagreeing == DISAGREEMENTS[identity]


def test_the_books_logloss_disagrees_by_its_formula() -> None:
    published = problem("masha-logistic").published["each.L"]
    assert published.formula == "y*ln(p) + (1 - y)*(1 - p)"
    assert published.value is None


def test_the_books_numbers_are_kept_as_printed() -> None:
    masha, logistic = problem("masha").published, problem("masha-logistic").published
    assert [[str(cell) for cell in row] for row in masha["H1"].value or ()] == [
        ["2", "-0.5"],
        ["0", "1"],
    ]
    assert [[str(cell) for cell in row] for row in logistic["grad.p"].value or ()] == [
        ["3.7"],
        ["1.4"],
    ]


@pytest.mark.parametrize(
    ("identity", "key"),
    [
        (identity, key)
        for where in (DISAGREEMENTS, REMARKS)
        for identity, keys in where.items()
        for key in sorted(keys)
    ],
)
def test_each_has_its_word_in_both_languages(identity: str, key: str) -> None:
    erratum = problem(identity).published[key].erratum
    assert isinstance(erratum, dict)
    assert {*erratum} == {"en", "ru"}
    assert all(len(text.strip()) > 40 for text in erratum.values())
    assert erratum["en"] != erratum["ru"]


@pytest.mark.parametrize("identity", REMARKS)
def test_what_the_book_prints_rightly_agrees(identity: str) -> None:
    found = problem(identity)
    for key in {*found.published} - DISAGREEMENTS[identity]:
        assert found.published[key].value_agrees(found.solution[key]), key


def test_the_conventions_of_the_book_are_those_of_the_files() -> None:
    masha, logistic = problem("masha").network.loss, problem("masha-logistic").network.loss
    assert masha is not None
    assert logistic is not None
    assert (masha.half, masha.reduction, masha.per_observation) == (True, "mean", True)
    assert (logistic.kind, logistic.reduction, logistic.of) == ("logloss", "sum", "p")
    assert problem("masha-logistic").precision.significant == 2
    assert problem("masha-logistic").known == {"H1", "O1", "yhat"}


def test_the_parts_are_those_of_the_exercise_in_its_order() -> None:
    labels = [part.label for part in problem("masha").parts + problem("masha-logistic").parts]
    letters = list(dict.fromkeys(label.split()[0] for label in labels))
    assert letters == ["а", "б", "в", "г", "д", "е", "ё", "ж", "з", "и", "к", "л"]


def test_the_arriving_gradient_is_given_in_the_parts_that_are_asked_before_it() -> None:
    given = {part.label: part.given for part in problem("masha").parts if part.given}
    assert given == {"б": ("grad.H1",), "г": ("grad.O1",), "е": ("grad.yhat",)}


def test_the_second_half_starts_from_the_original_weights() -> None:
    for key in ("W1", "W2", "X"):
        masha, logistic = (
            problem(name).network.values[key] for name in ("masha", "masha-logistic")
        )
        assert masha.exact.tolist() == logistic.exact.tolist()
    assert problem("masha-logistic").network.values["y"].exact.tolist() == [[0], [1]]

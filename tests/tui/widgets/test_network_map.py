"""The network map: a chain drawn as arrows, folded where it is wide, lit at the place asked."""

from __future__ import annotations

from engine.practice.session import Question, lesson
from engine.problems.reading import load
from tui.widgets.network_map import Mark, chain_rows, is_chain, lit_marks


def lines(width: int, lit: frozenset[Mark] = frozenset()) -> list[str]:
    network = load("masha").network
    rows = chain_rows(network, lit, width)
    return ["".join(piece.text for piece in line) for row in rows for line in row]


def test_a_chain_is_drawn_forward_with_the_gradients_below() -> None:
    above, below = lines(100)
    assert above == "X ──·W₁──▸ H₁ ──ReLU──▸ O₁ ──·W₂──▸ ŷ ──MSE──▸ L"
    assert [i for i, character in enumerate(below) if character == "d"] == [
        above.index(name) for name in ("X", "H₁", "O₁", "ŷ")
    ]


def test_a_wide_chain_is_folded_and_loses_nothing() -> None:
    folded = lines(30)
    assert len(folded) == 4
    assert all(len(line) <= 30 for line in folded)
    assert folded[0] + folded[2] == lines(100)[0]


def test_a_step_back_lights_its_arrow_and_what_it_brings() -> None:
    problem = load("masha")
    assert lit_marks(Question(problem, "value", "grad.H1")) == {
        Mark("back", "O1"),
        Mark("grad", "H1"),
    }
    assert lit_marks(Question(problem, "value", "grad.W1")) == {Mark("weight_grad", "W1")}
    assert lit_marks(Question(problem, "value", "H1@2")) == {Mark("edge", "H1"), Mark("node", "H1")}


def test_every_question_of_the_lessons_lights_something_on_the_map() -> None:
    for name in ("masha", "masha-logistic", "masha-pass-order"):
        session = lesson(load(name))
        for question in session.questions:
            lit = lit_marks(question)
            rows = chain_rows(question.problem.network, lit, 100)
            drawn = {piece.mark for row in rows for line in row for piece in line}
            assert lit & drawn, question.id


def test_layers_one_after_the_other_are_a_chain() -> None:
    assert is_chain(load("masha").network)

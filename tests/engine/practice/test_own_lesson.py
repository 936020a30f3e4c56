"""The values one is at as a lesson: its numbers are those that are marked, nothing old is told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.practice.exploring import Explorer, Refused
from engine.practice.own_lesson import round_number
from engine.practice.running import stretches
from engine.practice.session import lesson
from engine.problems.course import builtin_ids
from engine.problems.reading import load


def explored(name: str = "masha") -> Explorer:
    """With another X, and two steps made."""
    explorer = Explorer(load(name))
    explorer.edit("X", 0, 0, "3")
    return explorer


def test_answers_are_marked_for_the_changed_values() -> None:
    problem = explored().lesson()
    assert engine.mark(problem, "H1", "4 -3; 0 1").verdict == "right"
    assert engine.mark(problem, "H1", "2 -1; 0 1").verdict != "right"
    assert engine.mark_formula(problem, "H1", "X W1").verdict == "right"


@pytest.mark.parametrize("name", builtin_ids())
def test_the_whole_lesson_can_be_answered_in_pass_order(name: str) -> None:
    problem = Explorer(load(name)).lesson()
    session = lesson(problem)
    assert {q.key for q in session.questions} >= {e.to for e in problem.network.entries}
    while not session.finished:
        question = session.question
        if question.kind == "formula":
            typed = problem.solution.formula(question.key)
        else:
            cells = np.atleast_2d(problem.solution[question.key].value)
            typed = "; ".join(" ".join(map(repr, map(float, row))) for row in cells)
        assert session.answer(typed).accepted, question.id
        session.next()


@pytest.mark.parametrize("name", builtin_ids())
def test_what_was_written_for_the_old_numbers_is_gone(name: str) -> None:
    original, problem = load(name), Explorer(load(name)).lesson()
    assert problem.intro == ""
    assert not problem.parts
    assert not problem.published
    assert not problem.known
    assert problem.title == original.title
    assert problem.precision == original.precision


def test_its_identity_is_its_own() -> None:
    ids = {Explorer(load(name)).lesson().id for name in builtin_ids()}
    assert len(ids) == len(builtin_ids())
    assert not ids & set(builtin_ids())


def test_trained_weights_are_rounded_to_what_can_be_typed() -> None:
    explorer = Explorer(load("masha-logistic"))
    run = explorer.start()
    for stretch in stretches(run.training, 3, lambda: False):
        explorer.take(run, stretch)
    problem = explorer.lesson()
    for key in ("W1", "W2"):
        for cell in problem.network.values[key].exact.flat:
            assert cell * 10**4 == int(cell * 10**4)
        assert np.allclose(problem.network.values[key].array, explorer.value(key), atol=5e-5)
    assert problem.network.values["X"] is explorer.original.network.values["X"]


def test_the_optimizer_that_was_chosen_is_asked() -> None:
    explorer = explored()
    explorer.choose("momentum")
    problem = explorer.lesson()
    assert "m.W1" in problem.solution
    assert problem.network.values["beta"].array == 0.9


def test_small_numbers_of_the_optimizer_stay_what_they_are() -> None:
    explorer = explored()
    explorer.choose("adam")
    assert explorer.lesson().network.values["epsilon"].exact[()] == Fraction(1, 10**8)


def test_a_problem_without_a_step_is_not_asked_one() -> None:
    problem = Explorer(load("book-4-2")).lesson()
    assert problem.network.update is None
    assert set(problem.network.values) == {"Z", "y"}


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        ("1/3", "0.3333"),
        ("-2/3", "-0.6667"),
        ("0.00012346", "0.0001235"),
        ("1e-9", "1e-9"),
        ("0", "0"),
        ("12345.67891", "12345.6789"),
        ("-0.00099999", "-0.001"),
    ],
)
def test_a_number_is_rounded_to_what_is_shown(number: str, rounded: str) -> None:
    assert round_number(Fraction(number)) == Fraction(rounded)


def test_values_that_fail_once_they_are_rounded_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ln.toml"
    path.write_text(
        'format = 1\nid = "ln"\ntitle = "ln"\n[values]\nx = [[2]]\n'
        '[[forward]]\nformula = "ln(x - 1)"\nto = "h"\n',
        encoding="utf-8",
    )
    explorer = Explorer(load(str(path)))
    explorer.edit("x", 0, 0, "1.00004")
    with pytest.raises(Refused, match="no finite value"):
        explorer.lesson()

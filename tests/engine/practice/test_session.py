"""The session: what is asked, what may be seen, what is kept."""

from __future__ import annotations

import json

import pytest

from engine.marking.hints import answer_text
from engine.practice.session import HINT_PAUSE, Session, lesson
from engine.problems.course import builtin_ids
from engine.problems.reading import load


class Clock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def right_answer(session: Session) -> str:
    question = session.question
    if question.kind == "formula":
        return question.problem.solution.formula(question.key)
    return answer_text(question.problem, question.key)


def to(session: Session, identity: str) -> None:
    while session.question.id != identity:
        session.answer(right_answer(session))
        session.next()


@pytest.mark.parametrize("name", builtin_ids())
def test_a_lesson_is_played_to_its_end_with_right_answers(name: str) -> None:
    session = lesson(load(name))
    while not session.finished:
        assert session.answer(right_answer(session)).verdict == "right", session.question.id
        session.next()
    assert session.answered == len(session.questions)
    assert all(progress.first_try for progress in session.progress)


def test_the_lesson_follows_the_books_parts() -> None:
    session = lesson(load("masha"))
    labels = list(dict.fromkeys(q.part.label for q in session.questions if q.part))
    assert [label for label in labels if len(label) == 1] == list("абвгдеёжз")
    assert session.questions[0].id == "formula H1"
    assert session.questions[-1].id == "L@2"


def test_a_problem_without_parts_asks_every_step_in_pass_order() -> None:
    problem = load("masha-pass-order")
    asked = [q.key for q in lesson(problem).questions if q.kind == "value"]
    assert asked == [key for key in problem.solution if not key.startswith("each.L")]


@pytest.mark.parametrize("name", builtin_ids())
def test_no_right_value_is_known_before_its_answer_but_what_the_part_gives(name: str) -> None:
    session = lesson(load(name))
    solved: set[str] = set()
    while not session.finished:
        question = session.question
        shown = set(session.known())
        allowed = solved | set(question.given) | question.problem.known
        assert shown <= allowed | set(question.problem.network.values)
        if question.key not in solved:
            assert question.key not in shown
        session.reveal()
        if question.kind == "value":
            solved.add(question.key)
            assert question.key in session.known()
        session.next()


def test_what_is_near_gives_no_formula_away() -> None:
    session = lesson(load("masha"))
    to(session, "formula grad.W1")
    assert session.nearby() == ["X", "W1", "H1", "grad.H1", "local.X"]


def test_a_wrong_answer_stays_and_the_right_one_goes_on() -> None:
    session = lesson(load("masha"))
    to(session, "H1")
    assert session.answer("1 1; 1 1").verdict == "wrong"
    assert session.here.status == "open"
    assert session.answer("2 -1; 0 1").verdict == "right"
    assert session.here.status == "right"
    assert session.here.tries == 2
    assert not session.here.first_try


def test_unreadable_and_unfinished_answers_are_no_tries() -> None:
    session = lesson(load("masha"))
    to(session, "H1")
    for text in ("", "x", "2 _; 0 1", "1 2 3"):
        session.answer(text)
    assert session.here.tries == 0


def test_a_reveal_ends_the_credit_but_not_the_way_on() -> None:
    session = lesson(load("masha"))
    to(session, "H1")
    shown = session.reveal()
    assert shown.value.tolist() == [[2.0, -1.0], [0.0, 1.0]]
    assert session.here.status == "revealed"
    session.answer("2 -1; 0 1")
    assert session.here.status == "revealed"


def test_the_book_is_corrected_after_the_answer() -> None:
    session = lesson(load("masha"))
    to(session, "H1")
    published = session.reveal().published
    assert published is not None
    assert not published.value_agrees(session.question.problem.solution["H1"])
    assert "-0.5" in published.note


def test_a_cell_is_worked_out_with_its_sources() -> None:
    session = lesson(load("masha"))
    to(session, "H1")
    cell = session.reveal().cell(0, 1)
    assert cell.text == "1·(-1) + 2·0"
    assert cell.sources == (("X", 0, 0), ("W1", 0, 1), ("X", 0, 1), ("W1", 1, 1))
    assert session.revelation().worked()[0][1] == "1·(-1) + 2·0 = -1"


# --- errors carried on ----------------------------------------------------------------------------


def test_a_skipped_wrong_entry_is_gone_on_with() -> None:
    session = lesson(load("masha"))
    to(session, "H1")
    session.answer("1 2; 0 1")
    session.skip()
    to(session, "O1")
    mark = session.answer("1 2; 0 1")
    assert mark.verdict == "carried"
    assert mark.carried_from == ("H1",)


def test_an_answer_that_rested_on_a_changed_entry_is_stale() -> None:
    session = lesson(load("masha"))
    to(session, "H1")
    wrong = session.position
    session.answer("1 2; 0 1")
    session.skip()
    to(session, "O1")
    carried = session.position
    session.answer("1 2; 0 1")
    assert session.stale() == []
    session.go(wrong)
    session.answer("2 -1; 0 1")
    assert session.stale() == [carried]
    assert session.progress[carried].status == "open"
    session.go(carried)
    assert session.is_stale
    session.answer("2 0; 0 1")
    assert session.stale() == []
    assert not session.is_stale


# --- hints ----------------------------------------------------------------------------------------


def test_the_first_hint_is_open_and_the_next_waits_for_a_try_or_a_moment() -> None:
    clock = Clock()
    session = lesson(load("masha"))
    session.clock = clock
    first = session.hint()
    assert first is not None
    assert session.hint() is None
    assert session.hint_waits() == HINT_PAUSE
    clock.now += HINT_PAUSE
    second = session.hint()
    assert second not in (None, first)
    assert session.hint() is None
    session.answer("X + W1")
    assert session.hint() is not None


def test_the_last_hint_is_the_answer_and_stays() -> None:
    clock = Clock()
    session = lesson(load("masha"))
    to(session, "H1")
    session.clock = clock
    given = []
    for _ in range(7):
        given.append(session.hint())
        clock.now += HINT_PAUSE
    assert given[4] == "H₁ = 2 -1; 0 1"
    assert given[5:] == [given[4], given[4]]
    assert session.given_hints() == tuple(given[:5])


def test_a_hint_ends_the_credit_for_mastery() -> None:
    session = lesson(load("masha"))
    session.hint()
    session.answer(right_answer(session))
    assert session.here.status == "right"
    assert not session.here.first_try


# --- keeping --------------------------------------------------------------------------------------


def test_a_snapshot_brings_back_place_answers_and_the_half_typed_cell() -> None:
    session = lesson(load("masha"))
    to(session, "H1")
    session.answer("1 1; 1 1")
    session.write_draft("2 -; _ _")
    kept = json.loads(json.dumps(session.snapshot()))
    other = lesson(load("masha"))
    other.restore(kept)
    assert other.position == session.position
    assert other.here.draft == "2 -; _ _"
    assert other.here.last is not None
    assert other.here.last.verdict == "wrong"
    assert [p.status for p in other.progress] == [p.status for p in session.progress]
    assert other.snapshot() == session.snapshot()


def test_a_snapshot_of_another_version_is_taken_up_as_far_as_it_fits() -> None:
    session = lesson(load("masha"))
    session.restore({"position": 99, "questions": [{"id": "value gone", "status": "right"}]})
    assert session.finished
    session.restore({})
    assert session.position == 0

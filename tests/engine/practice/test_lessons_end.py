"""No lesson is impossible to complete: by right answers, shown ones, skipped ones done later."""

from __future__ import annotations

import pytest

from engine.practice.session import Session, lesson
from engine.problems.course import builtin_ids
from engine.problems.reading import load
from tests.engine.answers import right

every_lesson = pytest.mark.parametrize("identity", builtin_ids())


def _begun(identity: str) -> Session:
    return lesson(load(identity))


@every_lesson
def test_whoever_knows_everything_gets_through_a_lesson_at_the_first_tries(identity: str) -> None:
    session = _begun(identity)
    while not session.finished:
        mark = session.answer(right(session.question))
        assert mark.accepted, (session.question.id, mark)
        session.next()
    assert all(progress.first_try for progress in session.progress)


@every_lesson
def test_whoever_has_every_answer_shown_gets_through_too(identity: str) -> None:
    session = _begun(identity)
    while not session.finished:
        session.reveal()
        session.next()
    assert session.answered == len(session.questions)


@every_lesson
def test_whoever_takes_every_hint_is_told_the_answer_at_last(identity: str) -> None:
    session = _begun(identity)
    now = [0.0]
    session.clock = lambda: now[0]
    for _ in range(min(6, len(session.questions))):
        for _ in session.question.hints():
            assert session.hint()
            now[0] += 60.0
        assert session.answer(right(session.question)).accepted
        session.next()


@every_lesson
def test_what_was_skipped_can_be_done_afterwards(identity: str) -> None:
    session = _begun(identity)
    while not session.finished:
        session.skip()
    for position in range(len(session.questions)):
        session.go(position)
        assert session.answer(right(session.question)).accepted, session.question.id
    assert {progress.status for progress in session.progress} == {"right"}

"""Recording a session: every answer, once, before its verdict is seen, and never in the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

import engine
from engine.marking.hints import answer_text
from engine.practice.mastery import Standing
from engine.practice.mixing import KINDS
from engine.practice.quiz import resume_quiz
from engine.practice.reasons import Reason
from engine.practice.session import Attempt, Session, lesson
from engine.problems.reading import load
from engine.records.database import Database, open_database
from engine.records.derived import read_standings
from engine.records.events import LONGEST, REVEALED, from_line
from engine.records.recorder import Recorder
from tests.engine.answers import right
from tests.engine.records.keeping import events_in, events_of, file_in

NOW = datetime(2025, 3, 3, 12, 30, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that only a test moves."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Play:
    """A lesson that is recorded."""

    database: Database
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.database, now=lambda: NOW)
        self.session = lesson(load("masha"))
        self.session.clock = self.clock
        self.session.go(1)  # the value of H1
        self.recorder.attach(self.session)

    def right(self) -> str:
        """The right answer to the question asked now."""
        question = self.session.question
        if question.kind == "formula":
            return question.problem.solution.formula(question.key)
        return answer_text(question.problem, question.key)


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A lesson at its first value, recorded."""
    opened = open_database(tmp_path)
    yield Play(opened)
    opened.close()


def test_an_answer_is_recorded_with_everything_about_it(play: Play) -> None:
    play.session.hint()
    play.clock.now += 12.5
    play.session.answer("2 -1; 0 5")
    (event,) = events_of(play.database)
    assert event.event == "attempt"
    assert (event.session, event.problem, event.key, event.kind) == (
        "masha",
        "masha",
        "H1",
        "value",
    )
    assert (event.skill, event.level, event.seed) == ("linear.forward", None, None)
    assert (event.typed, event.verdict, event.misconception) == ("2 -1; 0 5", "wrong", "")
    assert (event.hints, event.revealed, event.seconds, event.first) == (1, False, 12.5, True)
    assert (event.at, event.version) == ("2025-03-03T12:30:00+00:00", engine.__version__)
    assert event.day == NOW.astimezone().date().isoformat()


def test_an_answer_is_on_disk_before_anybody_sees_its_mark(play: Play) -> None:
    seen = []
    recorded = play.session.on_attempt
    assert recorded

    def look(session: Session, attempt: Attempt | None) -> None:
        recorded(session, attempt)
        other = sqlite3.connect(play.database.path)
        seen.append(other.execute("SELECT typed, verdict FROM log").fetchall())
        other.close()

    play.session.on_attempt = look
    play.session.answer(play.right())
    assert seen == [[(play.right(), "right")]]


def test_only_the_first_answer_that_counts_is_the_first(play: Play) -> None:
    for text in ("?", "2 _; 0 1", "2 -1; 0 5", "2 -1; 0 6", play.right()):
        play.session.answer(text)
    events = events_of(play.database)
    assert [event.verdict for event in events] == [
        *("invalid", "incomplete", "wrong", "wrong", "right"),
    ]
    assert [event.first for event in events] == [False, False, True, False, False]


def test_the_right_answer_shown_before_any_try_is_recorded_as_not_known(play: Play) -> None:
    play.session.reveal()
    play.session.reveal()
    play.session.answer(play.right())
    revealed, after = events_of(play.database)
    assert (revealed.verdict, revealed.first, revealed.typed) == (REVEALED, True, "")
    assert (after.verdict, after.first, after.revealed) == ("right", False, True)
    standing = play.database.read(read_standings)["linear.forward"]
    assert (standing.firsts, standing.known) == (1, 0)


def test_the_right_answer_shown_after_a_try_is_not_a_second_event(play: Play) -> None:
    play.session.answer("2 -1; 0 5")
    play.session.reveal()
    play.session.answer(play.right())
    wrong, after = events_of(play.database)
    assert (wrong.verdict, wrong.first) == ("wrong", True)
    assert (after.verdict, after.first, after.revealed) == ("right", False, True)


def test_looking_at_an_answered_question_is_no_reveal(play: Play) -> None:
    play.session.answer(play.right())
    play.session.reveal()
    assert len(events_of(play.database)) == 1


def test_what_is_taken_up_again_is_not_recorded_again(play: Play) -> None:
    play.session.answer("2 -1; 0 5")
    kept = play.session.snapshot()
    again = lesson(load("masha"))
    play.recorder.attach(again)
    again.restore(kept)
    assert len(events_of(play.database)) == 1
    again.answer(play.right())
    assert [event.first for event in events_of(play.database)] == [True, False]


def test_the_seconds_are_those_of_the_question_and_the_try(play: Play) -> None:
    play.clock.now += 5
    play.session.answer("2 -1; 0 5")
    play.clock.now += 7
    play.session.answer(play.right())
    play.clock.now += 100
    play.session.next()
    play.clock.now += 2
    play.session.answer("1")
    assert [event.seconds for event in events_of(play.database)] == [5.0, 7.0, 2.0]


@pytest.mark.parametrize("text", ["\ud800\udfff half \ud800", "\x00\x1b[31m", "𝟙 🙂", "1" * 90_000])
def test_any_text_can_be_recorded(text: str, play: Play) -> None:
    play.session.answer(text)
    assert play.recorder.trouble == ""
    (event,) = events_of(play.database)
    assert len(event.typed) == min(len(text), LONGEST)


# --- quizzes --------------------------------------------------------------------------------------


def test_a_quiz_is_recorded_with_level_and_seed_and_says_why_it_asks(tmp_path: Path) -> None:
    recorder = Recorder(open_database(tmp_path), lambda: NOW, Random(1).randrange)
    quiz = recorder.new_quiz(length=3, kinds=["value"])
    assert all(question.why and question.why.sentence for question in quiz.questions)
    quiz.answer("17 4")
    (event,) = events_of(recorder.database)
    item = quiz.items[0]
    assert (event.skill, event.level, event.seed) == (item.skill, item.level, item.seed)
    assert (event.session, event.problem) == ("quiz", "quiz")
    recorder.database.close()


def test_every_kind_of_question_is_recorded_under_its_own_name(tmp_path: Path) -> None:
    recorder = Recorder(open_database(tmp_path), now=lambda: NOW)
    for kind in KINDS:
        quiz = recorder.new_quiz("linear.backward", 1, 4, kinds=[kind])
        while not quiz.finished:
            quiz.answer(right(quiz.question))
            quiz.next()
    recorded = [(event.kind, event.verdict) for event in events_of(recorder.database)]
    kinds = ["value", "formula", "choice", "shape", "spot", "mend"]
    assert recorded == [(kind, "right") for kind in kinds]
    recorder.database.close()


def test_a_quiz_asks_for_what_the_records_say(tmp_path: Path) -> None:
    recorder = Recorder(open_database(tmp_path), lambda: NOW, Random(1).randrange)
    quiz = recorder.new_quiz(skill="relu.backward", length=1, kinds=["value"])
    quiz.answer(answer_text(quiz.question.problem, quiz.question.key).replace("-", "") + "5")
    item = next(
        each for each in recorder.new_quiz(length=30).questions if each.skill == "relu.backward"
    )
    assert item.why
    assert item.why.code in ("weak", "mistake")
    recorder.database.close()


def test_a_quiz_with_a_seed_is_the_same_for_everybody(tmp_path: Path) -> None:
    recorder = Recorder(open_database(tmp_path), lambda: NOW, Random(1).randrange)
    before = [(item.skill, item.level, item.seed) for item in recorder.new_quiz(seed=5).items]
    quiz = recorder.new_quiz(length=5)
    for _ in range(5):
        quiz.answer("0")
        quiz.next()
    again = [(item.skill, item.level, item.seed) for item in recorder.new_quiz(seed=5).items]
    assert before == again
    recorder.database.close()


def test_a_planned_quiz_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    recorder = Recorder(open_database(tmp_path), lambda: NOW, Random(1).randrange)
    quiz = recorder.new_quiz(length=4)
    quiz.reveal()
    quiz.next()
    again = resume_quiz(quiz.snapshot())
    assert [(item.skill, item.level, item.seed) for item in again.items] == [
        (item.skill, item.level, item.seed) for item in quiz.items
    ]
    assert [each.why for each in again.questions] == [each.why for each in quiz.questions]
    (back,) = again.positions(4)[:1]
    assert again.questions[back].why == Reason("again")
    assert again.position == 1
    recorder.database.close()


# --- trouble --------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    play = Play(open_database(tmp_path / "file"))
    assert play.session.answer("2 -1; 0 5").verdict == "wrong"
    assert "can't be recorded" in play.recorder.trouble
    assert "exported" in play.recorder.trouble
    assert play.session.answer(play.right()).verdict == "right"
    assert [event.verdict for event in play.recorder.unwritten] == ["wrong", "right"]
    assert "2 answers" in play.recorder.finish()


def test_what_could_not_be_written_is_written_once_that_is_possible(tmp_path: Path) -> None:
    blocked = tmp_path / "folder"
    blocked.write_text("in the way", encoding="utf-8")
    play = Play(open_database(blocked))
    play.session.answer("2 -1; 0 5")
    blocked.unlink()
    play.session.answer(play.right())
    assert play.recorder.trouble == ""
    assert play.recorder.finish() == ""
    assert [event.verdict for event in events_of(play.database)] == ["wrong", "right"]
    play.database.close()


def test_what_waits_counts_for_what_is_asked_next(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    play = Play(open_database(tmp_path / "file"))
    play.session.answer("2 -1; 0 5")
    assert play.recorder.standings()["linear.forward"].firsts == 1
    assert len(play.recorder.new_quiz().items) == 10


def test_an_export_has_what_waits(tmp_path: Path) -> None:
    play = Play(open_database(tmp_path / "data"))
    play.session.answer("2 -1; 0 5")
    play.database.close()
    play.database.path = tmp_path / "data" / "in the way" / "file"
    (tmp_path / "data" / "in the way").write_text("", encoding="utf-8")
    play.session.answer("2 -1; 0 6")
    assert play.recorder.export(tmp_path / "rescued.jsonl") == 1
    play.database.path = file_in(tmp_path / "data")
    assert play.recorder.export(tmp_path / "all.jsonl") == 2
    _, *lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert [from_line(line).typed for line in lines] == ["2 -1; 0 5", "2 -1; 0 6"]
    play.database.close()


def test_two_windows_record_into_one_log(tmp_path: Path) -> None:
    windows = [Play(open_database(tmp_path)) for _ in range(2)]
    for place in range(10):
        windows[place % 2].session.answer(f"{place}")
    standings = [window.database.read(read_standings) for window in windows]
    for window in windows:
        assert window.recorder.trouble == ""
        window.database.close()
    assert [event.typed for event in events_in(tmp_path)] == [f"{place}" for place in range(10)]
    assert standings[0] == standings[1]
    assert standings[0].get("linear.forward", Standing()).firsts == 0  # a scalar isn't readable

"""A whole pass in the records: its steps as answers, and once what came of it all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.practice.quiz import Quiz
from engine.records.database import Database, open_database
from engine.records.derived import read_standings, rebuild
from engine.records.events import ATTEMPT, WHOLE, Event, read_log
from engine.records.overview import read_overview
from engine.records.recorder import Recorder
from tests.engine.answers import right, wrong

SKILL = "pass.mse"


class Play:
    """A pass that is done with some steps wrong, and what the file has of it."""

    def __init__(self, folder: Path) -> None:
        self.database: Database = open_database(folder)
        self.now = datetime(2025, 3, 3, 12, tzinfo=UTC)
        self.recorder = Recorder(self.database, lambda: self.now)

    def take(self, *missed: str, seed: int = 3) -> Quiz:
        quiz = self.recorder.new_quiz(SKILL, 1, seed)
        while not quiz.finished and quiz.place == 0:
            key = quiz.question.key
            if key in missed:
                quiz.answer(wrong(quiz.question))
                quiz.reveal()
            else:
                quiz.answer(right(quiz.question))
            quiz.next()
        self.now += timedelta(days=1)
        return quiz

    @property
    def events(self) -> list[Event]:
        return self.database.read(lambda connection: [e for _, e in read_log(connection)])


def test_each_step_counts_for_its_own_skill_and_the_pass_for_its_own(tmp_path: Path) -> None:
    play = Play(tmp_path)
    play.take()
    *steps, whole = play.events
    assert {event.event for event in steps} == {ATTEMPT}
    assert {(event.kind, event.problem, event.seed) for event in steps} == {
        ("pass", SKILL, steps[0].seed)
    }
    assert [event.skill for event in steps] == [
        "linear.forward",
        "mse.loss",
        "mse.gradient",
        "linear.weight_gradient",
        "sgd.update",
    ]
    assert (whole.event, whole.skill, whole.verdict, whole.first) == (WHOLE, SKILL, "right", True)
    standings = play.database.read(read_standings)
    assert (standings[SKILL].firsts, standings[SKILL].known) == (1, 1)
    assert standings["mse.gradient"].firsts == 1
    assert standings[SKILL].card is not None
    play.database.close()


def test_a_pass_with_one_step_missed_is_not_known_and_the_step_gets_the_mistake(
    tmp_path: Path,
) -> None:
    play = Play(tmp_path)
    play.take("grad.W1")
    standings = play.database.read(read_standings)
    assert (standings[SKILL].firsts, standings[SKILL].known) == (1, 0)
    assert standings["linear.weight_gradient"].known == 0
    assert standings["mse.gradient"].known == 1
    play.database.close()


def test_a_pass_that_was_not_finished_says_nothing_about_it(tmp_path: Path) -> None:
    play = Play(tmp_path)
    quiz = play.recorder.new_quiz(SKILL, 1, 3)
    for _ in range(len(quiz.questions) - 1):
        quiz.answer(right(quiz.question))
        quiz.next()
    quiz.skip()
    assert {event.event for event in play.events} == {ATTEMPT}
    quiz.back()
    quiz.answer(right(quiz.question))
    assert [event.event for event in play.events].count(WHOLE) == 1
    quiz.answer(right(quiz.question))
    assert [event.event for event in play.events].count(WHOLE) == 1
    play.database.close()


def test_the_calendar_counts_answers_and_not_the_pass_once_more(tmp_path: Path) -> None:
    play = Play(tmp_path)
    quiz = play.take()
    overview = play.database.read(read_overview)
    assert overview.answers == len(quiz.questions)
    assert SKILL in {record.skill for record in overview.skills}
    play.database.close()


def test_passes_known_again_and_again_are_mastered_and_a_rebuild_says_the_same(
    tmp_path: Path,
) -> None:
    play = Play(tmp_path)
    for seed in range(8):
        play.take(seed=seed)
    standings = play.database.read(read_standings)
    assert standings[SKILL].mastered
    play.database.write(rebuild)
    assert play.database.read(read_standings) == standings
    play.database.close()

"""Simulated learners: one fixed misconception is found out, named, and asked for again."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from engine.expression.evaluate import evaluate
from engine.expression.printing import write
from engine.marking.misconceptions import variants
from engine.practice.choices import Choice
from engine.practice.question import Question
from engine.practice.quiz import Quiz
from engine.practice.spotting import Spot
from engine.practice.summary import summary
from engine.records.database import open_database
from engine.records.overview import read_overview
from engine.records.recorder import Recorder
from tests.engine.answers import right, typed, wrong

MISCONCEPTIONS = (
    "mask_missing",
    "mask_values",
    "mask_of_output_gradient",
    "activation_missing",
    "bias_missing",
    "difference_reversed",
    "not_averaged",
    "averaged",
    "coefficient_missing",
    "ascent",
    "gradient_only",
    "learning_rate_missing",
    "derivative_of_output",
    "factor_missing",
    "transpose_missing",
    "sum_missing",
    "square_missing",
    "wrong_log_base",
    "wrong_quantity",
    "sign",
    "answer_transposed",
)
"""Mistakes that somebody always makes; each shows in the numbers of the first lessons' skills."""


class Learner:
    """Knows everything but for one misconception; takes quizzes of ten, one a day."""

    def __init__(self, folder: Path, tag: str, seed: int) -> None:
        self.tag = tag
        self.now = datetime(2025, 3, 3, 12, tzinfo=UTC)
        chance = Random(seed).randrange
        self.recorder = Recorder(open_database(folder), lambda: self.now, chance)

    def take(self, **options: object) -> Quiz:
        """Play a quiz to its end, what comes back included."""
        quiz = self.recorder.new_quiz(**options)  # type: ignore[arg-type]
        while not quiz.finished:
            mark = quiz.answer(self.reply(quiz.question))
            if not mark.accepted:
                quiz.reveal()
            quiz.next()
        assert self.recorder.trouble == ""
        self.now += timedelta(days=1)
        return quiz

    def reply(self, question: Question) -> str:
        """What the learner answers."""
        if isinstance(question.task, Choice):
            tags = [option.mistake and option.mistake.tag for option in question.task.options]
            return str(tags.index(self.tag) + 1) if self.tag in tags else right(question)
        if isinstance(question.task, Spot):
            own = question.task.mistake.tag == self.tag
            return wrong(question) if own else right(question)  # one's own mistake looks right
        solution = question.problem.solution
        for variant in variants(solution, question.key):
            if variant.tag != self.tag:
                continue
            if question.kind == "formula":
                return write(variant.node, solution.notation)
            with suppress(ValueError):
                value = evaluate(variant.node, solution.numbers)
                if value.shape == question.shape:
                    return typed(value)
        return right(question)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tag", MISCONCEPTIONS)
def test_a_misconception_is_named_within_twenty_items_and_asked_for_in_the_next_quiz(
    tag: str, seed: int, tmp_path: Path
) -> None:
    learner = Learner(tmp_path, tag, seed)
    met: set[str] = set()
    for _ in range(2):
        result = summary(learner.take())
        met |= {missed.skill for missed in result.missed if tag in missed.tags}
    assert met, f"{tag} wasn't named in two quizzes"
    planned = learner.recorder.new_quiz().questions
    asked = {each.skill: each.why for each in planned if not each.whole}
    again = met & {skill for skill, why in asked.items() if why and why.code == "mistake"}
    assert again, f"{tag} was met at {met}, and {asked} is asked"
    learner.recorder.database.close()


def test_a_misconception_that_is_understood_is_no_longer_asked_for(tmp_path: Path) -> None:
    learner = Learner(tmp_path, "mask_missing", 1)
    for _ in range(3):
        learner.take()
    assert learner.recorder.standings()["relu.backward"].mistake == "mask_missing"
    learner.tag = ""
    for _ in range(3):
        learner.take()
    assert learner.recorder.standings()["relu.backward"].mistake == ""
    overview = learner.recorder.database.read(read_overview)
    assert dict(overview.mistakes)["mask_missing"] >= 2
    learner.recorder.database.close()


def test_somebody_who_knows_everything_masters_a_skill_in_one_quiz(tmp_path: Path) -> None:
    learner = Learner(tmp_path, "", 1)
    quiz = learner.take(skill="relu.backward")
    assert summary(quiz).score == quiz.length == 10
    assert learner.recorder.standings()["relu.backward"].mastered
    learner.recorder.database.close()


def test_a_learner_who_shows_every_answer_gets_to_the_end(tmp_path: Path) -> None:
    recorder = Recorder(open_database(tmp_path), chance=Random(1).randrange)
    quiz = recorder.new_quiz()
    steps = 0
    while not quiz.finished:
        quiz.reveal()
        quiz.next()
        steps += 1
        assert steps <= 60
    assert summary(quiz).score == 0
    assert recorder.database.read(read_overview).answers == steps
    recorder.database.close()

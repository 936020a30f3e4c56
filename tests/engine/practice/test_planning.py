"""What is asked next: what presses most, never the same for ever, and always with a reason."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.language import LANGUAGES, use_language
from engine.practice.draw import Draw
from engine.practice.mastery import (
    DIFFICULTY,
    MASTERED_AT,
    Answer,
    Card,
    Standing,
    best_level,
    expected,
    learn,
)
from engine.practice.mistakes import MISTAKES
from engine.practice.planning import CORE, HALVED, WEIGHTS, is_done, next_skill, plan
from engine.practice.reasons import REASONS, Reason
from engine.practice.skills import PASS, SKILLS, UnknownSkillError

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)

MASTERED = Standing(
    rating=MASTERED_AT + 50,
    firsts=8,
    known=8,
    streak=8,
    mastered=True,
    card=Card(30.0, 5.0, LATER, NOW),
)
WEAK = Standing(rating=950, firsts=3, known=1, card=Card(2.0, 5.0, LATER, NOW))
KNOWN_ONCE = replace(WEAK, streak=1)
ALL_MASTERED = dict.fromkeys(SKILLS, MASTERED)
STEPS = [each.id for each in SKILLS.values() if each.subject != PASS]


def _reasons(standings: dict[str, Standing], length: int = 10, seed: int = 1) -> dict[str, str]:
    items = plan(standings, length, NOW, Draw(seed))
    return {item.skill: item.reason.code for item in items}


def test_a_beginner_begins_with_what_rests_on_nothing_else() -> None:
    first = {each.id for each in SKILLS.values() if each.depth == 0 and each.subject in CORE}
    asked = [item.skill for item in plan({}, len(first), NOW, Draw(1))]
    assert {*asked} == first


def test_nothing_is_asked_twice_before_everything_new_was_asked_once() -> None:
    items = plan({}, len(STEPS), NOW, Draw(1))
    assert {item.skill for item in items} == {*STEPS}


def test_a_whole_pass_waits_until_its_steps_are_known() -> None:
    wanted = "pass.mse"
    for seed in range(20):
        early = plan({}, 20, NOW, Draw(seed))
        assert not {item.skill for item in early} & {*SKILLS} - {*STEPS}
        standings = {**ALL_MASTERED, wanted: Standing()}
        assert next_skill(standings, NOW, Draw(seed)).skill == wanted


def test_what_the_first_lessons_need_is_met_before_what_lies_beyond() -> None:
    core = {each.id for each in SKILLS.values() if each.subject in CORE}
    for seed in range(20):
        items = plan({}, len(core), NOW, Draw(seed))
        assert {item.skill for item in items} == core
    assert 16 <= len(core) <= 20, "all of them fit in two quizzes"


def test_a_mistake_is_asked_for_first() -> None:
    mistaken = replace(WEAK, mistake="mask_missing")
    for seed in range(20):
        item = next_skill({**ALL_MASTERED, "relu.backward": mistaken}, NOW, Draw(seed))
        assert item.skill == "relu.backward"
        assert item.reason == Reason("mistake", "mask_missing")
    assert _reasons({"relu.backward": mistaken})["relu.backward"] == "mistake"


def test_what_is_due_is_asked_before_what_is_new() -> None:
    due = replace(MASTERED, card=Card(30.0, 5.0, NOW, NOW - timedelta(days=30)))
    for seed in range(20):
        assert next_skill({"sgd.update": due}, NOW, Draw(seed)).reason.code == "due"


def test_what_one_is_ready_for_is_asked_before_what_one_is_not() -> None:
    standings = {"relu.forward": MASTERED, "relu.local": MASTERED}
    for seed in range(20):
        asked = [item.skill for item in plan(standings, 4, NOW, Draw(seed))]
        assert {*asked} == {"linear.forward", "sigmoid.forward", "mse.loss", "relu.backward"}


def test_what_was_not_right_the_last_time_is_asked_before_what_was() -> None:
    standings = {**dict.fromkeys(SKILLS, KNOWN_ONCE), "mse.loss": WEAK}
    for seed in range(20):
        assert next_skill(standings, NOW, Draw(seed)).skill == "mse.loss"


def test_the_level_follows_the_rating() -> None:
    for rating in (700, 1000, 1200, 1400, 1600):
        standings = dict.fromkeys(SKILLS, Standing(rating=rating, firsts=3))
        levels = {item.level for item in plan(standings, 10, NOW, Draw(1))}
        assert levels == {best_level(rating)}


def test_easier_questions_come_first() -> None:
    items = plan({"mse.loss": MASTERED}, 20, NOW, Draw(4))
    hardness = [SKILLS[item.skill].depth + item.level for item in items]
    assert hardness == sorted(hardness)


def test_the_same_dice_give_the_same_plan_and_others_another() -> None:
    standings = dict.fromkeys(SKILLS, WEAK)
    plans = [plan(standings, 10, NOW, Draw(seed)) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]


@pytest.mark.parametrize("code", HALVED)
def test_one_reason_takes_half_of_a_quiz_at_most_while_there_are_others(code: str) -> None:
    pressing = replace(WEAK, mistake="sign" if code == "mistake" else "")
    standings = {**ALL_MASTERED, **dict.fromkeys([*SKILLS][:8], pressing)}
    items = plan(standings, 10, NOW, Draw(1))
    assert Counter(item.reason.code for item in items)[code] == 5


def test_a_plan_is_as_long_as_asked_even_where_every_skill_has_the_same_reason() -> None:
    for standing in (WEAK, MASTERED, replace(WEAK, mistake="sign")):
        for length in (1, 2, 10, 100):
            assert len(plan(dict.fromkeys(SKILLS, standing), length, NOW, Draw(1))) == length


def test_any_skill_can_be_chosen_at_any_time() -> None:
    for skill in SKILLS:
        items = plan({skill: MASTERED}, 3, NOW, Draw(1), skill)
        assert [item.skill for item in items] == [skill] * 3
        assert {item.reason.code for item in items} == {"chosen"}
    with pytest.raises(UnknownSkillError):
        plan({}, 3, NOW, Draw(1), "juggling")


def test_skills_that_are_no_longer_there_are_passed_over() -> None:
    items = plan({"juggling.backward": replace(WEAK, mistake="sign")}, 10, NOW, Draw(1))
    assert {item.skill for item in items} <= SKILLS.keys()


def test_every_reason_has_a_sentence_and_a_weight() -> None:
    assert WEIGHTS.keys() | {"chosen", "again"} == REASONS.keys()
    for language in LANGUAGES:
        use_language(language)
        sentences = [Reason(code, "sign" if code == "mistake" else "").sentence for code in REASONS]
        assert len({*sentences}) == len(REASONS)
        assert not any("{" in sentence for sentence in sentences)
    use_language("en")
    assert MISTAKES["mask_missing"] in Reason("mistake", "mask_missing").sentence
    assert Reason("of a newer version").sentence == ""


# --- learners -----------------------------------------------------------------------------------


class Learner:
    """Somebody who answers quizzes, ten items each, and what mastery thinks of them."""

    def __init__(self, seed: int, ability: dict[str, float] | float) -> None:
        self.dice = random.Random(seed)
        self.seed = seed
        self.ability = ability
        self.standings: dict[str, Standing] = {}
        self.now = NOW
        self.asked: Counter[str] = Counter()
        self.reviewed: set[tuple[str, date]] = set()

    def quiz(self, length: int = 10, per_day: int = 3) -> list[str]:
        """Answer one quiz; so many a day. The skills that were asked."""
        self.seed += 1
        items = plan(self.standings, length, self.now, Draw(self.seed))
        for item in items:
            ability = self.ability
            power = ability if isinstance(ability, float) else ability.get(item.skill, 1300.0)
            known = self.dice.random() < expected(power, DIFFICULTY[item.level])
            answer = Answer(item.skill, known, self.now, level=item.level, seconds=60)
            today = (item.skill, self.now.date())
            review = today not in self.reviewed
            self.reviewed.add(today)
            self.asked[item.skill] += 1
            needs = SKILLS[item.skill].prerequisites
            self.standings |= learn(self.standings, answer, needs, review=review)
        self.now += timedelta(days=1 / per_day)
        return [item.skill for item in items]


@pytest.mark.parametrize("seed", range(5))
def test_somebody_who_knows_everything_is_done_in_finite_time(seed: int) -> None:
    learner, quizzes = Learner(seed, 9000.0), 0
    while not is_done(learner.standings, learner.now) and quizzes < 40:
        learner.quiz()
        quizzes += 1
    assert quizzes * 10 <= 8 * len(SKILLS)


@pytest.mark.parametrize("seed", range(3))
def test_a_good_learner_gets_done_and_then_repeats_ever_less(seed: int) -> None:
    learner = Learner(seed, 1400.0)
    done_after = next(
        number
        for number in range(100)
        if is_done(learner.standings, learner.now) or not learner.quiz()
    )
    assert done_after <= 30
    learner.now += timedelta(days=400)
    assert not is_done(learner.standings, learner.now)
    while not is_done(learner.standings, learner.now):
        learner.quiz()
        done_after += 1
    assert done_after <= 60


@pytest.mark.parametrize("seed", range(3))
def test_somebody_who_knows_nothing_still_meets_every_skill(seed: int) -> None:
    learner = Learner(seed, 0.0)
    for _ in range(len(SKILLS)):
        learner.quiz()
    assert learner.asked.keys() == SKILLS.keys()


@pytest.mark.parametrize("skill", SKILLS)
def test_nobody_is_stuck_at_one_skill_that_they_cannot_do(skill: str) -> None:
    learner = Learner(7, {skill: 0.0})
    for _ in range(5 * len(SKILLS) // 2):
        assert learner.quiz().count(skill) <= 5
    others = {each: standing for each, standing in learner.standings.items() if each != skill}
    assert all(standing.mastered for standing in others.values())
    assert not learner.standings[skill].mastered


def test_what_is_learnt_late_is_mastered_after_all() -> None:
    learner = Learner(3, {"linear.backward": 0.0})
    for _ in range(30):
        learner.quiz()
    assert not learner.standings["linear.backward"].mastered
    learner.ability = 1300.0
    quizzes = 0
    while not learner.standings["linear.backward"].mastered:
        learner.quiz()
        quizzes += 1
    assert quizzes <= 15

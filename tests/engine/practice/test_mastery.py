"""Mastery: the rating finds the learner's level, the card the date, and neither flaps."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from engine.practice.mastery import (
    AIM,
    DIFFICULTY,
    LONGEST_INTERVAL,
    LOWEST,
    MASTERED_AT,
    START,
    Answer,
    Standing,
    best_level,
    expected,
    learn,
)

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
KNOWN = Answer("relu.backward", known=True, at=NOON, level=1)
NOT_KNOWN = replace(KNOWN, known=False)


def _after(*answers: Answer, start: Standing | None = None) -> Standing:
    standings = {} if start is None else {"relu.backward": start}
    for answer in answers:
        standings |= learn(standings, answer)
    return standings.get("relu.backward", Standing())


def _practise(ability: float, number: int, seed: int) -> tuple[list[bool], list[Standing]]:
    """A learner of that ability, whose items are as difficult as mastery wants them."""
    dice = random.Random(f"{ability}/{seed}")
    standing, known, standings = Standing(), [], []
    for _ in range(number):
        level = best_level(standing.rating)
        known.append(dice.random() < expected(ability, DIFFICULTY[level]))
        answer = replace(KNOWN, known=known[-1], level=level)
        standing = learn({KNOWN.skill: standing}, answer, review=False)[KNOWN.skill]
        standings.append(standing)
    return known, standings


# --- the rating ---------------------------------------------------------------------------------


def test_a_right_answer_raises_the_rating_and_a_wrong_one_lowers_it() -> None:
    assert _after(KNOWN).rating > START > _after(NOT_KNOWN).rating


def test_a_harder_item_gives_more_and_costs_less() -> None:
    assert _after(replace(KNOWN, level=3)).rating > _after(KNOWN).rating
    assert _after(replace(NOT_KNOWN, level=3)).rating > _after(NOT_KNOWN).rating


def test_an_item_to_choose_from_gives_less_since_one_may_guess() -> None:
    assert START < _after(replace(KNOWN, kind="choice")).rating < _after(KNOWN).rating


def test_a_lesson_counts_as_the_first_level() -> None:
    assert _after(replace(KNOWN, level=None)) == _after(KNOWN)


def test_a_level_beyond_the_table_counts_as_the_highest() -> None:
    assert _after(replace(KNOWN, level=9)) == _after(replace(KNOWN, level=max(DIFFICULTY)))


@pytest.mark.parametrize("ability", [1040.0, 1100.0, 1200.0, 1300.0])
def test_one_gets_about_four_of_five_right(ability: float) -> None:
    known = [each for seed in range(10) for each in _practise(ability, 200, seed)[0]]
    assert abs(sum(known) / len(known) - AIM) < 0.03


@pytest.mark.parametrize("ability", [900.0, 1100.0, 1300.0])
def test_the_rating_finds_the_ability(ability: float) -> None:
    ratings = [each.rating for seed in range(10) for each in _practise(ability, 200, seed)[1][50:]]
    assert abs(sum(ratings) / len(ratings) - ability) < 30


def test_a_beginner_gets_the_first_level_and_a_master_the_last() -> None:
    assert best_level(START) == min(DIFFICULTY)
    assert best_level(2000) == max(DIFFICULTY)


def test_somebody_who_knows_nothing_falls_no_lower_than_the_easiest_items_can_tell() -> None:
    assert _practise(0, 500, 0)[1][-1].rating == LOWEST < DIFFICULTY[1]


# --- what counts --------------------------------------------------------------------------------


def test_only_the_first_answer_to_a_question_counts() -> None:
    assert learn({}, replace(KNOWN, first=False)) == {}
    assert learn({}, replace(NOT_KNOWN, first=False)) == {}


def test_a_mistake_at_a_later_try_is_remembered_but_costs_nothing() -> None:
    before = _after(KNOWN)
    after = _after(replace(NOT_KNOWN, first=False, tag="mask_missing"), start=before)
    assert after == replace(before, mistake="mask_missing", streak=0)


def test_a_mistake_is_mended_by_two_known_answers_in_a_row() -> None:
    mistaken = _after(replace(NOT_KNOWN, tag="mask_missing"))
    assert mistaken.mistake == "mask_missing"
    assert _after(KNOWN, start=mistaken).mistake == "mask_missing"
    assert _after(KNOWN, NOT_KNOWN, KNOWN, start=mistaken).mistake == "mask_missing"
    assert _after(KNOWN, KNOWN, start=mistaken).mistake == ""


@pytest.mark.parametrize("known", [True, False])
def test_time_only_ever_helps(known: bool) -> None:
    standings = [
        _after(replace(KNOWN, known=known, seconds=seconds))
        for seconds in (0.5, 19.0, 21.0, 600.0, 100_000.0, None)
    ]
    without = standings[-1]
    assert without.card
    for standing in standings:
        assert standing.card
        assert standing.rating == without.rating
        assert standing.card.due >= without.card.due
    assert (standings[0] != without) is known


def test_the_skills_it_rests_on_get_a_share_of_the_credit() -> None:
    changed = learn({}, KNOWN, ["relu.local"])
    own, share = changed["relu.backward"].rating - START, changed["relu.local"].rating - START
    assert 0 < share < own / 2
    assert changed["relu.local"].firsts == 0
    assert changed["relu.local"].card is None


def test_the_skills_it_rests_on_get_no_share_of_the_blame() -> None:
    assert learn({}, NOT_KNOWN, ["relu.local"]).keys() == {"relu.backward"}


# --- mastery ------------------------------------------------------------------------------------


def test_somebody_who_knows_everything_masters_a_skill_in_few_answers() -> None:
    standings = _practise(9000, 20, 0)[1]
    needed = next(number for number, each in enumerate(standings, 1) if each.mastered)
    assert 4 <= needed <= 8


def test_somebody_who_knows_nothing_masters_nothing() -> None:
    assert not any(each.mastered for each in _practise(500, 200, 0)[1])


def test_one_slip_takes_no_mastery_away() -> None:
    standing = Standing(rating=MASTERED_AT, firsts=10, streak=2, mastered=True)
    for level in DIFFICULTY:
        assert _after(replace(NOT_KNOWN, level=level), start=standing).mastered


def test_mastery_is_lost_by_many_slips() -> None:
    standing = Standing(rating=MASTERED_AT, firsts=10, streak=2, mastered=True)
    assert not _after(*[NOT_KNOWN] * 10, start=standing).mastered


@pytest.mark.parametrize("ability", range(900, 1401, 25))
def test_mastery_does_not_flap(ability: int) -> None:
    flips = 0
    for seed in range(10):
        states = [each.mastered for each in _practise(ability, 200, seed)[1]]
        flips += sum(1 for a, b in pairwise(states) if a != b)
    assert flips / 10 <= 3, "in 200 answers"


# --- repetition ---------------------------------------------------------------------------------


def test_what_was_known_comes_back_later_than_what_was_not() -> None:
    known, not_known = _after(KNOWN).card, _after(NOT_KNOWN).card
    assert known
    assert not_known
    assert known.due > not_known.due >= NOON + timedelta(days=1)


def test_the_pauses_grow_but_never_beyond_the_longest() -> None:
    standing, pauses = _after(KNOWN), []
    for _ in range(30):
        assert standing.card
        pauses.append((standing.card.due - standing.card.reviewed).days)
        standing = _after(replace(KNOWN, at=standing.card.due, seconds=1.0), start=standing)
    assert pauses == sorted(pauses)
    assert pauses[0] < 7
    assert pauses[-1] == LONGEST_INTERVAL


def test_an_answer_that_is_no_review_leaves_the_date() -> None:
    before = _after(KNOWN)
    after = learn({KNOWN.skill: before}, NOT_KNOWN, review=False)[KNOWN.skill]
    assert after.card == before.card
    assert after.rating < before.rating


@pytest.mark.parametrize("back", [timedelta(hours=3), timedelta(days=400), timedelta(days=20_000)])
def test_a_clock_that_went_back_spoils_nothing(back: timedelta) -> None:
    before = _after(KNOWN)
    after = _after(replace(KNOWN, at=NOON - back), start=before).card
    assert after
    assert after.reviewed == NOON - back
    assert after.reviewed < after.due <= after.reviewed + timedelta(days=LONGEST_INTERVAL)


def test_a_skill_is_due_from_its_date_on() -> None:
    standing = _after(KNOWN)
    assert standing.card
    assert not standing.is_due(NOON)
    assert standing.is_due(standing.card.due)
    assert not Standing().is_due(NOON)


def test_the_same_answers_give_the_same_dates() -> None:
    answers = [replace(KNOWN, at=NOON + timedelta(days=3 * n), known=n % 3 > 0) for n in range(20)]
    assert _after(*answers) == _after(*answers)


def test_mastery_needs_neither_numpy_nor_the_scheduler_until_it_is_used() -> None:
    code = "import sys, engine.practice.mastery; assert not {'numpy', 'fsrs'} & {*sys.modules}"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

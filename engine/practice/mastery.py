"""How well a learner knows each skill: an Elo rating, a card for spaced repetition, mastery.

Pure functions over frozen standings. What changes a standing is the first answer to a question that
counts; it is known when it was right without a hint. The time spent only ever helps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from math import log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsrs import Scheduler

START = 1000.0
"""The rating of somebody about whom nothing is known."""

DIFFICULTY: Mapping[int, float] = {1: 800.0, 2: 930.0, 3: 1060.0, 4: 1190.0}
"""The rating of the items of a level, on the learners' scale."""

GUESSABLE: Mapping[str, float] = {"choice": 150.0, "shape": 100.0}
"""How much easier items of these kinds are than one whose numbers are typed."""

LOWEST = 750.0
"""The lowest rating: below it even the easiest items say nothing, and the way back is too long."""

AIM = 0.8
"""The share of right answers at which one learns best."""

STEP_FIRST, STEP_LAST, STEP_HALVED_AFTER = 160.0, 24.0, 6
"""An answer's weight in the rating (Elo's K): large at first, later small but never nothing."""

LONG_STREAK, MOST_AT_ONCE = 8, 4.0
"""Known answers in a row that say that the rating is out of date: each further one weighs more, up
to four times, until the skill is mastered. What was learnt late is then believed soon."""

SHARE = 0.3
"""The part of a right answer's credit that the skills get on which it rests directly."""

MASTERED_AT, LOST_AT = 1110.0, 1000.0
"""The ratings at which mastery is gained and lost: so far apart that one slip changes nothing."""

ENOUGH = 4
"""Answers of one's own before a skill can be mastered."""

MENDED = 2
"""Known answers in a row after which a mistake is taken as mended."""

QUICK = 20.0
"""Seconds within which a right answer is an easy one."""

LONGEST_INTERVAL = 45
"""Days after which even what one knows well is asked again."""


@dataclass(frozen=True, slots=True)
class Card:
    """What spaced repetition (FSRS) remembers of a skill."""

    stability: float
    difficulty: float
    due: datetime
    reviewed: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands at one skill."""

    rating: float = START
    firsts: int = 0
    """First answers that counted."""
    known: int = 0
    """Those that were right without a hint."""
    streak: int = 0
    """How many of the last ones were known, in a row."""
    mastered: bool = False
    mistake: str = ""
    """The tag of the misconception that was met last and isn't mended yet."""
    card: Card | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to repeat the skill."""
        return self.card is not None and self.card.due <= now

    @property
    def expected(self) -> float:
        """The chance of knowing an item of level 2, from 0 to 1."""
        return expected(self.rating, DIFFICULTY[2])


@dataclass(frozen=True, slots=True)
class Answer:
    """What mastery needs to know of an answer."""

    skill: str
    known: bool
    """Right, without a hint or a reveal."""
    at: datetime
    """In UTC."""
    first: bool = True
    """Whether it is the first answer to its question that counts."""
    level: int | None = None
    """None in a lesson: as level 1."""
    kind: str = "value"
    tag: str = ""
    """The misconception's."""
    seconds: float | None = None


def expected(rating: float, difficulty: float) -> float:
    """The chance of a right answer by Elo's formula: 10 to 1 at 400 points."""
    return float(1 / (1 + 10 ** ((difficulty - rating) / 400)))


def difficulty(level: int | None, kind: str = "value") -> float:
    """The rating of an item; a level beyond the table counts as its nearest."""
    nearest = min(max(level or 1, min(DIFFICULTY)), max(DIFFICULTY))
    return DIFFICULTY[nearest] - GUESSABLE.get(kind, 0.0)


def best_level(rating: float, kind: str = "value") -> int:
    """The level whose items one gets right about four times out of five."""
    wanted = rating - 400 * log10(AIM / (1 - AIM))
    return min(DIFFICULTY, key=lambda level: abs(difficulty(level, kind) - wanted))


def learn(
    standings: Mapping[str, Standing],
    answer: Answer,
    prerequisites: Sequence[str] = (),
    *,
    review: bool = True,
) -> dict[str, Standing]:
    """The standings that an answer changes: its skill's, and those of the skills it rests on.

    `review` says whether the answer counts for the repetition: the first of its day does.
    """
    standing = standings.get(answer.skill, Standing())
    if not answer.first:
        if not answer.tag:
            return {}
        return {answer.skill: replace(standing, mistake=answer.tag, streak=0)}
    changed = {answer.skill: _judged(standing, answer, review)}
    if answer.known:
        for skill in prerequisites:
            before = standings.get(skill, Standing())
            rating = _rated(before, answer, SHARE)
            mastered = _is_mastered(before, rating, before.firsts, before.streak)
            changed[skill] = replace(before, rating=rating, mastered=mastered)
    return changed


def _judged(standing: Standing, answer: Answer, review: bool) -> Standing:
    rating, firsts = _rated(standing, answer, 1.0), standing.firsts + 1
    streak = standing.streak + 1 if answer.known else 0
    return Standing(
        rating,
        firsts,
        standing.known + answer.known,
        streak,
        _is_mastered(standing, rating, firsts, streak),
        answer.tag or ("" if streak >= MENDED else standing.mistake),
        _reviewed(standing.card, answer) if review else standing.card,
    )


def _rated(standing: Standing, answer: Answer, share: float) -> float:
    halvings = standing.firsts / STEP_HALVED_AFTER
    step = max(STEP_LAST, STEP_FIRST / (1 + halvings)) * share
    if answer.known and not standing.mastered:
        step *= min(MOST_AT_ONCE, 1 + max(0, standing.streak - LONG_STREAK))
    surprise = answer.known - expected(standing.rating, difficulty(answer.level, answer.kind))
    return max(LOWEST, standing.rating + step * surprise)


def _is_mastered(before: Standing, rating: float, firsts: int, streak: int) -> bool:
    """Whether mastery is gained or lost; between the two bounds it stays as it was."""
    if rating < LOST_AT:
        return False
    return before.mastered or (rating >= MASTERED_AT and firsts >= ENOUGH and streak >= MENDED)


# --- spaced repetition --------------------------------------------------------------------------


def prepare() -> None:
    """Load the package for spaced repetition now, rather than at the first answer (30 ms)."""
    _scheduler()


@cache
def _scheduler() -> Scheduler:
    """Whole days, no chance: the same answers always give the same dates."""
    from fsrs import Scheduler

    return Scheduler(
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST_INTERVAL,
        enable_fuzzing=False,
    )


def _reviewed(before: Card | None, answer: Answer) -> Card:
    """The card after a review. A clock that went back counts as no time passed."""
    from fsrs import Card as FsrsCard
    from fsrs import Rating, State

    at = answer.at.astimezone(UTC)
    rating = Rating.Again
    if answer.known:
        quick = answer.seconds is not None and answer.seconds <= QUICK
        rating = Rating.Easy if quick else Rating.Good
    card = FsrsCard(card_id=1, due=at)
    if before is not None:
        card = FsrsCard(
            card_id=1,
            state=State.Review,
            stability=before.stability,
            difficulty=before.difficulty,
            due=before.due,
            last_review=min(before.reviewed, at),
        )
    card, _ = _scheduler().review_card(card, rating, at)
    assert card.stability is not None
    assert card.difficulty is not None
    return Card(card.stability, card.difficulty, min(card.due, at + _LONGEST), at)


_LONGEST = timedelta(days=LONGEST_INTERVAL)

"""What to ask next: which skill, at which level, and why, from how the learner stands at each.

It only ever suggests: a learner may choose any skill at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.practice.draw import Draw
from engine.practice.mastery import Standing, best_level
from engine.practice.reasons import Reason
from engine.practice.skills import PASS, SKILLS, Skill, find_skill

WEIGHTS: dict[str, float] = {
    "mistake": 4.0,
    "due": 3.0,
    "begin": 2.2,
    "new": 2.2,
    "early": 1.9,
    "weak": 1.6,
    "keep": 0.15,
}
"""How much each reason presses; a skill that was already taken presses a third, a fifth, …"""

MISSED = 0.5
"""How much more it presses where the last answer wasn't right."""

CORE = ("linear", "relu", "sigmoid", "mse", "logloss", "sgd")
"""The subjects of the first lessons: what is new is met there first, so that the usual mistakes are
found soon."""

BEYOND = 0.6
"""How much what is new beyond those presses, compared with them."""

HALVED = ("mistake", "weak")
"""Reasons that take at most half of a quiz as long as there are others: no one gets stuck."""

NEVER_ASKED = ("begin", "new", "early")
"""Reasons of a skill that hasn't been met; one place of a quiz is always kept for it."""

CHANCE = 0.2
"""How much chance adds to the weights, so that no two quizzes are the same."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One item to ask."""

    skill: str
    level: int
    reason: Reason


def next_skill(standings: Mapping[str, Standing], now: datetime, dice: Draw) -> Planned:
    """The one item that helps most now."""
    return plan(standings, 1, now, dice)[0]


def plan(
    standings: Mapping[str, Standing],
    length: int,
    now: datetime,
    dice: Draw,
    skill: str | None = None,
) -> list[Planned]:
    """So many items, easier ones first; all of one skill where the learner chose one.

    Skills that are no longer there are passed over. Raises `UnknownSkillError`.
    """
    if skill is not None:
        chosen = find_skill(skill).id
        level = best_level(standings.get(chosen, Standing()).rating)
        return [Planned(chosen, level, Reason("chosen"))] * length
    reasons = {each: reason_for(each, standings, now) for each in SKILLS.values()}
    taken: dict[Skill, int] = {}
    for place in range(length):
        full = {code for code in HALVED if _times(code, reasons, taken) * 2 >= length > 1}
        weights = {
            each: (_weight(each, reason, standings) + dice.uniform(0, CHANCE))
            / (1 + 2 * taken.get(each, 0))
            for each, reason in reasons.items()
            if reason.code not in full
        }
        if 1 < length == place + 1 and not any(_times(c, reasons, taken) for c in NEVER_ASKED):
            unmet = {e: w for e, w in weights.items() if reasons[e].code in NEVER_ASKED}
            weights = unmet or weights
        # Where every reason has taken its half there is nothing else to ask.
        best = max(weights or reasons, key=lambda each: weights.get(each, -taken.get(each, 0)))
        taken[best] = taken.get(best, 0) + 1
    found = [
        Planned(each.id, best_level(standings.get(each.id, Standing()).rating), reasons[each])
        for each, times in taken.items()
        for _ in range(times)
    ]
    order = [*SKILLS]
    return sorted(
        found,
        key=lambda item: (SKILLS[item.skill].depth + item.level, order.index(item.skill)),
    )


def _weight(skill: Skill, reason: Reason, standings: Mapping[str, Standing]) -> float:
    if reason.code == "weak" and not standings[skill.id].streak:
        return WEIGHTS["weak"] + MISSED
    if reason.code == "early" and skill.subject == PASS:
        return WEIGHTS["keep"]  # a whole pass waits for its steps as long as there is anything else
    beyond = reason.code in NEVER_ASKED and skill.subject not in CORE
    return WEIGHTS[reason.code] * (BEYOND if beyond else 1.0)


def _times(code: str, reasons: Mapping[Skill, Reason], taken: Mapping[Skill, int]) -> int:
    return sum(times for each, times in taken.items() if reasons[each].code == code)


def reason_for(skill: Skill, standings: Mapping[str, Standing], now: datetime) -> Reason:
    """Why that skill would be asked now."""
    standing = standings.get(skill.id, Standing())
    if standing.mistake:
        return Reason("mistake", standing.mistake)
    if standing.is_due(now):
        return Reason("due")
    if not standing.firsts and not skill.prerequisites:
        return Reason("begin")
    if not standing.firsts:
        ready = all(_is_ready(standings.get(each)) for each in skill.prerequisites)
        return Reason("new" if ready else "early")
    return Reason("keep" if standing.mastered else "weak")


def _is_ready(standing: Standing | None) -> bool:
    """Whether one may go on from that skill: mastered, or known the last time."""
    return standing is not None and (standing.mastered or standing.streak > 0)


def is_done(standings: Mapping[str, Standing], now: datetime) -> bool:
    """Whether every skill is mastered, no mistake is left and nothing is due."""
    return all(reason_for(each, standings, now).code == "keep" for each in SKILLS.values())

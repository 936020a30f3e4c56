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
from engine.practice.skills import SKILLS, Skill, find_skill

WEIGHTS: dict[str, float] = {
    "mistake": 4.0,
    "due": 3.0,
    "begin": 2.0,
    "new": 2.0,
    "early": 1.3,
    "weak": 1.6,
    "keep": 0.5,
}
"""How much each reason presses; a skill that was already taken presses half, a third, …"""

HALVED = ("mistake", "weak")
"""Reasons that take at most half of a quiz as long as there are others: no one gets stuck."""

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
    for _ in range(length):
        full = {code for code in HALVED if _times(code, reasons, taken) * 2 >= length > 1}
        weights = {
            each: (WEIGHTS[reason.code] + dice.uniform(0, CHANCE)) / (1 + taken.get(each, 0))
            for each, reason in reasons.items()
            if reason.code not in full
        }
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

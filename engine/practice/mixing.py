"""The kinds of quiz items: which there are for a skill, how a quiz mixes them, what they ask."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias, get_args

from engine.practice.choices import CHOICE_SKILLS, SHAPE_SKILLS, Choice, choice, shape_choice
from engine.practice.draw import Draw
from engine.practice.generator import Item, generate
from engine.practice.question import Asked, Question
from engine.practice.reasons import Reason
from engine.practice.skills import SKILLS
from engine.practice.spotting import Spot, spot
from engine.practice.whole_pass import PASS_SKILLS, WholePass, whole_pass

Drawn: TypeAlias = Item | Choice | Spot | WholePass
"""A generated item of any kind."""

KINDS: tuple[Asked, ...] = get_args(Asked)
"""Every kind, values first."""

SPOT_LEVEL = 2
"""Passes of higher levels have more steps than there are digits."""

MOST_STEPS = 9

HIDING: tuple[Asked, ...] = ("choice", "shape", "spot")
"""Kinds whose answers show few misconceptions or none: not where one is to be found, or found to be
mended.
"""

SEEDS = 10**6
"""Items have seeds below this; one that comes back has its own plus this, or plus a multiple."""

FRESH_TRIES = 20


def make(skill: str, level: int = 1, seed: int = 0, kind: Asked = "value") -> Drawn:
    """The item of that kind; the same arguments always give the same one.

    A whole pass has no other kinds: it is a value after the other. Raises `UnknownSkillError`, and
    `ValueError` for a level that isn't there, and where the skill, or the skill with this seed, has
    none of the kind.
    """
    if skill in PASS_SKILLS and kind == "value":
        return whole_pass(skill, level, seed)
    match kind:
        case "choice":
            return choice(skill, level, seed)
        case "shape":
            return shape_choice(skill, level, seed)
        case "spot":
            found = spot(skill, min(level, SPOT_LEVEL), seed)
            if found.count > MOST_STEPS:
                raise ValueError(f"{found.count} steps are more than there are digits")
            return found
        case _:
            return generate(skill, level, seed, kind)


def many(
    skill: str | None = None, level: int = 1, seed: int = 0, count: int = 1, kind: Asked = "value"
) -> Iterator[Drawn]:
    """Items one after the other, with the seeds from `seed` on; without a skill, of all in turn.

    Where a seed has no item of the kind, the next one has. Raises what `make` raises.
    """
    known = [each for each in SKILLS if may_have(each, kind)]
    order = [skill] if skill else Draw("skills", seed).shuffled(known)
    made = missed = 0
    while made < count:
        place = made + missed
        try:
            yield make(order[place % len(order)], level, seed + place, kind)
            made += 1
        except ValueError:
            missed += 1
            if kind != "spot" or missed > FRESH_TRIES * (made + len(order)):
                raise


def mixed(
    wanted: Sequence[tuple[str, int, int]],
    kinds: Sequence[Asked],
    draw: Draw,
    showing: Collection[int] = (),
) -> list[Drawn]:
    """An item for each skill, level and seed, in their order: values, and half of other kinds.

    The places that are `showing` get no kind that hides a misconception. The other kinds
    take turns; where no skill is left that has a kind, it is passed over. With one kind all are of
    it, as far as it exists.
    """
    others = draw.shuffled([kind for kind in kinds if kind != "value"])
    found: dict[int, Drawn] = {}
    free = draw.shuffled([*range(len(wanted))])
    room = len(wanted) // 2 if "value" in kinds else len(wanted)
    while others and room > len(found):
        for kind in [*others]:
            barred = showing if kind in HIDING else ()
            open_places = [place for place in free if place not in barred]
            place = _first_that_has(kind, wanted, open_places, found)
            if place is None:
                others.remove(kind)
            elif len(found) == room:
                break
    return [found.get(place) or make(*each) for place, each in enumerate(wanted)]


def _first_that_has(
    kind: Asked,
    wanted: Sequence[tuple[str, int, int]],
    free: Sequence[int],
    found: dict[int, Drawn],
) -> int | None:
    for place in free:
        if place not in found and may_have(wanted[place][0], kind):
            try:
                found[place] = make(*wanted[place], kind)
            except ValueError:
                continue
            return place
    return None


def may_have(skill: str, kind: Asked) -> bool:
    """Whether there may be items of a kind for a skill."""
    if skill in PASS_SKILLS:
        return kind == "value"
    if kind == "choice":
        return skill in CHOICE_SKILLS
    return kind != "shape" or skill in SHAPE_SKILLS


def fresh(item: Drawn, key: str = "") -> Drawn:
    """The item once more with other numbers; of a whole pass only the step with that key."""
    if isinstance(item, WholePass):
        return generate(item.problem.solution[key].skill, item.level, item.seed + SEEDS)
    for times in range(1, FRESH_TRIES + 1):
        try:
            return make(item.skill, item.level, item.seed + times * SEEDS, item.kind)
        except ValueError:
            continue  # no pass with this seed has such a step
    return generate(item.skill, item.level, item.seed + SEEDS)


def questions(item: Drawn, why: Reason | None = None, *, mending: bool = True) -> list[Question]:
    """What an item asks: one question, for a wrong step a second one that mends it.

    Of a whole pass every step, the first with why it is asked.
    """
    problem, level, seed = item.problem, item.level, item.seed
    if isinstance(item, WholePass):
        reasons = [why, *[None] * (len(item.keys) - 1)]
        return [
            Question(problem, "value", key, None, (), level, seed, reason, whole=item)
            for key, reason in zip(item.keys, reasons, strict=True)
        ]
    if isinstance(item, Spot):
        find = Question(problem, "spot", item.key, None, (), level, seed, why, task=item)
        mend = Question(problem, "value", item.key, None, item.before, level, seed, why, mends=item)
        return [find, mend] if mending else [find]
    given, task = (item.item.given, item) if isinstance(item, Choice) else (item.given, None)
    return [Question(problem, item.kind, item.key, None, given, level, seed, why, task=task)]

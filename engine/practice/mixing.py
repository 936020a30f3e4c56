"""The kinds of quiz items: which there are for a skill, how a quiz mixes them, what they ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeAlias, get_args

from engine.practice.choices import CHOICE_SKILLS, SHAPE_SKILLS, Choice, choice, shape_choice
from engine.practice.draw import Draw
from engine.practice.generator import Item, generate
from engine.practice.question import Asked, Question
from engine.practice.reasons import Reason
from engine.practice.spotting import Spot, spot

Drawn: TypeAlias = Item | Choice | Spot
"""A generated item of any kind."""

KINDS: tuple[Asked, ...] = get_args(Asked)
"""Every kind, values first."""

SPOT_LEVEL = 2
"""Passes of higher levels have more steps than there are digits."""

MOST_STEPS = 9

HIDING: tuple[Asked, ...] = ("choice", "shape", "spot")
"""Kinds whose answers show few misconceptions or none: not for a skill that is met first."""

SEEDS = 10**6
"""Items have seeds below this; one that comes back has its own plus this, or plus a multiple."""

FRESH_TRIES = 20


def make(skill: str, level: int, seed: int, kind: Asked) -> Drawn:
    """The item of that kind; the same arguments always give the same one.

    Raises `UnknownSkillError`, and `ValueError` where the skill, or the skill with this seed, has
    none of the kind.
    """
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


def mixed(
    wanted: Sequence[tuple[str, int, int]],
    kinds: Sequence[Asked],
    draw: Draw,
    unmet: Collection[int] = (),
) -> list[Drawn]:
    """An item for each skill, level and seed, in their order: values, and half of other kinds.

    The places of skills that are `unmet` get no kind that hides a misconception. The other kinds
    take turns; where no skill is left that has a kind, it is passed over. With one kind all are of
    it, as far as it exists.
    """
    others = draw.shuffled([kind for kind in kinds if kind != "value"])
    found: dict[int, Drawn] = {}
    free = draw.shuffled([*range(len(wanted))])
    room = len(wanted) // 2 if "value" in kinds else len(wanted)
    while others and room > len(found):
        for kind in [*others]:
            barred = unmet if kind in HIDING else ()
            open_places = [place for place in free if place not in barred]
            place = _first_that_has(kind, wanted, open_places, found)
            if place is None:
                others.remove(kind)
            elif len(found) == room:
                break
    return [found.get(place) or generate(*each) for place, each in enumerate(wanted)]


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
    if kind == "choice":
        return skill in CHOICE_SKILLS
    return kind != "shape" or skill in SHAPE_SKILLS


def fresh(item: Drawn) -> Drawn:
    """The item once more with other numbers."""
    for times in range(1, FRESH_TRIES + 1):
        try:
            return make(item.skill, item.level, item.seed + times * SEEDS, item.kind)
        except ValueError:
            continue  # no pass with this seed has such a step
    return generate(item.skill, item.level, item.seed + SEEDS)


def questions(item: Drawn, why: Reason | None = None, *, mending: bool = True) -> list[Question]:
    """What an item asks: one question, and for a wrong step a second one that mends it."""
    problem, level, seed = item.problem, item.level, item.seed
    if isinstance(item, Spot):
        find = Question(problem, "spot", item.key, None, (), level, seed, why, task=item)
        mend = Question(problem, "value", item.key, None, item.before, level, seed, why, mends=item)
        return [find, mend] if mending else [find]
    given, task = (item.item.given, item) if isinstance(item, Choice) else (item.given, None)
    return [Question(problem, item.kind, item.key, None, given, level, seed, why, task=task)]

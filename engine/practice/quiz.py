"""A quiz: a session over generated items, easier ones first; what is missed comes back later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from engine.marking.mark import Mark
from engine.practice.draw import Draw
from engine.practice.generator import QUIZ, Item, generate
from engine.practice.planning import Planned
from engine.practice.reasons import Reason
from engine.practice.reveal import Reveal
from engine.practice.session import Progress, Question, Session
from engine.practice.skills import SKILLS, find_skill

SEEDS = 10**6
"""Items have seeds below this; an item that comes back has its own seed plus this."""

AGAIN = Reason("again")


class Quiz(Session):
    """A session whose questions follow from its settings.

    ``skill`` (or None), ``length`` and ``seed`` say which items are asked, ``repeats`` which places
    come back at the end, in that order, each with fresh numbers. ``plan``, where there is one, says
    which skills are asked at which levels, and why.
    """

    def __init__(
        self,
        skill: str | None,
        length: int,
        seed: int,
        repeats: Sequence[int] = (),
        plan: Sequence[Planned] = (),
    ) -> None:
        self.items = drawn(plan, seed) if plan else planned(skill, length, seed)
        """The items, by place: those planned, and behind them those that came back."""
        length = len(self.items)
        self.length = length
        self.repeats = [place for place in dict.fromkeys(repeats) if 0 <= place < length]
        self.items += [_fresh(self.items[place]) for place in self.repeats]
        settings: dict[str, Any] = {"skill": skill, "length": length, "seed": seed}
        settings["repeats"] = [*self.repeats]
        if plan:
            settings["plan"] = [
                [each.skill, each.level, each.reason.code, each.reason.detail] for each in plan
            ]
        reasons: list[Reason | None] = [each.reason for each in plan] or [None] * length
        reasons += [AGAIN] * len(self.repeats)
        questions = [_ask(*each) for each in zip(self.items, reasons, strict=True)]
        super().__init__(QUIZ, questions, settings=settings)

    def answer(self, text: str) -> Mark:
        """Mark an answer; what isn't right at the first try that counts comes back at the end."""
        mark = super().answer(text)
        if self.here.tries == 1 and not mark.accepted:
            self._repeat()
        return mark

    def reveal(self) -> Reveal:
        """Show the right answer; what is shown before any try that counts comes back at the end."""
        if self.here.status != "right" and not self.here.tries:
            self._repeat()
        return super().reveal()

    def _repeat(self) -> None:
        """Ask this once more at the end, with fresh numbers; nothing comes back twice."""
        place = self.position
        if place >= self.length or place in self.repeats:
            return
        item = _fresh(self.items[place])
        self.repeats.append(place)
        self.settings = {**self.settings, "repeats": [*self.repeats]}
        self.items.append(item)
        self.questions += (_ask(item, AGAIN),)
        self.progress.append(Progress())


def new_quiz(
    skill: str | None = None,
    length: int = 10,
    seed: int | None = None,
    plan: Sequence[Planned] = (),
) -> Quiz:
    """A quiz of so many value items, over all skills or one; the same seed gives the same items.

    `plan` (`engine.practice.planning.plan`) stands before skill and length: what is asked follows
    from how the learner stands. Raises `UnknownSkillError` for a skill that isn't there,
    `ValueError` for a length below 1.
    """
    seed = SystemRandom().randrange(SEEDS) if seed is None else seed
    return Quiz(skill, length, seed, plan=plan)


def resume_quiz(kept: Mapping[str, Any]) -> Quiz:
    """The quiz of a snapshot, where it stopped; `ValueError` where the snapshot is of no quiz."""
    settings = kept.get("settings")
    if not isinstance(settings, Mapping) or not {"length", "seed"} <= settings.keys():
        raise ValueError("the snapshot has no quiz's settings")
    quiz = Quiz(
        settings.get("skill"),
        int(settings["length"]),
        int(settings["seed"]),
        [int(place) for place in settings.get("repeats", ())],
        [
            Planned(str(skill), int(level), Reason(str(code), str(detail)))
            for skill, level, code, detail in settings.get("plan", ())
        ],
    )
    quiz.restore(kept)
    return quiz


def planned(skill: str | None, length: int, seed: int) -> list[Item]:
    """The items of a quiz, easier ones first: half of level 1 and half of level 2.

    Over all skills none comes a second time before every one has come once.
    """
    if length < 1:
        raise ValueError(f"length {length}: a quiz has at least one item")
    draw = Draw("quiz", seed, length, skill or "")
    known = [find_skill(skill).id] if skill else draw.shuffled([*SKILLS])
    levels = draw.shuffled([1 + place % 2 for place in range(length)])
    found = [
        (known[place % len(known)], level, draw.below(SEEDS)) for place, level in enumerate(levels)
    ]
    order = [*SKILLS]
    found.sort(key=lambda each: (SKILLS[each[0]].depth + each[1], order.index(each[0]), each[1]))
    return [generate(*each) for each in found]


def drawn(plan: Sequence[Planned], seed: int) -> list[Item]:
    """The items of a plan, in its order."""
    draw = Draw("plan", seed)
    return [generate(each.skill, each.level, draw.below(SEEDS)) for each in plan]


def _fresh(item: Item) -> Item:
    return generate(item.skill, item.level, item.seed + SEEDS, item.kind)


def _ask(item: Item, why: Reason | None = None) -> Question:
    """The item as a question; its words follow from the step that is asked."""
    return Question(
        item.problem,
        item.kind,
        item.key,
        given=item.given,
        level=item.level,
        seed=item.seed,
        why=why,
    )


# --- the closing page -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that wasn't right at the first try that counted, without a hint."""

    place: int
    """Its place in the quiz, from 0."""
    key: str
    skill: str
    tags: tuple[str, ...]
    """The misconceptions met there and when it came back, each once."""
    mended: bool
    """Right at once when it came back."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a quiz."""

    score: int
    """The questions that were right at the first try that counted, without a hint."""
    length: int
    missed: tuple[Missed, ...]

    @property
    def tags(self) -> dict[str, int]:
        """The misconceptions met, the most frequent first, with how many questions each spoilt."""
        found: dict[str, int] = {}
        for missed in self.missed:
            for tag in missed.tags:
                found[tag] = found.get(tag, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def summary(quiz: Quiz) -> Summary:
    """The score, and each question missed, with what went wrong there.

    What came back at the end isn't in the score.
    """
    missed = []
    for place in range(quiz.length):
        progress = quiz.progress[place]
        if progress.first_try:
            continue
        item, again = quiz.items[place], None
        if place in quiz.repeats:
            again = quiz.progress[quiz.length + quiz.repeats.index(place)]
        tags = dict.fromkeys([*_tags(progress), *(_tags(again) if again else ())])
        mended = again is not None and again.first_try
        missed.append(Missed(place, item.key, item.skill, tuple(tags), mended))
    return Summary(quiz.length - len(missed), quiz.length, tuple(missed))


def _tags(progress: Progress) -> list[str]:
    named = (attempt.mark.misconception for attempt in progress.attempts)
    return [each.tag for each in named if each]

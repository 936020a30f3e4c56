"""A quiz: a session over generated items, easier ones first; what is missed comes back later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from engine.marking.mark import Mark
from engine.practice.draw import Draw
from engine.practice.generator import QUIZ
from engine.practice.mixing import KINDS, SEEDS, Drawn, fresh, mixed, questions
from engine.practice.planning import NEVER_ASKED, Planned
from engine.practice.question import Asked, Progress, Question
from engine.practice.reasons import Reason
from engine.practice.reveal import Reveal
from engine.practice.session import Session
from engine.practice.skills import SKILLS, find_skill
from engine.practice.spotting import Spot

__all__ = ["SEEDS", "Missed", "Quiz", "Summary", "new_quiz", "planned", "resume_quiz", "summary"]

AGAIN = Reason("again")


class Quiz(Session):
    """A session whose questions follow from its settings.

    ``skill`` (or None), ``length`` and ``seed`` say which items are asked, ``repeats`` which places
    come back at the end, in that order, each with fresh numbers. ``plan``, where there is one, says
    which skills are asked at which levels, and why; ``kinds`` of which kinds the items are.
    With ``exam`` nothing comes back; whoever shows it says nothing before the end.
    """

    def __init__(
        self,
        skill: str | None,
        length: int,
        seed: int,
        repeats: Sequence[int] = (),
        plan: Sequence[Planned] = (),
        kinds: Sequence[Asked] = KINDS,
        exam: bool = False,
    ) -> None:
        self.exam = exam
        self.items = drawn(plan, seed, kinds) if plan else planned(skill, length, seed, kinds)
        """The items: those planned, and behind them those that came back."""
        length = len(self.items)
        self.length = length
        self.repeats = [place for place in dict.fromkeys(repeats) if 0 <= place < length]
        self.items += [fresh(self.items[place]) for place in self.repeats]
        settings: dict[str, Any] = {"skill": skill, "length": length, "seed": seed}
        settings |= {"repeats": [*self.repeats], "kinds": [*kinds], "exam": exam}
        if plan:
            settings["plan"] = [
                [each.skill, each.level, each.reason.code, each.reason.detail] for each in plan
            ]
        reasons: list[Reason | None] = [each.reason for each in plan] or [None] * length
        reasons += [AGAIN] * len(self.repeats)
        self._item_of: list[int] = []
        asked: list[Question] = []
        for place, (item, why) in enumerate(zip(self.items, reasons, strict=True)):
            own = questions(item, why, mending=not exam)
            asked += own
            self._item_of += [place] * len(own)
        super().__init__(QUIZ, asked, settings=settings)

    @property
    def place(self) -> int:
        """The place of the item that is asked now, from 0; only while not `finished`."""
        return self._item_of[self.position]

    @property
    def item(self) -> Drawn:
        """The item that is asked now; only while not `finished`."""
        return self.items[self.place]

    @property
    def counted(self) -> tuple[int, int]:
        """The number of the item asked now, from 1, and how many there are."""
        return (len(self.items) if self.finished else self.place) + 1, len(self.items)

    @property
    def answered(self) -> int:
        """How many questions are done; in an exam those answered, whether rightly or not."""
        if not self.exam:
            return super().answered
        return sum(1 for progress in self.progress if progress.tries)

    def positions(self, place: int) -> list[int]:
        """The positions of the questions that the item at a place asks."""
        return [position for position, item in enumerate(self._item_of) if item == place]

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

    def go(self, position: int) -> None:
        """Go to a question; behind the last one of an exam what wasn't right may be looked at."""
        super().go(position)
        if self.exam and self.finished:
            for progress in self.progress:
                if progress.status != "right":
                    progress.status = "revealed"

    def _repeat(self) -> None:
        """Ask this item once more at the end, with fresh numbers; nothing comes back twice."""
        place = self.place
        if self.exam or place >= self.length or place in self.repeats:
            return
        item = fresh(self.items[place])
        own = questions(item, AGAIN)
        self._item_of += [len(self.items)] * len(own)
        self.repeats.append(place)
        self.settings = {**self.settings, "repeats": [*self.repeats]}
        self.items.append(item)
        self.questions += tuple(own)
        self.progress += [Progress() for _ in own]


def new_quiz(
    skill: str | None = None,
    length: int = 10,
    seed: int | None = None,
    plan: Sequence[Planned] = (),
    kinds: Sequence[Asked] = KINDS,
    exam: bool = False,
) -> Quiz:
    """A quiz of so many items, over all skills or one; the same seed gives the same items.

    `plan` (`engine.practice.planning.plan`) stands before skill and length: what is asked follows
    from how the learner stands. `kinds` limits the kinds of items. In an exam nothing is said
    before the end. Raises `UnknownSkillError` for a skill that isn't there, `ValueError` for a
    length below 1.
    """
    seed = SystemRandom().randrange(SEEDS) if seed is None else seed
    return Quiz(skill, length, seed, plan=plan, kinds=kinds, exam=exam)


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
        # Before there were kinds, quizzes had values only.
        [kind for kind in KINDS if kind in settings.get("kinds", ("value",))],
        bool(settings.get("exam", False)),
    )
    quiz.restore(kept)
    return quiz


def planned(
    skill: str | None, length: int, seed: int, kinds: Sequence[Asked] = KINDS
) -> list[Drawn]:
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
    return mixed(found, kinds, Draw("kinds", seed, length, skill or ""))


def drawn(plan: Sequence[Planned], seed: int, kinds: Sequence[Asked] = KINDS) -> list[Drawn]:
    """The items of a plan, in its order."""
    draw = Draw("plan", seed)
    wanted = [(each.skill, each.level, draw.below(SEEDS)) for each in plan]
    unmet = [place for place, each in enumerate(plan) if each.reason.code in NEVER_ASKED]
    return mixed(wanted, kinds, Draw("kinds", seed, len(wanted)), unmet)


# --- the closing page -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missed:
    """An item that wasn't right at the first try that counted, without a hint."""

    place: int
    """The item's place in the quiz, from 0."""
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
    """The items that were right at the first try that counted, without a hint."""
    length: int
    missed: tuple[Missed, ...]

    @property
    def tags(self) -> dict[str, int]:
        """The misconceptions met, the most frequent first, with how many items each spoilt."""
        found: dict[str, int] = {}
        for missed in self.missed:
            for tag in missed.tags:
                found[tag] = found.get(tag, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def summary(quiz: Quiz) -> Summary:
    """The score, and each item missed, with what went wrong there.

    What came back at the end isn't in the score.
    """
    missed = []
    for place in range(quiz.length):
        own = [quiz.progress[position] for position in quiz.positions(place)]
        if all(progress.first_try for progress in own):
            continue
        item, again = quiz.items[place], list[Progress]()
        if place in quiz.repeats:
            behind = quiz.length + quiz.repeats.index(place)
            again = [quiz.progress[position] for position in quiz.positions(behind)]
        tags = dict.fromkeys(tag for progress in [*own, *again] for tag in _tags(progress))
        if isinstance(item, Spot):
            tags.setdefault(item.mistake.tag)  # what was not found, or not mended
        mended = bool(again) and all(progress.first_try for progress in again)
        missed.append(Missed(place, item.key, item.skill, tuple(tags), mended))
    return Summary(quiz.length - len(missed), quiz.length, tuple(missed))


def _tags(progress: Progress) -> list[str]:
    named = (attempt.mark.misconception for attempt in progress.attempts)
    return [each.tag for each in named if each]

"""A quiz: a session over generated items, easier ones first; what is missed comes back later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import SystemRandom
from typing import Any, TypeAlias

from engine.language import tr
from engine.marking.mark import FREE, Mark
from engine.practice.draw import Draw
from engine.practice.generator import QUIZ
from engine.practice.mixing import KINDS, SEEDS, Drawn, fresh, mixed, questions
from engine.practice.planning import NEVER_ASKED, Planned
from engine.practice.question import Asked, Progress, Question
from engine.practice.reasons import Reason
from engine.practice.reveal import Reveal
from engine.practice.session import Session
from engine.practice.skills import PASS, SKILLS, find_skill

__all__ = ["SEEDS", "Quiz", "new_quiz", "planned", "resume_quiz"]

Repeat: TypeAlias = tuple[int, str]
"""The place of an item that comes back, from 0; of a whole pass with the key of the step."""

AGAIN = Reason("again")

SHOWING = (*NEVER_ASKED, "mistake")
"""Reasons of an item that has to show the misconceptions behind an answer."""

STEP_SKILLS = [each.id for each in SKILLS.values() if each.subject != PASS]

UNJUDGED = FREE - {"coarse"}
"""Verdicts of what was no answer. An exam takes too few digits as they are: that they are too few
says that they are right so far."""


class Quiz(Session):
    """A session whose questions follow from its settings.

    ``skill`` (or None), ``length`` and ``seed`` say which items are asked, ``repeats`` which places
    come back at the end, in that order, each with fresh numbers. ``plan``, where there is one, says
    which skills are asked at which levels, and why; ``kinds`` of which kinds the items are.

    With ``exam`` nothing comes back, and an answer is only noted: it may be changed until the exam
    is handed in. Whoever shows it says nothing about an answer (`said`) before that.
    """

    def __init__(
        self,
        skill: str | None,
        length: int,
        seed: int,
        repeats: Sequence[Repeat] = (),
        plan: Sequence[Planned] = (),
        kinds: Sequence[Asked] = KINDS,
        exam: bool = False,
    ) -> None:
        self.exam = exam
        self.handed_in = False
        """Whether an exam is over; only then something is right or wrong in it."""
        self.items = drawn(plan, seed, kinds) if plan else planned(skill, length, seed, kinds)
        """The items: those planned, and behind them those that came back."""
        length = len(self.items)
        self.length = length
        self.repeats = [each for each in dict.fromkeys(repeats) if 0 <= each[0] < length]
        self.items += [fresh(self.items[place], key) for place, key in self.repeats]
        settings: dict[str, Any] = {"skill": skill, "length": length, "seed": seed}
        settings |= {"repeats": _kept(self.repeats), "kinds": [*kinds], "exam": exam}
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

    # --- where one is -----------------------------------------------------------------------------

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
    def step(self) -> tuple[int, int]:
        """The number of the question within its item, from 1, and how many that has."""
        own = self.positions(self.place)
        return own.index(self.position) + 1, len(own)

    @property
    def secret(self) -> bool:
        """Whether nothing may be said about an answer yet: in an exam, until it is handed in."""
        return self.exam and not self.handed_in

    @property
    def open_positions(self) -> list[int]:
        """The questions that were skipped or not come to yet."""
        states = [progress.status for progress in self.progress]
        return [at for at, status in enumerate(states) if status in ("open", "skipped")]

    def positions(self, place: int) -> list[int]:
        """The positions of the questions that the item at a place asks."""
        return [position for position, item in enumerate(self._item_of) if item == place]

    # --- what one does ----------------------------------------------------------------------------

    def answer(self, text: str) -> Mark:
        """Mark an answer; what isn't right at the first try that counts comes back at the end."""
        mark = super().answer(text)
        if self.secret:
            if mark.verdict not in UNJUDGED:
                self.here.status = "noted"
        elif self.here.tries == 1 and not mark.accepted:
            self._repeat()
        return mark

    def judge(self, text: str) -> Mark:
        """The mark of an answer; of a matrix with blanks an exam doesn't say how the rest is."""
        mark = super().judge(text)
        if not self.secret or not any("blank" in row for row in mark.cells):
            return mark
        return Mark("incomplete", tr("Some cells are still empty."), reading=mark.reading)

    @property
    def said(self) -> Mark | None:
        """What may be said about the last answer; in an exam only that it wasn't one."""
        mark = super().said
        return None if mark and self.secret and mark.verdict not in UNJUDGED else mark

    @property
    def is_stale(self) -> bool:
        """In an exam this, too, would say what became of an answer."""
        return not self.secret and super().is_stale

    def hint(self) -> str | None:
        """The next hint; behind the last one the same skill comes back with fresh numbers."""
        given = super().hint()
        if given is not None and self.here.hints == len(self.question.hints()):
            self._repeat()
        return given

    def reveal(self) -> Reveal:
        """Show the right answer; what is shown before any try that counts comes back at the end."""
        if self.here.status != "right" and not self.here.tries:
            self._repeat()
        return super().reveal()

    def hand_in(self) -> None:
        """End an exam: what was noted is right or not by its last answer, the rest is missed."""
        self.handed_in = True
        for progress in self.progress:
            judged = [a.mark for a in progress.attempts if a.mark.verdict not in UNJUDGED]
            right = progress.status == "noted" and judged[-1].accepted
            progress.status = "right" if right else "revealed"
        self.go(len(self.questions))

    def _repeat(self) -> None:
        """Ask this item once more at the end, with fresh numbers; nothing comes back twice."""
        again = (self.place, self.question.key if self.question.whole else "")
        if self.exam or self.place >= self.length or again in self.repeats:
            return
        item = fresh(self.items[self.place], again[1])
        own = questions(item, AGAIN)
        self._item_of += [len(self.items)] * len(own)
        self.repeats.append(again)
        self.settings = {**self.settings, "repeats": _kept(self.repeats)}
        self.items.append(item)
        self.questions += tuple(own)
        self.progress += [Progress() for _ in own]


def _kept(repeats: Sequence[Repeat]) -> list[Any]:
    """As a snapshot has them: a place, or a place and a key."""
    return [[place, key] if key else place for place, key in repeats]


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
        [_repeat_of(each) for each in settings.get("repeats", ())],
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


def _repeat_of(kept: Any) -> Repeat:
    place, key = kept if isinstance(kept, list) else (kept, "")
    return int(place), str(key)


def planned(
    skill: str | None, length: int, seed: int, kinds: Sequence[Asked] = KINDS
) -> list[Drawn]:
    """The items of a quiz, easier ones first: half of level 1 and half of level 2.

    Over all skills none comes a second time before every one has come once. A whole pass, as long
    as the rest of the quiz, comes only where it was chosen or planned for the learner.
    """
    if length < 1:
        raise ValueError(f"length {length}: a quiz has at least one item")
    draw = Draw("quiz", seed, length, skill or "")
    known = [find_skill(skill).id] if skill else draw.shuffled(STEP_SKILLS)
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
    showing = [place for place, each in enumerate(plan) if each.reason.code in SHOWING]
    return mixed(wanted, kinds, Draw("kinds", seed, len(wanted)), showing)

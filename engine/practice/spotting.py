"""Spot-the-error items: a worked pass with one wrong matrix, which a misconception made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.language import mark_text, tr
from engine.marking.mark import Mark
from engine.marking.misconceptions import Variant
from engine.network.solution import Step
from engine.practice.choices import option_place, unreadable_choice
from engine.practice.distinct import distinct_mistakes
from engine.practice.draw import Draw
from engine.practice.generator import generate, is_worked_out, plain
from engine.practice.mistakes import mistake_title
from engine.practice.skills import find_skill
from engine.practice.wording import situation_text
from engine.problems.problem import Problem

PASSES = ("sgd.update", "mse.gradient", "logloss.gradient")
"""Skills whose items have a whole pass around them."""

GLARING = ("wrong_quantity", "sign")
"""Mistakes that one finds at a glance: made only where there are no others."""

STAGES: dict[str, str] = {
    "forward": mark_text("The wrong step is in the forward pass."),
    "loss": mark_text("The wrong step is in the loss."),
    "backward": mark_text("The wrong step is in the backward pass."),
    "update": mark_text("The wrong step is in the gradient step."),
}


@dataclass(frozen=True, eq=False)
class Spot:
    """A worked pass: find the wrong step, name its misconception, mend it."""

    skill: str
    """That of the wrong step."""
    level: int
    seed: int
    problem: Problem
    key: str
    """The wrong step. The steps behind it follow from it rightly."""
    mistake: Variant
    shown: Mapping[str, Array]
    """The steps as the learner sees them, by key, in pass order."""

    @property
    def kind(self) -> Literal["spot"]:
        return "spot"

    @property
    def right(self) -> int:
        """The place of the wrong step among those shown, from 0: what is to be chosen."""
        return [*self.shown].index(self.key)

    @property
    def count(self) -> int:
        """How many steps are shown."""
        return len(self.shown)

    @property
    def before(self) -> tuple[str, ...]:
        """The keys of the steps in front of the wrong one, which are right."""
        return tuple([*self.shown][: self.right])

    def place(self, text: str) -> int | None:
        """The place of the step with that number from 1, or with that key."""
        keys = [*self.shown]
        wanted = text.strip()
        return keys.index(wanted) if wanted in keys else option_place(text, self.count)

    def mark(self, text: str) -> Mark:
        """Mark a step's number from 1, or its key; any text gets a mark."""
        place = self.place(text)
        if place is None:
            return unreadable_choice(self.count)
        chosen = self.problem.solution.symbol([*self.shown][place])
        if place == self.right:
            message = tr("Right: {symbol} doesn't follow from what is before it.", symbol=chosen)
            return Mark("right", message, reading=str(place + 1))
        message = tr("{symbol} follows from what is before it, as it stands here.", symbol=chosen)
        return Mark("wrong", message, reading=str(place + 1))

    def hints(self) -> tuple[str, ...]:
        """How to go about it, in which part of the pass to look, which mistake was made."""
        title = mistake_title(self.mistake.tag)
        return (
            tr("Work out each step from what is before it, as it stands here, and compare."),
            tr(STAGES[self.problem.solution[self.key].stage]),
            tr("What went wrong there: {mistake}.", mistake=title),
        )

    def question(self) -> str:
        """What is asked, in the learner's language."""
        loss = self.problem.network.loss
        about = situation_text(self.problem, f"grad.{loss.of}") if loss and loss.of else ""
        if loss is not None and loss.kind == "given":
            symbol = self.problem.solution.symbol
            about = tr(
                "The gradient {gradient} arrives at {result}.",
                gradient=symbol(loss.upstream),
                result=symbol(loss.of),
            )
        asked = tr(
            "One step of this pass is wrong; what follows is right for it. Which step is it?"
        )
        return f"{about} {asked}".strip()

    def as_json(self) -> dict[str, Any]:
        """The item as one line of JSON.

        ``values`` are given, ``shown`` the steps with the wrong one (``key``), ``mistake`` is its
        misconception's tag and ``answer`` what the step should be; nothing is rounded.
        """
        return {
            "skill": self.skill,
            "level": self.level,
            "seed": self.seed,
            "kind": "spot",
            "key": self.key,
            "question": self.question(),
            "values": {key: plain(v.array) for key, v in self.problem.network.values.items()},
            "shown": {key: plain(value) for key, value in self.shown.items()},
            "mistake": self.mistake.tag,
            "answer": plain(self.problem.solution[self.key].value),
        }


def spot(skill: str | None = None, level: int = 1, seed: int = 0) -> Spot:
    """A pass with one wrong step, of that skill or of any; the same seed gives the same one.

    Levels 1 and 2 have two layers, 3 and 4 three. Raises `UnknownSkillError` and, where no
    pass has a step of the skill, `ValueError`.
    """
    if skill is not None:
        find_skill(skill)
    draw = Draw("spot", skill or "", level, seed)
    for base in draw.shuffled(PASSES):
        problem = generate(base, 3 if level <= 2 else 4, seed).problem
        steps = draw.shuffled([*filter(is_worked_out, problem.solution.values())])
        for step in steps:
            if skill in (None, step.skill):
                found = _spoilt(problem, step, draw)
                if found is not None:
                    mistake, shown = found
                    return Spot(step.skill, level, seed, problem, step.key, mistake, shown)
    raise ValueError(f"no pass has a step of {skill} that can go wrong")


def _spoilt(problem: Problem, step: Step, draw: Draw) -> tuple[Variant, dict[str, Array]] | None:
    """A misconception of the step, and all steps of the pass as they follow from it."""
    solution = problem.solution
    mistakes = distinct_mistakes(problem, step.key)
    at_a_glance = [each for each in mistakes if each[0].tag in GLARING]
    specific = [each for each in mistakes if each[0].tag not in GLARING]
    for mistake, value in draw.shuffled(specific) + draw.shuffled(at_a_glance):
        numbers = dict(solution.numbers)
        for key, later in solution.items():
            numbers[key] = value if key == step.key else evaluate(later.node, numbers)
        if all(np.isfinite(number).all() for number in numbers.values()):
            shown = {k: numbers[k] for k, s in solution.items() if is_worked_out(s)}
            return mistake, shown
    return None

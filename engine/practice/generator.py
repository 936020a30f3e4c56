"""Quiz items by skill, level and seed: small networks whose numbers can't hide a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import names
from engine.network.losses import EACH
from engine.network.model import Entry, Loss, Update
from engine.network.solution import Solution
from engine.practice.blueprints import LEVELS, Level, blueprint
from engine.practice.distinct import indistinguishable
from engine.practice.draw import Draw
from engine.practice.skills import SKILLS, Skill, find_skill
from engine.practice.wording import question_text
from engine.problems.problem import Kind, Precision, Problem

QUIZ = "quiz"
"""The id of every generated problem; it names no file."""

TITLE = {"en": "Quiz", "ru": "Тренировка"}
PRECISION = Precision(decimals=4)

LARGEST_SUM = 100
"""No loss is larger."""

TRIES = 100
"""Drafts that are drawn before the best so far is taken as it is."""


@dataclass(frozen=True, eq=False)
class Item:
    """One generated question; the same skill, level, seed and kind give the same one everywhere."""

    skill: str
    level: int
    seed: int
    problem: Problem
    key: str
    kind: Kind
    given: tuple[str, ...]
    """The keys before the one asked whose values are shown with it, in pass order."""

    def question(self) -> str:
        """What is asked, in the learner's language."""
        return question_text(self.problem, self.key, self.kind)

    def as_json(self) -> dict[str, Any]:
        """The item as one line of JSON, right answer included.

        ``values``, ``forward``, ``loss``, ``update`` and ``wrt`` are those of a problem file;
        ``given`` has the results that are shown, by key. ``answer`` is the value asked and
        ``formula`` its formula, whichever of the two ``kind`` asks for; ``exact`` says whether the
        answer must be exact, else ``decimals`` are asked. Scalars are numbers (``shape`` []),
        every matrix is a list of rows; nothing is rounded.
        """
        solution, network = self.problem.solution, self.problem.network
        step = solution[self.key]
        return {
            "skill": self.skill,
            "level": self.level,
            "seed": self.seed,
            "kind": self.kind,
            "key": self.key,
            "symbol": solution.symbol(self.key),
            "question": self.question(),
            "values": {key: plain(value.array) for key, value in network.values.items()},
            "forward": [
                {"layer": entry.layer, **_keys(entry), "from": entry.source, "to": entry.to}
                for entry in network.entries
            ],
            "loss": _loss_table(network.loss),
            "update": _update_table(network.update),
            "wrt": list(network.wrt),
            "given": {key: plain(solution[key].value) for key in self.given},
            "formula": solution.formula(self.key),
            "shape": list(step.shape),
            "answer": plain(step.value),
            "exact": step.digits is not None
            and step.digits <= self.problem.precision.exact_decimals,
            "decimals": self.problem.precision.exact_decimals,
        }


def plain(value: Array) -> Any:
    """Numbers for JSON: whole ones without a point."""
    if value.ndim:
        return [plain(part) for part in value]
    number = float(value)
    return int(number) if number.is_integer() else number


def _keys(entry: Entry) -> dict[str, Any]:
    """What the layer was told, as a file says it."""
    told = {
        key: plain(np.array(float(value))) if isinstance(value, Fraction) else value
        for key, value in entry.settings.items()
    }
    return {**entry.roles, **told}


def _loss_table(loss: Loss | None) -> dict[str, Any] | None:
    if loss is None:
        return None
    if loss.kind == "given":
        return {"kind": loss.kind, "of": loss.of, "upstream": loss.upstream}
    table = {"kind": loss.kind, "of": loss.of, "target": loss.target, "reduction": loss.reduction}
    return {**table, "half": True} if loss.half else table


def _update_table(update: Update | None) -> dict[str, Any] | None:
    if update is None:
        return None
    return {
        "optimizer": update.optimizer,
        "learning_rate": update.learning_rate,
        "parameters": list(update.parameters),
    }


# --- making one -----------------------------------------------------------------------------------


def generate(skill: str, level: int = 1, seed: int = 0, kind: Kind = "value") -> Item:
    """The item of that skill, level (1 to 4) and seed; always the same one.

    Raises `UnknownSkillError` for a skill that isn't in the table, `ValueError` for a level.
    """
    wanted = find_skill(skill)
    if level not in LEVELS:
        raise ValueError(f"level {level}: expected one of {', '.join(map(str, LEVELS))}")
    problem, key = _good_draft(Draw(skill, level, seed), wanted, level)
    return Item(skill, level, seed, problem, key, kind, _given(problem.solution, key))


def generate_many(
    skill: str | None = None, level: int = 1, seed: int = 0, count: int = 1
) -> Iterator[Item]:
    """Items one after the other, with the seeds from `seed` on; without a skill, of all in turn."""
    order = [skill] if skill else Draw("skills", seed).shuffled([*SKILLS])
    for place in range(count):
        yield generate(order[place % len(order)], level, seed + place)


def _good_draft(draw: Draw, wanted: Skill, level: int) -> tuple[Problem, str]:
    """A draft without a fault; if none comes up, the one that has the fewest."""
    best: tuple[Problem, str] | None = None
    fewest = 0
    for _ in range(TRIES):
        draft = blueprint(draw, wanted, level)
        problem = Problem(QUIZ, TITLE, draft.network, PRECISION)
        faults = _faults(problem, draft.key, LEVELS[level])
        if not faults:
            return problem, draft.key
        if best is None or faults < fewest:
            best, fewest = (problem, draft.key), faults
    assert best is not None
    return best


def _faults(problem: Problem, key: str, level: Level) -> int:
    """How many things are wrong with the numbers of a question."""
    step = problem.solution[key]
    untidy = [
        # A gradient of zeros, even one that isn't asked, is no example of anything.
        not all(each.value.any() for each in problem.solution.values()),
        np.abs(step.value).max() > (level.largest if step.shape else LARGEST_SUM),
        step.digits is not None and step.digits > level.decimals,
    ]
    return sum(untidy) or len(indistinguishable(problem, key))


def _given(solution: Solution, key: str) -> tuple[str, ...]:
    """What is shown beside the network's values: the forward pass so far, and what has arrived.

    What the step rests on is always among it, but for the losses of the observations: they are half
    of the loss. A local derivative is half of the step back and isn't shown either.
    """
    shown = {entry.to for entry in solution.network.entries}
    shown |= {f"grad.{result}" for result in shown}
    shown |= {each for each in names(solution[key].node) if each != EACH}
    before = [*solution][: [*solution].index(key)]
    return tuple(each for each in before if each in shown)

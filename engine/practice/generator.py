"""Quiz items by skill, level and seed: small networks whose numbers can't hide a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import walk
from engine.network.model import Loss, Network, Update
from engine.network.passes import BACKWARD
from engine.network.solution import Solution
from engine.practice.blueprints import LEVELS, Blueprint, Level, blueprint
from engine.practice.distinct import indistinguishable
from engine.practice.draw import Draw
from engine.practice.skills import SKILLS, skill
from engine.practice.wording import question_text
from engine.problems.problem import Kind, Precision, Problem

QUIZ = "quiz"
"""The id of every generated problem; it names no file."""

TRIES = 200
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
            "values": {key: _plain(value.array) for key, value in network.values.items()},
            "forward": [
                {"layer": entry.layer, **entry.roles, "from": entry.source, "to": entry.to}
                for entry in network.entries
            ],
            "loss": _loss_table(network.loss),
            "update": _update_table(network.update),
            "wrt": list(network.wrt),
            "given": {key: _plain(solution[key].value) for key in self.given},
            "formula": solution.formula(self.key),
            "shape": list(step.shape),
            "answer": _plain(step.value),
            "exact": step.digits is not None and step.digits <= self.problem.precision.exact_decimals,
            "decimals": self.problem.precision.exact_decimals,
        }


def _plain(value: Array) -> Any:
    """Numbers for JSON: whole ones without a point."""
    if value.ndim:
        return [_plain(part) for part in value]
    number = float(value)
    return int(number) if number.is_integer() else number


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


def generate(skill_id: str, level: int = 1, seed: int = 0, kind: Kind = "value") -> Item:
    """The item of that skill, level (1 to 4) and seed; always the same one.

    Raises `UnknownSkillError` for a skill that isn't in the table, `ValueError` for a level.
    """
    wanted = skill(skill_id)
    if level not in LEVELS:
        raise ValueError(f"level {level}: expected one of {', '.join(map(str, LEVELS))}")
    draw = Draw(skill_id, level, seed)
    best: Problem | None = None
    ...


def generate_many(
    skill_id: str | None = None, level: int = 1, seed: int = 0, count: int = 1
) -> Iterator[Item]:
    """Items one after the other, with the seeds from `seed` on; without a skill, of all in turn."""
    order = Draw("skills", seed).shuffled([*SKILLS])
    for place in range(count):
        yield generate(skill_id or order[place % len(order)], level, seed + place)

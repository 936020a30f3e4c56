"""Items over a whole small pass: forward, loss, back, and a step of gradient descent, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from engine.network.model import Network
from engine.practice.generator import good_draft, network_as_json, step_as_json
from engine.practice.skills import PASS, SKILLS, find_skill
from engine.practice.wording import question_text
from engine.problems.problem import Problem

PASS_SKILLS = tuple(each.id for each in SKILLS.values() if each.subject == PASS)
"""The skills whose items are whole passes."""


@dataclass(frozen=True, eq=False)
class WholePass:
    """A network whose every step is asked, each as a value, what was done before being known."""

    skill: str
    level: int
    seed: int
    problem: Problem
    keys: tuple[str, ...]
    """The steps that are asked, in pass order."""

    @property
    def kind(self) -> Literal["pass"]:
        return "pass"

    @property
    def key(self) -> str:
        """What it leads to."""
        return self.keys[-1]

    @property
    def network(self) -> Network:
        return self.problem.network

    def as_json(self) -> dict[str, Any]:
        """The item as one line of JSON, right answers included.

        The network is told as in `Item.as_json`; ``steps`` are what is asked, in order, each with
        its ``key``, ``symbol``, ``question``, ``formula``, ``shape``, ``answer``, and whether that
        must be ``exact``, else ``decimals`` are asked.
        """
        return {
            "skill": self.skill,
            "level": self.level,
            "seed": self.seed,
            "kind": self.kind,
            **network_as_json(self.network),
            "steps": [
                {"question": question_text(self.problem, key), **step_as_json(self.problem, key)}
                for key in self.keys
            ],
        }


def whole_pass(skill: str, level: int = 1, seed: int = 0) -> WholePass:
    """The pass of that skill, level (1 to 4) and seed; always the same one.

    Raises what `generate` raises, and `ValueError` for a skill that isn't in `PASS_SKILLS`.
    """
    if find_skill(skill).id not in PASS_SKILLS:
        raise ValueError(f"{skill}: expected one of {', '.join(PASS_SKILLS)}")
    problem, keys = good_draft(skill, level, seed)
    return WholePass(skill, level, seed, problem, keys)

"""Quiz items by skill, level and seed: small networks whose numbers can't hide a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from engine.expression.evaluate import Array
from engine.expression.node import names
from engine.network.losses import EACH, LOSSES
from engine.network.model import Entry, Loss, Network, Update
from engine.network.quantity import FORWARD, LOSS_PASS
from engine.network.solution import Solution, Step
from engine.practice.blueprints import blueprint
from engine.practice.building import UnhandyError
from engine.practice.distinct import indistinguishable
from engine.practice.draw import Draw
from engine.practice.levels import LEVELS, Level
from engine.practice.skills import PASS, Skill, find_skill
from engine.practice.wording import question_text
from engine.problems.problem import Kind, Precision, Problem

QUIZ = "quiz"
"""The id of every generated problem; it names no file."""

TITLE = {"en": "Quiz", "ru": "Тренировка"}
PRECISION = Precision(decimals=4)

LARGEST_SUM = 100
"""No loss is larger."""

WIRINGS, TRIES = 40, 4
"""How many networks are tried, and how often other numbers for each, before any is taken."""


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
        solution = self.problem.solution
        return {
            "skill": self.skill,
            "level": self.level,
            "seed": self.seed,
            "kind": self.kind,
            "question": self.question(),
            **network_as_json(self.problem.network),
            "given": {key: plain(solution[key].value) for key in self.given},
            **step_as_json(self.problem, self.key),
        }


def network_as_json(network: Network) -> dict[str, Any]:
    """A network in the words of a problem file."""
    return {
        "values": {key: plain(value.array) for key, value in network.values.items()},
        "forward": [
            {"layer": entry.layer, **_keys(entry), "from": entry.source, "to": entry.to}
            for entry in network.entries
        ],
        "loss": _loss_table(network.loss),
        "update": _update_table(network.update),
        "wrt": list(network.wrt),
    }


def step_as_json(problem: Problem, key: str) -> dict[str, Any]:
    """What is asked, and the right answer."""
    step, solution = problem.solution[key], problem.solution
    decimals = problem.precision.exact_decimals
    return {
        "key": key,
        "symbol": solution.symbol(key),
        "formula": solution.formula(key),
        "shape": list(step.shape),
        "answer": plain(step.value),
        "exact": step.digits is not None and step.digits <= decimals,
        "decimals": decimals,
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

    Raises `UnknownSkillError` for a skill that isn't in the table, `ValueError` for a level and
    for the skill of a whole pass.
    """
    if find_skill(skill).subject == PASS:
        raise ValueError(f"{skill} is asked in whole passes")
    problem, (key,) = good_draft(skill, level, seed)
    return Item(skill, level, seed, problem, key, kind, _given(problem.solution, key))


def good_draft(skill: str, level: int, seed: int) -> tuple[Problem, tuple[str, ...]]:
    """A problem without a fault and the keys that are asked of it, the same for the same seed.

    If none comes up, the first there is. Raises what `generate` raises.
    """
    wanted = find_skill(skill)
    if level not in LEVELS:
        raise ValueError(f"level {level}: expected one of {', '.join(map(str, LEVELS))}")
    first: tuple[Problem, tuple[str, ...]] | None = None
    for draft in _drafts(wanted, level, seed):
        if not _is_faulty(*draft, LEVELS[level]):
            return draft
        first = first or draft
    if first is None:
        raise UnhandyError(f"{skill}: no numbers are small enough for any network of level {level}")
    return first


def _drafts(skill: Skill, level: int, seed: int) -> Iterator[tuple[Problem, tuple[str, ...]]]:
    """Networks, each with several sets of numbers: what is known of a network is used again."""
    for place in range(WIRINGS):
        draw = Draw("numbers", skill.id, level, seed, place)
        for _ in range(TRIES):
            with suppress(UnhandyError):
                draft = blueprint(Draw(skill.id, level, seed, place), draw, skill, level)
                problem = Problem(QUIZ, TITLE, draft.network, PRECISION)
                yield problem, draft.keys or tuple(asked_in_pass(problem.solution))


def asked_in_pass(solution: Solution) -> Iterator[str]:
    """The keys of a pass that one does by hand, in its order; what goes in needs no gradient."""
    return (key for key, step in solution.items() if key != "grad.X" and is_worked_out(step))


def is_worked_out(step: Step) -> bool:
    """Whether one writes a step down who does a pass by hand.

    Local derivatives stay in one's head, a gradient that is given isn't worked out, and the
    observations' losses count where they are more than squares.
    """
    if step.key == EACH:
        loss = step.solution.network.loss
        return loss is not None and bool(LOSSES[loss.kind].activation)
    return not step.key.startswith("local.") and step.node.op != "name"


def _is_faulty(problem: Problem, keys: tuple[str, ...], level: Level) -> bool:
    """Whether something is wrong with the numbers of a question."""
    solution = problem.solution
    backward = any(solution[key].stage not in (FORWARD, LOSS_PASS) for key in keys)
    # A gradient of zeros, even one that isn't asked, is no example of anything.
    if backward and not all(each.value.any() for each in solution.values()):
        return True
    return any(_is_untidy(solution[key], level) for key in keys) or any(
        indistinguishable(problem, key) for key in keys
    )


def _is_untidy(step: Step, level: Level) -> bool:
    largest = level.largest if step.shape else LARGEST_SUM
    long = step.digits is not None and step.digits > level.decimals
    return long or not step.value.any() or bool(np.abs(step.value).max() > largest)


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

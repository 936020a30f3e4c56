"""Whole passes: every step in order, right by finite differences, unable to hide a mistake."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from engine.network.check import check_solution
from engine.practice import generator
from engine.practice.blueprints import Blueprint, blueprint
from engine.practice.distinct import indistinguishable
from engine.practice.generator import generate
from engine.practice.levels import LEVELS
from engine.practice.mixing import fresh, make, questions
from engine.practice.skills import SKILLS, UnknownSkillError
from engine.practice.whole_pass import PASS_SKILLS, WholePass, whole_pass

CASES = [(skill, level) for skill in PASS_SKILLS for level in LEVELS]
SEEDS = range(6)

every_case = pytest.mark.parametrize(("skill", "level"), CASES)


@every_case
def test_a_pass_goes_forward_to_the_loss_back_and_one_step_down(skill: str, level: int) -> None:
    made = whole_pass(skill, level, 1)
    stages = [made.problem.solution[key].stage for key in made.keys]
    assert [*dict.fromkeys(stages)] == ["forward", "loss", "backward", "update"]
    order = [*made.problem.solution]
    assert [*made.keys] == sorted(made.keys, key=order.index)
    trained = made.problem.network.parameters
    assert {f"grad.{key}" for key in trained} | {f"new.{key}" for key in trained} <= {*made.keys}


@every_case
def test_every_step_of_a_pass_belongs_to_a_skill_that_is_practised_by_itself(
    skill: str, level: int
) -> None:
    made = whole_pass(skill, level, 1)
    assert {made.problem.solution[key].skill for key in made.keys} <= SKILLS.keys() - {*PASS_SKILLS}


@every_case
def test_what_a_step_rests_on_was_asked_before_or_is_given(skill: str, level: int) -> None:
    made = whole_pass(skill, level, 2)
    solution = made.problem.solution
    for place, key in enumerate(made.keys):
        known = {*made.problem.network.values, "n", *made.keys[:place]}
        forms = (solution[key].node, *solution[key].quantity.others)
        used = [{name for name in _names(form) if not name.startswith("local.")} for form in forms]
        assert any(each <= known for each in used), key


def _names(node: object) -> tuple[str, ...]:
    from engine.expression.node import Node, names

    assert isinstance(node, Node)
    return names(node)


@every_case
def test_a_pass_passes_its_gradient_check(skill: str, level: int) -> None:
    for seed in SEEDS:
        check = check_solution(whole_pass(skill, level, seed).problem.solution)
        assert check is not None
        assert check.passed


@every_case
def test_no_step_of_a_pass_hides_a_misconception(skill: str, level: int) -> None:
    for seed in SEEDS:
        made = whole_pass(skill, level, seed)
        assert [k for k in made.keys if indistinguishable(made.problem, k)] == [], seed


@every_case
def test_a_pass_is_seldom_drawn_anew(
    skill: str, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That takes as long as an item may: what doesn't suit is drawn again in its place."""
    drawn = []

    def counted(*arguments: Any) -> Blueprint:
        drawn.append(arguments)
        return blueprint(*arguments)

    monkeypatch.setattr(generator, "blueprint", counted)
    often = []
    for seed in range(40):
        drawn.clear()
        whole_pass(skill, level, seed)
        often.append(len(drawn))
    assert sum(often) <= 52
    assert max(often) <= 4


@every_case
def test_the_numbers_of_a_pass_stay_small_and_short(skill: str, level: int) -> None:
    for seed in SEEDS:
        made = whole_pass(skill, level, seed)
        for key in made.keys:
            step = made.problem.solution[key]
            assert step.value.any()
            assert np.abs(step.value).max() <= 100
            assert step.digits is None or step.digits <= 3


def test_higher_levels_have_more_to_do() -> None:
    for skill in PASS_SKILLS:
        steps = [len(whole_pass(skill, level, 1).keys) for level in LEVELS]
        assert steps == sorted(steps)
        assert steps[0] < steps[-1] <= 16


def test_a_pass_is_the_same_for_its_seed_and_another_for_others() -> None:
    one, again, other = (json.dumps(whole_pass("pass.mse", 2, s).as_json()) for s in (4, 4, 5))
    assert one == again != other


def test_the_json_line_has_every_step_with_its_answer() -> None:
    made = make("pass.mse", 1, 0)
    assert isinstance(made, WholePass)
    line = json.loads(json.dumps(made.as_json()))
    assert line["kind"] == "pass"
    assert [step["key"] for step in line["steps"]] == [*made.keys]
    for step in line["steps"]:
        assert np.allclose(made.problem.solution[step["key"]].value, step["answer"])
        assert step["question"].endswith(("?", "."))


def test_each_step_is_a_question_and_only_the_first_says_why() -> None:
    made = whole_pass("pass.logloss", 1, 3)
    asked = questions(made)
    assert [question.key for question in asked] == [*made.keys]
    assert {question.recorded_kind for question in asked} == {"pass"}
    assert {question.recorded_problem for question in asked} == {"pass.logloss"}


def test_a_missed_step_comes_back_by_itself_in_other_numbers() -> None:
    made = whole_pass("pass.mse", 3, 7)
    again = fresh(made, "grad.H1")
    assert (again.skill, again.level, again.kind) == ("relu.backward", 3, "value")


def test_what_is_no_whole_pass_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of"):
        whole_pass("relu.backward")
    with pytest.raises(UnknownSkillError):
        whole_pass("pass.sideways")
    with pytest.raises(ValueError, match="level 9"):
        whole_pass("pass.mse", 9)
    with pytest.raises(ValueError, match="is asked in whole passes"):
        generate("pass.mse")
    with pytest.raises(ValueError, match="expected one of"):
        make("pass.mse", kind="choice")

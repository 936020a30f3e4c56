"""Generated items: solvable, pleasant, the same for a seed, and unable to hide a mistake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from engine.expression.evaluate import Array, evaluate
from engine.expression.node import walk
from engine.language import use_language
from engine.network.check import check_solution
from engine.practice.distinct import distinct_mistakes, indistinguishable
from engine.practice.generator import Item, generate
from engine.practice.levels import LEVELS
from engine.practice.mixing import KINDS, many
from engine.practice.question import Asked
from engine.practice.skills import PASS, SKILLS, UnknownSkillError
from engine.problems.building import build
from engine.problems.problem import Problem
from engine.problems.reading import decode

SEEDS = range(8)
CASES = [(each.id, level) for each in SKILLS.values() if each.subject != PASS for level in LEVELS]

every_case = pytest.mark.parametrize(("skill", "level"), CASES)


def _items(skill: str, level: int) -> Iterator[Item]:
    return (generate(skill, level, seed) for seed in SEEDS)


def _before_kinks(problem: Problem) -> Iterator[Array]:
    solution = problem.solution
    for entry in problem.network.entries:
        for node in walk(entry.node):
            if node.op == "relu":
                yield evaluate(node.operands[0], solution.numbers)


@every_case
def test_an_item_asks_for_a_step_of_its_skill(skill: str, level: int) -> None:
    for item in _items(skill, level):
        step = item.problem.solution[item.key]
        assert step.skill == skill
        assert np.isfinite(step.value).all()
        assert step.value.any()


@every_case
def test_an_item_passes_its_gradient_check(skill: str, level: int) -> None:
    for item in _items(skill, level):
        check = check_solution(item.problem.solution)
        assert check is None or check.passed
        assert (check is None) == skill.endswith(".forward")


@every_case
def test_no_item_hides_a_misconception(skill: str, level: int) -> None:
    for item in _items(skill, level):
        assert indistinguishable(item.problem, item.key) == [], item.seed


@every_case
def test_a_mask_is_mixed_and_nothing_before_it_is_zero(skill: str, level: int) -> None:
    found = [before for item in _items(skill, level) for before in _before_kinks(item.problem)]
    for before in found:
        positive = (before > 0).sum()
        assert (before != 0).all()
        assert 0 < positive < before.size
    assert found or not skill.startswith("relu")


@every_case
def test_the_numbers_are_small(skill: str, level: int) -> None:
    for item in _items(skill, level):
        step = item.problem.solution[item.key]
        for key in [*item.problem.network.values, *item.given]:
            assert np.abs(item.problem.solution.numbers[key]).max() <= 100
        assert np.abs(step.value).max() <= 100
        assert step.digits is None or step.digits <= 3


@every_case
def test_all_that_a_step_rests_on_is_shown_and_the_answer_is_not(skill: str, level: int) -> None:
    for item in _items(skill, level):
        solution = item.problem.solution
        order = [*solution]
        shown = {*item.problem.network.values, *item.given, "n"}
        assert item.key not in shown
        assert all(order.index(key) < order.index(item.key) for key in item.given)
        upstream = solution[item.key].quantity.upstream
        assert not upstream or upstream in shown
        assert not any(key.startswith("local.") for key in shown)


@every_case
def test_a_question_is_asked_in_words(skill: str, level: int) -> None:
    for item in _items(skill, level):
        question = item.question()
        assert question.endswith(("?", "."))
        assert "{" not in question


@every_case
def test_other_seeds_give_other_items(skill: str, level: int) -> None:
    seen = {json.dumps(item.as_json()["values"]) for item in _items(skill, level)}
    assert len(seen) == len(SEEDS)


def test_weights_are_seldom_square_and_losses_never_have_two_observations() -> None:
    items = [item for skill, level in CASES for item in _items(skill, level)]
    shapes = [
        value.shape
        for item in items
        for key, value in item.problem.network.values.items()
        if key.startswith("W")
    ]
    assert sum(rows == columns for rows, columns in shapes) < len(shapes) / 4
    for item in items:
        if item.problem.network.loss and item.problem.network.loss.target:
            assert item.problem.solution.numbers["n"] != 2


def test_the_same_seed_gives_the_same_item_in_another_process() -> None:
    program = (
        "import json; from engine.practice.generator import generate\n"
        f"for skill, level in {CASES[::7]!r}:\n"
        "    print(json.dumps(generate(skill, level, 11).as_json()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "123"}
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment
    )
    ours = [json.dumps(generate(skill, level, 11).as_json()) for skill, level in CASES[::7]]
    assert told.stdout.splitlines() == ours, told.stderr


@every_case
def test_the_json_line_is_a_problem_again_with_that_answer(skill: str, level: int) -> None:
    line = json.loads(json.dumps(generate(skill, level, 3).as_json()))
    rebuilt = build(decode(_toml(line).encode(), "generated"), "generated")
    step = rebuilt.solution[line["key"]]
    assert np.allclose(step.value, line["answer"], rtol=0, atol=1e-12)
    assert list(step.shape) == line["shape"]
    assert step.skill == line["skill"]
    for key, value in line["given"].items():
        assert np.allclose(rebuilt.solution[key].value, value, rtol=0, atol=1e-12)


def _toml(line: dict[str, object]) -> str:
    """The item's line as a problem file: JSON's numbers, strings and lists are TOML's too."""

    def table(fields: object) -> list[str]:
        assert isinstance(fields, dict)
        return [f"{key} = {json.dumps(value)}" for key, value in fields.items()]

    text = ["format = 1", 'id = "quiz"', 'title = "Quiz"', f"wrt = {json.dumps(line['wrt'])}"]
    text += ["[values]", *table(line["values"])]
    forward = line["forward"]
    assert isinstance(forward, list)
    for entry in forward:
        text += ["[[forward]]", *table(entry)]
    for name in ("loss", "update"):
        if line[name] is not None:
            text += [f"[{name}]", *table(line[name])]
    return "\n".join(text)


def test_a_formula_item_has_the_same_numbers_and_another_question() -> None:
    value, formula = (generate("relu.backward", 1, 5, kind) for kind in ("value", "formula"))
    assert formula.as_json()["values"] == value.as_json()["values"]
    assert formula.question() == (
        "The gradient d = ∂L/∂O₁ reaches the ReLU. By which formula is ∂L/∂H₁ computed?"
    )


QUESTIONS = {
    "relu.forward": "H₁ goes through the ReLU. What comes out, O₁?",
    "relu.backward": "The gradient d = ∂L/∂O₁ reaches the ReLU. What does it pass on to H₁?",
    "relu.local": (
        "A gradient comes back through the ReLU, from O₁ to H₁. What is it multiplied by on the "
        "way? Give the local derivative ∂O₁/∂H₁."
    ),
    "linear.weight_gradient": (
        "The gradient d = ∂L/∂H₁ reaches the linear layer. What is the gradient of W₁?"
    ),
    "mse.loss": (
        "The loss is the squared error. It is averaged over the observations. How large is the "
        "loss L?"
    ),
    "logloss.loss": "The loss is the logloss. How large is the loss ℓ of each observation?",
    "mse.gradient": (
        "The loss is the squared error. It is averaged over the observations. With which gradient "
        "∂L/∂ŷ does the backward pass begin?"
    ),
    "sgd.update": (
        "The gradient ∂L/∂W₁ is known. One step of gradient descent is made, with the learning "
        "rate η. What is W₁ after the step?"
    ),
}


@pytest.mark.parametrize("skill", QUESTIONS)
def test_the_question_says_what_arrives_where_and_what_is_wanted(skill: str) -> None:
    assert generate(skill, 1, 0).question() == QUESTIONS[skill]


def test_a_question_follows_the_language_in_use() -> None:
    item = generate("relu.backward", 1, 0)
    english = item.question()
    use_language("ru")
    try:
        assert item.problem.title == "Тренировка"
    finally:
        use_language("en")
    assert item.question() == english


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownSkillError):
        generate("relu.sideways")
    with pytest.raises(ValueError, match="level 5: expected one of 1, 2, 3, 4"):
        generate("relu.backward", 5)


@pytest.mark.parametrize("level", LEVELS)
def test_a_bias_can_be_forgotten_at_every_linear_layers_forward_pass(level: int) -> None:
    for seed in range(8):
        item = generate("linear.forward", level, seed)
        tags = {mistake.tag for mistake, _ in distinct_mistakes(item.problem, item.key)}
        assert "bias_missing" in tags, seed


def test_many_items_of_all_skills_come_in_turn() -> None:
    items = [*many(level=2, seed=4, count=len(SKILLS) + 1)]
    assert {item.skill for item in items[:-1]} == SKILLS.keys()
    assert items[-1].skill == items[0].skill
    assert [item.seed for item in items] == [*range(4, 4 + len(items))]


def test_many_items_of_one_skill_are_those_of_their_seeds() -> None:
    items = [*many("relu.local", 1, 2, 3)]
    expected = [generate("relu.local", 1, seed) for seed in (2, 3, 4)]
    assert [item.as_json() for item in items] == [item.as_json() for item in expected]


@pytest.mark.parametrize("kind", KINDS)
def test_many_items_of_a_kind_are_all_of_that_kind(kind: Asked) -> None:
    items = [*many(level=1, seed=1, count=40, kind=kind)]
    kinds = {item.kind for item in items}
    assert kinds == ({"value", "pass"} if kind == "value" else {kind})
    assert len({item.seed for item in items}) == 40


def test_a_kind_that_a_skill_never_has_is_refused() -> None:
    for kind, skill in (
        ("choice", "relu.forward"),
        ("shape", "relu.local"),
        ("spot", "tanh.local"),
    ):
        with pytest.raises(ValueError, match=skill.partition(".")[0]):
            [*many(skill, 1, 1, 1, kind)]  # type: ignore[arg-type]


def test_exact_answers_end_and_say_so() -> None:
    line = generate("linear.backward", 2, 1).as_json()
    assert line["exact"] is True
    assert all(Fraction(cell) * 1000 % 1 == 0 for row in line["answer"] for cell in row)
    assert generate("sigmoid.forward", 1, 1).as_json()["exact"] is False

"""The table of skills: complete, without circles, with a title each."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.network.layers import LAYERS, Layer
from engine.network.optimizers import OPTIMIZERS
from engine.practice import skills
from engine.practice.skills import SKILLS, UnknownSkillError, find_skill
from engine.practice.titles import ASPECTS, SUBJECTS, skill_title
from engine.problems.course import builtin_ids
from engine.problems.reading import load

LESSONS_ONLY = {
    "formula",
    "given",
    *(kind for kind, layer in LAYERS.items() if layer.picture or layer.between),
    *(kind for kind, optimizer in OPTIMIZERS.items() if optimizer.states),
}
"""What is met in lessons and not drawn anew."""


def test_the_skills_of_the_first_layers_losses_and_steps_are_there() -> None:
    expected = {
        *("linear.forward", "linear.local", "linear.backward"),
        *("linear.weight_gradient", "linear.bias_gradient"),
        *("relu.forward", "relu.local", "relu.backward"),
        *("sigmoid.forward", "sigmoid.local", "sigmoid.backward"),
        *("mse.loss", "mse.gradient", "logloss.loss", "logloss.gradient", "sgd.update"),
    }
    assert expected <= SKILLS.keys()


@pytest.mark.parametrize("problem", builtin_ids())
def test_every_step_of_a_built_in_problem_needs_a_skill_of_the_table(problem: str) -> None:
    steps = load(problem).solution.values()
    asked = {step.skill for step in steps if step.skill.partition(".")[0] not in LESSONS_ONLY}
    assert asked <= SKILLS.keys()


def test_prerequisites_are_skills_and_stand_before_what_rests_on_them() -> None:
    order = [*SKILLS]
    for skill in SKILLS.values():
        for needed in skill.prerequisites:
            assert order.index(needed) < order.index(skill.id)
            assert SKILLS[needed].depth < skill.depth


def test_a_layer_is_passed_back_through_only_after_its_local_derivative() -> None:
    assert SKILLS["relu.backward"].prerequisites == ("relu.local",)
    assert SKILLS["relu.local"].prerequisites == ("relu.forward",)
    assert SKILLS["linear.weight_gradient"].prerequisites == ("linear.backward",)


def test_the_logloss_rests_on_the_activation_in_front_of_it() -> None:
    assert SKILLS["logloss.loss"].prerequisites == ("sigmoid.forward",)
    assert SKILLS["mse.loss"].prerequisites == ()


def test_a_new_layer_brings_its_own_skills(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Layer(lambda x, parameters: x * parameters["weight"], ("weight",))
    monkeypatch.setitem(LAYERS, "gate", gate)
    table = skills._table()
    assert table["gate.forward"].prerequisites == ()
    assert table["gate.backward"].prerequisites == ("gate.forward",)
    assert table["gate.weight_gradient"].prerequisites == ("gate.backward",)
    assert "gate.bias_gradient" not in table


def test_every_subject_and_aspect_has_a_title_of_its_own() -> None:
    for skill in SKILLS.values():
        assert skill.subject in SUBJECTS, skill.id
        assert skill.aspect in ASPECTS, skill.id
    assert find_skill("relu.backward").title == "ReLU: backward pass"


def test_a_skill_without_a_title_is_called_by_its_id() -> None:
    assert skill_title("max_pool.forward") == "max pool: forward pass"
    assert skill_title("") == ": "


def test_an_unknown_skill_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownSkillError, match=r"'relu.backwards'; did you mean 'relu.backward'"):
        find_skill("relu.backwards")
    with pytest.raises(UnknownSkillError, match=r"expected one of linear\.forward"):
        find_skill("knitting")


def test_titles_are_had_without_numpy() -> None:
    program = "import sys, engine.practice.titles; print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert told.stdout == "False\n", told.stderr

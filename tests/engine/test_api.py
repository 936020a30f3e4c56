"""The Python API: what `import engine` offers, and what it says when something isn't there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.api import UnknownKeyError
from engine.network.training import TrainingError
from engine.practice.skills import UnknownSkillError
from engine.problems.faults import ProblemError
from engine.problems.reading import UnknownProblemError

ONE_LAYER = """
format = 1
id = "one-layer"
title = "One layer"
[values]
X = [[1, 2]]
W = [[3], [4]]
[[forward]]
layer = "linear"
weight = "W"
to = "H"
"""


@pytest.fixture
def one_layer(tmp_path: Path) -> Path:
    """A problem file without a loss."""
    path = tmp_path / "one-layer.toml"
    path.write_text(ONE_LAYER, encoding="utf-8")
    return path


def test_importing_the_engine_loads_no_mathematics() -> None:
    code = "import engine, sys; assert 'numpy' not in sys.modules; assert engine.__version__"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_name_that_is_offered_is_there() -> None:
    for name in engine.__all__:
        assert callable(getattr(engine, name))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = engine.nothing


def test_a_problem_is_loaded_by_id_by_path_or_is_one_already(one_layer: Path) -> None:
    problem = engine.load_problem("masha")
    assert engine.load_problem(problem) is problem
    assert engine.load_problem(one_layer).id == engine.load_problem(str(one_layer)).id


def test_a_problem_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownProblemError, match="masha-logistic"):
        engine.load_problem("marsha")
    with pytest.raises(ProblemError, match=r"nothing\.toml:1:1"):
        engine.load_problem(tmp_path / "nothing.toml")


def test_a_solution_has_every_step_by_key_in_pass_order() -> None:
    solution = engine.solve("masha")
    assert list(solution)[:4] == ["H1", "O1", "yhat", "each.L"]
    step = solution["grad.H1"]
    assert (step.key, step.formula) == ("grad.H1", "∂L/∂O₁ ⊙ [H₁ > 0]")
    assert step.value.tolist() == [[-0.5, 0], [0, 0]]
    assert solution["L"].value.shape == ()


def test_a_value_is_marked_as_typed() -> None:
    assert engine.mark("masha", "H1", "2 -1; 0 1").verdict == "right"
    mark = engine.mark(engine.load_problem("masha"), "grad.yhat", "-0.5; 0")
    assert mark.misconception is not None
    assert mark.misconception.tag == "averaged"


def test_a_mistake_in_what_was_given_is_carried_forward() -> None:
    given = {"H1": "2 1; 0 1"}
    assert engine.mark("masha", "O1", "2 1; 0 1", given=given).verdict == "carried"
    assert engine.mark("masha", "O1", "2 1; 0 1").verdict != "carried"


def test_a_formula_is_marked_as_typed() -> None:
    assert engine.mark_formula("masha", "grad.O1", "d @ W2.T").verdict == "right"
    assert engine.mark_formula("masha", "grad.O1", "d @ W2").verdict != "right"


@pytest.mark.parametrize("marking", [engine.mark, engine.mark_formula])
def test_an_unknown_key_is_refused_with_a_near_one(marking: object) -> None:
    assert callable(marking)
    with pytest.raises(UnknownKeyError, match=r"grad\.W3.*did you mean 'grad\.W[12]'"):
        marking("masha", "grad.W3", "1")


def test_the_gradients_of_the_built_in_problems_agree_with_finite_differences() -> None:
    for problem in ("masha", "masha-logistic", "masha-pass-order"):
        check = engine.check_gradients(problem)
        assert check is not None
        assert check.passed
        assert check.max_relative_error < 1e-6


def test_without_a_loss_there_is_no_gradient_to_check(one_layer: Path) -> None:
    assert engine.check_gradients(one_layer) is None


def test_training_gives_the_losses_and_the_last_parameters() -> None:
    losses = engine.train("masha", steps=10)
    assert isinstance(losses, np.ndarray)
    assert losses.shape == (10,)
    assert losses[:2].tolist() == [0.25, 24.90625]
    assert sorted(losses.parameters) == ["W1", "W2"]
    assert engine.train("masha", steps=1).parameters["W1"].tolist() == [[1.5, -1], [1.5, 0]]


def test_training_without_an_update_is_refused(one_layer: Path) -> None:
    with pytest.raises(TrainingError, match="no update"):
        engine.train(one_layer)


def test_the_same_seed_generates_the_same_item() -> None:
    first = engine.generate(skill="relu.backward", level=2, seed=7).as_json()
    assert engine.generate(skill="relu.backward", level=2, seed=7).as_json() == first
    assert engine.generate(skill="relu.backward", level=2, seed=8).as_json() != first


def test_an_unknown_skill_is_refused() -> None:
    with pytest.raises(UnknownSkillError, match=r"relu\.backward"):
        engine.generate(skill="relu.backwards")

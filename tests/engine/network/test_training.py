"""Training: the compiled passes against the passes done one by one."""

from __future__ import annotations

import numpy as np
import pytest

from engine.expression.evaluate import evaluate
from engine.network.solution import Solution
from engine.network.training import Training, TrainingError, train_solution
from tests.engine.networks import biased, masha, masha_logistic, strict
from tests.engine.random_nets import random_problem

SOLUTIONS = [masha, masha_logistic, strict, biased]


def by_hand(solution: Solution, steps: int) -> tuple[list[float], dict[str, np.ndarray]]:
    """The same training, every step of the pass evaluated on its own."""
    values = dict(solution.numbers)
    losses = []
    update = solution.network.update
    assert update is not None
    for _ in range(steps):
        for key, step in solution.items():
            if "@" not in key:
                values[key] = evaluate(step.node, values)
        losses.append(float(values["L"]))
        values.update({key: values[f"new.{key}"] for key in update.parameters})
    return losses, {key: values[key] for key in update.parameters}


@pytest.mark.parametrize("solved", SOLUTIONS)
def test_training_does_what_the_passes_do(solved: object) -> None:
    assert callable(solved)
    solution = solved()
    losses, parameters = by_hand(solution, 5)
    found = train_solution(solution, 5)
    assert found.tolist() == pytest.approx(losses, rel=1e-12)
    for key, value in parameters.items():
        assert np.allclose(found.parameters[key], value, rtol=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_training_does_what_the_passes_do_on_random_networks(seed: int) -> None:
    solution = random_problem(seed).solution
    losses, parameters = by_hand(solution, 3)
    found = train_solution(solution, 3)
    assert found.tolist() == pytest.approx(losses, rel=1e-10)
    for key, value in parameters.items():
        assert np.allclose(found.parameters[key], value, rtol=1e-10, atol=1e-12)


def test_the_given_parameters_stay_as_they_were() -> None:
    solution = masha()
    train_solution(solution, 3)
    assert solution.numbers["W1"].tolist() == [[1, -1], [0.5, 0]]


def test_a_smaller_precision_is_kept_through_every_step() -> None:
    for solved in SOLUTIONS:
        found = train_solution(solved(), 4, "float32")
        assert found.dtype == np.float32
        assert {value.dtype for value in found.parameters.values()} == {np.dtype("float32")}
        assert found.tolist() == pytest.approx(train_solution(solved(), 4).tolist(), rel=1e-4)


def test_no_steps_leave_the_parameters_as_given() -> None:
    found = train_solution(masha(), 0)
    assert found.shape == (0,)
    assert found.parameters["W2"].tolist() == [[0.5], [1]]


def test_a_training_that_diverges_goes_on() -> None:
    losses = train_solution(biased(), 2000)
    assert len(losses) == 2000


def test_what_cannot_be_trained_is_refused() -> None:
    with pytest.raises(ValueError, match="steps"):
        train_solution(masha(), -1)
    with pytest.raises(ValueError, match="float64, float32"):
        train_solution(masha(), 1, "int8")
    without = random_problem(1).solution
    object.__setattr__(without.network, "update", None)
    with pytest.raises(TrainingError):
        train_solution(without, 1)


@pytest.mark.parametrize("solved", SOLUTIONS)
def test_step_by_step_is_the_same_training(solved: object) -> None:
    assert callable(solved)
    solution = solved()
    training = Training(solution.network, solution.numbers)
    seen = []
    for _ in range(6):
        ahead = training.look()
        seen.append(float(training.step()))
        assert ahead == seen[-1], "looking ahead makes no step"
    whole = train_solution(solution, 6)
    assert training.count == 6
    assert seen == whole.tolist()
    for key, value in whole.parameters.items():
        assert np.array_equal(training.parameters[key], value)


def test_parameters_that_were_read_stay_as_they_were_read() -> None:
    solution = masha()
    training = Training(solution.network, solution.numbers)
    training.step()
    read = {key: value.copy() for key, value in training.parameters.items()}
    held = training.parameters
    for _ in range(3):
        training.step()
    for key, value in read.items():
        assert np.array_equal(held[key], value)


@pytest.mark.parametrize("solved", SOLUTIONS)
def test_it_is_the_same_however_the_parameters_lie_in_memory(solved: object) -> None:
    assert callable(solved)
    solution = solved()
    turned = {key: np.array(value, order="F") for key, value in solution.numbers.items()}
    found = Training(solution.network, turned)
    losses = [float(found.step()) for _ in range(4)]
    assert losses == train_solution(solution, 4).tolist()

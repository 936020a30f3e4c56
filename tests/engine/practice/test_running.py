"""Runs of training: what is kept of them, how they are stopped, what becomes of a diverging one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import count

import numpy as np
import pytest

from engine.network.model import scalar_value
from engine.network.solution import Solution
from engine.network.training import Training
from engine.practice.running import (
    EVERY,
    MOST_LOSSES,
    MOST_WEIGHTS,
    Kept,
    Run,
    Stretch,
    stretches,
)
from tests.engine.networks import biased, masha


def training(solution: Solution, rate: Fraction = Fraction(1)) -> Training:
    """A training at a learning rate of one's own."""
    network = solution.network
    assert network.update is not None
    key = network.update.learning_rate
    values = {**network.values, key: scalar_value(key, rate)}
    return Training(replace(network, values=values), solution.numbers)


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that goes on by so much each time it is looked at."""
    times = count()
    return lambda: next(times) * seconds


def never() -> bool:
    return False


def run_of(made: Training, steps: int, stop: Callable[[], bool] = never) -> Run:
    """A run with so many steps made."""
    run = Run(1, masha().network, made)
    for stretch in stretches(made, steps, stop, ticking(0)):
        run.take(stretch)
    return run


@pytest.mark.parametrize("steps", range(20))
def test_of_too_many_every_second_one_is_kept_and_the_last_one_always(steps: int) -> None:
    kept: Kept[str] = Kept(4)
    for step in range(steps + 1):
        kept.put(step, f"step {step}")
    assert kept.items == [f"step {step}" for step in kept.steps]
    assert [kept.at(step) for step in kept.steps] == kept.items
    assert kept.steps[-1] == kept.last == steps
    assert kept.steps[0] == 0
    assert len(kept.items) <= 5
    if steps < 4:
        assert kept.steps == [*range(steps + 1)]


def test_what_was_dropped_or_never_came_is_not_there() -> None:
    kept: Kept[int] = Kept(2)
    for step in range(4):
        kept.put(step, step)
    assert kept.steps == [0, 2, 3]
    for step in (1, 4, -1):
        with pytest.raises(KeyError):
            kept.at(step)


def test_the_last_one_may_come_once_more() -> None:
    kept: Kept[str] = Kept(9)
    for step, item in ((0, "a"), (1, "b"), (1, "c"), (2, "d")):
        kept.put(step, item)
    assert (kept.steps, kept.items) == ([0, 1, 2], ["a", "c", "d"])


def test_a_run_has_the_loss_before_the_first_step_and_after_every_one() -> None:
    run = run_of(training(masha()), 3)
    assert run.losses.items == [0.25, 24.90625, 1.25, 1.25]
    assert run.steps == 3
    assert run.weights.at(0)["W1"].tolist() == [[1, -1], [0.5, 0]]
    assert run.weights.at(1)["W1"].tolist() == [[1.5, -1], [1.5, 0]]


def test_a_run_goes_on_where_it_was() -> None:
    made = training(masha(), Fraction(1, 10))
    run = run_of(made, 4)
    for stretch in stretches(made, 5, never, ticking(0)):
        run.take(stretch)
    whole = run_of(training(masha(), Fraction(1, 10)), 9)
    assert run.losses.items == whole.losses.items
    assert run.weights.steps == [*range(10)]


def test_a_run_is_handed_over_in_stretches_of_a_moment() -> None:
    found = [*stretches(training(masha()), 10, never, ticking(EVERY / 2.5))]
    assert [len(stretch.weights) for stretch in found] == [3, 3, 3, 1]
    assert [stretch.first for stretch in found] == [0, 3, 6, 9]
    assert [stretch.end for stretch in found] == ["", "", "", "done"]
    assert all(len(stretch.losses) == len(stretch.weights) + 1 for stretch in found)


def test_however_slow_a_step_is_each_stretch_has_one() -> None:
    found = [*stretches(training(masha()), 2, never, ticking(10 * EVERY))]
    assert [len(stretch.weights) for stretch in found] == [1, 1]


@pytest.mark.parametrize("at", [0, 1, 7])
def test_a_run_stops_before_the_next_step_when_it_is_told_to(at: int) -> None:
    asked = count()
    found = [*stretches(training(masha()), 100, lambda: next(asked) >= at, ticking(0))]
    assert found[-1].end == "stopped"
    assert sum(len(stretch.weights) for stretch in found) == at


def test_a_diverging_run_ends_where_its_loss_is_no_number_any_more() -> None:
    made = training(biased(), Fraction(10**6))
    run = run_of(made, 1000)
    assert run.failed_at is not None
    assert run.losses.last == run.failed_at - 1
    assert run.weights.last == run.failed_at - 1
    assert np.isfinite(run.losses.items).all()
    losses = training(biased(), Fraction(10**6))
    with np.errstate(all="ignore"):
        seen = [float(losses.step()) for _ in range(run.failed_at + 1)]
    assert run.losses.items == seen[:-1]
    assert not np.isfinite(seen[-1])


def test_weights_that_are_no_numbers_end_the_run_though_the_loss_hides_them() -> None:
    """A ReLU of -inf is 0: the loss would look fine."""
    made = training(masha())
    made.state[0] = np.array([[1.5e308, -1.0], [0.5, 0.0]])
    made.state[1] = np.array([[1.0], [1.0]])
    run = run_of(made, 5)
    assert run.failed_at is not None
    for weights in run.weights.items:
        assert all(np.isfinite(value).all() for value in weights.values())


def test_where_every_relu_has_died_nothing_moves_any_more() -> None:
    assert run_of(training(masha()), 6).still_since == 2
    assert run_of(training(masha(), Fraction(1, 10)), 6).still_since is None
    assert run_of(training(masha()), 0).still_since is None


def test_of_a_long_run_a_bounded_number_of_steps_is_kept() -> None:
    run = run_of(training(masha(), Fraction(1, 100)), 5000)
    assert run.steps == run.losses.last == 5000
    assert len(run.losses.items) <= MOST_LOSSES + 1
    assert len(run.weights.items) <= MOST_WEIGHTS + 1
    assert run.weights.steps[-1] == 5000


def test_of_large_weights_fewer_are_kept() -> None:
    made = training(masha())
    run = Run(1, masha().network, made)
    assert run.weights.most == 256
    made.state[1] = np.zeros((1000, 100))
    made.look = lambda: 0.0  # type: ignore[method-assign]
    assert Run(1, masha().network, made).weights.most == 16


def test_a_stretch_without_a_step_changes_nothing() -> None:
    run = run_of(training(masha()), 2)
    run.take(Stretch(2, [1.25], [], "stopped"))
    assert run.losses.items == [0.25, 24.90625, 1.25]
    assert run.weights.steps == [0, 1, 2]


def test_a_run_without_a_step_has_its_first_loss_already() -> None:
    """A window that was resized before the first steps came in found none to show."""
    assert Run(1, masha().network, training(masha())).losses.items == [0.25]

"""Another optimizer for a network: its numbers, their names, and what becomes of the old ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from engine.network.exchange import (
    dependent,
    free_name,
    update_values,
    with_optimizer,
    with_training,
)
from engine.network.model import Network, scalar_value
from engine.network.optimizers import OPTIMIZERS
from engine.network.training import train_solution
from engine.problems.reading import load
from tests.engine.networks import masha


def numbers_of(network: Network) -> dict[str, float]:
    """The optimizer's numbers, by what they are."""
    assert network.update is not None
    return {key: float(network.values[name].array) for key, name in network.update.numbers.items()}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_comes_with_its_defaults_and_trains(optimizer: str) -> None:
    first = masha().network
    changed = with_optimizer(first, optimizer, first)
    assert changed.update is not None
    assert changed.update.learning_rate == "gamma"
    assert numbers_of(changed) == {k: float(v) for k, v in OPTIMIZERS[optimizer].numbers.items()}
    solution = masha().__class__(changed, exactly=False)
    assert len(train_solution(solution, 5)) == 5


def test_a_number_keeps_its_value_with_an_optimizer_that_has_it_too() -> None:
    first = load("book-2-1-momentum").network
    values = {**first.values, "beta": scalar_value("beta", Fraction(1, 3))}
    changed = with_optimizer(replace(first, values=values), "nesterov", first)
    assert numbers_of(changed) == {"momentum": pytest.approx(1 / 3)}


def test_numbers_that_nobody_needs_go_and_come_back_as_the_problem_had_them() -> None:
    first = load("book-2-1-adam").network
    plain = with_optimizer(first, "sgd", first)
    assert set(plain.values) == {"X", "w", "y", "eta"}
    back = with_optimizer(plain, "adam", first)
    assert numbers_of(back) == numbers_of(first)
    assert set(back.values) == set(first.values)


def test_a_name_that_the_network_uses_is_not_taken_for_a_number() -> None:
    first = masha().network
    values = {**first.values, "beta": scalar_value("beta", Fraction(7))}
    changed = with_optimizer(replace(first, values=values), "momentum", first)
    assert changed.update is not None
    assert changed.update.numbers == {"momentum": "momentum"}
    assert changed.values["beta"].array == 7


def test_a_network_without_an_update_trains_what_its_loss_depends_on() -> None:
    first = replace(masha().network, update=None)
    trained = with_training(first)
    assert trained.update is not None
    assert (trained.update.optimizer, trained.update.parameters) == ("sgd", ("W1", "W2"))
    assert trained.values[trained.update.learning_rate].array == 0.1
    assert with_training(trained) is trained


def test_there_is_nothing_to_train_without_a_loss_or_without_parameters() -> None:
    for name in ("book-4-6", "book-4-2"):
        network = load(name).network
        assert with_training(network) is network


def test_only_what_the_loss_depends_on_has_a_gradient() -> None:
    network = masha().network
    assert dependent(network, ("W1", "gamma", "y", "nothing")) == ("W1", "y")


def test_the_scalars_of_the_update_are_those_that_no_pass_needs() -> None:
    assert [*update_values(load("book-2-1-rmsprop").network)] == ["eta", "rho", "epsilon"]
    assert [*update_values(load("book-4-2").network)] == []


def test_a_free_name_is_found_among_any_names() -> None:
    assert free_name("learning_rate", ()) == "eta"
    assert free_name("learning_rate", ("eta", "learning_rate", "learning_rate_1")) == (
        "learning_rate_2"
    )

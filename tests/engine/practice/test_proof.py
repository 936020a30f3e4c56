"""The proof by nudging: it agrees with every gradient, and a kink is said to be one."""

from __future__ import annotations

import numpy as np
import pytest

from engine.practice.proof import Proof, provable, prove
from engine.practice.reveal import reveal
from engine.problems.problem import Problem
from engine.problems.reading import load


def proofs(problem: Problem) -> dict[tuple[str, int, int], Proof]:
    """Every cell of every gradient, nudged."""
    return {
        (key, i, j): prove(problem, key, i, j)
        for key, step in problem.solution.items()
        if provable(problem, key)
        for i, j in np.ndindex(np.atleast_2d(step.value).shape)
    }


@pytest.mark.parametrize("name", ["masha", "masha-logistic"])
def test_where_there_is_no_kink_the_nudge_gives_the_gradient(name: str) -> None:
    found = proofs(load(name))
    smooth = {at: proof for at, proof in found.items() if not proof.kink}
    assert smooth
    for at, proof in smooth.items():
        assert proof.agrees, at
        assert proof.slope == pytest.approx(proof.gradient, rel=2e-3, abs=1e-3), at


def test_at_a_kink_both_slopes_are_there_and_none_of_them_need_be_the_gradient() -> None:
    found = proofs(load("masha-logistic"))
    kinks = [at for at, proof in found.items() if proof.kink]
    assert kinks == [
        ("grad.H1", 1, 0), ("grad.W1", 0, 0), ("grad.W1", 1, 0), ("grad.X", 1, 0), ("grad.X", 1, 1),
    ]  # fmt: skip
    # H₁ is 0 there: the mask is 0, so downwards nothing changes, upwards the ReLU lets it through.
    proof = found["grad.H1", 1, 0]
    assert (proof.downward, proof.gradient) == (0.0, 0.0)
    assert proof.upward == pytest.approx(-0.1344707, rel=1e-5)
    assert not proof.agrees


def test_the_loss_is_called_as_the_gradient_is_meant() -> None:
    masha = load("masha")
    proof = prove(masha, "grad.W1", 0, 0)
    assert (proof.loss, proof.target) == ("n·L", "W₁")
    assert proof.here == masha.solution["L"].value * 2


@pytest.mark.parametrize("key", ["H1", "local.H1", "new.W1", "L", "H1@2"])
def test_only_gradients_of_the_first_pass_are_proved(key: str) -> None:
    masha = load("masha")
    assert not provable(masha, key)
    assert not reveal(masha, key).provable
    with pytest.raises(KeyError):
        prove(masha, key, 0, 0)

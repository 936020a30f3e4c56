"""Trials of a network: other sizes, other numbers, everything consistent and nothing hidden."""

from __future__ import annotations

import numpy as np

from engine.marking.sampling import Sizes, shapes_at, trials
from tests.engine.networks import masha, masha_logistic, recurrent

MASHA = masha()


def test_no_trial_has_the_exercises_own_sizes() -> None:
    for trial in trials(MASHA, Sizes()):
        sizes = {*trial.shapes["X"], *trial.shapes["W2"]}
        assert len(sizes) == 4
        assert not sizes & {1, 2}
        assert trial.values["n"] == trial.shapes["yhat"][0]


def test_the_losses_of_the_observations_fix_the_predictions_column() -> None:
    one = trials(MASHA, Sizes(single=True))[0]
    assert one.shapes["yhat"][1] == 1
    assert "each.L" in one.values
    assert "each.L" not in trials(MASHA, Sizes())[0].values


def test_trials_are_the_same_each_time() -> None:
    again = masha()
    for before, after in zip(trials(MASHA, Sizes()), trials(again, Sizes()), strict=True):
        assert before.shapes == after.shapes
        assert all((before.values[key] == after.values[key]).all() for key in before.values)


def test_a_mask_is_neither_all_open_nor_all_closed_in_a_trial() -> None:
    for trial in trials(MASHA, Sizes()):
        mask = trial.values["local.H1"]
        assert mask.any()
        assert not mask.all()


def test_a_single_number_is_tried_on_both_sides_of_a_kink() -> None:
    found = trials(recurrent(), Sizes())
    for key in ("h1", "p1", "h2", "p2"):
        assert {bool(trial.values[key]) for trial in found} == {False, True}


def test_every_quantity_of_a_trial_is_consistent_with_the_others() -> None:
    for trial in trials(masha_logistic(), Sizes(single=True)):
        v = trial.values
        assert np.allclose(v["p"], 1 / (1 + np.exp(-v["yhat"])))
        assert np.allclose(v["grad.yhat"], v["p"] - v["y"])
        assert np.allclose(v["L"], v["each.L"].sum())
        assert ((v["y"] > 0) & (v["y"] < 1)).all()


def test_a_saturated_sigmoid_is_drawn_again() -> None:
    for trial in trials(masha_logistic(), Sizes()):
        assert np.abs(trial.values["yhat"]).max() <= 8


def test_the_number_of_rows_or_every_size_can_be_the_exercises_own() -> None:
    rows = trials(MASHA, Sizes(rows=True))[0]
    assert rows.shapes["X"][0] == 2
    assert rows.shapes["X"][1] not in (1, 2)
    own = trials(MASHA, Sizes(own=True))[0]
    assert {key: own.shapes[key] for key in MASHA} == {key: MASHA[key].shape for key in MASHA}


def test_square_trials_give_every_matrix_one_size_and_n_another() -> None:
    (trial,) = trials(MASHA, Sizes(square=True))
    assert {trial.values[key].shape for key in ("X", "W1", "W2", "y", "O1")} == {(5, 5)}
    assert trial.values["n"] != 5


def test_the_shapes_alone_are_those_of_the_first_trial() -> None:
    assert shapes_at(MASHA, Sizes()) == trials(MASHA, Sizes())[0].shapes

"""Exploring a problem: values that are changed, runs that are made, what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.expression.node import names
from engine.network.optimizers import OPTIMIZERS
from engine.practice.exploring import MOST_RUNS, Explorer, Refused
from engine.practice.running import Run, stretches
from engine.problems.course import builtin_ids
from engine.problems.reading import load

PROBLEMS = builtin_ids()
TRAINED = [name for name in PROBLEMS if load(name).network.update is not None]


def explore(name: str = "masha") -> Explorer:
    return Explorer(load(name))


def make(explorer: Explorer, steps: int) -> Run:
    """Make so many steps, as a screen does."""
    run = explorer.start()
    for stretch in stretches(run.training, steps, lambda: False):
        explorer.take(run, stretch)
    return run


def shown(explorer: Explorer) -> dict[str, list[object]]:
    """Every number that is shown."""
    return {key: explorer.value(key).tolist() for key, _ in explorer.order()}


# --- what is shown --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_problem_is_shown_with_its_own_numbers(name: str) -> None:
    explorer, problem = explore(name), load(name)
    rows = problem.network.update is not None and problem.network.update.steps[0] is not None
    for key, _ in explorer.order():
        if key in problem.solution and not rows:
            value = problem.solution[key].value
            assert np.allclose(explorer.value(key), value, rtol=1e-12, atol=1e-15), key
    assert set(problem.network.values) <= {key for key, _ in explorer.order()}


@pytest.mark.parametrize("name", PROBLEMS)
def test_nothing_is_shown_before_what_it_follows_from(name: str) -> None:
    explorer = explore(name)
    keys = [key for key, _ in explorer.order()]
    assert len(keys) == len(set(keys))
    stages = [stage for _, stage in explorer.order()]
    assert stages == sorted(stages, key=["forward", "loss", "backward", "update"].index)
    for key in keys:
        if key in explorer.solution:
            sources = set(names(explorer.solution[key].node)) & set(keys)
            assert all(keys.index(source) < keys.index(key) for source in sources), key


def test_a_weight_once_more_is_not_shown_as_a_local_derivative() -> None:
    keys = [key for key, _ in explore().order()]
    assert "local.H1" in keys
    assert "local.X" not in keys
    assert keys[-1] == "gamma"


# --- changing values ------------------------------------------------------------------------------


def test_everything_follows_a_changed_value_and_what_changed_is_told() -> None:
    explorer = explore()
    explorer.edit("X", 0, 0, "3")
    assert explorer.value("X").tolist() == [[3, 2], [-1, 2]]
    assert explorer.value("H1").tolist() == [[4, -3], [0, 1]]
    assert explorer.loss == pytest.approx(((2 - 2) ** 2 + 0) / 4)
    assert explorer.changed["X"].tolist() == [[1, 0], [0, 0]]
    assert explorer.changed["H1"].tolist() == [[1, -1], [0, 0]]
    assert explorer.changed["O1"].tolist() == [[1, 0], [0, 0]]
    assert explorer.changed["L"] == -1
    assert "W1" not in explorer.changed


@pytest.mark.parametrize("typed", ["0,5", "1/2", ".5", "½", "0.25 + 1/4"])
def test_a_cell_is_read_as_in_a_lesson(typed: str) -> None:
    explorer = explore()
    explorer.edit("W1", 1, 1, typed)
    assert explorer.value("W1")[1, 1] == 0.5


@pytest.mark.parametrize("typed", ["", "_", "x", "1/0", "nan", "ln(-1)", "1e31", "1e-31", "2^3"])
def test_what_is_no_number_is_refused_and_the_old_value_stays(typed: str) -> None:
    explorer = explore()
    before = shown(explorer)
    with pytest.raises(Refused, match=r"\w"):
        explorer.edit("X", 0, 0, typed)
    assert shown(explorer) == before
    assert not explorer.changed
    assert not explorer.undo()


def test_a_value_that_the_pass_fails_with_is_refused_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "ln.toml"
    path.write_text(
        'format = 1\nid = "ln"\ntitle = "ln"\n[values]\nx = [[1, 2]]\n'
        '[[forward]]\nformula = "ln(x)"\nto = "h"\n',
        encoding="utf-8",
    )
    explorer = Explorer(load(str(path)))
    with pytest.raises(Refused, match=r"h = ln\(x\) has no finite value in row 1, column 2"):
        explorer.edit("x", 0, 1, "-3")
    assert explorer.value("x").tolist() == [[1, 2]]
    assert explorer.value("h")[0, 1] == pytest.approx(np.log(2))


def test_what_follows_cannot_be_typed_over() -> None:
    with pytest.raises(Refused, match="H₁ follows from X, W₁"):
        explore().edit("H1", 0, 0, "1")


def test_a_whole_matrix_may_be_pasted_and_blanks_stay_as_they_were() -> None:
    explorer = explore()
    explorer.fill("X", "[[5, 6], [7, 8]]")
    assert explorer.value("X").tolist() == [[5, 6], [7, 8]]
    explorer.fill("X", "_ 1; _ _")
    assert explorer.value("X").tolist() == [[5, 1], [7, 8]]
    explorer.fill("gamma", "0.5")
    assert explorer.value("gamma") == 0.5
    with pytest.raises(Refused, match="X has 2 rows and 2 columns"):
        explorer.fill("X", "1 2 3")
    with pytest.raises(Refused):
        explorer.fill("X", "1 2; a b")
    with pytest.raises(Refused, match="follows"):
        explorer.fill("H1", "1 2; 3 4")


def test_every_change_can_be_taken_back() -> None:
    explorer = explore()
    seen = [shown(explorer)]
    for change in (
        lambda: explorer.edit("X", 0, 0, "9"),
        lambda: explorer.choose("adam"),
        lambda: explorer.edit("gamma", 0, 0, "0.01"),
        lambda: explorer.fill("y", "0; 0"),
        lambda: explorer.reset(),
    ):
        change()
        seen.append(shown(explorer))
    while explorer.undo():
        seen.pop()
        assert shown(explorer) == seen[-1]
    assert len(seen) == 1


def test_reset_brings_back_the_problem_but_not_its_runs_end() -> None:
    explorer = explore()
    explorer.edit("W1", 0, 0, "0")
    make(explorer, 3)
    explorer.choose("adam")
    explorer.reset()
    assert shown(explorer) == shown(explore())
    assert explorer.optimizer == "sgd"
    assert len(explorer.runs) == 1
    assert explorer.run is None


# --- running --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRAINED)
def test_a_run_has_the_numbers_of_engine_train(name: str) -> None:
    explorer = explore(name)
    run = make(explorer, 120)
    losses = engine.train(name, 120)
    assert [run.losses.at(step) for step in range(120)] == losses.tolist()
    for key, value in losses.parameters.items():
        assert np.array_equal(run.weights.at(120)[key], value)
        assert np.array_equal(explorer.value(key), value)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_so_has_a_run_by_another_optimizer_at_another_rate(optimizer: str) -> None:
    explorer = explore("masha-logistic")
    explorer.choose(optimizer)
    explorer.edit(explorer.rate_key, 0, 0, "0.05")
    explorer.edit("X", 1, 0, "-2")
    run = make(explorer, 40)
    problem = replace(load("masha-logistic"), network=explorer.network)
    losses = engine.train(problem, 40)
    assert [run.losses.at(step) for step in range(40)] == losses.tolist()


def test_a_rate_of_one_overshoots_where_a_tenth_does_not() -> None:
    """Both runs begin from the same weights, side by side."""
    explorer = explore()
    make(explorer, 1)
    assert explorer.loss == pytest.approx(24.906, abs=5e-4)
    explorer.edit("gamma", 0, 0, "0.1")
    assert explorer.loss == 0.25
    assert explorer.value("W1").tolist() == [[1, -1], [0.5, 0]]
    make(explorer, 10)
    assert [run.rate for run in explorer.runs] == [1, 0.1]
    assert [run.losses.items[0] for run in explorer.runs] == [0.25, 0.25]
    assert explorer.loss == explorer.runs[1].losses.items[-1] < 1e-8


def test_further_steps_go_on_from_the_end_of_the_run() -> None:
    explorer = explore()
    explorer.edit("gamma", 0, 0, "0.1")
    run = make(explorer, 4)
    explorer.go(1)
    assert make(explorer, 3) is run
    assert (run.steps, explorer.step, len(explorer.runs)) == (7, 7, 1)


def test_the_weights_of_every_step_can_be_looked_at_and_everything_follows() -> None:
    explorer = explore()
    make(explorer, 3)
    explorer.go(1)
    assert explorer.value("W1").tolist() == [[1.5, -1], [1.5, 0]]
    assert explorer.value("H1").tolist() == [[4.5, -1], [1.5, 1]]
    assert explorer.loss == 24.90625
    explorer.move(-1)
    assert (explorer.step, explorer.loss) == (0, 0.25)
    assert explorer.changed["L"] == -1
    explorer.move(-1)
    assert explorer.step == 0
    explorer.move(99)
    assert explorer.step == 3


def test_a_value_changed_on_the_way_is_where_the_next_run_begins() -> None:
    explorer = explore()
    make(explorer, 3)
    explorer.go(1)
    explorer.edit("X", 0, 0, "0")
    assert explorer.step == 0
    assert explorer.value("W1").tolist() == [[1.5, -1], [1.5, 0]]
    run = make(explorer, 2)
    assert run.number == 2
    assert run.weights.at(0)["W1"].tolist() == [[1.5, -1], [1.5, 0]]


def test_the_weights_shown_may_become_the_beginning() -> None:
    explorer = explore()
    make(explorer, 3)
    explorer.go(1)
    explorer.stay()
    explorer.edit("gamma", 0, 0, "0.001")
    assert explorer.value("W1").tolist() == [[1.5, -1], [1.5, 0]]
    assert make(explorer, 1).losses.items[0] == 24.90625


def test_another_run_can_be_looked_at_again() -> None:
    explorer = explore()
    first = make(explorer, 1)
    explorer.choose("adam")
    second = make(explorer, 2)
    explorer.select(first)
    assert (explorer.run, explorer.step, explorer.optimizer) == (first, 1, "sgd")
    assert explorer.loss == 24.90625
    make(explorer, 1)
    assert first.steps == 2
    explorer.select(second)
    assert explorer.optimizer == "adam"
    explorer.undo()
    assert (explorer.run, explorer.step) == (first, 2)


def test_of_many_runs_the_last_ones_are_kept() -> None:
    explorer = explore()
    for number in range(MOST_RUNS + 3):
        explorer.edit("gamma", 0, 0, f"0.0{number + 1}")
        make(explorer, 1)
    assert [run.number for run in explorer.runs] == [*range(4, MOST_RUNS + 4)]
    while explorer.undo():
        assert explorer.run is None or explorer.run in explorer.runs


def test_a_dropped_run_is_gone_and_one_is_where_it_began() -> None:
    explorer = explore()
    run = make(explorer, 2)
    explorer.drop(run)
    assert (explorer.runs, explorer.run, explorer.loss) == ([], None, 0.25)


def test_a_diverging_run_shows_the_last_weights_there_are_and_goes_no_further() -> None:
    explorer = explore("book-2-1-gd")
    explorer.edit(explorer.rate_key, 0, 0, "10")
    run = make(explorer, 1000)
    assert run.failed_at is not None
    assert run.failed_at - 3 <= explorer.step < run.failed_at
    assert explorer.loss is not None
    assert explorer.loss > 1e290
    assert all(np.isfinite(explorer.value(key)).all() for key, _ in explorer.order())
    with pytest.raises(Refused, match="left all bounds at step"):
        explorer.start()


@pytest.mark.parametrize(
    ("name", "why"),
    [("book-4-6", "forward pass only"), ("book-4-2", "depends on no parameter")],
)
def test_where_there_is_nothing_to_train_it_is_said(name: str, why: str) -> None:
    explorer = explore(name)
    assert why in explorer.untrainable
    for act in (explorer.start, lambda: explorer.choose("adam")):
        with pytest.raises(Refused, match=why):
            act()
    explorer.go(3)
    explorer.move(1)
    explorer.stay()
    assert explorer.step == 0


def test_a_given_gradient_has_no_curve_but_its_values_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "given.toml"
    path.write_text(
        'format = 1\nid = "given"\ntitle = "given"\n'
        "[values]\nX = [[1, 2]]\nW = [[1], [2]]\nd = [[1]]\n"
        '[[forward]]\nlayer = "linear"\nweight = "W"\nto = "H"\n'
        '[loss]\nkind = "given"\nof = "H"\nupstream = "d"\n',
        encoding="utf-8",
    )
    explorer = Explorer(load(str(path)))
    assert explorer.loss is None
    assert "no loss" in explorer.untrainable
    explorer.edit("d", 0, 0, "3")
    assert explorer.value("grad.W").tolist() == [[3], [6]]
    nudge = explorer.nudge("W", 0, 0, "0.5")
    assert (nudge.loss, nudge.slope) == ("Σ d⊙H", 3)
    assert nudge.agrees


# --- nudging --------------------------------------------------------------------------------------


def test_a_nudge_of_ones_own_stands_beside_the_gradient() -> None:
    nudge = explore().nudge("W2", 0, 0, "0,001")
    assert (nudge.target, nudge.loss, nudge.before) == ("W₂", "n·L", 0.5)
    assert nudge.proof is not None
    assert nudge.proof.gradient == -2
    assert nudge.slope == pytest.approx(-2, abs=0.01)


def test_a_large_nudge_tells_less() -> None:
    nudge = explore().nudge("W2", 0, 0, "1")
    assert nudge.proof is not None
    assert nudge.slope == pytest.approx(0)
    assert not nudge.agrees
    assert nudge.proof.agrees


def test_a_kink_is_said_to_be_one() -> None:
    nudge = explore("masha-logistic").nudge("H1", 1, 0, "0.01")
    assert nudge.proof is not None
    assert nudge.proof.kink


def test_a_value_without_a_gradient_can_be_nudged_too() -> None:
    nudge = explore().nudge("y", 0, 0, "0.001")
    assert nudge.proof is None
    assert not nudge.agrees
    assert nudge.slope == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("name", "key", "typed", "why"),
    [
        ("masha", "X", "0", "moves nothing"),
        ("masha", "X", "x", r"\w"),
        ("masha", "grad.X", "1", "given values and results"),
        ("masha", "L", "1", "given values and results"),
        ("book-4-6", "T1", "1", "no loss"),
    ],
)
def test_what_no_nudge_can_tell_is_refused(name: str, key: str, typed: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        explore(name).nudge(key, 0, 0, typed)


def test_a_nudge_out_of_the_loss_s_domain_is_refused() -> None:
    with pytest.raises(Refused, match="With p nudged by -2 the loss has no finite value"):
        explore("masha-logistic").nudge("p", 1, 0, "-2")

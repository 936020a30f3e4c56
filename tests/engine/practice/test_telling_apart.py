"""Other numbers for an author: they are judged as the generator judges its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.network.model import Value
from engine.practice.telling_apart import alike, as_in_a_file, asked_keys, count, suggest
from engine.problems.problem import Problem
from engine.problems.reading import load

HEAD = 'format = 1\nid = "own"\ntitle = "Own"\n'
LINEAR = """[values]
X = [[1, 2], [2, 1]]
W = [[1, 1], [1, 3]]
d = [[1, 2], [-1, 1]]
[[forward]]
layer = "linear"
weight = "W"
to = "H"
[loss]
kind = "given"
upstream = "d"
"""
"""X and W are symmetric, so that no transpose can be missed."""


def read(tmp_path: Path, text: str) -> Problem:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(str(path))


def changed(problem: Problem, values: dict[str, Value]) -> Problem:
    network = replace(problem.network, values={**problem.network.values, **values})
    return replace(problem, network=network)


def test_a_symmetric_matrix_hides_a_forgotten_transpose(tmp_path: Path) -> None:
    problem = read(tmp_path, LINEAR)
    found = alike(problem, asked_keys(problem))
    assert "transpose_missing" in found["grad.X"]
    assert "transpose_missing" in found["grad.W"]


def test_what_is_suggested_tells_the_mistakes_apart_when_it_is_put_in(tmp_path: Path) -> None:
    problem = read(tmp_path, LINEAR)
    keys = asked_keys(problem)
    suggestion = suggest(problem, keys, alike(problem, keys))
    assert suggestion is not None
    assert suggestion.left == 0
    text = LINEAR
    for key, exact in suggestion.values.items():
        old = next(line for line in text.splitlines() if line.startswith(f"{key} = "))
        text = text.replace(old, as_in_a_file(problem, key, exact))
    assert alike(read(tmp_path, text), keys) == {}


def test_few_cells_are_changed_and_to_numbers_of_the_same_kind(tmp_path: Path) -> None:
    problem = read(tmp_path, LINEAR)
    keys = asked_keys(problem)
    suggestion = suggest(problem, keys, alike(problem, keys))
    assert suggestion is not None
    for key, exact in suggestion.values.items():
        own = problem.network.values[key].exact
        assert (exact != own).sum() <= 2
        assert all(cell.denominator == 1 for cell in exact.flat)


def test_two_observations_of_one_output_need_a_third(tmp_path: Path) -> None:
    text = LINEAR.replace("[[1, 1], [1, 3]]", "[[2], [3]]").replace("[[1, 2], [-1, 1]]", "[1, -2]")
    text = text.replace('kind = "given"\nupstream = "d"', 'kind = "mse"\ntarget = "d"')
    problem = read(tmp_path, text)
    keys = asked_keys(problem)
    confused = alike(problem, keys)
    assert "averaged = coefficient_missing" in confused["grad.H"]
    suggestion = suggest(problem, keys, confused)
    assert suggestion is not None
    assert suggestion.left < count(confused)
    assert {len(suggestion.values[key]) for key in ("X", "d")} == {3}


def test_classes_and_masks_are_left_as_they_are(tmp_path: Path) -> None:
    text = """[values]
X = [[1, 2], [2, 1]]
M = [[1, 1], [1, 1]]
y = [[1, 0], [0, 1]]
[[forward]]
layer = "dropout"
mask = "M"
keep = 0.5
to = "D"
[[forward]]
layer = "softmax"
to = "P"
[loss]
kind = "cross_entropy"
target = "y"
"""
    problem = read(tmp_path, text)
    keys = asked_keys(problem)
    confused = alike(problem, keys)
    assert confused
    suggestion = suggest(problem, keys, confused)
    assert suggestion is not None
    assert "M" not in suggestion.values
    target = suggestion.values.get("y", problem.network.values["y"].exact)
    assert all(sorted(row) == [0, 1] for row in target.tolist())


def test_a_number_written_where_it_is_used_is_suggested_there(tmp_path: Path) -> None:
    update = '[update]\noptimizer = "sgd"\nlearning_rate = 1\n'
    problem = read(tmp_path, LINEAR + update)
    rate = problem.network.values["eta"].exact
    assert as_in_a_file(problem, "eta", rate) == "learning_rate = 1"

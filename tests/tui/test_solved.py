"""`solve`: every quantity in every format, and what the book of the founding exercise prints."""

from __future__ import annotations

import io
import json
import runpy
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.problems.course import builtin_ids
from engine.problems.problem import Problem
from tests.engine.random_nets import random_problem
from tui.solved.as_json import solution_json
from tui.solved.as_latex import solution_latex
from tui.solved.as_python import RESERVED, solution_python
from tui.solved.as_text import solution_text

PUBLISHED = Path(__file__).parents[1] / "engine" / "problems" / "published"
E = float(np.e)
P = 1 / (1 + 1 / E)  # σ(1)
EXERCISE: dict[str, dict[str, Any]] = {
    "masha": {
        "H1": [[2, -1], [0, 1]],
        "local.X": [[1, 0.5], [-1, 0]],
        "grad.X": [[-0.5, -0.25], [0, 0]],
        "O1": [[2, 0], [0, 1]],
        "local.H1": [[1, 0], [0, 1]],
        "grad.H1": [[-0.5, 0], [0, 0]],
        "yhat": [[1], [1]],
        "local.O1": [[0.5, 1]],
        "grad.O1": [[-0.5, -1], [0, 0]],
        "L": 0.25,
        "grad.yhat": [[-1], [0]],
        "grad.W2": [[-2], [0]],
        "grad.W1": [[-0.5, 0], [-1, 0]],
        "new.W1": [[1.5, -1], [1.5, 0]],
        "new.W2": [[2.5], [1]],
        "L@2": 24.90625,
    },
    "masha-logistic": {
        "p": [[P], [P]],
        "each.L": [[-np.log(1 - P)], [-np.log(P)]],
        "L": -np.log(1 - P) - np.log(P),
        "local.yhat": [[P * (1 - P)], [P * (1 - P)]],
        "grad.p": [[1 / (1 - P)], [-1 / P]],
        "grad.yhat": [[P], [P - 1]],
        "grad.W2": [[2 * P], [P - 1]],
        "grad.H1": [[P / 2, 0], [0, P - 1]],
        "grad.W1": [[P / 2, 1 - P], [P, 2 * (P - 1)]],
        "grad.X": [[P / 2, P / 4], [1 - P, 0]],
        "new.W1": [[1 - P / 2, -1 - (1 - P)], [0.5 - P, 2 * (1 - P)]],
        "new.W2": [[0.5 - 2 * P], [1 + (1 - P)]],
    },
}
"""The right answers of the founding exercise."""

WRONG_IN_THE_BOOK = {
    "masha": ["H1", "new.W1"],
    "masha-logistic": ["each.L", "grad.p", "grad.yhat"],
}


def steps(identity: str) -> dict[str, dict[str, Any]]:
    """The steps of the JSON by key, through text and back."""
    found = json.loads(json.dumps(solution_json(engine.load_problem(identity))))
    assert (found["format"], found["problem"]) == (1, identity)
    return {step["key"]: step for step in found["steps"]}


@pytest.mark.parametrize("identity", EXERCISE)
def test_every_answer_of_the_exercise_is_there_unrounded(identity: str) -> None:
    found = steps(identity)
    for key, value in EXERCISE[identity].items():
        assert np.allclose(found[key]["value"], value, rtol=1e-14, atol=1e-14), key
        assert found[key]["shape"] == list(np.shape(value)), key


@pytest.mark.parametrize("identity", WRONG_IN_THE_BOOK)
def test_exactly_what_the_book_has_wrong_disagrees_each_with_its_erratum(identity: str) -> None:
    published = {key: step["published"] for key, step in steps(identity).items()}
    wrong = [key for key, printed in published.items() if printed and not printed["agrees"]]
    assert sorted(wrong) == WRONG_IN_THE_BOOK[identity]
    assert all(published[key]["erratum"] for key in wrong)


def test_a_step_has_all_its_fields() -> None:
    step = steps("masha")["H1"]
    published = step.pop("published")
    assert step == {
        "key": "H1",
        "pass": "forward",
        "symbol": "H₁",
        "formula": "X·W₁",
        "latex": "X W_{1}",
        "shape": [2, 2],
        "value": [[2, -1], [0, 1]],
        "exact": True,
        "skill": "linear.forward",
    }
    assert (published["value"], published["formula"]) == ([[2, -0.5], [0, 1]], None)


def test_remarks_formulas_and_scalars_of_the_source_are_told_apart() -> None:
    masha, logistic = steps("masha"), steps("masha-logistic")
    assert masha["L"]["published"] == {
        "value": 0.25,
        "formula": None,
        "agrees": True,
        "erratum": None,
    }
    remark = masha["grad.X"]["published"]
    assert (remark["value"], remark["formula"], remark["agrees"]) == (None, None, True)
    assert remark["erratum"]
    formula = logistic["each.L"]["published"]
    assert formula["value"] is None
    assert formula["formula"] == "y*ln(p) + (1 - y)*(1 - p)"
    assert masha["W1" if "W1" in masha else "local.O1"]["published"] is None


def test_exact_means_at_the_digits_that_the_problem_asks() -> None:
    masha, logistic = steps("masha"), steps("masha-logistic")
    assert masha["grad.X"]["exact"]
    assert masha["L@2"]["value"] == 24.90625
    assert not masha["L@2"]["exact"]
    assert not logistic["p"]["exact"]
    assert logistic["local.X"]["exact"]


@pytest.mark.parametrize("identity", EXERCISE)
def test_the_gradient_check_is_reported(identity: str) -> None:
    check = solution_json(engine.load_problem(identity))["gradient_check"]
    assert check["passed"] is True
    assert 0 <= check["max_relative_error"] < 1e-6


def problems() -> list[Problem]:
    """The built-in problems, published examples, and random ones with other losses."""
    return [
        *(engine.load_problem(identity) for identity in builtin_ids()),
        *(engine.load_problem(path) for path in sorted(PUBLISHED.glob("*.toml"))),
        *(random_problem(seed) for seed in range(8)),
    ]


@pytest.mark.parametrize("problem", problems(), ids=lambda problem: problem.id)
def test_the_python_program_computes_and_prints_every_quantity(
    problem: Problem, tmp_path: Path
) -> None:
    path = tmp_path / "solved.py"
    path.write_text("\n".join(solution_python(problem)), encoding="utf-8")
    printed = io.StringIO()
    with redirect_stdout(printed):
        names = runpy.run_path(str(path))
    for key, step in problem.solution.items():
        name = key.replace(".", "_").replace("@", "_")
        name += "_" * (name in RESERVED)
        assert np.allclose(names[name], step.value, rtol=1e-12, atol=1e-12), key
        assert np.shape(names[name]) == step.shape, key
        assert f"{name} = " in printed.getvalue()


def test_names_that_python_keeps_for_itself_are_changed(tmp_path: Path) -> None:
    source = tmp_path / "names.toml"
    source.write_text(
        """
format = 1
id = "names"
title = "A \\"title\\" with \\\\ and '''"
wrt = ["X"]
[values]
X = [[1, 2]]
np = [[3], [4]]
lambda = [[2]]
grad_X = [[1]]
target = [[1]]
[[forward]]
layer = "linear"
weight = "np"
to = "print"
[[forward]]
layer = "linear"
weight = "lambda"
to = "is"
[[forward]]
layer = "linear"
weight = "grad_X"
to = "show"
[loss]
kind = "mse"
target = "target"
""",
        encoding="utf-8",
    )
    problem = engine.load_problem(source)
    path = tmp_path / "solved.py"
    path.write_text("\n".join(solution_python(problem)), encoding="utf-8")
    printed = io.StringIO()
    with redirect_stdout(printed):
        runpy.run_path(str(path))
    assert len(printed.getvalue().splitlines()) >= len(problem.solution)


@pytest.mark.parametrize("problem", problems(), ids=lambda problem: problem.id)
def test_text_and_latex_have_every_quantity(problem: Problem) -> None:
    text, latex = "\n".join(solution_text(problem)), "\n".join(solution_latex(problem))
    for key in problem.solution:
        assert f"{problem.solution.symbol(key)} = {problem.solution.formula(key)} = " in text
        assert problem.solution.latex(key) in latex
    assert latex.count(r"\begin{") == latex.count(r"\end{")
    assert latex.count("{") == latex.count("}")


def test_the_text_says_where_the_source_prints_something_else() -> None:
    lines = list(solution_text(engine.load_problem("masha")))
    assert [line.strip() for line in lines if "!" in line] == [
        "! the source prints 2 -0.5; 0 1",
        "! the source prints 1.5 0; 0.5 0",
    ]

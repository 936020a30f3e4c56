"""Worked examples of all kinds as problem files: every key against an independent computation."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

pytest.importorskip("autograd")

from engine.expression.symbols import identifier
from engine.marking.answer import mark_answer
from engine.marking.formula_functions import has_words
from engine.network.check import check_solution
from engine.network.training import train_solution
from engine.practice.published import agrees
from engine.practice.session import lesson
from engine.problems.problem import Problem
from engine.problems.reading import load
from tests.engine.answers import right
from tests.engine.problems.examples import EXAMPLES
from tests.engine.problems.files import Folder
from tests.engine.problems.independent import DEFAULTS, FOLDER, solved, table_of, values_of

BASES = {"goes-on": "decay"}
SLIPS = {"sigmoid-net": {"L@2"}, "lstm": {"s0"}}
every_example = pytest.mark.parametrize("name", EXAMPLES)


def problem(name: str) -> Problem:
    return load(str(FOLDER / f"{name}.toml"))


def base_values(name: str) -> dict[str, np.ndarray]:
    """What a file gets from the one that it goes on from."""
    if name == "founding-goes-on":
        return {
            "X": np.array([[1.0, 2], [-1, 2]]),
            "W1": np.array([[1, -1], [0.5, 0]]),
            "W2": np.array([[0.5], [1]]),
        }
    return values_of(table_of(BASES[name])) if name in BASES else {}


def test_every_file_has_its_example() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == EXAMPLES.keys()


@every_example
def test_every_key_has_the_independently_computed_value(name: str) -> None:
    ours = problem(name).solution
    theirs = solved(table_of(name), EXAMPLES[name], base_values(name))
    assert set(ours) == set(theirs)
    for key, value in theirs.items():
        assert ours[key].shape == np.shape(value), key
        np.testing.assert_allclose(ours[key].value, value, rtol=1e-9, atol=1e-12, err_msg=key)


@every_example
def test_what_the_source_prints_comes_out_but_for_its_slips(name: str) -> None:
    found = problem(name)
    wrong = {key for key, printed in found.published.items() if not agrees(found, printed)}
    assert wrong == SLIPS.get(name, set())


@every_example
def test_its_gradients_agree_with_finite_differences(name: str) -> None:
    check = check_solution(problem(name).solution)
    assert check is not None
    assert check.passed, check.errors


@every_example
def test_each_formula_is_right_as_it_is_printed_in_either_notation(name: str) -> None:
    solution = problem(name).solution
    for key, step in solution.items():
        for text in (solution.formula(key), solution.latex(key)):
            if r"\frac" not in text or not has_words(step.node):
                mark = mark_answer(problem(name), "formula", key, text)
                assert mark.verdict == "right", (key, text, mark)


@every_example
@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_each_printed_line_of_code_computes_its_step(name: str, library: str) -> None:
    module = pytest.importorskip(library)
    array = module.array if library == "numpy" else module.tensor
    solution = problem(name).solution
    words = {identifier(key): array(value) for key, value in solution.numbers.items()}
    words |= {"np": module} if library == "numpy" else {"torch": module}
    for key, step in solution.items():
        text = solution.numpy(key) if library == "numpy" else solution.pytorch(key)
        if has_words(step.node):
            found = np.asarray(eval(text, dict(words)), dtype=float)
            # A number that PyTorch meets alone, as in torch.where(H > 0, 1.0, 0.1), is a float32.
            np.testing.assert_allclose(found, step.value, rtol=1e-7, atol=1e-12, err_msg=key)


@pytest.mark.parametrize("optimizer", DEFAULTS)
@pytest.mark.parametrize("first_step", [1, 2])
def test_weight_decay_in_every_optimizer(folder: Folder, optimizer: str, first_step: int) -> None:
    text = (FOLDER / "decay.toml").read_text(encoding="utf-8")
    text = text.replace('"sgd"', f'"{optimizer}"\nfirst_step = {first_step}')
    ours = folder.read(text).solution
    theirs = solved(tomllib.loads(text), EXAMPLES["decay"])
    assert set(ours) == set(theirs)
    for key, value in theirs.items():
        np.testing.assert_allclose(ours[key].value, value, rtol=1e-9, atol=1e-12, err_msg=key)


def test_ten_thousand_steps_end_where_the_source_says() -> None:
    losses = train_solution(problem("sigmoid-net").solution, 10_000)
    assert losses[-1] == pytest.approx(0.0000351085, abs=5e-11)


@every_example
def test_the_lesson_accepts_its_own_right_answers(name: str) -> None:
    session = lesson(problem(name))
    while not session.finished:
        question = session.question
        for _ in range(9):
            assert session.hint() is None or session.given_hints()[-1].strip()
        mark = session.answer(right(question))
        assert mark.verdict == "right", (question.id, right(question), mark)
        shown = session.reveal()
        assert shown.formula
        assert np.shape(shown.worked()) == np.atleast_2d(shown.value).shape
        session.next()
    assert session.answered == len(session.questions)

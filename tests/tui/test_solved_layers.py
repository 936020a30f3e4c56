"""`solve --format python` of every layer: a program that runs with NumPy alone and agrees."""

from __future__ import annotations

import io
import runpy
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

from engine.expression.symbols import identifier
from engine.problems.reading import load
from tests.engine.problems.test_layer_keys import ENTRIES, text
from tui.solved.as_latex import solution_latex
from tui.solved.as_python import solution_python


@pytest.mark.parametrize("case", ENTRIES)
def test_the_python_program_of_a_layer_computes_every_quantity(case: str, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(text(ENTRIES[case]) + '\n[loss]\nformula = "sum(square(H))"\n')
    problem = load(str(file))
    program = tmp_path / "program.py"
    program.write_text("\n".join(solution_python(problem)), encoding="utf-8")
    with redirect_stdout(io.StringIO()):
        found = runpy.run_path(str(program))
    for key, step in problem.solution.items():
        np.testing.assert_allclose(found[identifier(key)], step.value, rtol=1e-9, atol=1e-12)


def test_functions_for_windows_are_printed_only_where_they_are_used(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(text(ENTRIES["avg_pool2d"]))
    printed = "\n".join(solution_python(load(str(file))))
    assert "def avg_pool2d(" in printed
    assert "def conv2d(" not in printed
    assert "def padded(" not in printed
    file.write_text(text(ENTRIES["tanh"]))
    assert "def places(" not in "\n".join(solution_python(load(str(file))))


@pytest.mark.parametrize("case", ENTRIES)
def test_a_layers_latex_names_its_operations(case: str, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(text(ENTRIES[case]) + '\n[loss]\nformula = "sum(square(H))"\n')
    printed = "\n".join(solution_latex(load(str(file))))
    assert printed.count("{") == printed.count("}")

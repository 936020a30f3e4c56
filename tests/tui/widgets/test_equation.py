"""A formula with its numbers: a matrix where its name would stand, lit where it should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

from engine.network.solution import Solution
from engine.practice.reveal import reveal
from engine.problems.reading import load
from tests.engine.problems.test_layer_keys import ENTRIES, text
from tui.widgets.equation import equation

WIDE = 116


def drawn(solution: Solution, key: str, width: int = WIDE) -> list[str] | None:
    picture = equation(solution, key, width)
    return picture.content.plain.split("\n") if picture else None


def test_matrices_stand_where_their_names_would() -> None:
    assert drawn(load("masha").solution, "H1") == [
        "H₁ = X·W₁ = ⎛  1  2 ⎞·⎛ 1    -1 ⎞",
        "            ⎝ -1  2 ⎠ ⎝ 0.5   0 ⎠",
    ]


def test_a_transposed_matrix_bears_its_mark_on_top() -> None:
    lines = drawn(load("masha").solution, "grad.W1")
    assert lines is not None
    assert lines[0] == "∂L/∂W₁ = Xᵀ·∂L/∂H₁ = ⎛  1  2 ⎞ᵀ·⎛ -0.5  0 ⎞"


def test_a_negative_number_is_put_in_brackets() -> None:
    lines = drawn(load("book-7-2").solution, "grad.u")
    assert lines is not None
    assert lines[1].strip().startswith("= (-4)·[0.5·0 > 0]·0 + ")


def test_where_one_line_is_too_narrow_the_numbers_go_below_the_formula() -> None:
    first, second, _ = drawn(load("masha-logistic").solution, "each.L", 70) or ["", "", ""]
    assert first == "ℓ = -(y ⊙ ln(p) + (1 - y) ⊙ ln(1 - p))"
    assert second.startswith("  = -(⎛ 0 ⎞ ⊙ ln(⎛ 0.7311 ⎞)")


def test_where_that_is_too_narrow_too_there_is_no_picture() -> None:
    assert drawn(load("masha-logistic").solution, "each.L", 40) is None


def test_the_cells_that_a_number_is_made_of_are_lit_in_their_matrices() -> None:
    picture = equation(load("masha").solution, "H1", WIDE)
    assert picture is not None
    lights = picture.lights([("X", 0, 0), ("X", 0, 1), ("W1", 0, 1), ("W1", 1, 1)])
    assert all("reverse" in str(span.style) for span in lights)
    spans = [picture.content.plain[span.start : span.end] for span in lights]
    assert sorted(spans) == ["-1", "0", "1", "2"]


@pytest.mark.parametrize("case", ENTRIES)
def test_every_layer_has_its_picture_and_every_source_of_a_cell_is_lit_in_it(
    case: str, tmp_path: Path
) -> None:
    path = tmp_path / "small.toml"
    path.write_text(text(ENTRIES[case]) + '\n[loss]\nformula = "sum(square(H))"\n')
    problem = load(str(path))
    pictures = 0
    for key, step in problem.solution.items():
        picture = equation(problem.solution, key, WIDE)
        if picture is None:
            continue
        pictures += 1
        assert all(cell_len(line) <= WIDE for line in picture.content.plain.split("\n"))
        for row, column in np.ndindex(*(*step.shape, 1, 1)[:2]):
            sources = reveal(problem, key).cell(row, column).sources
            lights = picture.lights(sources)
            assert all("reverse" in str(span.style) for span in lights)
            assert len({*lights}) >= len({*sources}), (key, row, column)
    assert pictures

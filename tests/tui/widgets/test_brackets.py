"""Numbers are written as people write them, and matrices are laid out as in a book."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.brackets import Span, format_number, layout, measure_column, pad, readable


def drawn(cells: list[list[str]]) -> list[str]:
    return ["".join(span.text for span in line) for line in layout(cells)]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2, 4, "2"),
        (-1.0, 4, "-1"),
        (0.5, 4, "0.5"),
        (0.196612, 4, "0.1966"),
        (0.1 + 0.2, 4, "0.3"),
        (-0.00001, 4, "0"),
        (-0.0, 4, "0"),
        (Fraction(-1, 8), 2, "-0.13"),
        (0.125, 2, "0.13"),
        (2.5, 0, "3"),
        (100, 0, "100"),
        (Fraction(1, 3), 6, "0.333333"),
        (9.99996, 4, "10"),
        (1e20, 4, "1e20"),
        (-1.23456e20, 2, "-1.23e20"),
        (9.999e15, 2, "1e16"),
        (10**20, 2, "100000000000000000000"),
        (math.inf, 4, "∞"),
        (-math.inf, 4, "-∞"),
        (math.nan, 4, "nan"),
    ],
)
def test_a_number_has_no_needless_digits(value: float | Fraction, decimals: int, text: str) -> None:
    assert format_number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00000373, "3.7e-6"),
        (Fraction(-1, 10**8), "-1e-8"),
        (9.96e-7, "1e-6"),
        (0.5, "0.5"),
        (0, "0"),
        (5.55e-17, "0"),
        (math.nan, "nan"),
        (-math.inf, "-∞"),
    ],
)
def test_a_small_number_is_no_zero(value: float | Fraction, text: str) -> None:
    assert readable(value, 4) == text
    assert readable(value, 4, comma=True) == text.replace(".", ",")


def test_a_decimal_comma_is_written_where_it_is_asked_for() -> None:
    assert format_number(-0.5, 4, comma=True) == "-0,5"
    assert format_number(3, 4, comma=True) == "3"


def test_negative_decimals_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 0 or more, got -1"):
        format_number(1.5, -1)


@given(st.floats(-1e12, 1e12), st.integers(0, 8))
def test_what_is_written_is_the_number_within_half_a_unit(value: float, decimals: int) -> None:
    text = format_number(value, decimals)
    assert abs(Fraction(text) - Fraction(value)) <= Fraction(1, 2 * 10**decimals)
    assert text != "-0"
    assert "." not in text or text[-1] not in "0."


@given(st.integers(-(10**9), 10**9), st.integers(0, 12), st.integers(0, 6))
def test_a_half_is_rounded_away_from_zero_as_the_exact_number_is(
    numerator: int, power: int, decimals: int
) -> None:
    value = Fraction(numerator, 2**power)
    assert format_number(float(value), decimals) == format_number(value, decimals)


def test_a_matrix_has_tall_brackets() -> None:
    assert drawn([["2", "-1"], ["0", "1"], ["7", "8"]]) == [
        "⎛ 2  -1 ⎞",
        "⎜ 0   1 ⎟",
        "⎝ 7   8 ⎠",
    ]


def test_a_matrix_of_one_row_has_round_brackets_and_a_scalar_has_none() -> None:
    assert drawn([["1", "-2"]]) == ["( 1  -2 )"]
    assert drawn([["0.25"]]) == ["0.25"]


def test_decimal_points_stand_under_each_other() -> None:
    assert drawn([["-0.5", "1"], ["12", "0,25"], [".75", "-3"]]) == [
        "⎛ -0.5    1    ⎞",
        "⎜ 12      0,25 ⎟",
        "⎝   .75  -3    ⎠",
    ]


def test_an_expression_stands_at_the_right_edge_and_its_point_moves_nothing() -> None:
    assert drawn([["1.5"], ["exp(-1.25)"], ["-20"]]) == [
        "⎛        1.5 ⎞",
        "⎜ exp(-1.25) ⎟",
        "⎝      -20   ⎠",
    ]


def test_every_line_of_a_matrix_is_equally_wide() -> None:
    lines = drawn([["σ(1)", "−½", ""], ["-0.25", "1e-3", "100"]])
    assert len({len(line) for line in lines}) == 1


def test_the_cell_hook_draws_every_cell_with_its_padded_text() -> None:
    def draw(row: int, column: int, text: str) -> Iterable[Span]:
        yield Span(text, f"{row},{column}")
        yield Span("✓", "mark")

    first, _ = layout([["1", "2"], ["-1", "3"]], draw, bracket="bracket")
    assert first == [
        Span("⎛ ", "bracket"),
        Span(" 1", "0,0"),
        Span("✓", "mark"),
        Span("  "),
        Span("2", "0,1"),
        Span("✓", "mark"),
        Span(" ⎞", "bracket"),
    ]


def test_a_column_can_be_made_wider_than_its_texts() -> None:
    assert pad("-1", measure_column(["-1", "0.5"], least=6)) == "  -1  "


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        layout([["1", "2"], ["3"]])

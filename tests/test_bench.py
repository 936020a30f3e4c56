"""The benchmark's own arithmetic: turns, ratios, quantiles, growth, the table; no clock runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import pytest

from tests.bench import report
from tests.bench.row import Measure, MeasureError, Result, Row, growth, quantile, run


def replay(*rounds: Sequence[float]) -> Measure:
    """A measure that gives these rounds, after one that isn't counted."""
    told = iter([[1e9], *rounds])
    return lambda: next(told)


def in_seconds(**options: object) -> Row:
    return Row(**{"name": "a row", "unit": "s", "rounds": 3, **options})  # type: ignore[arg-type]


def test_the_two_take_turns_and_the_first_round_is_not_counted() -> None:
    turns: list[str] = []
    number = count()

    def measure(name: str) -> list[float]:
        turns.append(name)
        return [float(next(number))]

    row = in_seconds(measure=lambda: measure("ours"), reference=lambda: measure("theirs"))
    result = run(row, rounds=2)
    assert turns == ["ours", "theirs"] * 3
    assert result.ours == [[2.0], [4.0]]
    assert result.theirs == [[3.0], [5.0]]


def test_a_ratio_is_taken_round_by_round_so_that_a_slow_round_slows_both() -> None:
    row = in_seconds(
        measure=replay([2.0], [20.0], [3.0]), reference=replay([1.0], [10.0], [1.0]), bound=2
    )
    result = run(row)
    assert result.ratios == [2.0, 2.0, 3.0]
    assert result.value == 2.0
    assert result.holds is True


def test_where_the_slow_ones_count_the_95th_percentile_is_held() -> None:
    row = in_seconds(measure=replay([*range(1, 101)]), bound=94, at=0.95, rounds=1)
    result = run(row)
    assert result.value == 95
    assert result.holds is False


def test_values_are_shown_in_the_unit_of_the_row() -> None:
    result = run(in_seconds(measure=replay([0.002]), unit="ms", rounds=1, bound=2))
    assert result.value == pytest.approx(2.0)


def test_a_row_without_a_bound_neither_holds_nor_fails() -> None:
    assert run(in_seconds(measure=replay([1.0]), rounds=1)).holds is None


def test_what_is_not_installed_is_named_and_not_measured() -> None:
    result = run(in_seconds(measure=replay([1.0]), needs="no_such_module_or_program", bound=1))
    assert result.holds is None
    assert "not measured: no_such_module_or_program isn't installed" in report.line(result)


def test_what_did_not_happen_fails_with_its_reason() -> None:
    def never() -> list[float]:
        raise MeasureError("no verdict was painted")

    result = run(in_seconds(measure=never, bound=1))
    assert result.holds is False
    assert "FAILS: no verdict was painted" in report.line(result)


def test_the_table_for_a_page_has_what_is_bounded_and_shouts_what_fails() -> None:
    held = run(
        in_seconds(
            measure=replay([3.0]), reference=replay([2.0]), against="bare", bound=2, at=0.95
        ),
        rounds=1,
    )
    failing = run(in_seconds(measure=replay([3.0]), bound=1), rounds=1)
    free = run(in_seconds(measure=replay([3.0])), rounds=1)
    absent = run(in_seconds(measure=replay([3.0]), needs="no_such_module_or_program", bound=1))
    assert report.markdown([held, failing, free, absent]).splitlines()[2:] == [
        "| a row, 95th percentile | bare | 1.50x (3 s) | ≤ 2x |",
        "| a row |  | **3 s** | ≤ 1 s |",
    ]


@pytest.mark.parametrize(
    ("values", "fraction", "expected"),
    [([3, 1, 2], 0.5, 2), ([4, 1, 3, 2], 0.5, 2), ([7], 0.95, 7), ([*range(1, 21)], 0.95, 19)],
)
def test_a_quantile_is_one_of_the_values(
    values: list[float], fraction: float, expected: float
) -> None:
    assert quantile(values, fraction) == expected


def sized(size: int, value: float) -> Result:
    return Result(in_seconds(measure=replay(), by="layers", size=size), [[value]])


def test_growth_is_the_exponent_between_the_smallest_and_the_largest() -> None:
    [grown] = growth([sized(8, 64.0), sized(2, 4.0), sized(4, 10.0)])
    assert grown.points == [(2, 4.0), (4, 10.0), (8, 64.0)]
    assert grown.exponent == pytest.approx(2.0)


def test_one_size_alone_says_nothing_about_growth() -> None:
    assert growth([sized(2, 4.0)]) == []


def test_a_line_of_the_table_shows_value_reference_ratio_bound_and_verdict() -> None:
    row = in_seconds(
        measure=replay([3.0]), reference=replay([2.0]), against="a bare app", bound=1.6, rounds=1
    )
    words = report.line(run(row)).split()
    assert words[:6] == ["a", "row", "3", "3", "s", "2"]
    assert words[6] == "1.50x"
    assert words[-7:] == ["≤", "1.6x", "holds", "against", "a", "bare", "app"]
    assert "FAILS" in report.line(Result(row, [[4.0]], [[2.0]]))


def test_the_json_tells_each_figure_with_its_group_and_each_growth() -> None:
    told = report.as_json({"marking": [sized(2, 4.0), sized(4, 16.0)]})
    first = told["figures"][0]
    assert (first["group"], first["name"], first["figure"]) == ("marking", "a row, 2 layers", 4.0)
    assert first["ours"]["p50"] == 4.0
    assert told["growth"][0]["exponent"] == pytest.approx(2.0)

"""Drawing by seed: the same numbers on every machine and Python."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from engine.practice.draw import Draw


def test_the_same_seed_draws_the_same_numbers_everywhere() -> None:
    draw = Draw("relu.backward", 2, 7)
    assert [draw.below(1000) for _ in range(6)] == [295, 943, 554, 77, 689, 810]
    assert Draw("relu.backward", 2, 7).shuffled(range(6)) == [3, 5, 0, 2, 4, 1]


def test_other_seeds_draw_other_numbers() -> None:
    first = {Draw("a", seed).below(10**9) for seed in range(50)}
    assert len(first) == 50


def test_every_choice_comes_up() -> None:
    draw = Draw("choices")
    counted = Counter(draw.pick("abc") for _ in range(3000))
    assert min(counted.values()) > 850


def test_a_shuffle_keeps_everything() -> None:
    assert sorted(Draw("shuffle").shuffled([3, 1, 2, 2])) == [1, 2, 2, 3]


def test_a_matrix_has_its_shape_and_only_the_choices() -> None:
    rows = Draw("matrix").matrix((2, 3), (Fraction(1, 2), Fraction(3)))
    assert [len(row) for row in rows] == [3, 3]
    assert {cell for row in rows for cell in row} <= {Fraction(1, 2), Fraction(3)}

"""Whatever stands in a file: it is a problem, or what is wrong is said with a place in the file.

The short form of `python -m tests.fuzz problem`.
"""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.problems.problem import Problem
from tests.fuzz.files import (
    good_files,
    must_be_a_problem_or_have_faults_with_places,
    outcome,
    tampered,
)


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_a_file_that_was_tampered_with_is_a_problem_or_has_faults_with_places(
    dice: Random,
) -> None:
    must_be_a_problem_or_have_faults_with_places(tampered(dice))


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_a_problem_or_has_faults_with_places(text: str) -> None:
    must_be_a_problem_or_have_faults_with_places(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_problem_or_have_faults_with_places(data: bytes) -> None:
    must_be_a_problem_or_have_faults_with_places(data)


def test_the_files_that_are_tampered_with_are_problems_themselves() -> None:
    assert good_files()
    assert all(isinstance(outcome(text.encode()), Problem) for text in good_files())

"""Numbers as briefly as they can be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui.shown import use_decimal_comma
from tui.widgets.number_text import number_text


@pytest.fixture
def comma() -> Iterator[None]:
    """A decimal comma, for one test."""
    use_decimal_comma(True)
    yield
    use_decimal_comma(False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.25, "0.25"),
        (24.90625, "24.9063"),
        (-1.0, "-1"),
        (0.001, "0.001"),
        (0.00099, "9.9e-4"),
        (1.5e-7, "1.5e-7"),
        (-1.79254e-10, "-1.793e-10"),
        (1234567.0, "1234567"),
        (2.5e31, "2.5e31"),
        (-1e300, "-1e300"),
        (float("inf"), "∞"),
        (float("nan"), "nan"),
    ],
)
def test_a_number_has_decimals_or_a_power_of_ten(value: float, text: str) -> None:
    assert number_text(value) == text


def test_more_digits_can_be_asked_for() -> None:
    assert number_text(24.90625, 6) == "24.90625"
    assert number_text(1.234567e-9, 6) == "1.23457e-9"


@pytest.mark.usefixtures("comma")
def test_the_decimal_sign_is_the_learner_s() -> None:
    assert number_text(0.25) == "0,25"
    assert number_text(1.5e-7) == "1,5e-7"

"""Every key has a name for the settings and says what it does; letters work on both layouts."""

from __future__ import annotations

import pytest

from tui.key_ids import bindings, unknown_ids

SAME_KEY = dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True))
"""The Russian letter on the key of each Latin one."""

ALL = bindings()


@pytest.mark.parametrize("name", ALL)
def test_every_binding_has_an_id_and_says_what_it_does(name: str) -> None:
    binding = ALL[name]
    assert binding.id == name
    assert "." in name
    assert binding.description
    assert binding.tooltip


@pytest.mark.parametrize("name", ALL)
def test_a_letter_is_bound_with_its_key_on_the_other_layout(name: str) -> None:
    keys = ALL[name].key.split(",")
    for key in keys:
        modifier, _, letter = key.rpartition("+")
        if letter in SAME_KEY and modifier in ("", "ctrl") and name not in GLOBAL:
            other = f"{modifier}+{SAME_KEY[letter]}" if modifier else SAME_KEY[letter]
            assert other in keys, f"{key} without {other}"


GLOBAL = {"app.quit", "app.palette"}
"""A terminal sends these control characters alike on every layout."""


def test_an_unknown_id_is_found() -> None:
    assert unknown_ids(["session.hint", "session.hnt"]) == ["session.hnt"]

"""The pictures of the README: of today's screens, and complete by themselves."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pictures import FOLDER, SCENES, picture

NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_shows_todays_screen(name: str) -> None:
    stored = Path(FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    current = (
        picture(SCENES[name]) == stored
    )  # not in the assert: a difference of SVGs says nothing
    assert current, "the screen has changed: make pictures, then look at each"


@pytest.mark.parametrize("name", SCENES)
def test_there_is_a_picture_of_every_scene_and_it_needs_nothing_else(name: str) -> None:
    text = Path(FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag == f"{{{NAMESPACE}}}svg"
    assert {*re.findall(r"https?://[^\"'\s)]+", text)} == {NAMESPACE}
    assert "url(" not in text.replace("url(#", "")

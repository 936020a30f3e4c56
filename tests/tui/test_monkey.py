"""A monkey at the keyboard for a moment: the short form of `python -m tests.fuzz monkey`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.monkey import SHORT, run

SCREENS = {
    "HomeScreen",
    "LessonScreen",
    "QuizScreen",
    "QuizStartScreen",
    "ProgressScreen",
    "SkillScreen",
    "SettingsScreen",
    "ExploreScreen",
    "ExploreStartScreen",
    "HelpScreen",
    "ConventionsScreen",
    "Palette",
}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_random_keys_never_end_the_app_nor_lead_where_there_is_no_way_home(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert set(run(SHORT, seed, tmp_path)) >= {*SCREENS, "value", "formula"}


def test_the_same_seed_presses_the_same_keys_at_the_same_screens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "once").mkdir()
    (tmp_path / "again").mkdir()
    assert run(400, 5, tmp_path / "once") == run(400, 5, tmp_path / "again")

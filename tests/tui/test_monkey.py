"""A monkey at the keyboard for a moment; `tests.fuzz.monkey` lets it go on for longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.monkey import run


async def test_random_keys_never_end_the_app_nor_lead_where_there_is_no_way_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    seen = await run(2000, 3, tmp_path)
    assert {"HomeScreen", "LessonScreen", "QuizScreen", "HelpScreen"} <= set(seen)

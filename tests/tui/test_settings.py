"""The settings: at work at once on everything shown, kept in a file, never a stumbling block."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.language import language, switch_language, tr, use_language
from engine.records.places import open_places
from tests.tui.playing import answer_rightly, make_app, screen_text, session_of, type_cells
from tui.app import BackhandApp
from tui.screens.home import HomeScreen
from tui.screens.settings import CHOICES, SettingsScreen
from tui.settings import FILE, THEME_NAMES, Settings, load_settings, save_settings
from tui.shown import shown, use_decimal_comma
from tui.themes import THEMES

SIZE = (100, 34)


@pytest.fixture(autouse=True)
def _point() -> Any:
    yield
    use_decimal_comma(False)


async def to_first_value(pilot: Pilot[Any]) -> None:
    """Past the conventions and the first formula."""
    await pilot.pause()
    await pilot.press("enter", "escape", "n")
    await pilot.pause()


def test_settings_come_back_as_they_were_kept(tmp_path: Path) -> None:
    settings = Settings("ru", "contrast", True, False, {"session.hint": "f4", "x": '"\\'})
    assert save_settings(tmp_path / "new", settings) == ""
    assert load_settings(tmp_path / "new") == (settings, "")


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == (Settings(), "")


@pytest.mark.parametrize("text", ["language = ", "\x00", "a = " + "[" * 5000, "keys = 2\n"])
def test_a_file_that_is_no_settings_is_named_and_passed_over(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    settings, trouble = load_settings(tmp_path)
    assert settings == Settings()
    assert str(tmp_path / FILE) in trouble


def test_what_is_right_in_a_file_counts(tmp_path: Path) -> None:
    text = 'language = "xx"\ntheme = "light"\ndecimal_comma = 1\nodd = 2\n'
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    settings, trouble = load_settings(tmp_path)
    assert settings == Settings(theme="light")
    assert "language, decimal_comma, odd" in trouble


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert str(tmp_path / "file") in save_settings(tmp_path / "file", Settings())


def test_a_switched_language_reaches_whoever_shares_it() -> None:
    from contextvars import copy_context

    use_language("en")
    child = copy_context()
    switch_language("ru")
    assert child.run(language) == "ru"
    use_language("en")
    assert child.run(language) == "ru"
    with pytest.raises(ValueError, match="unknown language"):
        switch_language("xx")


def test_every_theme_can_be_chosen_and_has_every_colour() -> None:
    assert [theme.name for theme in THEMES] == [f"backhand-{name}" for name in THEME_NAMES]
    assert set(CHOICES["theme"]) == set(THEME_NAMES)
    for theme in THEMES:
        assert {"verdict-right", "verdict-wrong", "muted", "faint"} <= set(theme.variables)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_what_is_read_stands_out_from_its_ground(theme: Any) -> None:
    inks = [theme.foreground, theme.accent, theme.variables["muted"]]
    inks += [theme.variables["verdict-right"], theme.variables["verdict-wrong"]]
    least = 7.0 if "contrast" in theme.name else 4.5
    for ground in (theme.background, theme.surface, theme.panel):
        for ink in inks:
            bright, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= least, (ink, ground)


def test_only_a_point_between_digits_becomes_a_comma() -> None:
    use_decimal_comma(True)
    assert shown("0.5·W.T = -1.25. Row 1.") == "0,5·W.T = -1,25. Row 1."
    use_decimal_comma(False)
    assert shown("0.5") == "0.5"


async def test_the_language_changes_on_every_screen_at_once(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await to_first_value(pilot)
        await type_cells(pilot, ["9", "9", "9", "9"])
        assert "Not yet" in screen_text(app)
        await pilot.press("f9")
        await pilot.pause()
        assert isinstance(app.screen, SettingsScreen)
        assert "Language: English" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        text = screen_text(app)
        assert "Русский" in text
        assert "Settings" not in text
        await pilot.press("escape")
        await pilot.pause()
        text = screen_text(app)
        for english in ("Not yet", "not yet", "Known", "forward pass", "Check", "Commands", "Hint"):
            assert english not in text
        assert session_of(app).here.tries == 1
        assert app.screen.view.answers.grid.cells == [["9", "9"], ["9", "9"]]  # type: ignore[attr-defined]
        await pilot.press("escape", "q")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        for english in ("Backpropagation", "Lessons", "Quiz", "Open"):
            assert english not in screen_text(app)
    assert load_settings(tmp_path)[0].language == "ru"


async def test_a_half_typed_answer_survives_a_change_of_settings(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await to_first_value(pilot)
        await pilot.press("2", "enter", "minus", "f9", "enter", "down", "enter", "escape")
        await pilot.pause()
        assert app.screen.view.answers.grid.text == "2 -; _ _"  # type: ignore[attr-defined]
        assert app.theme == "backhand-light"


async def test_numbers_are_shown_with_the_comma_that_was_chosen(tmp_path: Path) -> None:
    settings = Settings(decimal_comma=True)
    app = BackhandApp(("lesson", "masha"), places=open_places(tmp_path), settings=settings)
    async with app.run_test(size=SIZE) as pilot:
        await to_first_value(pilot)
        text = screen_text(app)
        assert "0,5" in text
        assert "0.5" not in text
        await answer_rightly(pilot)
        assert session_of(app).here.status == "right"
        code = [line for line in screen_text(app).splitlines() if "NumPy" in line]
        assert code


async def test_settings_work_from_the_start(tmp_path: Path) -> None:
    settings = Settings(theme="contrast", animation=False, keys={"session.hint": "f4"})
    app = BackhandApp(("lesson", "masha"), places=open_places(tmp_path), settings=settings)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        assert app.theme == "backhand-contrast"
        assert app.animation_level == "none"
        await pilot.press("f4")
        assert session_of(app).here.hints == 1


async def test_left_and_right_turn_a_setting_round(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f9", "down", "left")
        await pilot.pause()
        assert app.theme == "backhand-colour-blind"
        await pilot.press("right", "right")
        assert app.theme == "backhand-light"
        assert tr("Theme: {value}", value="light") in screen_text(app)


async def test_a_key_for_what_there_is_not_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(BackhandApp, "notify", lambda self, text, **_: told.append(text))
    app = make_app(tmp_path)
    app.settings = Settings(keys={"session.hint": "f8", "session.hnt": "f7", "[b]": "x"})
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.pause()
    assert told == ["The settings have keys for what there isn't: session.hnt, [b]."]

"""A mistake of the program's own: one sentence, the place kept, exit code 70, no traceback."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.css.query import NoMatches

from engine.records.places import open_places
from tests.tui.playing import make_app, session_of, type_text
from tui.accidents import LOG, OWN_FAULT, accident_words, write_log
from tui.app import BackhandApp
from tui.command_line import main
from tui.commands.starting import run_app


class OddError(Exception):
    """A fault that nothing expects."""


def fail(*args: Any, **options: Any) -> Any:
    """Stands in for a function with a mistake in it."""
    raise OddError("injected")


async def press_and_fail(pilot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half type an answer, then meet the fault."""
    await pilot.pause()
    await pilot.press("enter", "escape", "n", "2", "enter", "1")
    monkeypatch.setattr("engine.practice.session.Session.answer", fail)
    await pilot.press("f5")


@pytest.fixture
def without_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKHAND_DEBUG", raising=False)


@pytest.fixture
def headless(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Lets the app run without a terminal, played by a pilot."""

    def play_with(pilot: Any) -> None:
        run = BackhandApp.run
        monkeypatch.setattr(
            BackhandApp, "run", lambda app: run(app, headless=True, auto_pilot=pilot)
        )

    return play_with


@pytest.mark.usefixtures("without_debug")
def test_a_fault_ends_in_a_sentence_a_log_and_exit_code_70(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    headless: Callable[[Any], None],
) -> None:
    headless(lambda pilot: press_and_fail(pilot, monkeypatch))
    code = run_app(("lesson", "masha"), Namespace(data_dir=str(tmp_path), lang="en"))
    told = capsys.readouterr()
    assert code == OWN_FAULT
    assert "Traceback" not in told.out + told.err
    assert "OddError" not in told.out + told.err
    assert str(tmp_path / LOG) in told.err
    assert "OddError: injected" in (tmp_path / LOG).read_text("utf-8")
    with open_places(tmp_path) as places:
        kept = places.load("masha")
    assert kept is not None
    assert (kept["position"], kept["questions"][1]["draft"]) == (1, "2 1; _ _")


def test_debugging_shows_the_traceback(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    headless: Callable[[Any], None],
) -> None:
    monkeypatch.setenv("BACKHAND_DEBUG", "1")
    headless(lambda pilot: press_and_fail(pilot, monkeypatch))
    assert run_app(("lesson", "masha"), Namespace(data_dir=str(tmp_path), lang="en")) == OWN_FAULT
    assert "OddError" in capsys.readouterr().err


@pytest.mark.usefixtures("without_debug")
def test_a_fault_while_a_problem_is_read_is_told_likewise(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    headless: Callable[[Any], None],
) -> None:
    monkeypatch.setattr("engine.problems.reading.load", fail)

    async def open_first(pilot: Any) -> None:
        await pilot.press("enter")

    headless(open_first)
    assert run_app("home", Namespace(data_dir=str(tmp_path), lang="en")) == OWN_FAULT
    assert "mistake of its own" in capsys.readouterr().err
    monkeypatch.setattr("tui.commands.starting.is_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert main(["lesson", "masha", "--lang", "en"]) == OWN_FAULT
    told = capsys.readouterr().err
    assert "mistake of its own" in told
    assert "Traceback" not in told


async def test_a_problem_file_that_went_bad_is_told_on_the_screen_it_was_chosen_on(
    tmp_path: Path,
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 1\n", encoding="utf-8")
    app = make_app(tmp_path)
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        for name in (str(bad), "no-such-lesson"):
            app.open_lesson(name)
            await pilot.pause()
        assert len(app._notifications) == 2
        await pilot.press("enter", "enter")
        await type_text(pilot, "2")
        assert session_of(app).name == "masha"


def test_a_log_that_cannot_be_written_is_no_second_fault(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    log = write_log(in_the_way, OddError("x"))
    assert log is None
    assert "BACKHAND_DEBUG=1" in accident_words(None, log)


async def test_what_a_closed_screen_still_misses_is_no_fault(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test() as pilot:
        await pilot.pause()
        for _ in range(3):  # each closes the one before while that is still being made
            app.open_lesson("masha")
            app.open_quiz()
            app.open_home()
        await pilot.pause()
        assert app.accident is None
        with pytest.raises(NoMatches) as missing:
            app.screen.query_one("#nothing")
        assert not app.is_left_behind(missing.value)

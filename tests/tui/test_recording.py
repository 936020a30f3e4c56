"""The app and the line mode record every answer, and say what is wrong with the records."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from engine.language import use_language
from engine.records.events import from_line
from tests.engine.records.keeping import attempt, events_in, file_in, keep
from tests.tui.playing import answer_rightly, make_app, session_of
from tui.app import BackhandApp
from tui.command_line import main


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the app has said in passing."""
    found: list[str] = []
    monkeypatch.setattr(BackhandApp, "notify", lambda app, text, **options: found.append(text))
    return found


async def test_every_answer_in_the_app_is_recorded(tmp_path: Path, told: list[str]) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test() as pilot:
        if not hasattr(app.screen, "session"):
            await pilot.press("escape")  # the conventions come before the first lesson
        await answer_rightly(pilot)
        await pilot.press("enter")
        asked = session_of(app).question.id
        await answer_rightly(pilot)
        assert asked == "H1"
    app.places.close()
    assert [(event.key, event.kind, event.verdict) for event in events_in(tmp_path)] == [
        ("H1", "formula", "right"),
        ("H1", "value", "right"),
    ]
    assert told == []


async def test_a_quiz_in_the_app_says_why_it_asks_and_is_recorded(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", {"skill": "relu.forward", "length": 2, "kinds": ["value"]}))
    async with app.run_test() as pilot:
        why = session_of(app).question.why
        assert why is not None
        assert why.code == "chosen"
        await answer_rightly(pilot)
    app.places.close()
    (event,) = events_in(tmp_path)
    assert (event.skill, event.session, event.first) == ("relu.forward", "quiz", True)


async def test_a_damaged_file_is_told_about_in_the_app(tmp_path: Path, told: list[str]) -> None:
    keep(tmp_path, attempt(1))
    file_in(tmp_path).write_bytes(b"no database" * 1000)
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test():
        assert len([text for text in told if "was damaged" in text]) == 1
    app.places.close()


async def test_what_cannot_be_kept_is_told_about_and_can_be_exported(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    app = make_app(tmp_path / "file", ("lesson", "masha"))
    async with app.run_test() as pilot:
        if not hasattr(app.screen, "session"):
            await pilot.press("escape")
        await answer_rightly(pilot)
        assert any("can't be recorded" in text and "exported" in text for text in told)
        await app.run_action("app.export")
    (path,) = tmp_path.glob("backhand-records-*.jsonl")
    assert path.name in told[-1]
    _, line = path.read_text(encoding="utf-8").splitlines()
    assert from_line(line).verdict == "right"


def test_the_line_mode_records_and_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKHAND_DEBUG", "1")
    lines = ["X·W1", "2 -1; 0 5", f":export {tmp_path / 'file'}", ""]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert main(["lesson", "--plain", "--data-dir", str(tmp_path / "data"), "--lang", "en"]) == 0
    use_language("en")
    assert "2 events written to" in capsys.readouterr().out
    assert [event.verdict for event in events_in(tmp_path / "data")] == ["right", "wrong"]
    assert len((tmp_path / "file").read_text(encoding="utf-8").splitlines()) == 3

"""`stats` and `records`: what they print, their exit codes, and what they load."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.language import use_language
from engine.records.events import Event
from tests.engine.records.keeping import attempt, events_in, file_in, keep
from tui.command_line import main

TODAY = datetime.now(UTC)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test depends on the machine's language, nor changes the next one's."""
    monkeypatch.setenv("BACKHAND_DEBUG", "1")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    use_language("en")


class Run:
    """Runs commands on one folder; keeps what they printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        """The exit code."""
        code = main([*words, "--data-dir", str(self.folder)])
        self.out, self.err = self.capsys.readouterr()
        return code

    def stats(self) -> Any:
        """The object of ``stats --json``."""
        assert self("stats", "--json") == 0
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Commands on an empty folder."""
    return Run(tmp_path / "data", capsys)


def _today(number: int, days_ago: int = 0, **fields: Any) -> Event:
    time = TODAY - timedelta(days=days_ago)
    event = attempt(number, **fields)
    day = time.astimezone().date().isoformat()
    return Event(
        **{name: getattr(event, name) for name in event.__slots__}
        | {"at": time.isoformat(), "day": day}
    )


def test_without_records_stats_says_so_and_makes_no_file(run: Run) -> None:
    assert run("stats") == 0
    assert run.out == "Nothing is recorded yet.\n"
    assert run.stats() == {
        "format": 1,
        "answers": 0,
        "days": 0,
        "streak": 0,
        "first_day": None,
        "last_day": None,
        "skills": [],
        "misconceptions": [],
        "months": [],
        "calendar": [],
    }
    assert not run.folder.exists()


def test_stats_says_what_the_records_say(run: Run) -> None:
    wrong = {"verdict": "misconception", "misconception": "mask_missing"}
    keep(
        run.folder,
        *(_today(number, 1) for number in range(3)),
        _today(3, **wrong),
        _today(4, first=False),
        _today(5, skill="mse.loss", verdict="wrong"),
    )
    found = run.stats()
    assert (found["answers"], found["days"], found["streak"]) == (6, 2, 2)
    assert [each["answers"] for each in found["calendar"]] == [3, 3]
    assert found["first_day"] < found["last_day"]
    by_skill = {each["skill"]: each for each in found["skills"]}
    backward = by_skill["relu.backward"]
    assert backward.keys() == {
        *("skill", "title", "mastered", "mastery", "rating", "due", "is_due", "attempts"),
        *("questions", "first_try", "first_try_rate", "last_day", "misconceptions"),
    }
    assert (backward["attempts"], backward["questions"], backward["first_try"]) == (5, 4, 3)
    assert backward["first_try_rate"] == 0.75
    assert backward["title"] == "ReLU: backward pass"
    assert backward["is_due"] is False
    assert 0 < backward["mastery"] < 1
    assert datetime.fromisoformat(backward["due"]) > TODAY
    named = [{"tag": "mask_missing", "title": "the ReLU's mask forgotten", "times": 1}]
    assert backward["misconceptions"] == found["misconceptions"] == named
    assert [each["times"] for each in found["months"]] == [1]
    assert by_skill["mse.loss"]["first_try_rate"] == 0.0

    assert run("stats") == 0
    assert "6 answers on 2 days" in run.out
    assert "ReLU: backward pass" in run.out
    assert "3/4" in run.out
    assert "the ReLU's mask forgotten" in run.out


def test_what_is_due_comes_first(run: Run) -> None:
    keep(run.folder, _today(1, 300, skill="mse.loss"), _today(2))
    found = run.stats()
    assert [each["skill"] for each in found["skills"]] == ["mse.loss", "relu.backward"]
    assert [each["is_due"] for each in found["skills"]] == [True, False]
    assert run("stats") == 0
    assert "1 skill is due" in run.out
    assert "now" in run.out


def test_stats_speaks_russian(run: Run) -> None:
    keep(run.folder, _today(1))
    assert run("stats", "--lang", "ru") == 0
    assert "ReLU: обратный проход" in run.out


def test_skills_and_mistakes_of_another_version_are_shown(run: Run) -> None:
    keep(run.folder, _today(1, skill="juggling.with_fire", misconception="dropped_it"))
    assert run("stats") == 0
    assert "juggling: with fire" in run.out
    assert "dropped it" in run.out


@pytest.mark.parametrize("words", [["stats"], ["records", "doctor"], ["records", "export", "x"]])
def test_records_that_cannot_be_read_end_with_code_4(
    words: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file_in(run.folder).mkdir(parents=True)
    (file_in(run.folder) / "in the way").touch()
    with_backup = run.folder / "backups"
    with_backup.mkdir()
    (with_backup / "backhand-2025-03-03.sqlite3").touch()
    assert run(*words) == 4
    assert str(run.folder) in run.err
    assert run.out == ""


def test_records_that_cannot_be_written_end_with_code_4(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "other", attempt(1))
    other = Run(tmp_path / "other", run.capsys)
    assert other("records", "export", str(tmp_path / "file")) == 0
    run.folder.write_text("in the way", encoding="utf-8")
    assert run("records", "import", str(tmp_path / "file")) == 4
    assert run.err


def test_records_go_from_one_folder_to_another(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "other", attempt(1), attempt(2))
    other = Run(tmp_path / "other", run.capsys)
    path = str(tmp_path / "my records.jsonl")
    assert other("records", "export", path) == 0
    assert other.out == f"2 events written to {path}\n"
    assert run("records", "import", path) == 0
    assert run.out == "2 events read, 2 of them new\n"
    assert run("records", "import", path) == 0
    assert run.out == "2 events read, 0 of them new\n"
    assert events_in(run.folder) == [attempt(1), attempt(2)]


def test_nothing_can_be_exported_too(run: Run, tmp_path: Path) -> None:
    assert run("records", "export", str(tmp_path / "file")) == 0
    assert not run.folder.exists()
    assert run("records", "import", str(tmp_path / "file")) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["records"], 2),
        (["records", "burn"], 2),
        (["records", "export"], 2),
        (["records", "import"], 2),
        (["records", "doctor", "file"], 2),
        (["records", "import", "missing"], 3),
        (["records", "import", "."], 3),
        (["records", "import", "notes.txt"], 3),
        (["records", "export", "missing/file"], 4),
    ],
)
def test_what_is_wrong_with_a_line_has_its_exit_code(
    words: list[str], code: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("milk\n", encoding="utf-8")
    assert run(*words) == code
    assert run.err
    assert run.out == ""


def test_the_doctor_finds_everything_right(run: Run) -> None:
    keep(run.folder, attempt(1))
    assert run("records", "doctor") == 0
    assert "The file is whole." in run.out
    assert "1 event from 2025-03-03 to 2025-03-03" in run.out
    assert "is right" in run.out


def test_the_doctor_mends_a_damaged_file(run: Run) -> None:
    keep(run.folder, attempt(1))
    file_in(run.folder).write_bytes(b"no database" * 1000)
    assert run("records", "doctor") == 0
    assert "was damaged" in run.err
    assert "is mended" in run.out
    assert "Set aside" in run.out
    assert run("records", "doctor") == 0
    assert run.err == ""


def test_the_doctor_needs_no_file(run: Run) -> None:
    assert run("records", "doctor") == 0
    assert not run.folder.exists()


def test_stats_of_a_damaged_file_says_what_happened(run: Run) -> None:
    keep(run.folder, attempt(1))
    file_in(run.folder).write_bytes(b"no database" * 1000)
    assert run("stats") == 0
    assert "was damaged" in run.err


@pytest.mark.parametrize("words", [["stats"], ["stats", "--json"], ["records", "export", "{file}"]])
def test_looking_at_the_records_loads_neither_mathematics_nor_the_app(
    words: list[str], tmp_path: Path
) -> None:
    keep(tmp_path, *(attempt(number) for number in range(5)))
    code = (
        "import sys; from tui.__main__ import main; code = main(sys.argv[1:]); "
        "found = {'numpy', 'textual', 'rich', 'fsrs', 'msgspec'} & {*sys.modules}; "
        "sys.exit(f'{code} {found}' if code or found else 0)"
    )
    line = [word.format(file=tmp_path / "file") for word in words]
    done = subprocess.run(
        [sys.executable, "-c", code, *line, "--data-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr

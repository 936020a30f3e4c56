"""Commands whose streams are closed, full or broken, and files that are none."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tui.command_line import main

FULL = Path("/dev/full")
COMMANDS = (
    "problems", "solve masha", "mark masha H1 1", "check masha", "generate", "stats",
    "records doctor", "completion fish", "lesson --plain", "quiz --plain", "--help",
    "mark --help", "--version",
)  # fmt: skip


def program(words: str, folder: Path, redirection: str = "", **options: Any) -> Any:
    """A command line as a shell runs it, with its records in the folder."""
    line = f'exec "$0" -m tui --data-dir "$1" {words} {redirection}'
    return subprocess.run(
        ["/bin/sh", "-c", line, sys.executable, str(folder)],
        **{"input": b"", "capture_output": True, "check": False, "timeout": 60, **options},
    )


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
@pytest.mark.parametrize("words", COMMANDS)
def test_output_that_cannot_be_written_is_told_in_a_sentence(words: str, tmp_path: Path) -> None:
    done = program(words, tmp_path, ">/dev/full")
    assert done.returncode == 74
    assert done.stderr.decode() == "The output can't be written: No space left on device.\n"


@pytest.mark.parametrize("words", ["problems", "lesson --plain", "mark masha H1 -", "stats"])
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_no_mistake(closed: str, words: str, tmp_path: Path) -> None:
    done = program(words, tmp_path, closed)
    assert done.returncode == (1 if words.startswith("mark") else 0)
    assert done.stderr == b""


class Broken(io.StringIO):
    """A stream that can't be read."""

    def read(self, size: int | None = -1) -> str:
        raise OSError(errno.EIO, "Input/output error")

    def readline(self, size: int = -1) -> str:  # type: ignore[override]
        return self.read()


@pytest.mark.parametrize("words", ["lesson --plain", "mark masha H1 -", "mark masha --answers -"])
def test_input_that_cannot_be_read_is_told_in_a_sentence(
    words: str,
    tmp_path: Path,
    english: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", Broken())
    assert main([*words.split(), "--data-dir", str(tmp_path)]) == 74
    assert capsys.readouterr().err == "The input can't be read: Input/output error.\n"


@pytest.mark.parametrize("words", COMMANDS)
def test_a_reader_that_has_gone_ends_a_command_quietly(words: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = program(words, tmp_path, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("words", [*COMMANDS, "nosuch", "lesson"])
def test_a_terminal_that_knows_ascii_only_gets_what_it_can_show(words: str, tmp_path: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": "dumb"}
    done = program(f"{words} --lang ru", tmp_path, env={**os.environ, **ascii_only})
    refused = words in ("nosuch", "lesson")
    assert done.returncode == (2 if refused else int(words.startswith("mark m")))
    assert b"Traceback" not in done.stderr
    assert done.stdout.isascii()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("check {path}.toml", 3),
        ("solve {path}.toml", 3),
        ("lesson --plain {path}.toml", 3),
        ("check {path}.onnx", 3),
        ("mark masha --answers {path}.csv", 3),
        ("records import {path}.jsonl", 3),
        ("records export {path}.out", 4),
    ],
)
def test_a_pipe_that_nobody_uses_is_not_waited_for(words: str, code: int, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    path = tmp_path / "pipe"
    line = words.format(path=path)
    os.mkfifo(line.split()[-1])
    done = program(line, tmp_path / "data")
    assert done.returncode == code
    assert "this pipe" in done.stderr.decode() + done.stdout.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize("words", ["check {}", "mark masha --answers {}", "records import {}"])
@pytest.mark.parametrize("kind", ["folder", "endless", "sparse", "loop", "missing"])
def test_what_is_no_file_to_read_is_told_in_a_sentence(
    words: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "it.toml"
    match kind:
        case "folder":
            path.mkdir()
        case "endless":
            path.symlink_to("/dev/zero")
        case "sparse":
            with path.open("wb") as stream:
                stream.truncate(2**30)
        case "loop":
            path.symlink_to(path)
    done = program(words.format(path), tmp_path / "data")
    assert done.returncode == 3
    told = (done.stdout + done.stderr).decode()
    assert told.count("\n") == 1
    assert str(path) in told

"""Signals, and a terminal that goes away: the program ends, keeps everything, leaves no traces."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import Any

import pytest

from engine.records.database import open_database
from engine.records.places import open_places
from tui.__main__ import main

PATIENCE = 60
"""Seconds after which what is waited for is taken as never coming."""

SILENCE = 150
"""So often nothing is there to be read before a signal is sent again."""

PAINTS, LEAVES_THE_SCREEN = "H₁".encode(), b"\x1b[?1049l"
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def heed_all() -> None:
    """Ignore no signal that whoever runs the tests may ignore."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_DFL)


class Session:
    """A command in a terminal of its own."""

    def __init__(self, folder: Path, words: str, *, ignoring: bool = False) -> None:
        self.terminal, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        arguments = [sys.executable, str(folder)]
        # What ignores the hangup starts a program that does; the tests may run under `nohup`.
        start = "trap '' HUP; " if ignoring else ""
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f'{start}exec "$0" -m tui {words} --data-dir "$1"', *arguments],
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            start_new_session=True,
            preexec_fn=heed_all,
            env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
        )

    def wait_for(self, text: bytes) -> None:
        """Read until a text has come."""
        seen = b""
        while text not in seen:
            assert select.select([self.terminal], [], [], PATIENCE)[0], seen
            seen += os.read(self.terminal, 65536)

    def end(self, number: int = 0) -> tuple[int, bytes]:
        """The exit code, and what it said until then.

        Python overlooks a signal that comes right before it waits for a line, until another one
        comes: after some silence ``number`` is sent again.
        """
        began, said, silent = monotonic(), b"", 0
        while self.process.poll() is None:  # it may wait until what it says is read
            assert monotonic() - began < PATIENCE, said
            if select.select([self.terminal], [], [], 0.02)[0]:
                said += os.read(self.terminal, 65536)
                continue
            silent += 1
            if number and silent % SILENCE == 0:
                self.process.send_signal(number)
        os.set_blocking(self.terminal, False)
        with suppress(OSError):
            while more := os.read(self.terminal, 65536):
                said += more
        return self.process.returncode, said


@contextmanager
def started(folder: Path, words: str, **options: Any) -> Iterator[Session]:
    """The command, which is there no longer when the test is over."""
    session = Session(folder, words, **options)
    try:
        yield session
    finally:
        session.process.kill()
        session.process.wait()
        for each in (session.terminal, session.theirs):
            with suppress(OSError):
                os.close(each)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_app_and_leaves_the_terminal_as_it_was(
    number: int, tmp_path: Path
) -> None:
    with started(tmp_path, "lesson --lang en") as session:
        session.wait_for(PAINTS)
        session.process.send_signal(number)
        code, said = session.end()
        assert code == 128 + number
        assert LEAVES_THE_SCREEN in said
        assert b"Traceback" not in said
        assert termios.tcgetattr(session.theirs) == session.before


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_line_mode_and_keeps_what_was_answered(
    number: int, tmp_path: Path
) -> None:
    with started(tmp_path, "lesson --plain --lang en") as session:
        session.wait_for(b"formula H1> ")
        os.write(session.terminal, b"X @ W1\n")
        session.wait_for(b"\nH1> ")
        session.process.send_signal(number)
        code, said = session.end(number)
        assert code == 128 + number
        assert b"Traceback" not in said
        assert termios.tcgetattr(session.theirs) == session.before
    with open_places(tmp_path) as places:
        kept = places.load("masha")
    assert kept is not None
    assert kept["position"] == 1
    database = open_database(tmp_path)
    assert database.read(lambda c: c.execute("SELECT typed FROM log").fetchall()) == [("X @ W1",)]
    database.close()


def test_a_signal_keeps_what_is_half_typed(tmp_path: Path) -> None:
    with open_places(tmp_path) as places:
        places.save("masha", {"position": 0})  # without a place the conventions come first
    with started(tmp_path, "lesson --lang en") as session:
        session.wait_for(PAINTS)
        os.write(session.terminal, b"X @ W1")
        session.wait_for(b"read as")
        session.process.send_signal(signal.SIGTERM)
        assert session.end()[0] == 128 + signal.SIGTERM
    with open_places(tmp_path) as places:
        kept = places.load("masha")
    assert kept is not None
    assert kept["questions"][0]["draft"] == "X @ W1"


@pytest.mark.parametrize("redirection", ["2>/dev/null", "2>&-"])
def test_the_app_is_painted_on_the_terminal_wherever_its_messages_go(
    redirection: str, tmp_path: Path
) -> None:
    with started(tmp_path, f"{redirection} lesson --lang en") as session:
        session.wait_for(PAINTS)
        os.write(session.terminal, b"\x11")  # ctrl+q
        code, said = session.end()
        assert code == 0
        assert LEAVES_THE_SCREEN in said


@pytest.mark.parametrize("words", ["lesson", "lesson --plain"])
def test_a_terminal_that_goes_away_without_a_hangup_ends_the_program(
    words: str, tmp_path: Path
) -> None:
    with started(tmp_path, f"{words} --lang en", ignoring=True) as session:
        session.wait_for(b"formula H1> " if "plain" in words else PAINTS)
        os.close(session.theirs)
        os.close(session.terminal)
        assert session.process.wait(PATIENCE) == (74 if "plain" in words else 129)


def test_an_interrupt_while_the_program_is_loaded_ends_it_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Loading(ModuleType):
        def __getattr__(self, _: str) -> Any:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "tui.command_line", Loading("tui.command_line"))
    assert main(["problems"]) == 130
    assert capsys.readouterr() == ("", "")

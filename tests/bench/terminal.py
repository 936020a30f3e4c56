"""A program in a pseudo-terminal: keys go in, what it paints is kept with its time.

Emulating a terminal in Python costs milliseconds that the program would have to wait for. So after
a key the output is only read and stamped until it is still; the screens are made afterwards.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeAlias

import pyte

from tests.bench.row import MeasureError
from tests.bench.timing import environment

Screen: TypeAlias = list[str]
"""What stands on the screen, line by line."""

Change: TypeAlias = Callable[[Screen, Screen], bool]
"""Whether what was waited for has been painted: by the screen before the key, and the one now."""

COLUMNS, ROWS = 120, 40
KEYS = {
    "enter": "\r",
    "backspace": "\x7f",
    "escape": "\x1b",
    "f3": "\x1bOR",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
}
REPLIES = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # frames can be sent in one piece
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # a change of size is not told in the input
    b"\x1b[c": b"\x1b[?62;22c",
}
"""What a terminal of today says when it is asked."""

ALTERNATE = b"\x1b[?1049h"
UNKNOWN = re.compile(
    rb"\x1b\[[<=>][0-9;:]*[a-zA-Z]|\x1b\[[0-9;?]*\$[a-z]|\x1b[P_^X\]].*?(?:\x07|\x1b\\)", re.DOTALL
)
"""Sequences that pyte would print."""

PATIENCE = 30.0
"""Seconds until what is waited for must have come."""
STILL = 0.1
"""Seconds of silence that end what a key brings about; a cursor blinks every 0.5 seconds."""


class Terminal:
    """Runs a command, with nobody's settings, until the `with` ends."""

    def __init__(self, *command: str) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._chunks: list[tuple[float, bytes]] = []
        self._shown = 0
        self._moment = 0.0
        """When the last chunk came that is shown."""
        self._is_alternate = False
        self._dice = Random(1)
        self._home = TemporaryDirectory()
        self._file, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        environment = _environment(self._home.name)
        self.started = perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env=environment,
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        os.close(self._file)
        self._home.cleanup()

    def press(self, *keys: str) -> None:
        """Send keys by their names, or texts as they stand, and let the screen come to rest."""
        self._send(*keys)
        self._settle()

    def _send(self, *keys: str) -> None:
        os.write(self._file, "".join(KEYS.get(key, key) for key in keys).encode())

    def latency(self, key: str, change: Change) -> float:
        """Seconds from a key until its change is painted; then it is still for a moment."""
        while self._show():
            pass
        before = self.lines()
        sent = perf_counter()
        self._send(key)
        self._settle()
        return self._painted(lambda now: change(before, now), f"the change by {key!r}") - sent

    def wait(self, text: str) -> float:
        """Seconds from the start until a text stands on the screen."""
        return self._painted(lambda now: text in "\n".join(now), repr(text)) - self.started

    def first_paint(self) -> float:
        """Seconds from the start until the first sign of the app stands on the screen."""
        moment = self._painted(
            lambda now: self._is_alternate and any(map(str.strip, now)), "a sign"
        )
        return moment - self.started

    def memory(self) -> float:
        """MiB of the process that are resident, a second later."""
        end = perf_counter() + 1
        while (left := end - perf_counter()) > 0:
            self._read(left)
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def lines(self) -> Screen:
        """The screen of the chunks that are shown."""
        return list(self._screen.display)

    def line_with(self, text: str) -> str:
        """The first line of those chunks that has a text; raises `StopIteration` without one."""
        return next(line for line in self.lines() if text in line)

    def _read(self, seconds: float) -> bytes:
        """What comes within so many seconds, stamped; b"" if nothing does."""
        if not select.select([self._file], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._file, 65536)
        except OSError:
            raise MeasureError("the program ended by itself") from None
        self._chunks.append((perf_counter(), data))
        for question, reply in REPLIES.items():
            if question in data:
                os.write(self._file, reply)
        return data

    def _settle(self) -> None:
        """Read until something came and then nothing for a while."""
        silence = STILL * self._dice.uniform(0.7, 1.3)  # no key keeps time with a timer of the app
        self._read(PATIENCE)
        while self._read(silence):
            pass

    def _show(self) -> bool:
        """Put the next chunk on the screen; whether there was one."""
        if self._shown == len(self._chunks):
            return False
        self._moment, data = self._chunks[self._shown]
        self._shown += 1
        if ALTERNATE in data:  # what was printed before isn't the app's
            self._is_alternate = True
            self._screen.reset()
            data = data.partition(ALTERNATE)[2]
        self._stream.feed(UNKNOWN.sub(b"", data))
        return True

    def _painted(self, condition: Callable[[Screen], bool], what: str) -> float:
        """When the chunk came that made it so; what hasn't come yet is read."""
        end = perf_counter() + PATIENCE
        while perf_counter() < end:
            if condition(self.lines()):
                return self._moment
            while not self._show() and perf_counter() < end:
                self._read(0.1)
        raise MeasureError(f"{what} wasn't painted")


def _environment(home: str) -> dict[str, str]:
    """The caller's, with a home that is empty, and the terminal asked for its size."""
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    return (
        environment() | folders | {"HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    )

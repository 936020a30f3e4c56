"""The app in a terminal that changes its size, and whose environment says what it was at first."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import termios
from pathlib import Path
from time import monotonic

import pyte

PATIENCE = 60


def test_the_app_fills_a_terminal_that_grows_though_columns_is_exported(tmp_path: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
        words = ["-m", "tui", "--data-dir", str(tmp_path), "--lang", "en"]
        os.execv(sys.executable, [sys.executable, *words])
    screen = pyte.Screen(100, 30)
    stream = pyte.ByteStream(screen)

    def resize(columns: int, rows: int) -> None:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_for_keys_in(row: int) -> None:
        """Until the bar of keys stands in that row."""
        began = monotonic()
        while "Open" not in screen.display[row]:
            assert monotonic() - began < PATIENCE, "\n".join(screen.display)
            if select.select([terminal], [], [], 0.1)[0]:
                stream.feed(os.read(terminal, 65536))

    resize(80, 24)
    wait_for_keys_in(23)
    resize(100, 30)
    wait_for_keys_in(29)
    os.write(terminal, b"\x11")
    while True:
        try:
            if not os.read(terminal, 65536):
                break
        except OSError:
            break
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0

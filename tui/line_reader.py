"""The lines that the learner types in the line mode, and the signals that come meanwhile."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tui.signals import heeded
from tui.streams import flush, is_terminal, read_line, say


class LineReader:
    """Reads lines; a signal ends the line mode while it waits for one, not amid recording one.

    The second one ends it at once: something may wait that should not.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._waiting = False

    @contextmanager
    def keeping_signals(self) -> Iterator[None]:
        """Keep signals back until one waits, or is done: then they raise `SystemExit`, or as usual
        `KeyboardInterrupt`."""
        before = {each: signal.signal(each, self._note) for each in heeded()}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
        self._end()

    @contextmanager
    def _heeding(self) -> Iterator[None]:
        """Let signals through."""
        self._waiting = True
        try:
            self._end()
            yield
        finally:
            self._waiting = False

    def _note(self, number: int, _frame: Any) -> None:
        again, self._asked = bool(self._asked), number
        if self._waiting or again:
            self._end()

    def _end(self) -> None:
        if self._asked == signal.SIGINT:
            raise KeyboardInterrupt
        if self._asked:
            raise SystemExit(128 + self._asked)

    def read(self, prompt: str) -> str | None:
        """The next line; None at the end of the input."""
        if is_terminal():
            flush()
            try:
                with self._heeding():
                    return input(prompt)  # here the line can be edited
            except EOFError:
                say()
                return None
            except OSError:  # the terminal has gone
                return None
        say(prompt, end="")
        flush()
        with self._heeding():
            line = read_line()
        if not (line and sys.stdin.isatty()):
            say()  # where nobody sees the line typed, the verdict still gets a line of its own
        return line.removesuffix("\n") if line else None

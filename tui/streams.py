"""The standard streams: text that can't be encoded never ends the program, JSON is always JSON."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO


def make_safe() -> None:
    """Let every stream take every text: what a terminal can't show becomes a question mark."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


class OutputError(Exception):
    """The standard output takes no more: a full disk, for example."""


class InputError(Exception):
    """The standard input can't be read: it is a directory, for example."""


def read_input(limit: int = -1) -> str:
    """The standard input, so many characters at most; nothing where it is closed.

    Raises `InputError`.
    """
    return _read(lambda stream: stream.read(limit))


def read_line() -> str:
    """The next line with its end; nothing behind the last one. Raises `InputError`."""
    return _read(lambda stream: stream.readline())


def _read(read: Callable[[TextIO], str]) -> str:
    if sys.stdin is None:
        return ""
    try:
        return read(sys.stdin)
    except OSError as error:
        raise InputError(error.strerror or str(error)) from error


def say(text: str = "", end: str = "\n") -> None:
    """A line of what was asked for, to stdout; raises `BrokenPipeError` or `OutputError`."""
    if sys.stdout is not None:
        try:
            sys.stdout.write(text + end)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error.strerror or str(error)) from error


def flush() -> None:
    """Send what was said on its way; raises `BrokenPipeError` or `OutputError`."""
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error.strerror or str(error)) from error


def complain(text: str) -> None:
    """A message about it, to stderr; where nobody can read it, it is lost."""
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()


def say_json(value: Any) -> None:
    """A value as one line of JSON; letters beyond ASCII as they are only where they survive."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    say(json.dumps(value, ensure_ascii=encoding != "utf8", allow_nan=False))


def is_terminal() -> bool:
    """Whether someone sits before both the input and the output."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def give_up_output() -> None:
    """Whoever read the output has gone: what is still buffered must not fail at exit."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        sys.stdout = None

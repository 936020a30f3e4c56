"""Files that somebody names: read without waiting for ever, written without losing what is there.

A pipe is read as a file is, but not where nobody writes to it: that would wait for ever.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar

from engine.language import tr

Result = TypeVar("Result")

NO_WAITING = getattr(os, "O_NONBLOCK", 0)


def open_to_read(path: str | Path) -> BinaryIO:
    """The file, open for reading bytes; raises `OSError`, `ValueError` for a path that can't be."""
    found: list[int] = []

    def opened(name: str, flags: int) -> int:
        found.append(os.open(name, flags | NO_WAITING))
        return found[0]

    stream = open(path, "rb", opener=opened)  # noqa: SIM115 - whoever asked closes it
    try:
        if not stat.S_ISFIFO(os.fstat(found[0]).st_mode):
            if NO_WAITING:
                os.set_blocking(found[0], True)
            return stream
        return _open_pipe(stream, found[0])
    except BaseException:
        stream.close()
        raise


def _open_pipe(stream: BinaryIO, descriptor: int) -> BinaryIO:
    """The pipe, waiting for what is still to be written to it; raises `OSError` if nothing is."""
    first = b""
    with suppress(BlockingIOError):  # somebody writes to it, but nothing is there yet
        first = os.read(descriptor, 1)
        if not first:
            raise OSError(errno.ENXIO, tr("nobody writes to this pipe"))
    pipe = _Pipe(os.dup(descriptor), first)
    os.set_blocking(descriptor, True)
    stream.close()
    return BufferedReader(pipe)


class _Pipe(FileIO):
    """A pipe of which a byte was read before."""

    def __init__(self, descriptor: int, first: bytes) -> None:
        super().__init__(descriptor)
        self._first = first

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]
        """What comes next."""
        first, self._first = self._first, b""
        if first:
            buffer[:1] = first
            return 1
        return super().readinto(buffer)

    def readall(self) -> bytes:
        """All that is left."""
        first, self._first = self._first, b""
        return first + super().readall()


def write_whole(path: Path, write: Callable[[TextIO], Result]) -> Result:
    """Let a text be written, all of it or nothing; what ``write`` returns. Raises `OSError`.

    A link stays one, and what is no file, such as a pipe or a terminal, is written to as it is.
    """
    if path.exists() and not path.is_file():
        with open(path, "w", encoding="utf-8", newline="\n", opener=_open_to_write) as stream:
            return write(stream)
    target = Path(os.path.realpath(path))
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
            result = write(stream)
        os.replace(unfinished, target)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    return result


def _open_to_write(name: str, flags: int) -> int:
    try:
        descriptor = os.open(name, flags | NO_WAITING)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, tr("nobody reads this pipe")) from error
        raise
    if NO_WAITING:
        os.set_blocking(descriptor, True)
    return descriptor

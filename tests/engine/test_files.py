"""Files that somebody names: pipes, devices and links are no trap."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread
from typing import TextIO

import pytest

from engine.files import open_to_read, write_whole


def _text(stream: TextIO) -> int:
    return stream.write("all of it\n")


def _pipe(folder: Path) -> Path:
    path = folder / "pipe"
    os.mkfifo(path)
    return path


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nobody writes to this pipe"):
        open_to_read(_pipe(tmp_path))


@pytest.mark.parametrize("early", [b"", b"x", b"what was "])
def test_a_pipe_is_read_to_the_end_of_what_is_written_to_it(early: bytes, tmp_path: Path) -> None:
    path = _pipe(tmp_path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # so that the writer needn't wait
    writer = os.open(path, os.O_WRONLY)
    os.write(writer, early)
    with open_to_read(path) as stream:
        os.close(reader)

        def write() -> None:
            os.write(writer, b"written" * 9000)
            os.close(writer)

        thread = Thread(target=write)
        thread.start()
        assert stream.read(3) == (early + b"written")[:3]
        assert stream.read() == (early + b"written" * 9000)[3:]
        thread.join()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        open_to_read(tmp_path)
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path, _text)
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_goes_where_a_link_leads(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("before", encoding="utf-8")
    link.symlink_to(file)
    assert write_whole(link, _text) == 10
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "all of it\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "link"]


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    path = _pipe(tmp_path)
    with pytest.raises(OSError, match="nobody reads this pipe"):
        write_whole(path, _text)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(path, _text)
    assert os.read(reader, 100) == b"all of it\n"
    os.close(reader)
    assert path.is_fifo()


def test_a_file_stays_as_it_was_where_writing_fails(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before", encoding="utf-8")

    def fail(stream: TextIO) -> int:
        stream.write("half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_whole(file, fail)
    assert file.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [file]

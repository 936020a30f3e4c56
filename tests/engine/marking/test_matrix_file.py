"""Matrices in files: `.npy`, `.csv` and typed text; what can't be used is said, nothing is run."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.marking.matrix_file import read_given
from engine.problems.arrays import ArrayError, as_cells, read_npy
from engine.problems.faults import ProblemError


def npy(array: Any, version: tuple[int, int] = (1, 0)) -> bytes:
    """The bytes of a `.npy` file."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asarray(array), version)
    return stream.getvalue()


def header(text: str, rest: bytes = b"") -> bytes:
    """A `.npy` file whose header is of one's own making."""
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + rest


def refused(path: Path, data: bytes) -> str:
    """What is said about a file, without its name."""
    path.write_bytes(data)
    with pytest.raises(ProblemError) as raised:
        read_given(str(path))
    (line,) = raised.value.lines()
    assert line.startswith(f"{path}: ")
    return line.removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    "array",
    [
        np.array([[1, 2], [3, 4]]),
        np.array([[0.5, -1.5]], dtype=np.float32),
        np.array([[1.5], [2.5]], dtype=">f8"),
        np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]),
        np.array([True, False]),
        np.ones((1, 2, 3, 4), dtype=np.uint8),
    ],
)
def test_numbers_of_every_kind_and_order_are_read(array: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    for version in ((1, 0), (2, 0)):
        path.write_bytes(npy(array, version))
        assert np.array_equal(read_given(str(path)).array, array)


HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 8), }\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "This isn't a .npy file of numbers."),
        (b"PK\x03\x04", "This isn't a .npy file of numbers."),
        (npy(np.ones(3))[:-1], "The header speaks of 24 bytes of numbers, the file has 23."),
        (npy(np.ones(3)) + b"!", "The header speaks of 24 bytes of numbers, the file has 25."),
        (header(HEADER), "The header speaks of 64000000000000 bytes of numbers, the file has 0."),
        (header("__import__('os').abort()\n"), "This isn't a .npy file of numbers."),
        (header("(" * 9000 + "\n"), "This isn't a .npy file of numbers."),
        (header("{" + " " * 60000 + "}\n"), "This isn't a .npy file of numbers."),
        (npy(["a", "b"]), "Numbers are expected, not <U1."),
        (npy([1j]), "Numbers are expected, not complex128."),
        (npy(np.zeros(2, dtype=[("a", "f8")])), "Numbers are expected, not [('a', '<f8')]."),
        (npy(np.ones((0, 3))), "An array of the shape [0, 3] is no example."),
        (npy(np.ones((1,) * 5)), "An array of the shape [1, 1, 1, 1, 1] is no example."),
        (bytes(1024 * 1024 + 1), "The file is too large: it may have 1048576 bytes."),
    ],
    ids=lambda part: part if isinstance(part, str) else f"{len(part)} bytes",
)
def test_a_npy_file_that_cannot_be_used_is_refused(
    data: bytes, message: str, tmp_path: Path
) -> None:
    assert refused(tmp_path / "x.npy", data) == message


class Trap:
    """Unpickling it writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def test_pickled_objects_are_never_opened(tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    data = npy(np.array([Trap(trap)], dtype=object))
    assert refused(tmp_path / "x.npy", data) == "Numbers are expected, not object."
    assert "npy file" in refused(tmp_path / "y.npy", pickle.dumps(Trap(trap)))
    assert not trap.exists()


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 199), st.integers(0, 255)), max_size=4), st.binary())
def test_whatever_stands_in_a_npy_file_is_an_array_or_refused(
    changes: list[tuple[int, int]], behind: bytes
) -> None:
    data = bytearray(npy(np.ones((3, 3))) + behind)
    for place, byte in changes:
        data[place] = byte
    try:
        found = read_npy(bytes(data))
    except ArrayError as error:
        found = None
        message = str(error)
    assert message if found is None else found.dtype.kind in "fiub"


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="can't be read"):
        read_given(str(tmp_path / "none.npy"))


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        ("x.csv", "1,2.5\n-3,0\n", [[1, 2.5], [-3, 0]]),
        ("x.csv", "1;2,5\n\n-3;1/4\n", [[1, 2.5], [-3, 0.25]]),
        ("x.csv", "\ufeff1\t2\n", [[1, 2]]),
        ("x.txt", "1 2.5; -3 0", [[1, 2.5], [-3, 0]]),
        ("x.txt", "[[1, 2.5], [-3, 0]]", [[1, 2.5], [-3, 0]]),
        ("x.txt", "1.000000e+00 2.500000e+00\n-3.000000e+00 0.000000e+00\n", [[1, 2.5], [-3, 0]]),
    ],
)
def test_a_text_is_read_by_columns_or_as_an_answer_is(
    name: str, text: str, rows: Any, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert read_given(str(path)).array.tolist() == rows


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.csv", b"", "The file has no numbers."),
        ("x.csv", b"1,2\n3\n", "Row 2 is not as long as the first."),
        ("x.csv", b"1,2\n3,\n", "Row 2, column 2 is empty."),
        ("x.csv", b"a,b\n1,2\n", "Row 1, column 1: "),
        ("x.csv", b'1,"2\n', "This isn't a table: "),
        ("x.csv", b"\xff\xfe", "The file isn't UTF-8 text."),
        ("x.txt", b"1 _; 3 4", "Row 1, column 2 is empty."),
        ("x.txt", b"one two", "Row 1, column 1: "),
        ("x.txt", b"1 2; 3", ""),
    ],
)
def test_a_text_that_is_no_matrix_is_refused(
    name: str, data: bytes, message: str, tmp_path: Path
) -> None:
    assert refused(tmp_path / name, data).startswith(message)


def test_a_float_is_written_as_short_as_it_can_be() -> None:
    cells = as_cells(np.array([[0.1, 1e-7], [3.0, -0.0]], dtype=np.float32))
    assert [[str(cell) for cell in row] for row in cells] == [["0.1", "1E-7"], ["3", "0"]]
    assert as_cells(np.array(0.5)).as_integer_ratio() == (1, 2)

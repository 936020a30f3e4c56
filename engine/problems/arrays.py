"""Arrays from outside: `.npy` files read safely, and any array as the cells of a problem file."""

from __future__ import annotations

import math
from decimal import Decimal
from io import BytesIO
from typing import Any

import numpy as np
from numpy.lib import format as npy

from engine.expression.evaluate import Array
from engine.files import open_to_read
from engine.language import tr
from engine.problems.values import MAX_EXPONENT

MAX_BYTES = 1024 * 1024
"""The most that a file of numbers may have."""


class ArrayError(ValueError):
    """Numbers that can't be used: why, in a sentence."""


def read_bytes(path: str) -> bytes:
    """A file of numbers, up to its bound; raises `ArrayError`."""
    try:
        with open_to_read(path) as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise ArrayError(tr("The file can't be read: {cause}.", cause=cause)) from error
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES
        raise ArrayError(tr("The file is too large: it may have {limit} bytes.", limit=limit))
    return data


def read_npy(data: bytes) -> Array:
    """The array in a `.npy` file's bytes; only numbers, never pickled objects.

    The header says how many bytes must follow, so nothing is set aside before that is sure. Raises
    `ArrayError`.
    """
    stream = BytesIO(data)
    try:
        version = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, by_columns, dtype = read(stream)
    except (
        Exception
    ):  # what a header that was tampered with makes of NumPy's reader is anyone's guess
        raise ArrayError(tr("This isn't a .npy file of numbers.")) from None
    if dtype.hasobject or dtype.kind not in "fiub":
        raise ArrayError(tr("Numbers are expected, not {kind}.", kind=dtype))
    if len(shape) > 4 or any(side < 1 for side in shape):
        raise ArrayError(tr("An array of the shape {shape} is no example.", shape=list(shape)))
    count, start = math.prod(shape), stream.tell()
    if count * dtype.itemsize != len(data) - start:
        raise ArrayError(
            tr(
                "The header speaks of {expected} bytes of numbers, the file has {found}.",
                expected=count * dtype.itemsize,
                found=len(data) - start,
            )
        )
    array = np.frombuffer(data, dtype, count, start)
    return array.reshape(shape, order="F" if by_columns else "C")


def as_cells(array: Array) -> Any:
    """A number, or a list of rows: the shortest decimals that mean the same; see `check_numbers`.

    The array has no axis or two.
    """
    if array.ndim == 0:
        return _cell(array[()])
    return [[_cell(cell) for cell in row] for row in array]


def _cell(number: Any) -> int | Decimal:
    if float(number).is_integer():
        return int(number)
    if isinstance(number, np.floating):
        return Decimal(np.format_float_scientific(number, unique=True, trim="-"))
    return Decimal(repr(number))


def check_numbers(array: Array) -> None:
    """Raise `ArrayError` unless every cell is finite and of a size that can be reckoned with."""
    with np.errstate(invalid="ignore"):  # a signalling nan
        numbers = array.astype(float)
    odd = np.argwhere(~np.isfinite(numbers))
    if len(odd):
        place = tuple(odd[0])
        message = tr("{cell} at {place} is not a number", cell=numbers[place], place=_shown(place))
        raise ArrayError(message)
    size = np.abs(numbers)
    odd = np.argwhere(
        (size >= 10.0 ** (MAX_EXPONENT + 1)) | ((size < 10.0**-MAX_EXPONENT) & (size > 0))
    )
    if len(odd):
        place = tuple(odd[0])
        cell, place_text = numbers[place], _shown(place)
        message = tr("{cell} at {place} is too large or too small", cell=cell, place=place_text)
        raise ArrayError(message)


def _shown(place: tuple[Any, ...]) -> str:
    """An index as NumPy has it, from 0."""
    return f"[{', '.join(str(int(index)) for index in place)}]"

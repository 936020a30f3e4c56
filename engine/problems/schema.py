"""The problem file's schema, `format = 1`: what a teacher may write, before any network is built.

Light on purpose: listing the built-in problems reads files with this alone, without NumPy.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from engine.language import tr
from engine.problems.faults import Fault, ProblemError, locate
from engine.problems.texts import cleaned

Text = str | dict[str, str]
Cell = int | Decimal

MAX_BYTES = 256 * 1024


class LossTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[loss]``"""

    kind: str | None = None
    of: str | None = None
    target: str | None = None
    half: bool = False
    reduction: str = "mean"
    gradient: str = "strict"
    upstream: str | None = None
    formula: str | None = None


class UpdateTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[update]``"""

    optimizer: str
    learning_rate: Any
    """A number, or the name of one among the values."""
    parameters: list[str] | None = None
    after: bool = False


class PublishedTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[published]]``: what the source prints for one key."""

    key: str
    value: Any = None
    formula: str | None = None
    erratum: Text | None = None


class PartTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[parts]]``: one part of a guided lesson."""

    label: str
    ask: list[str]
    given: list[str] = []
    text: Text | None = None
    significant: int | None = None


class ProblemFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file. Values and forward entries are checked where the network is built."""

    format: int
    id: str
    title: Text
    intro: Text | None = None
    source: str | None = None
    decimals: int | None = None
    significant: int | None = None
    wrt: list[str] = []
    continues: str | None = None
    values: dict[str, Any] = {}
    forward: list[dict[str, Any]] = []
    loss: LossTable | None = None
    update: UpdateTable | None = None
    published: list[PublishedTable] = []
    parts: list[PartTable] = []


def decode(data: bytes, place: str) -> ProblemFile:
    """Read a file's bytes; raises `ProblemError` that names the place and the cause."""
    if len(data) > MAX_BYTES:
        message = tr(
            "The file has {size} bytes; a problem file may have {limit}.",
            size=len(data),
            limit=MAX_BYTES,
        )
        raise ProblemError(place, [Fault((), message)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = tr("The file isn't UTF-8 text.")
        raise ProblemError(place, [Fault((), message, (line, 1))]) from error
    try:
        table = cleaned(tomllib.loads(text, parse_float=Decimal))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ProblemError(place, [_toml_fault(error, text)]) from error
    return _convert(table, text, place)


def _convert(table: Mapping[str, Any], text: str, place: str) -> ProblemFile:
    try:
        return msgspec.convert(table, ProblemFile)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        steps = _steps(path.rstrip("`"))
        unknown = message.removeprefix("Object contains unknown field `").rstrip("`")
        if unknown != message:
            steps = (*steps, unknown)
            message = tr("unknown key {key!r}", key=unknown)
        elif message.startswith("Object missing required field `"):
            missing = message.removeprefix("Object missing required field `").rstrip("`")
            message = tr("the key {key!r} is missing", key=missing)
        fault = Fault(steps, message, locate(text, steps))
        raise ProblemError(place, [fault]) from error


def _steps(path: str) -> tuple[str | int, ...]:
    """msgspec's ``$.forward[2].to`` as ``("forward", 2, "to")``."""
    steps: list[str | int] = []
    for part in path.removeprefix("$").replace("[", ".[").split("."):
        if part.startswith("["):
            inside = part.strip("[]")
            steps.append(int(inside) if inside.isdigit() else inside)
        elif part:
            steps.append(part)
    return tuple(steps)


def _toml_fault(error: Exception, text: str) -> Fault:
    message, _, where = str(error).partition(" (at line ")
    if isinstance(error, RecursionError):
        message = tr("The file is nested too deeply.")
    line, _, column = where.rstrip(")").partition(", column ")
    if line.isdigit() and column.isdigit():
        return Fault((), message, (int(line), int(column)))
    lines = text.count("\n") + 1
    return Fault((), message, (lines, 1))

"""The problem file's schema, `format = 1`: what a teacher may write, before any network is built.

Light on purpose: listing the built-in problems reads files with this alone, without NumPy.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from engine.language import tr
from engine.problems.faults import Fault, Faults, Path, ProblemError, located, place_in, suggestion
from engine.problems.texts import TOO_LARGE, cleaned

Text = str | dict[str, str]
Cell = int | Decimal

FORMAT = 1
MAX_BYTES = 256 * 1024
MAX_PARTS = 50
_PART = r"""(?>(?:[A-Za-z0-9_\-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
_ENDLESS_KEY = re.compile(rf"(?<![\w\-]){_PART}{{{MAX_PARTS}}}")
"""a.a.a.a…: tomllib takes memory by the square of the parts, with 100,000 all that there is."""


class LossTable(msgspec.Struct, frozen=True):
    """``[loss]``; None is what the file doesn't say."""

    kind: str | None = None
    of: str | None = None
    target: str | None = None
    half: bool | None = None
    reduction: str | None = None
    gradient: str | None = None
    upstream: str | None = None
    formula: str | None = None


class UpdateTable(msgspec.Struct, frozen=True):
    """``[update]``"""

    optimizer: str
    learning_rate: Any
    """A number, or the name of one among the values."""
    parameters: list[str] | None = None
    after: bool = False
    momentum: Any = None
    rho: Any = None
    beta1: Any = None
    beta2: Any = None
    epsilon: Any = None
    weight_decay: Any = None
    first_step: Any = 1
    steps: list[dict[str, Any]] | None = None
    batch: list[str] | None = None

    def numbers(self) -> dict[str, Any]:
        """The optimizer's numbers as they were written; None for one that wasn't."""
        keys = ("momentum", "rho", "beta1", "beta2", "epsilon", "weight_decay")
        return {key: getattr(self, key) for key in keys}


class PublishedTable(msgspec.Struct, frozen=True):
    """``[[published]]``: what the source prints for one key."""

    key: str
    value: Any = None
    formula: str | None = None
    erratum: Text | None = None


class PartTable(msgspec.Struct, frozen=True):
    """``[[parts]]``: one part of a guided lesson."""

    label: str
    ask: list[str]
    given: list[str] = []
    text: Text | None = None
    significant: int | None = None


class ProblemFile(msgspec.Struct, frozen=True):
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


TABLES: dict[str, type[msgspec.Struct]] = {"loss": LossTable, "update": UpdateTable}
LISTS: dict[str, type[msgspec.Struct]] = {"published": PublishedTable, "parts": PartTable}


def decode(data: bytes, place: str) -> ProblemFile:
    """Read a file's bytes; raises `ProblemError` that names the place and the cause."""
    if len(data) > MAX_BYTES:
        message = tr(
            "The file is too large: a problem file may have {limit} bytes.", limit=MAX_BYTES
        )
        raise ProblemError(place, [Fault((), message)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        message = tr("The file isn't UTF-8 text.")
        position = place_in(before, len(before))
        raise ProblemError(place, [Fault((), message, position)]) from error
    endless = _ENDLESS_KEY.search(text)
    if endless is not None:
        message = tr("a key has at most {limit} parts", limit=MAX_PARTS)
        raise ProblemError(place, [Fault((), message, place_in(text, endless.start()))])
    try:
        table = cleaned(tomllib.loads(text, parse_float=_decimal))
    except RecursionError as error:
        raise ProblemError(place, [Fault((), tr("The file is nested too deeply."))]) from error
    except ValueError as error:
        raise ProblemError(place, [_toml_fault(error, text)]) from error
    faults = Faults()
    _check_file(table, faults)
    if faults.found:
        raise located(place, faults.found, text)
    return msgspec.convert(table, ProblemFile)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of twenty digits
        return TOO_LARGE


def _toml_fault(error: ValueError, text: str) -> Fault:
    """tomllib's message and place: "… (at line 3, column 7)" or "… (at end of document)"."""
    message, _, where = str(error).partition(" (at ")
    line, _, column = where.removeprefix("line ").rstrip(")").partition(", column ")
    if line.isdigit() and column.isdigit():
        position = (int(line), int(column))
    elif where:
        position = place_in(text, len(text))
    else:
        message, position = tr("a number in the file has too many digits"), (1, 1)
    return Fault((), tr("This isn't TOML: {message}.", message=message), position)


# --- the keys and their kinds -------------------------------------------------------------------


def _check_file(table: dict[str, Any], faults: Faults) -> None:
    if type(table.get("format")) is int and table["format"] != FORMAT:
        message = tr("this program reads format 1, not {format}", format=shown(table["format"]))
        faults.add(("format",), message)
        return
    _check_table(table, ProblemFile, (), faults)


def _check_table(table: Any, struct: type[msgspec.Struct], path: Path, faults: Faults) -> None:
    if not isinstance(table, dict):
        faults.add(path, _expected(tr("a table"), table))
        return
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    for key in table:
        if key not in fields:
            message = tr("unknown key {key!r}", key=key) + suggestion(key, [*fields])
            faults.add((*path, key), message)
    for key, field in fields.items():
        if key not in table:
            if field.required:
                faults.add(path, tr("the key {key!r} is missing", key=key))
        elif struct is ProblemFile and key in TABLES:
            _check_table(table[key], TABLES[key], (*path, key), faults)
        elif struct is ProblemFile and key in LISTS:
            _check_list(table[key], LISTS[key], (*path, key), faults)
        else:
            _check_value(table[key], field.type, (*path, key), faults)


def _check_list(tables: Any, struct: type[msgspec.Struct], path: Path, faults: Faults) -> None:
    if not isinstance(tables, list):
        faults.add(
            path, _expected(tr("a list of tables, each under [[{key}]]", key=path[-1]), tables)
        )
        return
    for index, table in enumerate(tables):
        _check_table(table, struct, (*path, index), faults)


def _check_value(value: Any, kind: Any, path: Path, faults: Faults) -> None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        faults.add(path, _expected(_kind(kind), value))


def _kind(kind: Any) -> str:
    """What a key may be, in words."""
    words: dict[Any, str] = {
        int: tr("a whole number"),
        str: tr("a text in quotes"),
        bool: tr("true or false"),
        Text: tr("a text, or a table with a text for each language"),
        list[str]: tr("a list of texts in quotes"),
        list[dict[str, Any]]: tr("a list of tables, each under its own [[…]]"),
        dict[str, Any]: tr("a table"),
    }
    return next(text for known, text in words.items() if kind in (known, known | None))


def _expected(what: str, came: Any) -> str:
    return tr("expected {what}, not {came}", what=what, came=shown(came))


def shown(value: Any) -> str:
    """A value as an author would recognise it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return tr("a table")
    if isinstance(value, list):
        return tr("a list")
    if isinstance(value, str):
        return f'"{value[:37]}…"' if len(value) > 40 else f'"{value}"'
    if isinstance(value, int) and value.bit_length() > 120:
        return tr("so long a number")
    text = str(value)
    return f"{text[:37]}…" if len(text) > 40 else text

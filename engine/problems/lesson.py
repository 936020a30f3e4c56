"""The texts of a problem: the parts of its guided lesson, and what its source prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from engine.expression.shape import Shape, shape_text
from engine.expression.symbols import split_key
from engine.language import tr
from engine.network.optimizers import STATES
from engine.network.solution import SolveError
from engine.problems.faults import Fault, Faults, Path, ProblemError, one_of
from engine.problems.problem import Kind, Part, Precision, Problem, Published
from engine.problems.schema import PartTable, ProblemFile, PublishedTable
from engine.problems.values import read_value
from engine.problems.wiring import read_formula

KINDS: dict[str, Kind] = {"value": "value", "formula": "formula"}
MAX_SIGNIFICANT = 12


def with_texts(problem: Problem, file: ProblemFile, faults: Faults) -> Problem:
    """The problem with its parts and published entries; solves it, to know its keys and shapes.

    Raises `ProblemError` with every fault.
    """
    try:
        keys = [*problem.solution]
    except SolveError as error:
        fault = Fault(path_of(error.key, file), str(error))
        raise ProblemError(problem.place, [fault]) from error
    parts = tuple(
        _part(table, ("parts", index), keys, faults) for index, table in enumerate(file.parts)
    )
    published: dict[str, Published] = {}
    for index, printed in enumerate(file.published):
        path: Path = ("published", index)
        if one_of(printed.key, keys, (*path, "key"), faults):
            if printed.key in published:
                message = tr("the key {key} is given twice", key=printed.key)
                faults.add((*path, "key"), message)
            published[printed.key] = _printed(problem, printed, path, faults)
    if faults.found:
        raise ProblemError(problem.place, faults.found)
    return _with(problem, parts, published)


def path_of(key: str, file: ProblemFile) -> Path:
    """The part of the file that a quantity comes from."""
    prefix, name, step = split_key(key)
    if file.update is not None and (step or prefix in ("new", *STATES)):
        return ("update",)
    for index, table in enumerate(file.forward):
        if table.get("to") == name:
            return ("forward", index)
    return ("loss",) if file.loss is not None else ("values",)


def _with(problem: Problem, parts: tuple[Part, ...], published: Mapping[str, Published]) -> Problem:
    given = {field.name: getattr(problem, field.name) for field in fields(problem)}
    built = Problem(**{**given, "parts": parts, "published": published})
    built.__dict__["solution"] = problem.solution  # solved once, not twice
    return built


# --- parts ----------------------------------------------------------------------------------------


def _part(table: PartTable, path: Path, keys: Sequence[str], faults: Faults) -> Part:
    questions = [
        _question(text, (*path, "ask", index), keys, faults) for index, text in enumerate(table.ask)
    ]
    for index, key in enumerate(table.given):
        one_of(key, keys, (*path, "given", index), faults)
    if table.significant is not None and not 1 <= table.significant <= MAX_SIGNIFICANT:
        message = tr("expected {least} to {most}", least=1, most=MAX_SIGNIFICANT)
        faults.add((*path, "significant"), message)
    precision = None if table.significant is None else Precision(significant=table.significant)
    asked = tuple(question for question in questions if question is not None)
    return Part(table.label, asked, tuple(table.given), table.text, precision)


def _question(
    text: str, path: Path, keys: Sequence[str], faults: Faults
) -> tuple[Kind, str] | None:
    kind, _, key = text.partition(" ")
    if kind not in KINDS:
        message = tr("a question is `value KEY` or `formula KEY`, not {text!r}", text=text)
        faults.add(path, message)
        return None
    return (KINDS[kind], key.strip()) if one_of(key.strip(), keys, path, faults) else None


# --- what the source prints -----------------------------------------------------------------------


def _printed(problem: Problem, table: PublishedTable, path: Path, faults: Faults) -> Published:
    if table.value is not None and table.formula is not None:
        faults.add((*path, "formula"), tr("either `value` or `formula`, not both"))
    shapes = {key: array.shape for key, array in problem.solution.numbers.items()}
    rows = None
    if table.value is not None:
        rows = _printed_rows(table, shapes[table.key], (*path, "value"), faults)
    node = None
    if table.formula is not None:
        node = read_formula(table.formula, (*path, "formula"), shapes, faults)
    return Published(table.key, rows, table.formula, node, table.erratum)


def _printed_rows(
    table: PublishedTable, shape: Shape, path: Path, faults: Faults
) -> list[list[int | Decimal]] | None:
    """The printed digits as rows; a flat list is a row where the quantity is one."""
    given = table.value
    wanted = shape or (1, 1)
    as_row = (table.key,) if wanted[0] == 1 and wanted[1] > 1 else ()
    value = read_value(table.key, given, path, faults, as_row)
    if value is None:
        return None
    if (value.shape or (1, 1)) != wanted:
        came = shape_text(value.shape)
        message = tr(
            "{key} is {shape}, not {came}", key=table.key, shape=shape_text(shape), came=came
        )
        faults.add(path, message)
        return None
    return _rows(given, value.shape)


def _rows(given: Any, shape: Shape) -> list[list[int | Decimal]]:
    if not shape:
        return [[given]]
    if isinstance(given[0], list):
        return list(given)
    return [list(given)] if shape[0] == 1 else [[cell] for cell in given]

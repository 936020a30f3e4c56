"""`mark --answers`: a table of answers, one line out for each line in, mistakes carried forward."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.api import UnknownKeyError, check_key
from engine.language import tr
from engine.marking.characters import clean
from engine.marking.mark import Mark
from tui.commands.common import FINE, INVALID_FILE, LARGEST, WRONG, CommandError, read_text
from tui.commands.mark import FORMULA, marked
from tui.spoken import mark_lines, one_line
from tui.streams import complain, read_input, say, say_json

if TYPE_CHECKING:
    from engine.problems.problem import Problem

HEADER = ["learner", "key", "answer"]
LONGEST_RECORD = 64
"""The most lines that a quoted answer may have: beyond it a quote was forgotten."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, or why it can't be used."""

    line: int
    """Where it begins, counted from 1."""
    learner: str = ""
    key: str = ""
    answer: str = ""
    fault: str = ""


def mark_table(problem: Problem, path: str, as_json: bool) -> int:
    """Mark every line; exit code 0 if all are right, rounded or carried."""
    text = read_input(LARGEST).removeprefix("\ufeff") if path == "-" else read_text(path)
    entered: dict[str, dict[str, str]] = {}
    code = FINE
    for row in read_rows(text, path):
        fault = row.fault or _unknown_key(problem, row)
        if fault:
            complain(f"{path}:{row.line}: {fault}")
            mark = Mark("invalid", fault)
        else:
            mark = _marked(problem, row, entered.setdefault(row.learner, {}))
        if not mark.accepted:
            code = WRONG
        if as_json:
            say_json({"learner": row.learner, "key": row.key, **mark.as_json()})
        else:
            cells = (row.learner, row.key, mark.verdict, " ".join(mark_lines(mark)))
            say("\t".join(one_line(clean(cell)) for cell in cells))
    return code


def _unknown_key(problem: Problem, row: Row) -> str:
    try:
        check_key(problem, row.key.removeprefix(FORMULA))
    except UnknownKeyError as error:
        return str(error)
    return ""


def _marked(problem: Problem, row: Row, entered: dict[str, str]) -> Mark:
    """The mark of a row; `entered` are the learner's values so far, and gets this one."""
    key = row.key.removeprefix(FORMULA)
    as_formula = key != row.key
    earlier = {name: answer for name, answer in entered.items() if name != key}
    mark = marked(problem, key, row.answer, as_formula=as_formula, given=earlier)
    if not as_formula:
        entered[key] = row.answer
    return mark


# --- reading the table --------------------------------------------------------------------------


def read_rows(text: str, path: str) -> Iterator[Row]:
    """The table's lines; a faulty one doesn't spoil the ones behind it.

    The header decides what separates the columns: a comma, a semicolon or a tab.
    """
    csv.field_size_limit(max(len(text), 1))  # how long an answer may be the marking says
    lines = list(io.StringIO(text, newline=""))
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    names = lines[first].strip().casefold() if lines else ""
    delimiter = next((sign for sign in ",;\t" if sign in names), ",")
    columns = [name.strip(' "') for name in names.split(delimiter)]
    if sorted(columns) != sorted(HEADER):
        message = tr("expected the header {header}", header=",".join(HEADER))
        raise CommandError(INVALID_FILE, f"{path}:{first + 1}: {message}")
    places = [columns.index(name) for name in HEADER]
    position = first + 1
    while position < len(lines):
        count, cells = _cells(lines, position, delimiter)
        if lines[position].strip():
            yield _row(position + 1, cells, places)
        position += count


def _cells(lines: list[str], position: int, delimiter: str) -> tuple[int, list[str] | str]:
    """How many lines the record takes, and its cells, or what is wrong with its first line."""
    fault = ""
    for count in range(1, min(LONGEST_RECORD, len(lines) - position) + 1):
        record = lines[position : position + count]
        try:
            rows = list(csv.reader(record, delimiter=delimiter, strict=True))
        except csv.Error as error:
            fault = str(error)
            if "unexpected end" in fault:
                continue
            break
        return count, rows[0] if rows else []
    return 1, tr("the quotes of this line don't match ({fault})", fault=fault)


def _row(line: int, cells: list[str] | str, places: list[int]) -> Row:
    if isinstance(cells, str):
        return Row(line, fault=cells)
    if len(cells) != len(HEADER):
        fault = tr(
            "expected {columns} columns, found {found}; an answer with a comma needs quotes",
            columns=len(HEADER),
            found=len(cells),
        )
        learner = cells[places[0]].strip() if places[0] < len(cells) else ""
        key = " ".join(cells[places[1]].split()) if places[1] < len(cells) else ""
        return Row(line, learner, key, fault=fault)
    learner, key, answer = (cells[place] for place in places)
    return Row(line, learner.strip(), " ".join(key.split()), answer)

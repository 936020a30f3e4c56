"""From a decoded file to a problem: values, wiring, loss, update, parts, with every fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from engine.expression.broadcasting import resolve
from engine.expression.node import Node, name
from engine.expression.parse import ParseError, parse
from engine.expression.shape import ShapeError, shape_of
from engine.language import tr
from engine.network.layers import LAYERS, ROWS
from engine.network.losses import LOSSES
from engine.network.model import (
    Entry,
    Loss,
    Network,
    Update,
    Value,
    matrix_value,
    scalar_value,
)
from engine.network.optimizers import OPTIMIZERS
from engine.network.passes import RESERVED
from engine.network.solution import SolveError
from engine.problems.faults import Fault, Path, ProblemError
from engine.problems.problem import Kind, Part, Precision, Problem, Published
from engine.problems.schema import ProblemFile

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
ID = re.compile(r"[a-z0-9-]+")
MAX_SIDE, MAX_ENTRIES = 64, 200
LEARNING_RATE = "eta"
"""The name that a learning rate written as a number gets."""


class _Faults:
    """Collects what is wrong, so that an author sees it all at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: Path, message: str) -> None:
        self.found.append(Fault(path, message))


def suggestion(word: str, known: Sequence[str]) -> str:
    """ "; did you mean X?" where something similar exists, else the list of what is expected."""
    close = get_close_matches(word, known, n=1)
    if close:
        return tr("; did you mean {word!r}?", word=close[0])
    return tr("; expected one of {known}", known=", ".join(known)) if known else ""


def build(file: ProblemFile, place: str, base: Problem | None = None) -> Problem:
    """Build the problem; `base` is the one it continues. Raises `ProblemError` with every fault."""
    faults = _Faults()
    if file.format != 1:
        faults.add(("format",), tr("this program reads format 1, not {format}", format=file.format))
    if not ID.fullmatch(file.id):
        faults.add(("id",), tr("an id has small letters, digits and hyphens only"))
    values = dict(base.network.values) if base else {}
    values.update(_values(file, faults))
    entries = list(base.network.entries) if base else []
    shapes = {key: value.shape for key, value in values.items()}
    for entry in entries:
        shapes[entry.to] = shape_of(entry.node, shapes)
    if len(file.forward) > MAX_ENTRIES:
        faults.add(("forward",), tr("at most {limit} entries", limit=MAX_ENTRIES))
    previous = entries[-1].to if entries else "X"
    for place_of, table in enumerate(file.forward[:MAX_ENTRIES]):
        entry = _entry(table, ("forward", place_of), previous, shapes, faults)
        if entry is not None:
            entries.append(entry)
            previous = entry.to
    loss = _loss(file, values, shapes, previous, faults)
    network = Network(values, tuple(entries), loss, None, tuple(file.wrt))
    for key in file.wrt:
        if key not in values:
            faults.add(
                ("wrt",), tr("there is no value {key!r}", key=key) + suggestion(key, [*values])
            )
    network = _with_update(file, network, faults)
    if faults.found:
        raise ProblemError(place, faults.found)
    problem = Problem(
        id=file.id,
        title_text=file.title,
        network=network,
        precision=Precision(file.decimals, file.significant)
        if file.decimals or file.significant
        else Precision(decimals=4),
        intro_text=file.intro,
        source=file.source or "",
        place=place,
        known=frozenset(entry.to for entry in base.network.entries) if base else frozenset(),
        continues=file.continues or "",
    )
    return _with_texts(problem, file, faults)


# --- values ---------------------------------------------------------------------------------------


def _values(file: ProblemFile, faults: _Faults) -> dict[str, Value]:
    rows = {
        str(table[role])
        for table in file.forward
        for role in ROWS
        if isinstance(table.get(role), str)
    }
    found = {}
    for key, given in file.values.items():
        path: Path = ("values", key)
        if not NAME.fullmatch(key):
            faults.add(path, tr("a name has letters, digits and _ and begins with a letter"))
        elif key in RESERVED:
            faults.add(path, tr("the name {key} is taken by the tutor", key=key))
        else:
            value = _value(key, given, key in rows, path, faults)
            if value is not None:
                found[key] = value
    return found


def _value(key: str, given: Any, as_row: bool, path: Path, faults: _Faults) -> Value | None:
    if isinstance(given, (int, Decimal)) and not isinstance(given, bool):
        cells = _cells([[given]], path, faults)
        return scalar_value(key, cells[0][0]) if cells else None
    if not isinstance(given, list) or not given:
        faults.add(path, tr("expected a number, a list of numbers, or a list of rows"))
        return None
    if not any(isinstance(item, list) for item in given):
        given = [given] if as_row else [[item] for item in given]
    if not all(isinstance(row, list) and row for row in given):
        faults.add(path, tr("expected a list of rows, each a list of numbers"))
        return None
    lengths = [len(row) for row in given]
    if len(set(lengths)) > 1:
        row = next(i for i, length in enumerate(lengths) if length != lengths[0])
        faults.add(
            path,
            tr(
                "the rows must be equally long: row 1 has {first} numbers, row {row} has {other}",
                first=lengths[0],
                row=row + 1,
                other=lengths[row],
            ),
        )
        return None
    if max(len(given), lengths[0]) > MAX_SIDE:
        faults.add(path, tr("a matrix may have {limit} rows and columns", limit=MAX_SIDE))
        return None
    cells = _cells(given, path, faults)
    return matrix_value(key, cells) if cells else None


def _cells(rows: list[list[Any]], path: Path, faults: _Faults) -> list[list[Fraction]] | None:
    for row in rows:
        for cell in row:
            number = isinstance(cell, (int, Decimal)) and not isinstance(cell, bool)
            if not number or not Decimal(cell).is_finite():
                faults.add(path, tr("{cell} is not a number", cell=str(cell)[:40]))
                return None
            if cell and not -30 <= Decimal(cell).adjusted() <= 30:
                faults.add(path, tr("{cell} is too large or too small", cell=str(cell)[:40]))
                return None
    return [[Fraction(cell) for cell in row] for row in rows]


# --- wiring ---------------------------------------------------------------------------------------


def _entry(
    table: Mapping[str, Any], path: Path, previous: str, shapes: dict[str, Any], faults: _Faults
) -> Entry | None:
    before = len(faults.found)
    to = table.get("to")
    if not isinstance(to, str) or not NAME.fullmatch(to) or to in RESERVED:
        faults.add((*path, "to"), tr("`to` names the result: letters, digits and _"))
        return None
    if to in shapes:
        faults.add((*path, "to"), tr("the name {key} is given twice", key=to))
        return None
    if "formula" in table:
        entry = _formula_entry(table, path, to, shapes, faults)
    else:
        entry = _layer_entry(table, path, to, previous, shapes, faults)
    if entry is None or len(faults.found) > before:
        return None
    try:
        shapes[to] = shape_of(entry.node, shapes)
    except ShapeError as error:
        faults.add(path, error.describe())
        return None
    return entry


def _formula_entry(
    table: Mapping[str, Any], path: Path, to: str, shapes: dict[str, Any], faults: _Faults
) -> Entry | None:
    for key in table.keys() - {"formula", "to"}:
        faults.add((*path, key), tr("a formula entry has `formula` and `to` only"))
    node = _formula(table["formula"], (*path, "formula"), shapes, faults)
    return Entry(to, node) if node is not None else None


def _formula(text: Any, path: Path, shapes: Mapping[str, Any], faults: _Faults) -> Node | None:
    if not isinstance(text, str):
        faults.add(path, tr("expected a formula in quotes"))
        return None
    try:
        return resolve(parse(text, shapes), shapes)
    except ParseError as error:
        faults.add(path, str(error))
    except ShapeError as error:
        faults.add(path, error.describe())
    return None


def _layer_entry(
    table: Mapping[str, Any],
    path: Path,
    to: str,
    previous: str,
    shapes: Mapping[str, Any],
    faults: _Faults,
) -> Entry | None:
    kind = table.get("layer")
    layer = LAYERS.get(kind) if isinstance(kind, str) else None
    if layer is None:
        faults.add(
            (*path, "layer"),
            tr("unknown layer {kind!r}", kind=kind) + suggestion(str(kind), [*LAYERS]),
        )
        return None
    known_keys = ["layer", "from", "to", *layer.roles]
    for key in table:
        if key not in known_keys:
            faults.add(
                (*path, key), tr("unknown key {key!r}", key=key) + suggestion(key, known_keys)
            )
    roles = {}
    for role in layer.roles:
        if role in table:
            value = _known_name(table[role], (*path, role), shapes, faults)
            if value is not None:
                roles[role] = value
        elif role in layer.required:
            faults.add(path, tr("the layer {kind} needs `{role}`", kind=kind, role=role))
    source = _known_name(table.get("from", previous), (*path, "from"), shapes, faults)
    if source is None or any(role not in roles for role in layer.required):
        return None
    node = layer.forward(name(source), {role: name(key) for role, key in roles.items()})
    return Entry(to, node, str(kind), source, roles)


def _known_name(given: Any, path: Path, known: Mapping[str, Any], faults: _Faults) -> str | None:
    if isinstance(given, str) and given in known:
        return given
    faults.add(path, tr("there is no value {key!r}", key=given) + suggestion(str(given), [*known]))
    return None


# --- loss and update ------------------------------------------------------------------------------


def _one_of(given: str, known: Sequence[str], path: Path, faults: _Faults) -> bool:
    if given in known:
        return True
    faults.add(path, tr("unknown value {given!r}", given=given) + suggestion(given, [*known]))
    return False


def _loss(
    file: ProblemFile,
    values: Mapping[str, Value],
    shapes: dict[str, Any],
    last: str,
    faults: _Faults,
) -> Loss | None:
    table = file.loss
    if table is None:
        return None
    if table.formula is not None:
        node = _formula(table.formula, ("loss", "formula"), shapes, faults)
        if node is None:
            return None
        if shape_of(node, shapes) != ():
            faults.add(("loss", "formula"), tr("a loss is one number, not a matrix"))
        return Loss("formula", node=node)
    of = table.of or last
    if of not in shapes:
        faults.add(
            ("loss", "of"), tr("there is no result {key!r}", key=of) + suggestion(of, [*shapes])
        )
        return None
    kind = table.kind or ""
    if not _one_of(kind, [*LOSSES, "given"], ("loss", "kind"), faults):
        return None
    other = table.upstream if kind == "given" else table.target
    role = "upstream" if kind == "given" else "target"
    if other is None or other not in values:
        faults.add(("loss", role), tr("`{role}` names a given value", role=role))
        return None
    if shapes[of] != values[other].shape:
        faults.add(
            ("loss", role),
            tr(
                "{other} is {other_shape}, but {of} is {of_shape}: they must have the same shape",
                other=other,
                other_shape=_shape(values[other].shape),
                of=of,
                of_shape=_shape(shapes[of]),
            ),
        )
    _one_of(table.reduction, ["mean", "sum"], ("loss", "reduction"), faults)
    _one_of(table.gradient, ["strict", "per_observation"], ("loss", "gradient"), faults)
    per_observation = table.gradient == "per_observation"
    if kind == "given":
        if per_observation:
            faults.add(("loss", "gradient"), tr("not with a given gradient"))
        return Loss(kind, of, upstream=other)
    if table.half and kind != "mse":
        faults.add(("loss", "half"), tr("only the mse has a factor 1/2"))
    return Loss(kind, of, other, table.half, table.reduction, per_observation)


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) if shape else tr("a number")


def _with_update(file: ProblemFile, network: Network, faults: _Faults) -> Network:
    table = file.update
    if table is None:
        return network
    if network.loss is None:
        faults.add(("update",), tr("an update needs a loss"))
        return network
    _one_of(table.optimizer, [*OPTIMIZERS], ("update", "optimizer"), faults)
    values = dict(network.values)
    rate = table.learning_rate
    if isinstance(rate, str):
        if rate not in values or values[rate].shape:
            faults.add(
                ("update", "learning_rate"),
                tr("there is no number {key!r} among the values", key=rate),
            )
    else:
        cells = _cells([[rate]], ("update", "learning_rate"), faults)
        rate = LEARNING_RATE if LEARNING_RATE not in values else "learning_rate"
        if cells:
            values[rate] = scalar_value(rate, cells[0][0])
    parameters = network.parameters if table.parameters is None else tuple(table.parameters)
    for key in parameters:
        if key not in values:
            faults.add(
                ("update", "parameters"),
                tr("there is no value {key!r}", key=key) + suggestion(key, [*values]),
            )
    update = Update(table.optimizer, rate, tuple(parameters), table.after)
    return Network(values, network.entries, network.loss, update, network.wrt)


# --- parts and what the source prints -------------------------------------------------------------


def _with_texts(problem: Problem, file: ProblemFile, faults: _Faults) -> Problem:
    try:
        keys = [*problem.solution]
    except SolveError as error:
        raise ProblemError(problem.place, [Fault(("values",), str(error))]) from error
    parts = []
    for place, table in enumerate(file.parts):
        ask = [_question(text, ("parts", place, "ask"), keys, faults) for text in table.ask]
        for key in table.given:
            _one_of(key, keys, ("parts", place, "given"), faults)
        precision = Precision(significant=table.significant) if table.significant else None
        asked = tuple(question for question in ask if question is not None)
        parts.append(Part(table.label, asked, tuple(table.given), table.text, precision))
    published = {}
    for place, printed in enumerate(file.published):
        path: Path = ("published", place)
        if _one_of(printed.key, keys, (*path, "key"), faults):
            if printed.key in published:
                faults.add(path, tr("the key {key} is given twice", key=printed.key))
            published[printed.key] = _printed(problem, printed, path, faults)
    if faults.found:
        raise ProblemError(problem.place, faults.found)
    return _replace(problem, tuple(parts), published)


def _replace(
    problem: Problem, parts: tuple[Part, ...], published: Mapping[str, Published]
) -> Problem:
    fields = {key: value for key, value in vars(problem).items() if key != "solution"}
    built = Problem(**{**fields, "parts": parts, "published": published})
    built.__dict__["solution"] = problem.solution
    return built


def _question(
    text: str, path: Path, keys: Sequence[str], faults: _Faults
) -> tuple[Kind, str] | None:
    kind, _, key = text.partition(" ")
    kinds: dict[str, Kind] = {"value": "value", "formula": "formula"}
    if not _one_of(kind, [*kinds], path, faults) or not _one_of(key, keys, path, faults):
        return None
    return kinds[kind], key


def _printed(problem: Problem, table: Any, path: Path, faults: _Faults) -> Published:
    shape = problem.solution[table.key].shape
    value = table.value
    if value is not None:
        read = _value(table.key, value, False, (*path, "value"), faults)
        wanted = shape or (1, 1)
        if read is not None and (read.shape or (1, 1)) != wanted:
            if not any(isinstance(item, list) for item in value) and (1, len(value)) == wanted:
                value = [value]
            else:
                faults.add(
                    (*path, "value"), tr("expected a matrix of {shape}", shape=_shape(wanted))
                )
        value = _rows(value)
    node = None
    if table.formula is not None:
        shapes = {key: array.shape for key, array in problem.solution.numbers.items()}
        node = _formula(table.formula, (*path, "formula"), shapes, faults)
    return Published(table.key, value, table.formula, node, table.erratum)


def _rows(value: Any) -> list[list[int | Decimal]]:
    if not isinstance(value, list):
        return [[value]]
    if any(isinstance(item, list) for item in value):
        return value
    return [[item] for item in value]

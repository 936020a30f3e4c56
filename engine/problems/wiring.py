"""From a file's tables to values, forward entries and a loss, with every fault on the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.expression.broadcasting import resolve
from engine.expression.node import Node, names
from engine.expression.parse import FUNCTIONS, ParseError, parse
from engine.expression.printing import unicode_notation, write
from engine.expression.shape import Shape, ShapeError, shape_of, shape_text
from engine.language import tr
from engine.network.layers import LAYERS, ROWS, entries
from engine.network.losses import LOSSES, N
from engine.network.model import Entry, Loss, Value
from engine.network.passes import RESERVED
from engine.problems.faults import Faults, Path, one_of, suggestion
from engine.problems.layer_keys import LayerKeys
from engine.problems.problem import Problem
from engine.problems.schema import LossTable, ProblemFile, shown
from engine.problems.values import read_value

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
TAKEN = RESERVED | FUNCTIONS.keys()
"""Names that no value and no result may have."""
MAX_ENTRIES = 200


def write_plainly(node: Node, shapes: Mapping[str, Shape]) -> str:
    """A tree with the names as the file has them."""
    scalars = {key for key, shape in shapes.items() if not shape}
    return write(node, unicode_notation(scalars, str))


def read_formula(
    text: Any,
    path: Path,
    shapes: Mapping[str, Shape],
    faults: Faults,
    broken: Collection[str] = (),
) -> Node | None:
    """The tree of a formula; None where that adds a fault, or where it uses a `broken` name."""
    if not isinstance(text, str):
        faults.add(path, tr("expected a formula in quotes, not {came}", came=shown(text)))
        return None
    try:
        root = parse(text, [*shapes, *broken])
        return None if any(key in broken for key in names(root)) else resolve(root, shapes)
    except ParseError as error:
        place = tr(" (character {number})", number=error.position + 1)
        faults.add(path, str(error) + place)
    except ShapeError as error:
        faults.add(path, error.describe(lambda node: write_plainly(node, shapes)))
    return None


class Wiring:
    """The values and entries of a file, read one after the other; faults are collected.

    A name whose own line is faulty is `broken`: what uses it can't be judged and isn't blamed.
    """

    def __init__(self, file: ProblemFile, base: Problem | None, faults: Faults) -> None:
        self.file, self.faults = file, faults
        self.entries: list[Entry] = list(base.network.entries) if base else []
        self.values: dict[str, Value] = dict(base.network.values) if base else {}
        self.shapes: dict[str, Shape] = {}
        self.broken: set[str] = set()
        self.baked: set[str] = set(base.baked) if base else set()
        """Numbers that windows were set by: they can't be exchanged any more."""
        for made in base.made if base else ():
            del self.values[made]  # it belongs to the first problem's update
        self._read_values()
        self.shapes.update({key: value.shape for key, value in self.values.items()})
        self._check_base()
        self.previous = self.entries[-1].to if self.entries else "X"
        if len(file.forward) > MAX_ENTRIES:
            faults.add(("forward",), tr("at most {limit} entries", limit=MAX_ENTRIES))
        for index, table in enumerate(file.forward[:MAX_ENTRIES]):
            self.read_entry(table, ("forward", index))

    def _read_values(self) -> None:
        roles = [table for table in self.file.forward if "layer" in table]
        rows = {str(table[role]) for table in roles for role in ROWS if role in table}
        for entry in self.entries:
            rows.update(key for role, key in entry.roles.items() if role in ROWS)
        results = {entry.to for entry in self.entries}
        for key, given in self.file.values.items():
            path: Path = ("values", key)
            self.broken.add(key)
            if not NAME.fullmatch(key):
                message = tr("a name has letters, digits and _ and begins with a letter")
                self.faults.add(path, message)
            elif key in TAKEN:
                self.faults.add(path, tr("the name {key} is taken by the tutor", key=key))
            elif key in results:
                message = tr("the name {key} is a result of the problem before", key=key)
                self.faults.add(path, message)
            elif key in self.baked:
                message = tr("{key} sets a window of the problem before: it stays", key=key)
                self.faults.add(path, message)
            else:
                value = read_value(key, given, path, self.faults, rows)
                if value is not None:
                    self.values[key] = value
                    self.broken.discard(key)

    def add_value(self, key: str, given: Any) -> None:
        """One more given value, beside those of the file; its name must be a good one."""
        value = read_value(key, given, ("values", key), self.faults)
        if value is not None:
            self.values[key] = value
            self.shapes[key] = value.shape

    def _check_base(self) -> None:
        """Whether the first problem's entries still fit with this file's values."""
        for entry in self.entries:
            used = [key for key in names(entry.node) if key in self.file.values]
            try:
                if self.broken.isdisjoint(names(entry.node)):
                    self.shapes[entry.to] = shape_of(entry.node, self.shapes)
                    continue
            except ShapeError as error:
                path: Path = ("values", used[0]) if used else ("values",)
                self.faults.add(path, f"{entry.to}: {self._say(error)}")
            self.broken.add(entry.to)

    def _say(self, error: ShapeError) -> str:
        return error.describe(lambda node: write_plainly(node, self.shapes))

    def known_name(self, given: Any, path: Path, known: Mapping[str, Any]) -> str | None:
        """A name that must be one of the known; None where it isn't, or where it is broken."""
        if isinstance(given, str) and given in self.broken:
            return None
        if isinstance(given, str) and given in known:
            return given
        if not isinstance(given, str):
            self.faults.add(path, tr("expected a name in quotes, not {came}", came=shown(given)))
        else:
            message = tr("there is no value {key!r}", key=given) + suggestion(given, [*known])
            self.faults.add(path, message)
        return None

    def read_entry(self, table: Mapping[str, Any], path: Path) -> None:
        """One more entry; what is wrong with it becomes a fault."""
        before = len(self.faults.found)
        to = table.get("to")
        if not isinstance(to, str) or not NAME.fullmatch(to):
            message = tr("`to` names the result: letters, digits and _, a letter first")
            self.faults.add((*path, "to"), message)
            to = f"{path}"  # no name, so that nothing is blamed for going on from here
        elif to in TAKEN:
            self.faults.add((*path, "to"), tr("the name {key} is taken by the tutor", key=to))
        elif to in self.shapes or to in self.broken:
            self.faults.add((*path, "to"), tr("the name {key} is given twice", key=to))
        if "formula" in table:
            made = self._formula_entry(table, path, to)
        else:
            made = self._layer_entries(table, path, to)
        self.previous = to
        try:
            if made and len(self.faults.found) == before:
                shapes = dict(self.shapes)
                for entry in made:
                    shapes[entry.to] = shape_of(entry.node, shapes)
                self.shapes.update(shapes)
                self.entries.extend(made)
                return
        except ShapeError as error:
            self.faults.add(path, self._say(error))
        if to not in self.shapes:
            self.broken.add(to)

    def _formula_entry(self, table: Mapping[str, Any], path: Path, to: str) -> tuple[Entry, ...]:
        for key in table:
            if key not in ("formula", "to"):
                message = tr("a formula entry has `formula` and `to` only")
                self.faults.add((*path, key), message)
        node = self.formula(table["formula"], (*path, "formula"))
        return () if node is None else (Entry(to, node),)

    def formula(self, text: Any, path: Path) -> Node | None:
        """The tree of a formula over the names so far."""
        return read_formula(text, path, self.shapes, self.faults, self.broken)

    def _layer_entries(self, table: Mapping[str, Any], path: Path, to: str) -> tuple[Entry, ...]:
        """What a layer adds, its results on the way first; nothing where that adds a fault."""
        kind = table.get("layer")
        if kind is None:
            self.faults.add(path, tr("an entry has a `layer` or a `formula`"))
            return ()
        layer = LAYERS.get(kind) if isinstance(kind, str) else None
        if layer is None:
            message = tr("unknown layer {kind}", kind=shown(kind))
            self.faults.add((*path, "layer"), message + suggestion(str(kind), [*LAYERS]))
            return ()
        known_keys = ["layer", "from", "to", *layer.keys]
        for key in table:
            if key not in known_keys:
                message = tr("unknown key {key!r}", key=key) + suggestion(key, known_keys)
                self.faults.add((*path, key), message)
        for role in (*layer.required, *layer.given):
            if role not in table:
                message = tr("the layer {kind} needs `{role}`", kind=kind, role=role)
                self.faults.add(path, message)
        roles = {
            role: self.known_name(table[role], (*path, role), self._plain)
            for role in layer.roles
            if role in table
        }
        others: dict[str, Any] = {
            role: self.known_name(table[role], (*path, role), self.values)
            for role in layer.given
            if role in table
        }
        reader = LayerKeys(self.values, self.broken, self.faults)
        others |= {
            key: reader.number(key, table[key], (*path, key))
            for key in layer.numbers
            if key in table
        }
        others |= {
            key: reader.setting(key, table[key], (*path, key))
            for key in layer.settings
            if key in table
        }
        self.baked |= reader.named
        source = self.known_name(table.get("from", self.previous), (*path, "from"), self._plain)
        complete = {key for key, found in (roles | others).items() if found is not None}
        if source is None or not complete >= {*layer.required, *layer.given, *roles, *others}:
            return ()
        named = {role: value for role, value in roles.items() if value is not None}
        return entries(str(kind), source, to, named, others)

    @property
    def _plain(self) -> dict[str, Shape]:
        """What a file can name: not the results on a layer's way, such as ``mean.H1``."""
        return {key: shape for key, shape in self.shapes.items() if "." not in key}

    # --- the loss ---------------------------------------------------------------------------------

    def loss(self) -> Loss | None:
        """The loss; None where there is none, or where it is faulty."""
        table = self.file.loss
        if table is None:
            return None
        if table.formula is not None:
            self._only(table, ("formula",), tr("a loss with a formula has no other key"))
            path, shapes = ("loss", "formula"), {**self.shapes, N: ()}
            node = read_formula(table.formula, path, shapes, self.faults, self.broken)
            if node is not None and shape_of(node, shapes) != ():
                self.faults.add(path, tr("a loss is one number, not a matrix"))
            if node is None:
                return None
            counted = self.previous if N in names(node) else ""
            if counted and counted not in self.shapes:
                self.faults.add(path, tr("there is no prediction whose rows n could count"))
            return Loss("formula", node=node, counted=counted)
        if table.kind is None:
            self.faults.add(("loss",), tr("a loss has a `kind` or a `formula`"))
            return None
        if not one_of(table.kind, [*LOSSES, "given"], ("loss", "kind"), self.faults):
            return None
        named = self.previous if table.of is None else table.of
        of = self.known_name(named, ("loss", "of"), self._plain)
        if table.kind == "given":
            message = tr("a given gradient has `upstream` and `of` only")
            self._only(table, ("kind", "of", "upstream"), message)
            upstream = self._beside(of, table.upstream, "upstream")
            return Loss("given", of, upstream=upstream) if of and upstream else None
        if table.upstream is not None:
            message = tr('`upstream` goes with kind = "given" only')
            self.faults.add(("loss", "upstream"), message)
        if table.half is not None and table.kind != "mse":
            self.faults.add(("loss", "half"), tr("only the mse has a factor 1/2"))
        reduction, gradient = table.reduction or "mean", table.gradient or "strict"
        one_of(reduction, ["mean", "sum"], ("loss", "reduction"), self.faults)
        one_of(gradient, ["strict", "per_observation"], ("loss", "gradient"), self.faults)
        target = self._beside(of, table.target, "target")
        if of is None or target is None:
            return None
        each = gradient == "per_observation"
        return Loss(table.kind, of, target, bool(table.half), reduction, each)

    def _only(self, table: LossTable, keys: Sequence[str], message: str) -> None:
        for key in table.__struct_fields__:
            if getattr(table, key) is not None and key not in keys:
                self.faults.add(("loss", key), message)

    def _beside(self, of: str | None, key: str | None, role: str) -> str | None:
        """The target or upstream gradient: a given value of the shape of the result `of`."""
        if key is None:
            self.faults.add(("loss",), tr("`{role}` is missing: it names a given value", role=role))
            return None
        found = self.known_name(key, ("loss", role), self.values)
        if found is None or of is None or self.shapes[of] == self.shapes[found]:
            return found
        message = tr(
            "{other} is {other_shape}, but {of} is {of_shape}: they must have the same shape",
            other=found,
            other_shape=shape_text(self.shapes[found]),
            of=of,
            of_shape=shape_text(self.shapes[of]),
        )
        self.faults.add(("loss", role), message)
        return None

"""The table of printed forms: how each op is written in Unicode, LaTeX, NumPy and PyTorch.

A tree prints as it was written: nothing is simplified or reordered. One row of a notation's table
gives the op's level (how tightly it binds), its template, and the level that each operand must have
to stand without brackets.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.expression.exact import decimals_of
from engine.expression.node import Node, walk
from engine.expression.symbols import SUPERSCRIPTS, identifier, latex_symbol, symbol
from engine.expression.windows import SETTINGS, settings

SUM, MINUS, PRODUCT, QUOTIENT, FRACTION, COMPOUND, ATOM = 10, 15, 20, 20, 25, 30, 40
TIGHT = PRODUCT + 1
MAX_TEXT = 10_000
"""A longer text is cut to "…": shared parts are written out each time, so a tree can explode."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one op is written; `needs` has one level an operand."""

    level: int
    template: str
    needs: tuple[int, ...] = (0, 0)


def _call(template: str) -> Form:
    return Form(ATOM, template)


_SUMS = {
    "add": Form(SUM, "{0} + {1}", (SUM, MINUS + 1)),
    "sub": Form(SUM, "{0} - {1}", (SUM, MINUS + 1)),
    "neg": Form(MINUS, "-{0}", (PRODUCT,)),
}

WINDOWED = {
    **dict.fromkeys(("conv2d", "conv2d_to_input", "conv2d_to_kernel"), "{0}, {1}"),
    **dict.fromkeys(("max_pool2d_to_input", "max_pool2d_pick"), "{0}, {1}"),
    **dict.fromkeys(("max_pool2d", "avg_pool2d", "avg_pool2d_to_input"), "{0}"),
    **dict.fromkeys(("flatten", "unflatten", "flip"), "{0}"),
}
"""Ops of pictures, with the operands that are written; what a result is only like isn't."""
_UNDERSCORE = r"\_"

UNICODE: dict[str, Form] = {
    **_SUMS,
    "mul": Form(PRODUCT, "{0} ⊙ {1}", (TIGHT, TIGHT)),
    "scale": Form(PRODUCT, "{0}·{1}", (TIGHT, TIGHT)),
    "matmul": Form(PRODUCT, "{0}·{1}", (TIGHT, TIGHT)),
    "div": Form(QUOTIENT, "{0}/{1}", (FRACTION + 1, FRACTION + 1)),
    "power": Form(COMPOUND, "{0}{sup}", (ATOM,)),
    "transpose": Form(COMPOUND, "{0}ᵀ", (ATOM,)),
    "relu": _call("max(0, {0})"),
    "leaky_relu": _call("leaky_relu({0}, {1})"),
    "leaky_mask": Form(ATOM, "([{0} > 0] + {1}·[{0} ≤ 0])", (0, TIGHT)),
    "mask": _call("[{0} > 0]"),
    "sigmoid": _call("σ({0})"),
    "tanh": _call("tanh({0})"),
    "softmax": _call("softmax({0})"),
    "exp": _call("exp({0})"),
    "ln": _call("ln({0})"),
    "sqrt": Form(COMPOUND, "√({0})"),
    "abs": _call("|{0}|"),
    "sign": _call("sign({0})"),
    "sum": Form(COMPOUND, "Σ({0})"),
    "mean": Form(COMPOUND, "mean({0})"),  # (mean(x))²: behind a bracket a power looks like x's own
    "sum_rows": _call("sum_rows({0})"),
    "mean_rows": _call("mean_rows({0})"),
    "sum_columns": _call("sum_columns({0})"),
    "mean_columns": _call("mean_columns({0})"),
    "size.rows": _call("n"),
    "size.columns": _call("columns({0})"),
    "size.all": _call("cells({0})"),
    "select_rows": Form(COMPOUND, "{0}[{rows}]", (ATOM,)),
    "place_rows": _call("place_rows({0}, {rows})"),
    "repeated": _call("repeated({0})"),
    **{op: _call(f"{op}({inside}{{settings}})") for op, inside in WINDOWED.items()},
}

LATEX: dict[str, Form] = {
    **_SUMS,
    "mul": Form(PRODUCT, r"{0} \odot {1}", (TIGHT, TIGHT)),
    "scale": Form(PRODUCT, r"{0} \, {1}", (TIGHT, TIGHT)),
    "numbers": Form(PRODUCT, r"{0} \cdot {1}", (TIGHT, TIGHT)),
    "matmul": Form(PRODUCT, "{0} {1}", (TIGHT, TIGHT)),
    "div": Form(COMPOUND, r"\frac{{{0}}}{{{1}}}"),
    "power": Form(COMPOUND, "{0}^{{{argument}}}", (ATOM,)),
    "transpose": Form(COMPOUND, r"{0}^{{\top}}", (ATOM,)),
    "relu": _call(r"\max(0, {0})"),
    "leaky_relu": _call(r"\operatorname{{leaky\_relu}}({0}, {1})"),
    "leaky_mask": Form(ATOM, r"\left([{0} > 0] + {1} \, [{0} \le 0]\right)", (0, TIGHT)),
    "mask": _call(r"[{0} > 0]"),
    "sigmoid": _call(r"\sigma({0})"),
    "tanh": _call(r"\tanh({0})"),
    "softmax": _call(r"\operatorname{{softmax}}({0})"),
    "exp": _call(r"\exp({0})"),
    "ln": _call(r"\ln({0})"),
    "sqrt": _call(r"\sqrt{{{0}}}"),
    "abs": _call(r"\left|{0}\right|"),
    "sign": _call(r"\operatorname{{sign}}({0})"),
    "sum": Form(COMPOUND, r"\sum\left({0}\right)"),
    "mean": Form(COMPOUND, r"\operatorname{{mean}}({0})"),
    "sum_rows": Form(COMPOUND, r"\sum_{{\mathrm{{rows}}}}\left({0}\right)"),
    "mean_rows": _call(r"\operatorname{{mean}}_{{\mathrm{{rows}}}}\left({0}\right)"),
    "sum_columns": Form(COMPOUND, r"\sum_{{\mathrm{{columns}}}}\left({0}\right)"),
    "mean_columns": _call(r"\operatorname{{mean}}_{{\mathrm{{columns}}}}\left({0}\right)"),
    "size.rows": _call("n"),
    "size.columns": _call(r"\operatorname{{columns}}({0})"),
    "size.all": _call(r"\operatorname{{cells}}({0})"),
    "select_rows": Form(COMPOUND, "{0}[{rows}]", (ATOM,)),
    "place_rows": _call(r"\operatorname{{place\_rows}}({0}, {rows})"),
    "repeated": _call(r"\operatorname{{repeated}}({0})"),
    **{
        op: _call(rf"\operatorname{{{{{op.replace('_', _UNDERSCORE)}}}}}({inside}{{settings}})")
        for op, inside in WINDOWED.items()
    },
}

_PYTHON = {
    **_SUMS,
    "mul": Form(PRODUCT, "{0} * {1}", (TIGHT, TIGHT)),
    "scale": Form(PRODUCT, "{0} * {1}", (TIGHT, TIGHT)),
    "matmul": Form(PRODUCT, "{0} @ {1}", (TIGHT, TIGHT)),
    "div": Form(QUOTIENT, "{0} / {1}", (PRODUCT, TIGHT)),
    "power": Form(COMPOUND, "{0} ** {argument}", (ATOM,)),
    "transpose": Form(ATOM, "{0}.T", (ATOM,)),
    "mask": Form(PRODUCT, "({0} > 0) * 1.0"),
    "mask.factor": _call("({0} > 0)"),
    "sum": Form(ATOM, "{0}.sum()", (ATOM,)),
    "mean": Form(ATOM, "{0}.mean()", (ATOM,)),
    "size.rows": Form(ATOM, "{0}.shape[0]", (ATOM,)),
    "size.columns": Form(ATOM, "{0}.shape[1]", (ATOM,)),
    "select_rows": Form(ATOM, "{0}[{indices}]", (ATOM,)),
}

NUMPY: dict[str, Form] = {
    **_PYTHON,
    "relu": _call("np.maximum(0, {0})"),
    "leaky_relu": Form(ATOM, "np.where({0} > 0, {0}, {1} * {0})", (TIGHT, TIGHT)),
    "leaky_mask": _call("np.where({0} > 0, 1.0, {1})"),
    "sigmoid": Form(QUOTIENT, "1 / (1 + np.exp(-{0}))", (PRODUCT,)),
    "tanh": _call("np.tanh({0})"),
    "softmax": Form(QUOTIENT, "np.exp({0}) / np.exp({0}).sum(axis=1, keepdims=True)"),
    "exp": _call("np.exp({0})"),
    "ln": _call("np.log({0})"),
    "sqrt": _call("np.sqrt({0})"),
    "abs": _call("np.abs({0})"),
    "sign": _call("np.sign({0})"),
    "sum_rows": Form(ATOM, "{0}.sum(axis=0, keepdims=True)", (ATOM,)),
    "mean_rows": Form(ATOM, "{0}.mean(axis=0, keepdims=True)", (ATOM,)),
    "sum_columns": Form(ATOM, "{0}.sum(axis=1, keepdims=True)", (ATOM,)),
    "mean_columns": Form(ATOM, "{0}.mean(axis=1, keepdims=True)", (ATOM,)),
    "size.all": Form(ATOM, "{0}.size", (ATOM,)),
    "broadcast": Form(ATOM, "np.broadcast_to({0}, {1}.shape)", (0, ATOM)),
    "place_rows": Form(PRODUCT, "np.eye({1}.shape[0])[:, {indices}] @ {0}", (TIGHT, ATOM)),
    "conv2d": _call("conv2d({0}, {1}, {pairs})"),
    "conv2d_to_input": Form(ATOM, "conv2d_to_input({0}, {1}, {2}.shape, {pairs})", (0, 0, ATOM)),
    "conv2d_to_kernel": Form(ATOM, "conv2d_to_kernel({0}, {1}, {2}.shape, {pairs})", (0, 0, ATOM)),
    "max_pool2d": _call("max_pool2d({0}, {pairs})"),
    "max_pool2d_to_input": _call("max_pool2d_to_input({0}, {1}, {pairs})"),
    "max_pool2d_pick": _call("max_pool2d_pick({0}, {1}, {pairs})"),
    "avg_pool2d": _call("avg_pool2d({0}, {pairs})"),
    "avg_pool2d_to_input": Form(ATOM, "avg_pool2d_to_input({0}, {1}.shape, {pairs})", (0, ATOM)),
    "flatten": Form(ATOM, "{0}.reshape(1, -1)", (ATOM,)),
    "unflatten": Form(ATOM, "{0}.reshape({1}.shape)", (ATOM, ATOM)),
    "flip": Form(ATOM, "{0}[::-1, ::-1]", (ATOM,)),
}

_TORCH, _ONE, _OTHER = "torch.nn.functional.", "{0}[None, None]", "{1}[None, None]"
_LIKE, _BACK = "(1, 1, *{2}.shape)", "torch.autograd.functional."
_POOL = "lambda x: torch.nn.functional.{kind}_pool2d(x[None, None], {{pairs}})[0, 0]"
_MAX, _AVERAGE = _POOL.format(kind="max"), _POOL.format(kind="avg")

PYTORCH: dict[str, Form] = {
    **_PYTHON,
    "relu": _call("torch.relu({0})"),
    "leaky_relu": _call("torch.nn.functional.leaky_relu({0}, {1})"),
    "leaky_mask": _call("torch.where({0} > 0, 1.0, {1})"),
    "sigmoid": _call("torch.sigmoid({0})"),
    "tanh": _call("torch.tanh({0})"),
    "softmax": _call("torch.softmax({0}, dim=1)"),
    "exp": _call("torch.exp({0})"),
    "ln": _call("torch.log({0})"),
    "sqrt": _call("torch.sqrt({0})"),
    "abs": _call("torch.abs({0})"),
    "sign": _call("torch.sign({0})"),
    "sum_rows": Form(ATOM, "{0}.sum(dim=0, keepdim=True)", (ATOM,)),
    "mean_rows": Form(ATOM, "{0}.mean(dim=0, keepdim=True)", (ATOM,)),
    "sum_columns": Form(ATOM, "{0}.sum(dim=1, keepdim=True)", (ATOM,)),
    "mean_columns": Form(ATOM, "{0}.mean(dim=1, keepdim=True)", (ATOM,)),
    "size.all": Form(ATOM, "{0}.numel()", (ATOM,)),
    "broadcast": Form(SUM, "torch.zeros_like({1}) + {0}", (MINUS + 1, 0)),
    "place_rows": Form(
        PRODUCT, "torch.eye({1}.shape[0], dtype={0}.dtype)[:, {indices}] @ {0}", (ATOM, ATOM)
    ),
    "conv2d": Form(ATOM, f"{_TORCH}conv2d({_ONE}, {_OTHER}, None, {{pairs}})[0, 0]", (ATOM, ATOM)),
    "conv2d_to_input": Form(
        ATOM,
        f"torch.nn.grad.conv2d_input({_LIKE}, {_OTHER}, {_ONE}, {{pairs}})[0, 0]",
        (ATOM, ATOM, ATOM),
    ),
    "conv2d_to_kernel": Form(
        ATOM,
        f"torch.nn.grad.conv2d_weight({_OTHER}, {_LIKE}, {_ONE}, {{pairs}})[0, 0]",
        (ATOM, ATOM, ATOM),
    ),
    "max_pool2d": Form(ATOM, f"{_TORCH}max_pool2d({_ONE}, {{pairs}})[0, 0]", (ATOM,)),
    "max_pool2d_to_input": _call(f"{_BACK}vjp({_MAX}, {{1}}, {{0}})[1]"),
    "max_pool2d_pick": _call(f"{_BACK}jvp({_MAX}, {{1}}, {{0}})[1]"),
    "avg_pool2d": Form(ATOM, f"{_TORCH}avg_pool2d({_ONE}, {{pairs}})[0, 0]", (ATOM,)),
    "avg_pool2d_to_input": _call(f"{_BACK}vjp({_AVERAGE}, {{1}}, {{0}})[1]"),
    "flatten": Form(ATOM, "{0}.reshape(1, -1)", (ATOM,)),
    "unflatten": Form(ATOM, "{0}.reshape({1}.shape)", (ATOM, ATOM)),
    "flip": Form(ATOM, "{0}.flip(0, 1)", (ATOM,)),
}

ASSOCIATIVE = frozenset({"mul", "matmul", "scale"})
BROADCASTING = frozenset({"add", "sub", "mul", "div"})
SHAPED = frozenset(
    ("matmul", "transpose", "sum", "mean", "sum_rows", "mean_rows", "sum_columns", "mean_columns")
)
"""Ops for which it matters how often a broadcast repeats."""
ALWAYS_SCALAR = frozenset({"n", "L"})


@dataclass(frozen=True)
class Notation:
    """A way of writing: its forms, its symbols, and which names are scalars.

    `scalars` decides between ``·`` and ``⊙``: a number times a matrix is no elementwise product.
    """

    forms: dict[str, Form]
    symbol: Callable[[str], str]
    scalars: Container[str] = field(default_factory=frozenset)


def unicode_notation(
    scalars: Container[str] = frozenset(), show: Callable[[str], str] = symbol
) -> Notation:
    """As the lesson writes: ``∂L/∂O₁ ⊙ [H₁ > 0]``."""
    return Notation(UNICODE, show, scalars)


def latex_notation(scalars: Container[str] = frozenset()) -> Notation:
    """LaTeX's mathematics mode."""
    return Notation(LATEX, latex_symbol, scalars)


def numpy_notation(scalars: Container[str] = ALWAYS_SCALAR) -> Notation:
    """A line of Python with ``np``."""
    return Notation(NUMPY, identifier, scalars)


def pytorch_notation(scalars: Container[str] = ALWAYS_SCALAR) -> Notation:
    """A line of Python with ``torch``."""
    return Notation(PYTORCH, identifier, scalars)


@dataclass(frozen=True, slots=True)
class _Written:
    """A part of the tree: its text, how tightly that binds, whether its value is a number."""

    text: str
    level: int
    scalar: bool


Parts = dict[Node, _Written]


def write(root: Node, notation: Notation) -> str:
    """The tree in that notation; a part that would be longer than `MAX_TEXT` is "…"."""
    done: Parts = {}
    for node in walk(root):
        text, level = _form(node, notation, done) if node.operands else _leaf(node, notation)
        scalar = _is_scalar(node, notation, done)
        short = len(text) <= MAX_TEXT
        done[node] = _Written(text, level, scalar) if short else _Written("…", ATOM, scalar)
    return done[root].text


def _is_scalar(node: Node, notation: Notation, done: Parts) -> bool:
    """Whether the value is a number, not a matrix, as far as the tree itself tells."""
    if node.op in ("number", "size", "sum", "mean"):
        return True
    if node.op == "name":
        return str(node.argument) in notation.scalars
    if node.op == "broadcast":
        return node.argument == "scalar"
    return all(done[operand].scalar for operand in node.operands)


def _leaf(node: Node, notation: Notation) -> tuple[str, int]:
    if node.op == "number":
        assert isinstance(node.argument, Fraction)
        return number_text(node.argument)
    text = notation.symbol(str(node.argument))
    if text.startswith("-"):
        return text, MINUS
    if "/" in text:
        return text, FRACTION
    return text, COMPOUND if text.endswith(("⁺", "⁾")) or "^" in text or "frac" in text else ATOM


def _form(node: Node, notation: Notation, done: Parts) -> tuple[str, int]:
    op = _name_of_form(node, notation, done)
    if op not in notation.forms:  # a broadcast where the notation doesn't write it
        inside = done[node.operands[0]]
        return inside.text, inside.level
    form = notation.forms[op]
    parts = []
    for place, operand in enumerate(node.operands):
        other = node.operands[1 - place] if len(node.operands) == 2 else None
        if _repeats_by_itself(node, operand, other, notation, done):
            operand = operand.operands[0]
        special = _special_form(node, operand, other)
        if special in notation.forms:
            inside = done[operand.operands[0]]
            parts.append(notation.forms[special].template.format(inside.text))
            continue
        first_of_chain = place == 0 and operand.op == node.op and op in ASSOCIATIVE
        needed = form.level if first_of_chain else form.needs[min(place, len(form.needs) - 1)]
        part = done[operand]
        parts.append(part.text if part.level >= needed else f"({part.text})")
    return form.template.format(*parts, **_extras(node)), form.level


def _name_of_form(node: Node, notation: Notation, done: Parts) -> str:
    if node.op == "size":
        return f"size.{node.argument}"
    if node.op == "mul":
        if "numbers" in notation.forms and node.operands[1].op == "number":
            return "numbers"
        if any(done[operand].scalar for operand in node.operands):
            return "scale"
    return node.op


def _repeats_by_itself(
    node: Node, operand: Node, other: Node | None, notation: Notation, done: Parts
) -> bool:
    """Whether a broadcast needn't be written beside the other operand.

    Python repeats by itself, but only to the shape of something that has it.
    """
    if operand.op != "broadcast" or node.op not in BROADCASTING or other is None:
        return False
    return "broadcast" not in notation.forms or not (other.op == "broadcast" or done[other].scalar)


def _special_form(node: Node, operand: Node, other: Node | None) -> str:
    """How an operand is written in this place only; "" for no other way than everywhere."""
    if operand.op == "mask" and node.op == "mul" and other is not None and other.op != "mask":
        return "mask.factor"  # truth values do, beside numbers
    if operand.op == "broadcast" and node.op in SHAPED:
        return "repeated"  # 1·Wᵀ wouldn't be the product of a matrix of ones
    return ""


def _extras(node: Node) -> dict[str, object]:
    if node.op == "power":
        return {"sup": str(node.argument).translate(SUPERSCRIPTS), "argument": node.argument}
    if node.op in ("select_rows", "place_rows") and isinstance(node.argument, tuple):
        rows = [int(row) for row in node.argument if isinstance(row, int)]
        return {"rows": ", ".join(str(row + 1) for row in rows), "indices": rows}
    if node.op in SETTINGS:
        pairs: Any = node.argument
        told = (
            f", {key}={rows if rows == columns else f'[{rows}, {columns}]'}"
            for key, (rows, columns) in settings(node).items()
        )
        return {"settings": "".join(told), "pairs": ", ".join(map(str, pairs))}
    return {"settings": ""}


def number_text(value: Fraction) -> tuple[str, int]:
    """A constant and how tightly it binds: a finite decimal, or else a fraction."""
    decimals = decimals_of(value)
    level = MINUS if value < 0 else ATOM
    if decimals is None:
        return f"{value.numerator}/{value.denominator}", min(level, QUOTIENT)
    if decimals == 0:
        return str(value.numerator), level
    scaled = abs(value) * 10**decimals
    digits = str(scaled.numerator).rjust(decimals + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}", level

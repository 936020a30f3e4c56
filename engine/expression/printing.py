"""The table of printed forms: how each op is written in Unicode, LaTeX, NumPy and PyTorch.

A tree prints as it was written: nothing is simplified or reordered. One row of a notation's table
gives the op's level (how tightly it binds), its template, and the level that each operand must have
to stand without brackets.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from fractions import Fraction

from engine.expression.exact import decimals_of
from engine.expression.node import Node
from engine.expression.symbols import identifier, latex_symbol, symbol

SUM, MINUS, PRODUCT, QUOTIENT, COMPOUND, ATOM = 10, 15, 20, 20, 30, 40
TIGHT = PRODUCT + 1


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

UNICODE: dict[str, Form] = {
    **_SUMS,
    "mul": Form(PRODUCT, "{0} ⊙ {1}", (TIGHT, TIGHT)),
    "scale": Form(PRODUCT, "{0}·{1}", (TIGHT, TIGHT)),
    "matmul": Form(PRODUCT, "{0}·{1}", (TIGHT, TIGHT)),
    "div": Form(QUOTIENT, "{0}/{1}", (TIGHT, COMPOUND + 1)),
    "power": Form(COMPOUND, "{0}{sup}", (ATOM,)),
    "transpose": Form(ATOM, "{0}ᵀ", (ATOM,)),
    "relu": _call("max(0, {0})"),
    "leaky_relu": _call("leaky_relu({0}, {1})"),
    "leaky_mask": _call("([{0} > 0] + {1}·[{0} ≤ 0])"),
    "mask": _call("[{0} > 0]"),
    "sigmoid": _call("σ({0})"),
    "tanh": _call("tanh({0})"),
    "softmax": _call("softmax({0})"),
    "exp": _call("exp({0})"),
    "ln": _call("ln({0})"),
    "sqrt": _call("√({0})"),
    "abs": _call("|{0}|"),
    "sign": _call("sign({0})"),
    "sum": _call("Σ({0})"),
    "mean": _call("mean({0})"),
    "sum_rows": _call("sum_rows({0})"),
    "mean_rows": _call("mean_rows({0})"),
    "sum_columns": _call("sum_columns({0})"),
    "mean_columns": _call("mean_columns({0})"),
    "size.rows": _call("n"),
    "size.columns": _call("columns({0})"),
    "size.all": _call("cells({0})"),
    "broadcast": Form(SUM, "{0}"),
}

LATEX: dict[str, Form] = {
    **_SUMS,
    "mul": Form(PRODUCT, r"{0} \odot {1}", (TIGHT, TIGHT)),
    "scale": Form(PRODUCT, r"{0} \, {1}", (TIGHT, TIGHT)),
    "matmul": Form(PRODUCT, "{0} {1}", (TIGHT, TIGHT)),
    "div": Form(ATOM, r"\frac{{{0}}}{{{1}}}"),
    "power": Form(COMPOUND, "{0}^{{{argument}}}", (ATOM,)),
    "transpose": Form(COMPOUND, r"{0}^{{\top}}", (ATOM,)),
    "relu": _call(r"\max(0, {0})"),
    "leaky_relu": _call(r"\operatorname{{leaky\_relu}}({0}, {1})"),
    "leaky_mask": _call(r"\left([{0} > 0] + {1} \, [{0} \le 0]\right)"),
    "mask": _call(r"[{0} > 0]"),
    "sigmoid": _call(r"\sigma({0})"),
    "tanh": _call(r"\tanh({0})"),
    "softmax": _call(r"\operatorname{{softmax}}({0})"),
    "exp": _call(r"\exp({0})"),
    "ln": _call(r"\ln({0})"),
    "sqrt": _call(r"\sqrt{{{0}}}"),
    "abs": _call(r"\left|{0}\right|"),
    "sign": _call(r"\operatorname{{sign}}({0})"),
    "sum": _call(r"\sum\left({0}\right)"),
    "mean": _call(r"\operatorname{{mean}}({0})"),
    "sum_rows": _call(r"\sum_{{\mathrm{{rows}}}}\left({0}\right)"),
    "mean_rows": _call(r"\operatorname{{mean}}_{{\mathrm{{rows}}}}\left({0}\right)"),
    "sum_columns": _call(r"\sum_{{\mathrm{{columns}}}}\left({0}\right)"),
    "mean_columns": _call(r"\operatorname{{mean}}_{{\mathrm{{columns}}}}\left({0}\right)"),
    "size.rows": _call("n"),
    "size.columns": _call(r"\operatorname{{columns}}({0})"),
    "size.all": _call(r"\operatorname{{cells}}({0})"),
    "broadcast": Form(SUM, "{0}"),
}

_PYTHON = {
    **_SUMS,
    "mul": Form(PRODUCT, "{0} * {1}", (TIGHT, TIGHT)),
    "scale": Form(PRODUCT, "{0} * {1}", (TIGHT, TIGHT)),
    "matmul": Form(PRODUCT, "{0} @ {1}", (TIGHT, TIGHT)),
    "div": Form(QUOTIENT, "{0} / {1}", (TIGHT, TIGHT)),
    "power": Form(COMPOUND, "{0} ** {argument}", (ATOM,)),
    "transpose": Form(ATOM, "{0}.T", (ATOM,)),
    "mask": _call("({0} > 0)"),
    "sum": Form(ATOM, "{0}.sum()", (ATOM,)),
    "mean": Form(ATOM, "{0}.mean()", (ATOM,)),
    "size.rows": Form(ATOM, "{0}.shape[0]", (ATOM,)),
    "size.columns": Form(ATOM, "{0}.shape[1]", (ATOM,)),
}

NUMPY: dict[str, Form] = {
    **_PYTHON,
    "relu": _call("np.maximum(0, {0})"),
    "leaky_relu": _call("np.where({0} > 0, {0}, {1} * {0})"),
    "leaky_mask": _call("np.where({0} > 0, 1, {1})"),
    "sigmoid": _call("(1 / (1 + np.exp(-({0}))))"),
    "tanh": _call("np.tanh({0})"),
    "softmax": _call("(np.exp({0}) / np.exp({0}).sum(axis=1, keepdims=True))"),
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
    "broadcast": _call("np.broadcast_to({0}, {1}.shape)"),
}

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
    "broadcast": _call("torch.broadcast_to({0}, {1}.shape)"),
}

ASSOCIATIVE = frozenset({"mul", "matmul", "scale"})
BROADCASTING = frozenset({"add", "sub", "mul", "scale", "div"})


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


def numpy_notation() -> Notation:
    """A line of Python with ``np``."""
    return Notation(NUMPY, identifier)


def pytorch_notation() -> Notation:
    """A line of Python with ``torch``."""
    return Notation(PYTORCH, identifier)


def is_scalar(node: Node, scalars: Container[str]) -> bool:
    """Whether the tree's value is a number, not a matrix, as far as the tree itself tells."""
    if node.op in ("number", "size", "sum", "mean"):
        return True
    if node.op == "name":
        return str(node.argument) in scalars
    if node.op == "broadcast":
        return node.argument == "scalar"
    return all(is_scalar(operand, scalars) for operand in node.operands)


def write(root: Node, notation: Notation) -> str:
    """The tree in that notation."""
    return _write(root, notation)[0]


def _write(node: Node, notation: Notation) -> tuple[str, int]:
    if node.op == "number":
        assert isinstance(node.argument, Fraction)
        return number_text(node.argument)
    if node.op == "name":
        text = notation.symbol(str(node.argument))
        return text, COMPOUND if "/" in text else ATOM
    op = node.op
    if op == "size":
        op = f"size.{node.argument}"
    elif op == "mul" and any(is_scalar(operand, notation.scalars) for operand in node.operands):
        op = "scale"
    form = notation.forms[op]
    parts = []
    for place, operand in enumerate(node.operands):
        if operand.op == "broadcast" and node.op in BROADCASTING:
            operand = operand.operands[0]
        text, level = _write(operand, notation)
        first_of_chain = place == 0 and operand.op == node.op and op in ASSOCIATIVE
        needed = form.level if first_of_chain else form.needs[min(place, len(form.needs) - 1)]
        parts.append(text if level >= needed else f"({text})")
    extra = {}
    if node.op == "power":
        extra = {"sup": str(node.argument).translate(SUPERSCRIPTS), "argument": node.argument}
    return form.template.format(*parts, **extra), form.level


SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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

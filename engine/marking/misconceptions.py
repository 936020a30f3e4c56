"""The table of misconceptions: each is a rewrite of the expression tree, with its tag and message.

A mistake is what one gets from the right tree by doing one thing wrong: leaving a transpose out,
forgetting the mask, taking another quantity. So every problem, a teacher's own too, has all of them
without a line. The order of `MISCONCEPTIONS` is the order of priority where several fit.

A message says what was done, why it is wrong and what to look at; its fields are ``asked`` (the
quantity asked), ``used`` and ``meant`` (what was taken and what it was taken for, where that is one
quantity), and ``upstream`` (the gradient that arrives).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from engine.expression.derive import minus
from engine.expression.node import (
    Node,
    make,
    mask,
    name,
    names,
    number,
    select_rows,
    substitute,
    walk,
)
from engine.language import mark_text, tr
from engine.network.losses import N
from engine.network.model import Entry
from engine.network.passes import BACKWARD, LOSS_PASS, UPDATE
from engine.network.solution import Solution, Step


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to get the step wrong: the tree that one would have computed."""

    tag: str
    node: Node
    template: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What was done and where to look, in the learner's language."""
        return tr(self.template, **self.fields) if self.fields else tr(self.template)


@dataclass(frozen=True, eq=False)
class Place:
    """What a rewrite may look at: the step and the solution that it stands in."""

    solution: Solution
    step: Step

    @property
    def upstream(self) -> Node | None:
        key = self.step.quantity.upstream
        return name(key) if key else None

    @property
    def entry(self) -> Entry | None:
        """The forward entry that the step is about."""
        for entry in self.solution.network.entries:
            if entry.to == self.step.quantity.result.partition("@")[0]:
                return entry
        return None

    @property
    def rows(self) -> int:
        """n, the number of observations; 1 where the problem has none."""
        counted = self.solution.numbers.get(N)
        return 1 if counted is None else int(counted)


@dataclass(frozen=True, slots=True)
class Change:
    """What a rewrite yields: the wrong tree, and the keys that the message names."""

    node: Node
    used: str = ""
    meant: str = ""
    message: str = ""
    """A message of its own, where the table's doesn't fit."""


Rewrite = Callable[[Place, Node], Iterator[Change]]

N_NODE = name(N)


def _each(root: Node, op: str) -> Iterator[Node]:
    """The nodes of one op, outermost first: the mistake nearest to the result is the likeliest."""
    return (node for node in reversed(list(walk(root))) if node.op == op)


def _put(root: Node, old: Node, new: Node) -> Change:
    return Change(substitute(root, {old: new}))


def _is_constant(node: Node) -> bool:
    return node.op == "number"


# --- the mask -------------------------------------------------------------------------------------

MASKS = ("mask", "leaky_mask")


def _mask_missing(place: Place, root: Node) -> Iterator[Change]:
    for product in _each(root, "mul"):
        left, right = product.operands
        if right.op in MASKS:
            yield _put(root, product, left)
        if left.op in MASKS:
            yield _put(root, product, right)


def _mask_values(place: Place, root: Node) -> Iterator[Change]:
    entry = place.entry
    for masked in [*_each(root, "mask"), *_each(root, "leaky_mask")]:
        yield _put(root, masked, masked.operands[0])
        if entry is not None and masked.operands[0] == name(entry.source):
            yield _put(root, masked, name(entry.to))


def _mask_of_output_gradient(place: Place, root: Node) -> Iterator[Change]:
    upstream = place.upstream
    for masked in _each(root, "mask"):
        if upstream is not None and masked.operands[0] is not upstream:
            yield _put(root, masked, mask(upstream))


# --- the forward pass -----------------------------------------------------------------------------

ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh", "softmax")


def _activation_missing(place: Place, root: Node) -> Iterator[Change]:
    for op in ACTIVATIONS:
        for node in _each(root, op):
            yield _put(root, node, node.operands[0])
    if place.step.stage == UPDATE:
        return
    for entry in place.solution.network.entries:
        if entry.layer in ACTIVATIONS and place.step.key != entry.to and place.entry is not entry:
            changed = substitute(root, {name(entry.to): name(entry.source)})
            if changed is not root:
                yield Change(changed)


def _bias_missing(place: Place, root: Node) -> Iterator[Change]:
    for added in _each(root, "add"):
        if added.operands[1].op == "broadcast" and added.operands[1].argument == "row":
            yield _put(root, added, added.operands[0])


# --- the update -----------------------------------------------------------------------------------


def _gradient_only(place: Place, root: Node) -> Iterator[Change]:
    if place.step.stage == UPDATE:
        for key in names(root):
            if key.startswith("grad."):
                yield Change(name(key))


def _ascent(place: Place, root: Node) -> Iterator[Change]:
    if place.step.stage == UPDATE:
        for node in _each(root, "sub"):
            left, right = node.operands
            yield _put(root, node, left + right)


def _learning_rate_missing(place: Place, root: Node) -> Iterator[Change]:
    update = place.solution.network.update
    if update is not None and place.step.stage == UPDATE:
        rate = name(update.learning_rate)
        for node in _each(root, "mul"):
            if rate in node.operands:
                other = node.operands[1] if node.operands[0] is rate else node.operands[0]
                yield _put(root, node, other)


# --- averages and coefficients --------------------------------------------------------------------


def _divides_by_n(node: Node) -> Node | None:
    """What is left of a quotient when its 1/n is forgotten; None if it has none."""
    above, below = node.operands
    if below is N_NODE:
        return above
    if below.op == "mul" and below.operands[1] is N_NODE:
        return above / below.operands[0]
    return None


def _not_averaged(place: Place, root: Node) -> Iterator[Change]:
    for node in _each(root, "div"):
        left = _divides_by_n(node)
        if left is not None:
            yield _put(root, node, left)


AVERAGED_GRADIENT = mark_text(
    "There is one 1/n too many: this is the derivative of the mean. Here each observation's own "
    "loss is meant, and its gradient isn't divided by n."
)


def _averaged(place: Place, root: Node) -> Iterator[Change]:
    if place.rows == 1:
        return
    skill = place.step.skill
    if skill.endswith(".gradient"):
        loss = place.solution.network.loss
        own = loss is not None and (loss.per_observation or loss.reduction == "sum")
        yield Change(root / N_NODE, message=AVERAGED_GRADIENT if own else "")
    elif place.step.stage == LOSS_PASS or skill.endswith("_gradient"):
        yield Change(root / N_NODE)
    elif place.step.stage == UPDATE:
        for key in names(root):
            if key.startswith("grad."):
                yield _put(root, name(key), name(key) / N_NODE)
    elif any(node is root for node in place.step.quantity.others):
        yield Change(root / N_NODE)


def _coefficient_missing(place: Place, root: Node) -> Iterator[Change]:
    for node in _each(root, "mul"):
        left, right = node.operands
        if _is_constant(left):
            yield _put(root, node, right)
    for node in _each(root, "div"):
        above, below = node.operands
        if _is_constant(below):
            yield _put(root, node, above)
        elif below.op == "mul" and _is_constant(below.operands[0]):
            yield _put(root, node, above / below.operands[1])
    loss = place.solution.network.loss
    if loss is not None and loss.half and place.step.skill == f"{loss.kind}.gradient":
        yield Change(number(2) * root)


# --- the loss -------------------------------------------------------------------------------------


def _difference_reversed(place: Place, root: Node) -> Iterator[Change]:
    if place.step.skill.endswith(".gradient"):
        for node in _each(root, "sub"):
            left, right = node.operands
            if not _is_constant(left):
                yield _put(root, node, right - left)
        yield Change(minus(root))


def _square_missing(place: Place, root: Node) -> Iterator[Change]:
    for node in _each(root, "power"):
        if node.argument == 2:
            yield _put(root, node, node.operands[0])
            yield _put(root, node, make("abs", node.operands))


def _wrong_log_base(place: Place, root: Node) -> Iterator[Change]:
    logarithms = {node for node in walk(root) if node.op == "ln"}
    for base in (10, 2):
        if logarithms:
            divisor = make("ln", (number(base),))
            yield Change(substitute(root, {node: node / divisor for node in logarithms}))


# --- the backward pass ----------------------------------------------------------------------------


def _updated_weights(place: Place, root: Node) -> Iterator[Change]:
    if place.step.stage != BACKWARD:
        return
    for key in names(root):
        if f"new.{key}" in place.solution:
            yield Change(substitute(root, {name(key): name(f"new.{key}")}), f"new.{key}", key)


def _derivative_of_output(place: Place, root: Node) -> Iterator[Change]:
    entry = place.entry
    if place.step.stage != BACKWARD or entry is None or entry.layer not in ("sigmoid", "tanh"):
        return
    result, source = name(entry.to), name(entry.source)
    if place.step.node is root and entry.to in names(root):
        yield Change(substitute(root, {result: make(entry.layer, (result,))}))
        yield Change(substitute(root, {result: source}))


def _factor_missing(place: Place, root: Node) -> Iterator[Change]:
    if place.step.stage == UPDATE:
        return
    for node in _each(root, "mul"):
        for kept, dropped in (node.operands, node.operands[::-1]):
            scalar = _is_constant(dropped) or _is_constant(kept)
            if not scalar and dropped.op not in MASKS and dropped is not N_NODE:
                yield _put(root, node, kept)


def _sum_missing(place: Place, root: Node) -> Iterator[Change]:
    """Only one observation's, one path's or one term's part."""
    if root.op == "add" and place.step.stage == BACKWARD:
        yield Change(root.operands[0])
        yield Change(root.operands[1])
    numbers = place.solution.numbers
    if place.step.skill.endswith(("weight_gradient", "bias_gradient")) and root.op in (
        "matmul",
        "sum_rows",
    ):
        upstream = place.upstream
        rows = numbers[place.step.quantity.upstream].shape[0] if upstream is not None else 1
        for row in range(rows if 1 < rows <= 8 else 0):
            taken = {name(key): select_rows(name(key), (row,)) for key in names(root)}
            yield Change(substitute(root, taken))
    for node in _each(root, "sum"):
        yield from _single_terms(place, root, node)


def _single_terms(place: Place, root: Node, node: Node) -> Iterator[Change]:
    rows = place.rows
    for row in range(rows if 1 < rows <= 8 else 0):
        taken = {
            name(key): select_rows(name(key), (row,))
            for key in names(node)
            if place.solution.numbers[key].ndim and place.solution.numbers[key].shape[0] == rows
        }
        yield _put(root, node, substitute(node, taken))


# --- matrix products ------------------------------------------------------------------------------


def _transpose_missing(place: Place, root: Node) -> Iterator[Change]:
    for node in _each(root, "transpose"):
        yield _put(root, node, node.operands[0])


def _transpose_extra(place: Place, root: Node) -> Iterator[Change]:
    for node in _each(root, "matmul"):
        left, right = node.operands
        if left.op != "transpose":
            yield _put(root, node, left.T @ right)
        if right.op != "transpose":
            yield _put(root, node, left @ right.T)
    if place.step.stage == UPDATE:
        for key in names(root):
            if place.solution.numbers[key].ndim:
                yield _put(root, name(key), name(key).T)


def _factors_swapped(place: Place, root: Node) -> Iterator[Change]:
    for node in _each(root, "matmul"):
        left, right = node.operands
        yield _put(root, node, right @ left)


def _elementwise_product(place: Place, root: Node) -> Iterator[Change]:
    for node in _each(root, "matmul"):
        left, right = node.operands
        yield _put(root, node, left * right)
        if left.op == "transpose":
            yield _put(root, node, left.T * right)
        if right.op == "transpose":
            yield _put(root, node, left * right.T)


def _matrix_product(place: Place, root: Node) -> Iterator[Change]:
    for node in _each(root, "mul"):
        left, right = node.operands
        if not _is_constant(left) and not _is_constant(right):
            yield _put(root, node, left @ right)


# --- any other ------------------------------------------------------------------------------------


def _wrong_quantity(place: Place, root: Node) -> Iterator[Change]:
    """Another quantity of the same pass in one place, or instead of the whole."""
    numbers = place.solution.numbers
    step = place.step
    suffix = step.key.partition("@")[2]
    candidates = [
        key
        for key in numbers
        if key != step.key
        and key != N
        and (key in place.solution.network.values or key.partition("@")[2] == suffix)
    ]
    for key in names(root):
        for other in candidates:
            if other != key and numbers[other].ndim and numbers[other].shape == numbers[key].shape:
                yield Change(substitute(root, {name(key): name(other)}), other, key)
    for other in candidates:
        if numbers[other].shape == step.shape:
            yield Change(name(other), other, step.key)


def _sign(place: Place, root: Node) -> Iterator[Change]:
    yield Change(minus(root))
    for node in _each(root, "neg"):
        yield _put(root, node, node.operands[0])
    for op in ("add", "sub"):
        for node in _each(root, op):
            left, right = node.operands
            yield _put(root, node, left - right if op == "add" else left + right)


@dataclass(frozen=True, slots=True)
class MisconceptionKind:
    """A row of the table."""

    tag: str
    rewrite: Rewrite
    message: str
    whole: str = ""
    """The message where another quantity stands for the whole answer."""


MISCONCEPTIONS: tuple[MisconceptionKind, ...] = (
    MisconceptionKind(
        "mask_missing",
        _mask_missing,
        mark_text(
            "These are the numbers before the mask. The ReLU lets a gradient through only where "
            "its input was positive: look at the signs of the layer's input."
        ),
    ),
    MisconceptionKind(
        "mask_values",
        _mask_values,
        mark_text(
            "The mask is made of zeros and ones, one for each cell of the ReLU's input that is "
            "positive. Here the values themselves were taken instead."
        ),
    ),
    MisconceptionKind(
        "mask_of_output_gradient",
        _mask_of_output_gradient,
        mark_text(
            "This is the mask of the gradient that arrived. The ReLU remembers the sign of its "
            "own input from the forward pass, not the sign of the gradient."
        ),
    ),
    MisconceptionKind(
        "activation_missing",
        _activation_missing,
        mark_text(
            "The activation function was left out: these are the numbers before it. Look at what "
            "the layer does to each cell."
        ),
    ),
    MisconceptionKind(
        "bias_missing",
        _bias_missing,
        mark_text("The bias was left out: it is added to every row of the product."),
    ),
    MisconceptionKind(
        "gradient_only",
        _gradient_only,
        mark_text(
            "This is the gradient. The parameter after the step is asked: the old parameter minus "
            "the learning rate times the gradient."
        ),
    ),
    MisconceptionKind(
        "not_averaged",
        _not_averaged,
        mark_text(
            "The 1/n was forgotten: the loss is a mean over the n observations, and n divides "
            "what comes from it."
        ),
    ),
    MisconceptionKind(
        "averaged",
        _averaged,
        mark_text("There is one 1/n too many: nothing is divided by n at this place."),
    ),
    MisconceptionKind(
        "ascent",
        _ascent,
        mark_text(
            "The step goes uphill: the gradient was added. Gradient descent subtracts it, to make "
            "the loss smaller."
        ),
    ),
    MisconceptionKind(
        "learning_rate_missing",
        _learning_rate_missing,
        mark_text("The learning rate was left out: it multiplies the gradient before the step."),
    ),
    MisconceptionKind(
        "difference_reversed",
        _difference_reversed,
        mark_text(
            "The difference is the wrong way round. If the prediction is too large the gradient "
            "is positive: check the order of prediction and target."
        ),
    ),
    MisconceptionKind(
        "updated_weights",
        _updated_weights,
        mark_text(
            "The new weights were used. The backward pass belongs to the forward pass that was "
            "made with the old ones; the step comes after it."
        ),
    ),
    MisconceptionKind(
        "derivative_of_output",
        _derivative_of_output,
        mark_text(
            "The derivative was taken at the wrong quantity. Written with the layer's own output "
            "it needs no function any more: put the output in directly."
        ),
    ),
    MisconceptionKind(
        "factor_missing",
        _factor_missing,
        mark_text(
            "A factor is missing. The chain rule multiplies what arrives by the layer's own "
            "derivative, cell by cell."
        ),
    ),
    MisconceptionKind(
        "wrong_quantity",
        _wrong_quantity,
        mark_text("{used} was used in the place of {meant}. Follow which of them belongs here."),
        mark_text("This is {used}, but {meant} is asked."),
    ),
    MisconceptionKind(
        "transpose_missing",
        _transpose_missing,
        mark_text(
            "A transpose was forgotten. Write the shapes down side by side: rows and columns must "
            "meet the right way round."
        ),
    ),
    MisconceptionKind(
        "transpose_extra",
        _transpose_extra,
        mark_text("A matrix was transposed that should stay as it is. Check the shapes."),
    ),
    MisconceptionKind(
        "factors_swapped",
        _factors_swapped,
        mark_text("The factors are swapped: a matrix product depends on their order."),
    ),
    MisconceptionKind(
        "elementwise_product",
        _elementwise_product,
        mark_text(
            "The cells were multiplied one by one. A matrix product is needed here: a row times a "
            "column, added up."
        ),
    ),
    MisconceptionKind(
        "matrix_product",
        _matrix_product,
        mark_text(
            "A matrix product was taken. Here the cells are multiplied one by one: each cell of "
            "the layer has its own derivative."
        ),
    ),
    MisconceptionKind(
        "coefficient_missing",
        _coefficient_missing,
        mark_text(
            "A constant factor is off: look at the 2 that comes down from the square and at a 1/2 "
            "in front of the loss."
        ),
    ),
    MisconceptionKind(
        "sum_missing",
        _sum_missing,
        mark_text(
            "This is one term only. Every observation and every path adds its part: sum them all."
        ),
    ),
    MisconceptionKind(
        "square_missing",
        _square_missing,
        mark_text("The square was left out: each difference is squared before it is added."),
    ),
    MisconceptionKind(
        "wrong_log_base",
        _wrong_log_base,
        mark_text("Another logarithm was used: here it is the natural one, with the base e."),
    ),
    MisconceptionKind(
        "sign",
        _sign,
        mark_text("The numbers are right but for a sign. Check each plus and minus."),
    ),
)

PRIORITY: dict[str, int] = {kind.tag: place for place, kind in enumerate(MISCONCEPTIONS)}


def variants(solution: Solution, key: str) -> tuple[Variant, ...]:
    """Every way to get a step wrong that is known for its tree, likeliest first.

    Trees that don't fit in shape are among them: as formulas they can still be recognised.
    """
    step = solution[key]
    place = Place(solution, step)
    forms = (step.node, *step.quantity.others)
    found: dict[Node, Variant] = {}
    late: list[Variant] = []
    for kind in MISCONCEPTIONS:
        for form in forms:
            for change in kind.rewrite(place, form):
                if change.node in forms or change.node in found:
                    continue
                variant = _variant(solution, step, kind, change)
                if kind.tag == "wrong_quantity" and change.node.op == "name":
                    late.append(variant)
                else:
                    found[change.node] = variant
    # Another quantity for the whole answer is the last guess: W for its transpose is a transpose.
    everything = [*found.values(), *(v for v in late if v.node not in found)]
    return tuple(sorted(everything, key=lambda variant: PRIORITY[variant.tag]))


def _variant(solution: Solution, step: Step, kind: MisconceptionKind, change: Change) -> Variant:
    fields = {}
    template = change.message or kind.message
    if kind.tag == "wrong_quantity":
        fields = {"used": solution.symbol(change.used), "meant": solution.symbol(change.meant)}
        if change.node.op == "name":
            template = kind.whole
    return Variant(kind.tag, change.node, template, fields)

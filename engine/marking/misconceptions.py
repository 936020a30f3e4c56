"""The table of misconceptions: each is a rewrite of the expression tree, with its tag and message.

A mistake is what one gets from the right tree by doing one thing wrong: leaving a transpose out,
forgetting the mask, taking another quantity. So every problem, a teacher's own too, has all of them
without a line. The order of `MISCONCEPTIONS` is the order of priority where several fit.

A message says what was done, why it is wrong and what to look at; its fields are ``asked`` (the
quantity asked), ``used`` and ``meant`` (what was taken and what it was taken for, where that is one
quantity), and ``upstream`` (the gradient that arrives).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.expression.node import Node
from engine.language import mark_text, tr
from engine.marking import layer_rewrites, rewrites, update_rewrites
from engine.marking.rewrites import Change, Place, Rewrite
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
        rewrites.mask_missing,
        mark_text(
            "These are the numbers before the mask. The ReLU lets a gradient through only where "
            "its input was positive: look at the signs of the layer's input."
        ),
    ),
    MisconceptionKind(
        "mask_values",
        rewrites.mask_values,
        mark_text(
            "The mask is made of zeros and ones, one for each cell of the ReLU's input that is "
            "positive. Here the values themselves were taken instead."
        ),
    ),
    MisconceptionKind(
        "mask_of_output_gradient",
        rewrites.mask_of_output_gradient,
        mark_text(
            "This is the mask of the gradient that arrived. The ReLU remembers the sign of its "
            "own input from the forward pass, not the sign of the gradient."
        ),
    ),
    MisconceptionKind(
        "activation_missing",
        rewrites.activation_missing,
        mark_text(
            "The activation function was left out: these are the numbers before it. Look at what "
            "the layer does to each cell."
        ),
    ),
    MisconceptionKind(
        "bias_missing",
        rewrites.bias_missing,
        mark_text("The bias was left out: it is added to every row of the product."),
    ),
    MisconceptionKind(
        "gradient_only",
        update_rewrites.gradient_only,
        mark_text(
            "This is the gradient. The parameter after the step is asked: the old parameter minus "
            "the learning rate times the gradient."
        ),
    ),
    MisconceptionKind(
        "not_averaged",
        rewrites.not_averaged,
        mark_text(
            "The 1/n was forgotten: the loss is a mean over the n observations, and n divides "
            "what comes from it."
        ),
    ),
    MisconceptionKind(
        "averaged",
        rewrites.averaged,
        mark_text("There is one 1/n too many: nothing is divided by n at this place."),
    ),
    MisconceptionKind(
        "ascent",
        update_rewrites.ascent,
        mark_text(
            "The step goes uphill: the gradient was added. Gradient descent subtracts it, to make "
            "the loss smaller."
        ),
    ),
    MisconceptionKind(
        "learning_rate_missing",
        update_rewrites.learning_rate_missing,
        mark_text("The learning rate was left out: it multiplies the gradient before the step."),
    ),
    MisconceptionKind(
        "difference_reversed",
        rewrites.difference_reversed,
        mark_text(
            "The difference is the wrong way round. If the prediction is too large the gradient "
            "is positive: check the order of prediction and target."
        ),
    ),
    MisconceptionKind(
        "updated_weights",
        rewrites.updated_weights,
        mark_text(
            "The new weights were used. The backward pass belongs to the forward pass that was "
            "made with the old ones; the step comes after it."
        ),
    ),
    MisconceptionKind(
        "derivative_of_output",
        rewrites.derivative_of_output,
        mark_text(
            "The derivative was taken at the wrong quantity. Written with the layer's own output "
            "it needs no function any more: put the output in directly."
        ),
    ),
    MisconceptionKind(
        "factor_missing",
        rewrites.factor_missing,
        mark_text(
            "A factor is missing. The chain rule multiplies what arrives by the layer's own "
            "derivative, cell by cell."
        ),
    ),
    MisconceptionKind(
        "kernel_flipped",
        layer_rewrites.kernel_flipped,
        mark_text(
            "The kernel was turned round. The convolution of networks lays it on the picture as "
            "it is: its first cell on the first cell of the window."
        ),
    ),
    MisconceptionKind(
        "gradient_to_every_cell",
        layer_rewrites.gradient_to_every_cell,
        mark_text(
            "The gradient was sent to every cell of the window. Only the largest one made the "
            "maximum, so it alone gets the gradient."
        ),
    ),
    MisconceptionKind(
        "bias_correction_missing",
        update_rewrites.bias_correction_missing,
        mark_text(
            "The correction was left out: the running means began at 0, so they are divided by "
            "1 - βᵗ before the step."
        ),
    ),
    MisconceptionKind(
        "wrong_quantity",
        rewrites.wrong_quantity,
        mark_text("{used} was used where {meant} belongs. Check which of the two this step needs."),
        mark_text("This is {used}, but {meant} is asked."),
    ),
    MisconceptionKind(
        "transpose_missing",
        rewrites.transpose_missing,
        mark_text(
            "A transpose was forgotten. Write the shapes down side by side: rows and columns must "
            "meet the right way round."
        ),
    ),
    MisconceptionKind(
        "transpose_extra",
        rewrites.transpose_extra,
        mark_text("A matrix was transposed that should stay as it is. Check the shapes."),
    ),
    MisconceptionKind(
        "factors_swapped",
        rewrites.factors_swapped,
        mark_text("The factors are swapped: a matrix product depends on their order."),
    ),
    MisconceptionKind(
        "elementwise_product",
        rewrites.elementwise_product,
        mark_text(
            "The cells were multiplied one by one. A matrix product is needed here: a row times a "
            "column, added up."
        ),
    ),
    MisconceptionKind(
        "matrix_product",
        rewrites.matrix_product,
        mark_text(
            "A matrix product was taken. Here the cells are multiplied one by one: each cell of "
            "the layer has its own derivative."
        ),
    ),
    MisconceptionKind(
        "coefficient_missing",
        rewrites.coefficient_missing,
        mark_text(
            "A constant factor is off: look at the 2 that comes down from the square and at a 1/2 "
            "in front of the loss."
        ),
    ),
    MisconceptionKind(
        "sum_missing",
        rewrites.sum_missing,
        mark_text(
            "This is one term only. Every observation and every path adds its part: sum them all."
        ),
    ),
    MisconceptionKind(
        "square_missing",
        rewrites.square_missing,
        mark_text("The square was left out: each difference is squared before it is added."),
    ),
    MisconceptionKind(
        "wrong_log_base",
        rewrites.wrong_log_base,
        mark_text("Another logarithm was used: here it is the natural one, with the base e."),
    ),
    MisconceptionKind(
        "sign",
        rewrites.sign,
        mark_text("This is right but for a sign. Check each plus and minus."),
    ),
)

COINCIDENCES = ("wrong_quantity", "transpose_extra")
"""Told only where no more particular mistake gives the same: small matrices look alike."""

PRIORITY: dict[str, int] = {kind.tag: place for place, kind in enumerate(MISCONCEPTIONS)}


def variants(solution: Solution, key: str) -> tuple[Variant, ...]:
    """Every way to get a step wrong that is known for its tree, likeliest first.

    Trees that don't fit in shape are among them: as formulas they can still be recognised.
    """
    step = solution[key]
    place = Place(solution, step)
    forms = (step.node, *step.quantity.others)
    made = [
        _variant(solution, step, kind, change)
        for kind in MISCONCEPTIONS
        for form in forms
        for change in kind.rewrite(place, form)
        if change.node not in forms
    ]
    # Of several that give the same tree the likeliest stays: W for its transpose is a transpose.
    found: dict[Node, Variant] = {}
    for variant in sorted(made, key=_likelihood):
        found.setdefault(variant.node, variant)
    return tuple(found.values())


def _likelihood(variant: Variant) -> tuple[bool, bool, int]:
    """Sorts by priority, coincidences last, and another quantity for the whole answer behind."""
    whole = variant.tag == "wrong_quantity" and variant.node.op == "name"
    return variant.tag in COINCIDENCES, whole, PRIORITY[variant.tag]


def _variant(solution: Solution, step: Step, kind: MisconceptionKind, change: Change) -> Variant:
    fields = {}
    template = change.message or kind.message
    if kind.tag == "wrong_quantity":
        fields = {"used": solution.symbol(change.used), "meant": solution.symbol(change.meant)}
        if change.node.op == "name":
            template = kind.whole
    return Variant(kind.tag, change.node, template, fields)

"""What misconceptions are called, by tag; needs no NumPy, so that `stats` may import it."""

from __future__ import annotations

from engine.language import mark_text, tr

MISTAKES: dict[str, str] = {
    "mask_missing": mark_text("the ReLU's mask forgotten"),
    "mask_values": mark_text("the values in place of the mask"),
    "mask_of_output_gradient": mark_text("the mask of the gradient, not of the input"),
    "activation_missing": mark_text("the activation left out"),
    "bias_missing": mark_text("the bias left out"),
    "gradient_only": mark_text("the gradient instead of the new parameter"),
    "not_averaged": mark_text("1/n forgotten"),
    "averaged": mark_text("one 1/n too many"),
    "ascent": mark_text("the gradient added instead of subtracted"),
    "learning_rate_missing": mark_text("the learning rate left out"),
    "difference_reversed": mark_text("the difference the wrong way round"),
    "updated_weights": mark_text("the new weights used in the backward pass"),
    "derivative_of_output": mark_text("the derivative taken at the wrong quantity"),
    "factor_missing": mark_text("a factor of the chain rule missing"),
    "kernel_flipped": mark_text("the kernel turned round"),
    "gradient_to_every_cell": mark_text("the max's gradient sent to every cell"),
    "bias_correction_missing": mark_text("the bias correction left out"),
    "wrong_quantity": mark_text("another quantity of the pass used"),
    "transpose_missing": mark_text("a transpose forgotten"),
    "transpose_extra": mark_text("a transpose too many"),
    "factors_swapped": mark_text("the factors of a product swapped"),
    "elementwise_product": mark_text("cells multiplied one by one instead of a matrix product"),
    "matrix_product": mark_text("a matrix product instead of cell by cell"),
    "coefficient_missing": mark_text("a factor of 2 or 1/2 off"),
    "sum_missing": mark_text("one term only instead of the sum"),
    "square_missing": mark_text("the square left out"),
    "wrong_log_base": mark_text("another logarithm than the natural one"),
    "sign": mark_text("a wrong sign"),
    "answer_transposed": mark_text("the right matrix, transposed"),
    "decimal_point": mark_text("the decimal point misplaced"),
}
"""A few words for each tag; a tag that isn't here is called by itself."""


def mistake_title(tag: str) -> str:
    """A misconception's name in the learner's language, in a few words. Any tag gets one."""
    return tr(MISTAKES[tag]) if tag in MISTAKES else tag.replace("_", " ")

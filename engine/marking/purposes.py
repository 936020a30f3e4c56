"""What a step is for, in a sentence: the first hint, read off the skill and the wiring."""

from __future__ import annotations

from engine.expression.symbols import split_key
from engine.language import mark_text, tr
from engine.network.passes import consumers_of
from engine.network.solution import Solution

SEVERAL = mark_text(
    "This value is used in several places. What comes back from each of them adds up."
)
THREE_PATHS = mark_text(
    "The input takes three paths: straight into the normalised cells, through the variance, and "
    "through the mean. What comes back along them adds up."
)
MOVEMENT = mark_text(
    "The movement keeps a part of the one before and adds this step's gradient, times the learning "
    "rate."
)
CORRECTED = mark_text(
    "A running mean that began at 0 is too small at first; the division makes up for it."
)
SCALED = mark_text(
    "Each parameter moves against its gradient, divided by the root of v: where gradients are "
    "large, the step is shorter."
)

PURPOSES: dict[str, str] = {
    "linear.forward": mark_text(
        "A linear layer mixes the columns of its input: each row of the input meets each column of "
        "the weights."
    ),
    "relu.forward": mark_text("The ReLU keeps what is positive and makes everything else 0."),
    "leaky_relu.forward": mark_text(
        "The leaky ReLU keeps what is positive and shrinks what is negative."
    ),
    "sigmoid.forward": mark_text("The sigmoid turns any number into a share between 0 and 1."),
    "tanh.forward": mark_text("The hyperbolic tangent bends any number to between -1 and 1."),
    "softmax.forward": mark_text(
        "The softmax makes probabilities of a row of numbers: all positive, and together 1."
    ),
    "conv2d.forward": mark_text(
        "The kernel slides over the picture. At each place the cells under it are multiplied by "
        "its own, one by one, and added up."
    ),
    "max_pool2d.forward": mark_text("Of each window only the largest cell is kept."),
    "max_pool2d.backward": mark_text(
        "Each window's gradient goes back to the one cell that was the largest; the others get "
        "nothing."
    ),
    "avg_pool2d.forward": mark_text("Of each window the mean is kept."),
    "avg_pool2d.backward": mark_text("Each window shares its gradient out evenly to its cells."),
    "conv2d.backward": mark_text(
        "Each cell of the picture gets its share from every place of the kernel that covered it."
    ),
    "conv2d.weight_gradient": mark_text(
        "Each cell of the kernel is used at every place. Its gradient adds up over the places: the "
        "picture's cell under it times what arrives there."
    ),
    "conv2d.bias_gradient": mark_text(
        "The bias is added at every place, so its gradient adds up what arrives everywhere."
    ),
    "flatten.forward": mark_text(
        "The cells stay as they are; they are only laid out in one row, in reading order."
    ),
    "flatten.backward": mark_text("The cells of the gradient go back to where they came from."),
    "softmax.backward": mark_text(
        "Each cell of a softmax follows all the scores of its row, so what goes back to one score "
        "comes from the whole row."
    ),
    "dropout.backward": mark_text(
        "What was switched off gets no gradient; the rest is divided by the share kept, as on the "
        "way there."
    ),
    "dropout.forward": mark_text(
        "The dropout switches cells off by a mask and divides what is left by the share kept."
    ),
    "mean": mark_text("A norm begins with the mean of what it normalises together."),
    "var": mark_text("The variance is the mean of the squared distances from the mean."),
    "hat": mark_text(
        "Minus the mean, divided by the root of the variance: what is left has mean 0 and "
        "variance 1."
    ),
    "batch_norm.forward": mark_text("What was normalised is stretched by γ and shifted by β."),
    "layer_norm.forward": mark_text("What was normalised is stretched by γ and shifted by β."),
    "batch_norm.backward": THREE_PATHS,
    "layer_norm.backward": THREE_PATHS,
    "mean_gradient": mark_text(
        "The mean stands in every normalised cell and in the variance. What comes back from there "
        "adds up."
    ),
    "var_gradient": mark_text(
        "The variance stands in every normalised cell. What comes back from all of them adds up."
    ),
    "hat_gradient": mark_text("The gradient goes back through the stretching by γ."),
    "gamma_gradient": mark_text(
        "γ multiplies every row. Its gradient adds up over the rows: what arrives, times what γ "
        "multiplied there."
    ),
    "beta_gradient": mark_text(
        "β is added to every row, so its gradient adds up what arrives in every row."
    ),
    "formula.forward": mark_text(
        "This step is a formula of its own: put in what is known, and work from the inside out."
    ),
    "formula.loss": mark_text("The loss is a formula of its own: put in what is known."),
    "formula.gradient": mark_text(
        "How does the loss follow this value? Take the derivative of its formula, with everything "
        "else held fixed."
    ),
    "formula.backward": mark_text(
        "The gradient goes back through a formula: what arrives at the result, times the "
        "derivative by this value."
    ),
    "given.gradient": mark_text("This gradient is given: what follows the network has sent it."),
    "forward": mark_text("The layer works on its input; its result is the next layer's input."),
    "local": mark_text(
        "The local derivative says how the layer's output follows its input. It is what an "
        "arriving gradient will be multiplied by."
    ),
    "relu.backward": mark_text(
        "The gradient goes back through the ReLU: it passes where the input was positive and stops "
        "where it wasn't."
    ),
    "linear.backward": mark_text(
        "The gradient goes back through the linear layer: each cell of the input gets its share "
        "from every output it fed, through the same weights."
    ),
    "backward": mark_text(
        "The gradient goes back through the layer: what arrives, times the layer's own derivative."
    ),
    "weight_gradient": mark_text(
        "How does the loss follow each weight? A weight connects one column of the input with one "
        "column of the output; its gradient adds up over the observations."
    ),
    "bias_gradient": mark_text(
        "The bias is added to every row, so its gradient adds up what arrives in every row."
    ),
    "loss": mark_text("The loss measures how far the predictions are from the targets."),
    "gradient": mark_text(
        "The backward pass begins at the loss: how does it follow each prediction?"
    ),
    "momentum.m": MOVEMENT,
    "nesterov.m": MOVEMENT,
    "m": mark_text("m is a running mean of the gradients: it evens out what is noise in them."),
    "adagrad.v": mark_text(
        "v adds up the squared gradients: the more there have been, the smaller the steps."
    ),
    "v": mark_text(
        "v is a running mean of the squared gradients: it says how large they are of late."
    ),
    "mhat": CORRECTED,
    "vhat": CORRECTED,
    "ahead": mark_text("The gradient is taken where the movement alone would lead."),
    "momentum.update": mark_text("The parameter makes the movement m."),
    "nesterov.update": mark_text("The parameter makes the movement m."),
    "adagrad.update": SCALED,
    "rmsprop.update": SCALED,
    "adam.update": SCALED,
    "adamw.update": SCALED,
    "update": mark_text(
        "A step of gradient descent moves each parameter against its gradient; the learning rate "
        "says how far."
    ),
}
"""By skill, or by the part of it that says what is done."""


def purpose(solution: Solution, key: str) -> str:
    """What a step is for, in a sentence of the learner's language."""
    prefix, name, _ = split_key(key)
    if prefix == "grad" and len(consumers_of(solution.network, name)) > 1:
        return tr(SEVERAL)
    skill = solution[key].skill
    template = PURPOSES.get(skill) or PURPOSES.get(skill.partition(".")[2]) or PURPOSES["forward"]
    return tr(template)

"""How skills are called in the learner's language; without NumPy, so that `stats` may import it."""

from __future__ import annotations

from engine.language import mark_text, tr

SUBJECTS: dict[str, str] = {
    "linear": mark_text("Linear layer"),
    "relu": mark_text("ReLU"),
    "leaky_relu": mark_text("Leaky ReLU"),
    "sigmoid": mark_text("Sigmoid"),
    "tanh": mark_text("Hyperbolic tangent"),
    "softmax": mark_text("Softmax"),
    "dropout": mark_text("Dropout"),
    "conv2d": mark_text("Convolution"),
    "max_pool2d": mark_text("Max pooling"),
    "avg_pool2d": mark_text("Average pooling"),
    "flatten": mark_text("Flattening"),
    "batch_norm": mark_text("Batch normalisation"),
    "layer_norm": mark_text("Layer normalisation"),
    "mse": mark_text("Mean squared error"),
    "logloss": mark_text("Logloss"),
    "cross_entropy": mark_text("Cross entropy"),
    "sgd": mark_text("Gradient descent"),
    "pass": mark_text("Whole pass"),
}
"""Layers, losses and optimizers by kind, and the whole pass; any other is called by its kind."""

ASPECTS: dict[str, str] = {
    "forward": mark_text("forward pass"),
    "local": mark_text("local derivative"),
    "backward": mark_text("backward pass"),
    "weight_gradient": mark_text("gradient of the weights"),
    "bias_gradient": mark_text("gradient of the bias"),
    "gamma_gradient": mark_text("gradient of gamma"),
    "beta_gradient": mark_text("gradient of beta"),
    "mean": mark_text("mean"),
    "var": mark_text("variance"),
    "hat": mark_text("normalised input"),
    "mean_gradient": mark_text("gradient of the mean"),
    "var_gradient": mark_text("gradient of the variance"),
    "hat_gradient": mark_text("gradient of the normalised input"),
    "loss": mark_text("value"),
    "gradient": mark_text("gradient"),
    "update": mark_text("one step"),
    "mse": mark_text("with the squared error"),
    "logloss": mark_text("with the logloss"),
}
"""What one must be able to do with the subject; of a whole pass the loss at its end."""


def skill_title(skill: str) -> str:
    """A skill id's title: ``relu.backward`` is "ReLU: backward pass". Any id gets one."""
    subject, _, aspect = skill.partition(".")
    return tr(
        "{subject}: {aspect}", subject=_named(SUBJECTS, subject), aspect=_named(ASPECTS, aspect)
    )


def _named(titles: dict[str, str], word: str) -> str:
    return tr(titles[word]) if word in titles else word.replace("_", " ")

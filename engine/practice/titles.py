"""How skills are called in the learner's language; without NumPy, so that `stats` may import it."""

from __future__ import annotations

from engine.language import mark_text, tr

SUBJECTS: dict[str, str] = {
    "linear": mark_text("Linear layer"),
    "relu": mark_text("ReLU"),
    "sigmoid": mark_text("Sigmoid"),
    "mse": mark_text("Mean squared error"),
    "logloss": mark_text("Logloss"),
    "sgd": mark_text("Gradient descent"),
}
"""Layers, losses and optimizers by kind; one that isn't here is called by its kind."""

ASPECTS: dict[str, str] = {
    "forward": mark_text("forward pass"),
    "local": mark_text("local derivative"),
    "backward": mark_text("backward pass"),
    "weight_gradient": mark_text("gradient of the weights"),
    "bias_gradient": mark_text("gradient of the bias"),
    "loss": mark_text("value"),
    "gradient": mark_text("gradient"),
    "update": mark_text("one step"),
}
"""What one must be able to do with the subject."""


def skill_title(skill: str) -> str:
    """A skill id's title: ``relu.backward`` is "ReLU: backward pass". Any id gets one."""
    subject, _, aspect = skill.partition(".")
    return tr(
        "{subject}: {aspect}", subject=_named(SUBJECTS, subject), aspect=_named(ASPECTS, aspect)
    )


def _named(titles: dict[str, str], word: str) -> str:
    return tr(titles[word]) if word in titles else word.replace("_", " ")

"""The words of a question that has none of its own, read off the step that is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeAlias

from engine.expression.node import names
from engine.expression.printing import number_text
from engine.expression.symbols import split_key, symbol
from engine.language import mark_text, tr
from engine.network.layers import LAYERS
from engine.network.losses import LOSS
from engine.network.model import Entry
from engine.network.passes import consumers_of
from engine.network.solution import Solution, Step
from engine.problems.problem import Kind, Problem

LAYER_WORDS: dict[str, str] = {
    "linear": mark_text("the linear layer"),
    "relu": mark_text("the ReLU"),
    "leaky_relu": mark_text("the leaky ReLU"),
    "sigmoid": mark_text("the sigmoid"),
    "tanh": mark_text("the hyperbolic tangent"),
    "softmax": mark_text("the softmax"),
    "dropout": mark_text("the dropout"),
    "conv2d": mark_text("the convolution"),
    "max_pool2d": mark_text("the max pooling"),
    "avg_pool2d": mark_text("the average pooling"),
    "flatten": mark_text("the flattening"),
    "batch_norm": mark_text("the batch normalisation"),
    "layer_norm": mark_text("the layer normalisation"),
}
"""A layer as something that one goes into or through (in Russian, the accusative)."""

LOSS_WORDS: dict[str, str] = {
    "mse": mark_text("The loss is the squared error."),
    "logloss": mark_text("The loss is the logloss."),
    "cross_entropy": mark_text("The loss is the cross entropy."),
}

OPTIMIZER_WORDS: dict[str, str] = {
    "sgd": mark_text("gradient descent"),
    "momentum": mark_text("momentum"),
    "nesterov": mark_text("Nesterov's momentum"),
    "adagrad": "AdaGrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}
"""What one step is a step of (in Russian, the genitive)."""

MOVEMENT = mark_text("What is the movement {symbol}?")
CORRECTED = mark_text("What is {symbol}, corrected for its beginning at 0?")
STATE_WORDS: dict[str, str] = {
    "momentum.m": MOVEMENT,
    "nesterov.m": MOVEMENT,
    "m": mark_text("What is the running mean of the gradients, {symbol}?"),
    "adagrad.v": mark_text("What is the sum of the squared gradients, {symbol}?"),
    "v": mark_text("What is the running mean of the squared gradients, {symbol}?"),
    "mhat": CORRECTED,
    "vhat": CORRECTED,
    "ahead": mark_text("Where would the movement alone lead, {symbol}?"),
}
"""What is asked about an optimizer's state, by the skill or by the part that says what is done."""

Words: TypeAlias = Callable[[Solution, Step], tuple[str, str]]
"""What tells the situation and the question of a step."""


def question_text(problem: Problem, key: str, kind: Kind = "value") -> str:
    """What is asked about one step, in the learner's language: the situation, then the question."""
    solution = problem.solution
    step = solution[key]
    situation, question = _words(solution, step)
    if kind == "formula":
        question = tr("By which formula is {symbol} computed?", symbol=solution.symbol(key))
    return f"{situation} {question}".strip()


def situation_text(problem: Problem, key: str) -> str:
    """Where one is when the step is asked, without the question; may be empty."""
    return _words(problem.solution, problem.solution[key])[0]


def _words(solution: Solution, step: Step) -> tuple[str, str]:
    # With the new parameters everything has another name, and the step's own words would be wrong.
    words = None if "@" in step.key else _words_for(solution, step)
    return words(solution, step) if words else ("", _what_is(solution, step))


def _words_for(solution: Solution, step: Step) -> Words | None:
    layer, _, aspect = step.skill.partition(".")
    prefix, name, _ = split_key(step.key)
    if prefix == "grad" and len(consumers_of(solution.network, name)) > 1:
        return _gathered
    if layer == "formula":
        return FORMULA_WORDS[aspect]
    role, _, gradient = aspect.rpartition("_")
    return _parameter if role and gradient == "gradient" else WORDS.get(aspect)


def _what_is(solution: Solution, step: Step) -> str:
    state = STATE_WORDS.get(step.skill) or STATE_WORDS.get(step.skill.partition(".")[2])
    return tr(state or "What is {symbol}?", symbol=solution.symbol(step.key))


def _formula(solution: Solution, step: Step) -> tuple[str, str]:
    """A step that a formula of the file's own computes, which nothing else would tell."""
    symbol = solution.symbol(step.key)
    used = ", ".join(map(solution.symbol, names(step.node)))
    situation = tr("{symbol} is made of {used}.", symbol=symbol, used=used)
    formula = solution.formula(step.key)
    return situation, tr("Work it out: {symbol} = {formula}", symbol=symbol, formula=formula)


def _of_the_formula(solution: Solution, step: Step) -> tuple[str, str]:
    """What a loss that is a formula sends back to a value in it."""
    key = split_key(step.key)[1]
    situation = tr("{value} stands in the loss.", value=solution.symbol(key))
    return situation, tr(
        "How does the loss follow it? Give {symbol}.", symbol=solution.symbol(step.key)
    )


def _back_through_the_formula(solution: Solution, step: Step) -> tuple[str, str]:
    situation = tr(
        "{value} stands in {result}, and from there the gradient {gradient} comes back.",
        value=solution.symbol(split_key(step.key)[1]),
        result=solution.symbol(step.quantity.result),
        gradient=solution.symbol(step.quantity.upstream),
    )
    return situation, _what_is(solution, step)


def _gathered(solution: Solution, step: Step) -> tuple[str, str]:
    """The gradient of a value that several steps use."""
    key = split_key(step.key)[1]
    situation = tr(
        "{value} is used in several places: {results}. A gradient comes back from each.",
        value=solution.symbol(key),
        results=", ".join(map(solution.symbol, consumers_of(solution.network, key))),
    )
    return situation, _what_is(solution, step)


def _entry(solution: Solution, step: Step) -> Entry:
    return next(e for e in solution.network.entries if e.to == step.quantity.result)


def _layer(entry: Entry) -> str:
    words = LAYER_WORDS.get(entry.layer)
    text = tr(words) if words else tr("the layer “{layer}”", layer=entry.layer.replace("_", " "))
    told = ", ".join(f"{key} = {value}" for key, value in _told(entry))
    return f"{text} ({told})" if told else text


def _told(entry: Entry) -> Iterator[tuple[str, str]]:
    """What one must know about the layer besides its values, by the file's own keys."""
    layer = LAYERS.get(entry.layer)
    if layer is None:
        return
    for key, default in layer.numbers.items():
        number = entry.settings.get(key, default)
        if isinstance(number, str):
            yield key, symbol(number)
        elif (key, number) != ("keep", 1):
            yield key, number_text(Fraction(number))[0]
    for key in layer.settings:
        setting = entry.settings.get(key, 2 if key == "size" else None)
        if setting is not None:
            yield key, str(setting if isinstance(setting, int) else [*setting])


def _on_the_way(solution: Solution, step: Step) -> tuple[str, str]:
    """A layer's result on its way, such as a norm's mean."""
    entry = _entry(solution, step)
    source, layer = solution.symbol(entry.source or step.key), _layer(entry)
    situation = tr("{source} goes through {layer}.", source=source, layer=layer)
    return situation, _what_is(solution, step)


def _forward(solution: Solution, step: Step) -> tuple[str, str]:
    entry = _entry(solution, step)
    if not entry.source:
        return "", _what_is(solution, step)
    source, layer = solution.symbol(entry.source), _layer(entry)
    given = [entry.settings[role] for role in LAYERS[entry.layer].given if role in entry.settings]
    parameters = ", ".join(map(solution.symbol, [*entry.roles.values(), *given]))
    situation = (
        tr(
            "{source} goes through {layer} with {parameters}.",
            source=source,
            layer=layer,
            parameters=parameters,
        )
        if parameters
        else tr("{source} goes through {layer}.", source=source, layer=layer)
    )
    return situation, tr("What comes out, {symbol}?", symbol=solution.symbol(step.key))


def _local(solution: Solution, step: Step) -> tuple[str, str]:
    entry = _entry(solution, step)
    situation = tr(
        "A gradient comes back through {layer}, from {result} to {source}.",
        layer=_layer(entry),
        result=solution.symbol(entry.to),
        source=solution.symbol(entry.source),
    )
    question = tr(
        "What is it multiplied by on the way? Give the local derivative {symbol}.",
        symbol=solution.symbol(step.key),
    )
    return situation, question


def _arrives(solution: Solution, step: Step) -> str:
    upstream = step.quantity.upstream
    gradient = solution.symbol(upstream)
    given = solution[upstream].node
    if given.op == "name":
        gradient = f"{solution.symbol(str(given.argument))} = {gradient}"
    layer = _layer(_entry(solution, step))
    return tr("The gradient {gradient} reaches {layer}.", gradient=gradient, layer=layer)


def _backward(solution: Solution, step: Step) -> tuple[str, str]:
    entry = _entry(solution, step)
    name = step.key.removeprefix("grad.")
    uses = _uses(solution, name)
    if len(uses) > 1 or not entry.source:
        situation = tr(
            "{name} goes into {results}, and the gradient comes back from there.",
            name=solution.symbol(name),
            results=", ".join(map(solution.symbol, uses)),
        )
        return situation, tr("What is {symbol}?", symbol=solution.symbol(step.key))
    question = tr("What does it pass on to {source}?", source=solution.symbol(entry.source))
    return _arrives(solution, step), question


def _uses(solution: Solution, name: str) -> list[str]:
    """What a value goes into directly, the loss too."""
    network = solution.network
    uses = [entry.to for entry in network.entries if name in names(entry.node)]
    loss = network.loss
    if loss is not None and name in ([*names(loss.node)] if loss.node else [loss.of]):
        uses.append(LOSS)
    return uses


def _parameter(solution: Solution, step: Step) -> tuple[str, str]:
    parameter = solution.symbol(step.key.removeprefix("grad."))
    question = tr("What is the gradient of {parameter}?", parameter=parameter)
    return _arrives(solution, step), question


def _loss_words(solution: Solution, whole: bool) -> str:
    loss = solution.network.loss
    assert loss is not None
    if loss.kind not in LOSS_WORDS:
        return ""
    sentences = [tr(LOSS_WORDS[loss.kind])]
    if loss.half:
        sentences.append(tr("It has the factor 1/2."))
    if whole:
        sentences.append(
            tr("It is averaged over the observations.")
            if loss.reduction == "mean"
            else tr("It is summed over the observations.")
        )
    return " ".join(sentences)


def _loss(solution: Solution, step: Step) -> tuple[str, str]:
    whole = step.key == LOSS
    symbol = solution.symbol(step.key)
    question = (
        tr("How large is the loss {symbol}?", symbol=symbol)
        if whole
        else tr("How large is the loss {symbol} of each observation?", symbol=symbol)
    )
    return _loss_words(solution, whole), question


def _gradient(solution: Solution, step: Step) -> tuple[str, str]:
    loss = solution.network.loss
    assert loss is not None
    situation = _loss_words(solution, whole=True)
    if loss.per_observation:
        convention = tr("The gradient of each observation's own loss is passed back.")
        situation = f"{situation} {convention}".strip()
    symbol = solution.symbol(step.key)
    question = tr("With which gradient {symbol} does the backward pass begin?", symbol=symbol)
    return situation, question


def _update(solution: Solution, step: Step) -> tuple[str, str]:
    update = solution.network.update
    assert update is not None
    parameter = step.key.partition(".")[2]
    optimizer = OPTIMIZER_WORDS.get(update.optimizer)
    situation = tr(
        "The gradient {gradient} is known. One step of {optimizer} is made, with the learning rate "
        "{rate}.",
        gradient=solution.symbol(f"grad.{parameter}"),
        optimizer=tr(optimizer) if optimizer else update.optimizer,
        rate=solution.symbol(update.learning_rate),
    )
    question = tr("What is {parameter} after the step?", parameter=solution.symbol(parameter))
    return situation, question


WORDS: dict[str, Words] = {
    "forward": _forward,
    **dict.fromkeys(("mean", "var", "hat"), _on_the_way),
    "local": _local,
    "backward": _backward,
    "loss": _loss,
    "gradient": _gradient,
    "update": _update,
}
"""The situation and the question, by the part of the skill that says what is done."""

FORMULA_WORDS: dict[str, Words] = {
    "forward": _formula,
    "loss": _formula,
    "gradient": _of_the_formula,
    "backward": _back_through_the_formula,
}
"""The same for what a formula of the file's own computes, and for its gradients."""

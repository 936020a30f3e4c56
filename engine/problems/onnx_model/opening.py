"""Opening a model's file: its bytes become a graph, and the graph with an example a problem."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import msgspec
import onnx
from google.protobuf.message import DecodeError

from engine.expression.symbols import base_symbol
from engine.language import tr
from engine.problems.building import build
from engine.problems.example import Example
from engine.problems.faults import Fault, ProblemError
from engine.problems.onnx_model.graph import Graph, UnteachableError, check_whole, shown
from engine.problems.onnx_model.operators import OPERATORS
from engine.problems.onnx_model.translation import BlockedError, Form, TooLongError, Translation
from engine.problems.onnx_model.trial import INPUT, put_input, put_target
from engine.problems.problem import Problem
from engine.problems.schema import FORMAT, LossTable, ProblemFile
from engine.problems.texts import clean
from engine.problems.wiring import MAX_ENTRIES

MAX_BYTES = 4 * 1024 * 1024
"""The most that a model's file may have."""
OLDEST_OPSET = 7
"""Before it an attribute said along which axis something is added."""
MOST_FAULTS = 20
"""How many things that can't be taught are named."""


def open_model(data: bytes, place: str, example: Example) -> Problem:
    """The lesson of a model; raises `ProblemError` with everything in it that can't be taught."""
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES
        raise _fail(place, [tr("The file is too large: it may have {limit} bytes.", limit=limit)])
    translation = Translation(_graph(data, place))
    try:
        put_input(translation, example)
        _translate(translation)
        loss = put_target(translation, example)
        return _built(translation, loss, example, place)
    except UnteachableError as error:
        raise _fail(place, str(error).split("\n")) from error


def _fail(place: str, messages: Iterable[str]) -> ProblemError:
    return ProblemError(place, [Fault((), message, None) for message in messages])


def _graph(data: bytes, place: str) -> Graph:
    try:
        model = onnx.load_model_from_string(data)
        check_whole(model)
        onnx.checker.check_model(model)
    except UnteachableError as error:
        raise _fail(place, [str(error)]) from error
    except (DecodeError, ValueError) as error:  # the checker reads the bytes once more, its own way
        raise _fail(place, [tr("This isn't an ONNX model.")]) from error
    except onnx.checker.ValidationError as error:
        cause = clean(str(error).partition("\n")[0])
        raise _fail(place, [tr("This isn't a valid ONNX model: {cause}", cause=cause)]) from error
    graph = Graph(model)
    if graph.opset < OLDEST_OPSET:
        message = tr(
            "The model is of operator set {version}; {least} or a newer one is read.",
            version=graph.opset,
            least=OLDEST_OPSET,
        )
        raise _fail(place, [message])
    return graph


def _translate(t: Translation) -> None:
    """Every operation in the model's order; raises `UnteachableError`, a line for each failure."""
    lines: list[str] = []
    for operation in t.graph.operations:
        translate = OPERATORS.get(operation.kind)
        try:
            if translate is None:
                raise UnteachableError(tr("this operator isn't taught"))
            translate(t, operation)
        except UnteachableError as error:
            lines.append(f"{operation.place}: {error}")
        except BlockedError:
            continue
        except TooLongError:
            raise UnteachableError(tr("at most {limit} entries", limit=MAX_ENTRIES)) from None
    more = len(lines) - MOST_FAULTS
    if more > 0:
        lines[MOST_FAULTS:] = [tr("and {number} more", number=more)]
    lost = [name for name in t.graph.outputs if not _rests_on_input(t, name)]
    if lost and not lines:
        name = shown(lost[0])
        lines.append(tr("The output “{name}” doesn't depend on the input.", name=name))
    if lines:
        raise UnteachableError("\n".join(lines))


def _rests_on_input(t: Translation, output: str) -> bool:
    form = t.forms.get(output)
    given = {key for key in t.values if key == INPUT or key.startswith(f"{INPUT}_")}
    return isinstance(form, Form) and all(t.behind(piece) & given for piece in form.pieces)


# --- the problem --------------------------------------------------------------------------------


def _built(t: Translation, loss: LossTable | None, example: Example, place: str) -> Problem:
    file = ProblemFile(
        format=FORMAT,
        id=_identity(t, loss),
        title=clean(Path(place).name),
        intro=_intro(t, loss, example),
        wrt=_asked(t, loss),
        values=t.values,
        forward=t.tables,
        loss=loss,
    )
    try:
        return build(file, place)
    except ProblemError as error:
        raise _fail(place, [_located(t, fault) for fault in error.faults]) from error


def _identity(t: Translation, loss: LossTable | None) -> str:
    """The same content has the same id, wherever its file lies."""
    content = [t.values, t.tables, msgspec.to_builtins(loss)]
    text = json.dumps(content, default=str, sort_keys=True)
    return f"onnx-{sha256(text.encode()).hexdigest()[:16]}"


def _asked(t: Translation, loss: LossTable | None) -> list[str]:
    """What the gradient is asked of besides the layers' own: parameters in formulas, channels."""
    if loss is None or loss.of is None:
        return []
    channels = [key for key in t.values if key.startswith(f"{INPUT}_")]
    inside = [key for key in t.values if key in t.trained and key not in t.in_layers]
    needed = t.behind(loss.of)
    return [key for key in (*channels, *inside) if key in needed]


def _intro(t: Translation, loss: LossTable | None, example: Example) -> str:
    """What the values are called in the model, and what was drawn."""
    names = ", ".join(f"{base_symbol(key)} = {name}" for key, name in t.tensors.items())
    sentences = [tr("In the model: {names}.", names=names)]
    seed = example.seed or 0
    drawn = [example.input is None, loss is not None and example.target is None]
    if all(drawn):
        sentences.append(tr("The input and the target are drawn, with the seed {seed}.", seed=seed))
    elif drawn[0]:
        sentences.append(tr("The input is drawn, with the seed {seed}.", seed=seed))
    elif drawn[1]:
        sentences.append(tr("The target is drawn, with the seed {seed}.", seed=seed))
    return " ".join(sentences)


def _located(t: Translation, fault: Fault) -> str:
    """A fault of the file that was never written, at its place in the model."""
    match fault.path:
        case ("values", str(key), *_):
            return f"{key} = “{t.tensors.get(key, key)}”: {fault.message}"
        case ("forward", int(index), *_) if index < len(t.places):
            return f"{t.places[index]}: {fault.message}"
    return fault.message

"""Small networks built by hand, for tests that need a solved problem but no problem file."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.expression.broadcasting import resolve
from engine.expression.node import name
from engine.expression.parse import parse
from engine.expression.shape import shape_of
from engine.network.layers import LAYERS
from engine.network.model import Entry, Loss, Network, Update, Value, matrix_value, scalar_value
from engine.network.optimizers import OPTIMIZERS
from engine.network.solution import Solution, solve_network


def matrix(key: str, *rows: Sequence[float]) -> Value:
    """A given matrix from plain numbers that are exact as they are written."""
    return matrix_value(key, [[Fraction(str(cell)) for cell in row] for row in rows])


def layer(kind: str, source: str, to: str, **roles: str) -> Entry:
    """A forward entry, such as ``layer("linear", "X", "H1", weight="W1")``."""
    node = LAYERS[kind].forward(name(source), {role: name(key) for role, key in roles.items()})
    return Entry(to, node, kind, source, roles)


def given(*values: Value) -> dict[str, Value]:
    """Values by name."""
    return {value.name: value for value in values}


INPUTS = (
    matrix("X", (1, 2), (-1, 2)),
    matrix("W1", (1, -1), (0.5, 0)),
    matrix("W2", (0.5,), (1,)),
    scalar_value("gamma", Fraction(1)),
)
LAYERS_OF_MASHA = (
    layer("linear", "X", "H1", weight="W1"),
    layer("relu", "H1", "O1"),
    layer("linear", "O1", "yhat", weight="W2"),
)
STEP = Update("sgd", "gamma", ("W1", "W2"))


def masha() -> Solution:
    """The founding exercise: X·W1, ReLU, ·W2, squared error, the step and the loss after it."""
    return solve_network(
        Network(
            given(*INPUTS, matrix("y", (2,), (1,))),
            LAYERS_OF_MASHA,
            Loss("mse", "yhat", "y", half=True, reduction="mean", per_observation=True),
            Update("sgd", "gamma", ("W1", "W2"), after=True),
        )
    )


def masha_logistic() -> Solution:
    """Its second half: a sigmoid behind it, and the sum of the logloss."""
    return solve_network(
        Network(
            given(*INPUTS, matrix("y", (0,), (1,))),
            (*LAYERS_OF_MASHA, layer("sigmoid", "yhat", "p")),
            Loss("logloss", "p", "y", reduction="sum"),
            STEP,
        )
    )


def strict() -> Solution:
    """The same network with the plain mean of the squares, whose gradient is 2(ŷ - y)/n."""
    return solve_network(
        Network(
            given(*INPUTS, matrix("y", (2,), (1,))),
            LAYERS_OF_MASHA,
            Loss("mse", "yhat", "y"),
            STEP,
        )
    )


def biased() -> Solution:
    """One linear layer with a bias, two outputs, and the mean squared error."""
    return solve_network(
        Network(
            given(
                matrix("X", (1, 2), (-1, 2), (0, 1)),
                matrix("W", (1, -1), (0.5, 0)),
                matrix("b", (1, -2)),
                matrix("y", (2, 1), (1, 0), (0, 3)),
                scalar_value("eta", Fraction(1, 2)),
            ),
            (layer("linear", "X", "yhat", weight="W", bias="b"),),
            Loss("mse", "yhat", "y"),
            Update("sgd", "eta", ("W", "b")),
        )
    )


def wired(
    values: list[Value], formulas: dict[str, str], loss: Loss | str, *trained: str
) -> Solution:
    """A network whose entries, and perhaps the loss, are formulas."""
    known = given(*values, scalar_value("eta", Fraction(1, 10)))
    shapes = {key: value.shape for key, value in known.items()}
    entries = []
    for to, text in formulas.items():
        node = resolve(parse(text, shapes), shapes)
        shapes[to] = shape_of(node, shapes)
        entries.append(Entry(to, node))
    if isinstance(loss, str):
        loss = Loss("formula", node=resolve(parse(loss, shapes), shapes))
    batch = ("X",) if "X" in known else ()
    update = Update("sgd", "eta", trained, batch=batch) if trained else None
    return solve_network(Network(known, tuple(entries), loss, update))


def numbers(**cells: float) -> list[Value]:
    return [scalar_value(key, Fraction(str(value))) for key, value in cells.items()]


def recurrent() -> Solution:
    """Two time steps of numbers, with shared weights."""
    return wired(
        numbers(w=0.5, v=0.5, u=0.5, h0=1, y0=1, y1=1, y2=1),
        {
            "h1": "relu(w*h0 + v*y0)",
            "p1": "relu(u*h1)",
            "h2": "relu(w*h1 + v*y1)",
            "p2": "relu(u*h2)",
        },
        "(y1 - p1)^2 + (y2 - p2)^2",
        *"uvw",
    )


def softmax() -> Solution:
    """A softmax, with the cross entropy written out."""
    return wired(
        [
            matrix("X", (1, 2, 0), (0, 1, 1)),
            matrix("W", (1, 0, 1), (0.5, 1, 2), (0, 0, 1)),
            matrix("y", (1, 0, 0), (0, 1, 0)),
        ],
        {"Z": "X@W", "P": "softmax(Z)"},
        "-sum(y*ln(P))/2",
        "W",
    )


def given_gradient() -> Solution:
    """The founding network where the gradient d is simply given."""
    values = given(*INPUTS, matrix("d", (1,), (2,)))
    return solve_network(
        Network(values, LAYERS_OF_MASHA, Loss("given", "yhat", upstream="d"), STEP)
    )


def leaky() -> Solution:
    """A leaky ReLU as a formula, its slope a given number."""
    return wired(
        [*INPUTS[:3], matrix("y", (2,), (1,)), *numbers(slope=0.1)],
        {"H1": "X@W1", "O1": "leaky_relu(H1, slope)", "yhat": "O1@W2"},
        Loss("mse", "yhat", "y"),
        "W1",
        "W2",
    )


def optimized(optimizer: str, steps: tuple[tuple[int, ...] | None, ...] = (None, None)) -> Solution:
    """The founding network, trained for several steps with any optimizer at its defaults."""
    defaults = OPTIMIZERS[optimizer].numbers
    scalars = [scalar_value(key, value) for key, value in defaults.items()]
    return solve_network(
        Network(
            given(*INPUTS, matrix("y", (2,), (1,)), *scalars),
            LAYERS_OF_MASHA,
            Loss("mse", "yhat", "y", half=True),
            Update(
                optimizer,
                "gamma",
                ("W1", "W2"),
                numbers={key: key for key in defaults},
                steps=steps,
                batch=("X", "y"),
            ),
        )
    )

"""The problem book's numeric problems: every quantity, and exactly the book's slips."""

from __future__ import annotations

import numpy as np
import pytest

from engine.network.solution import Solution
from engine.practice.published import formula_agrees
from engine.problems.course import builtin_ids
from engine.problems.reading import load, read_source
from tests.engine.problems.files import Folder

# Worked out by an independent program from the book's data.
VALUES = [
    ("book-1-2", "O1", [[100.5, 0]]),
    ("book-1-2", "yhat", [[104.5]]),
    ("book-2-1-gd", "new.w", [[0.8]]),
    ("book-2-1-gd", "new.w@2", [[1.2]]),
    ("book-2-1-gd", "new.w@3", [[1.4]]),
    ("book-2-1-sgd", "grad.w@2", [[-8.8]]),
    ("book-2-1-sgd", "grad.w@3", [[-1.44]]),
    ("book-2-1-sgd", "grad.w@4", [[-0.608]]),
    ("book-2-1-sgd", "new.w@4", [[1.4848]]),
    ("book-2-1-momentum", "m.w@2", [[-1.24]]),
    ("book-2-1-momentum", "new.w@2", [[1.64]]),
    ("book-2-1-nesterov", "grad.w@2", [[-5.92]]),
    ("book-2-1-nesterov", "m.w@2", [[-0.952]]),
    ("book-2-1-nesterov", "new.w@2", [[1.352]]),
    ("book-2-1-rmsprop", "new.w", [[0.31622776601683794]]),
    ("book-2-1-rmsprop", "v.w@2", [[10.40842689247671]]),
    ("book-2-1-rmsprop", "grad.w@2", [[-9.470177871865296]]),
    ("book-2-1-rmsprop", "new.w@2", [[0.6097666157557626]]),
    ("book-2-1-adam", "grad.w@2", [[-11.2]]),
    ("book-2-1-adam", "mhat.w@2", [[-7.789473684210528]]),
    ("book-2-1-adam", "vhat.w@2", [[73.6]]),
    ("book-2-1-adam", "new.w@2", [[0.1907965208023464]]),
    ("book-2-2", "p", [[0.0066928509242848554]]),
    ("book-2-2", "grad.w", [[4.966535745378576]]),
    ("book-2-2", "new.w", [[0.9503346425462142]]),
    ("book-3-6", "L", 0.5),
    ("book-3-6", "grad.W3", [[-0.5], [-0.5]]),
    ("book-3-6", "yhat@2", [[0.5]]),
    ("book-3-6", "L@2", 0.125),
    ("book-3-6", "grad.H2@2", [[0.0625, 0.0625]]),
    ("book-3-6", "grad.W2@2", [[0.03125, 0.03125], [0.03125, 0.03125]]),
    ("book-3-6", "grad.W1@2", [[0, 0], [0, 0]]),
    ("book-3-6", "new.W2@2", [[-0.03125, -0.03125], [-0.03125, -0.03125]]),
    ("book-3-6", "new.W3@2", [[0.25], [0.25]]),
    ("book-4-2", "L", 0.7265714110524574),
    (
        "book-4-2",
        "grad.Z",
        [
            [-0.2946154873017588, 0.03511902695933973, 0.25949646034241913],
            [0.5465493872661796, 0.12195165230972885, -0.6685010395759086],
        ],
    ),
    ("book-4-6", "p1", [[0.2780097911797676, 0.30724833615216285, 0.4147418726680695]]),
    ("book-4-6", "p2", [[0.01714782554552039, 0.0466126225779739, 0.9362395518765058]]),
    ("book-5-1", "plain", [[12, 12, 17], [15, 19, 21], [18, 18, 24]]),
    ("book-5-1", "average", [[52 / 3]]),
    ("book-5-1", "strided", [[12, 17], [18, 24]]),
    (
        "book-5-1",
        "same",
        [
            [6, 14, 17, 11, 3],
            [14, 12, 12, 17, 11],
            [11, 15, 19, 21, 14],
            [16, 18, 18, 24, 16],
            [11, 13, 12, 16, 13],
        ],
    ),
    ("book-5-1", "dilated", [[20]]),
    ("book-5-2", "mapA", [[0, 0, 0], [0, 1, 0], [0, 0, 2]]),
    ("book-7-2", "h3", 0.0),
    ("book-7-2", "L", 6.5625),
    ("book-7-2", "grad.u", 1.25),
    ("book-7-2", "grad.v", 1.25),
    ("book-7-2", "grad.w", 0.0),
    ("book-7-2", "new.u", 0.375),
    ("masha", "H1", [[2, -1], [0, 1]]),
    ("masha", "O1", [[2, 0], [0, 1]]),
    ("masha", "yhat", [[1], [1]]),
    ("masha", "L", 0.25),
    ("masha", "grad.yhat", [[-1], [0]]),
    ("masha", "grad.W2", [[-2], [0]]),
    ("masha", "grad.O1", [[-0.5, -1], [0, 0]]),
    ("masha", "grad.H1", [[-0.5, 0], [0, 0]]),
    ("masha", "grad.W1", [[-0.5, 0], [-1, 0]]),
    ("masha", "grad.X", [[-0.5, -0.25], [0, 0]]),
    ("masha", "new.W1", [[1.5, -1], [1.5, 0]]),
    ("masha", "new.W2", [[2.5], [1]]),
    ("masha", "yhat@2", [[11.25], [4.75]]),
    ("masha", "L@2", 24.90625),
    ("masha-logistic", "p", [[0.7310585786300049], [0.7310585786300049]]),
    ("masha-logistic", "local.yhat", [[0.1966119332414819], [0.1966119332414819]]),
    ("masha-logistic", "each.L", [[1.3132616875182228], [0.3132616875182228]]),
    ("masha-logistic", "L", 1.6265233750364456),
    ("masha-logistic", "grad.p", [[3.7182818284590455], [-1.3678794411714423]]),
    ("masha-logistic", "grad.yhat", [[0.7310585786300049], [-0.2689414213699951]]),
    ("masha-logistic", "grad.W2", [[1.4621171572600098], [-0.2689414213699951]]),
    ("masha-logistic", "grad.H1", [[0.3655292893150024, 0], [0, -0.2689414213699951]]),
    (
        "masha-logistic",
        "grad.W1",
        [[0.3655292893150024, 0.2689414213699951], [0.7310585786300049, -0.5378828427399902]],
    ),
    (
        "masha-logistic",
        "grad.X",
        [[0.3655292893150024, 0.1827646446575012], [0.2689414213699951, 0]],
    ),
    (
        "masha-logistic",
        "new.W1",
        [[0.6344707106849976, -1.2689414213699952], [-0.2310585786300049, 0.5378828427399902]],
    ),
    ("masha-logistic", "new.W2", [[-0.9621171572600098], [1.2689414213699952]]),
    ("book-3-6", "yhat", [[0]]),
    ("book-3-6", "grad.yhat", [[-1]]),
    ("book-3-6", "grad.H2", [[0, 0]]),
    ("book-3-6", "grad.W2", [[0, 0], [0, 0]]),
    ("book-3-6", "grad.H1", [[0, 0]]),
    ("book-3-6", "grad.W1", [[0, 0], [0, 0]]),
    ("book-3-6", "new.W1", [[0, 0], [0, 0]]),
    ("book-3-6", "new.W2", [[0, 0], [0, 0]]),
    ("book-3-6", "new.W3", [[0.5], [0.5]]),
    ("book-3-6", "grad.yhat@2", [[0.5]]),
    ("book-3-6", "grad.W3@2", [[0.25], [0.25]]),
    ("book-3-6", "grad.H1@2", [[0, 0]]),
    ("book-3-6", "new.W1@2", [[0, 0], [0, 0]]),
    ("book-2-1-sgd", "new.w", [[0.4]]),
    ("book-2-1-sgd", "new.w@2", [[1.2800000000000002]]),
    ("book-2-1-sgd", "new.w@3", [[1.4240000000000002]]),
    ("book-2-1-sgd", "grad.w", [[-4]]),
    ("book-2-1-momentum", "new.w", [[0.4]]),
    ("book-2-1-momentum", "m.w", [[-0.4]]),
    ("book-2-1-nesterov", "new.w", [[0.4]]),
    ("book-2-1-nesterov", "m.w", [[-0.4]]),
    ("book-2-1-nesterov", "grad.w", [[-4]]),
    ("book-2-1-rmsprop", "v.w", [[1.6]]),
    ("book-2-1-rmsprop", "grad.w", [[-4]]),
    ("book-2-1-adam", "new.w", [[0.1]]),
    ("book-2-1-adam", "mhat.w", [[-4.000000000000001]]),
    ("book-2-1-adam", "vhat.w", [[16.000000000000004]]),
    ("book-2-1-adam", "grad.w", [[-4]]),
    ("book-4-6", "p3", [[0.0, 9.36e-14, 0.9999999999999065]]),
    ("book-5-1", "largest", [[24]]),
    ("book-5-2", "mapB", [[0, 1, 0], [1, 0, 0], [0, 0, 0]]),
    ("book-5-2", "mapC", [[2, 0, 0], [0, 1, 0], [0, 0, 0]]),
    ("book-7-2", "h1", 0),
    ("book-7-2", "h2", 0.5),
    ("book-7-2", "yhat1", 0),
    ("book-7-2", "yhat2", 0.25),
    ("book-7-2", "yhat3", 0),
]

SLIPS = {
    "masha": {"H1", "new.W1"},
    "masha-logistic": {"each.L", "grad.p", "grad.yhat"},
    "book-2-1-rmsprop": {"new.w"},
    "book-2-1-adam": {"grad.w@2", "mhat.w@2", "vhat.w@2", "new.w@2"},
    "book-2-2": {"grad.w"},
    "book-4-2": {"p"},
    "book-4-6": {"p1", "p2", "p3"},
    "book-7-2": {"h3", "yhat3", "L", "grad.u", "new.u"},
}


@pytest.mark.parametrize(("name", "key", "value"), VALUES)
def test_a_quantity_of_the_book(name: str, key: str, value: object) -> None:
    ours = load(name).solution[key].value
    assert ours.shape == np.shape(value)
    np.testing.assert_allclose(ours, value, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", builtin_ids())
def test_exactly_the_books_slips_disagree_and_each_is_explained(name: str) -> None:
    problem = load(name)
    found = set()
    for key, printed in problem.published.items():
        agrees = printed.value_agrees(problem.solution[key]) and formula_agrees(problem, printed)
        if not agrees:
            found.add(key)
            assert set(printed.erratum or ()) >= {"en", "ru"}
    assert found == SLIPS.get(name, set())


# --- the founding exercise in the other convention: the strict gradient of the mean ---------------

STRICT = [
    ("grad.yhat", [[-0.5], [0]]),
    ("grad.W2", [[-1], [0]]),
    ("grad.H1", [[-0.25, 0], [0, 0]]),
    ("grad.W1", [[-0.25, 0], [-0.5, 0]]),
    ("grad.X", [[-0.25, -0.125], [0, 0]]),
    ("new.W1", [[1.25, -1], [1, 0]]),
    ("new.W2", [[1.5], [1]]),
    ("yhat@2", [[4.875], [2.125]]),
    ("L@2", 2.3828125),
]


def in_another_convention(folder: Folder, name: str, old: str, new: str) -> Solution:
    """A built-in problem with one key of its loss changed, and without what its source prints."""
    text = read_source(name)[0].decode()
    assert text.count(old) == 1
    return folder.read(text.replace(old, new)).solution


@pytest.mark.parametrize(("key", "value"), STRICT)
def test_the_strict_gradient_gives_the_other_numbers(
    folder: Folder, key: str, value: object
) -> None:
    solution = in_another_convention(folder, "masha", '"per_observation"', '"strict"')
    np.testing.assert_allclose(solution[key].value, value, rtol=1e-12, atol=1e-12)


def test_the_mean_of_the_logloss(folder: Folder) -> None:
    solution = in_another_convention(folder, "masha-logistic", '"sum"', '"mean"')
    assert solution["L"].value == pytest.approx(0.8132616875182228, rel=1e-12)

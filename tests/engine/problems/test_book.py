"""The problem book's numeric problems: every quantity, and exactly the book's slips."""

from __future__ import annotations

import numpy as np
import pytest

from engine.practice.published import formula_agrees
from engine.problems.reading import builtin_ids, load

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

"""Building a problem: precision, loss, further gradients, going on from another."""

from __future__ import annotations

import pytest

from engine.problems.building import MAX_DIGITS
from tests.engine.problems.files import HEAD, MSE, NETWORK, SGD, Folder, values

# --- the id and the precision ---------------------------------------------------------------------


@pytest.mark.parametrize("identity", ["Small", "a b", "a_b", "", "ж", "a/b"])
def test_an_id_has_small_letters_digits_and_hyphens(folder: Folder, identity: str) -> None:
    assert folder.faults(HEAD.replace("small", identity)) == [
        "small.toml:2:1: id: an id has small letters, digits and hyphens only"
    ]


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("", (4, None)),
        ("decimals = 2", (2, None)),
        ("decimals = 0", (0, None)),
        ("significant = 3", (None, 3)),
    ],
)
def test_the_precision_is_what_the_file_says_or_four_decimals(
    folder: Folder, text: str, precision: tuple[int | None, int | None]
) -> None:
    found = folder.read(HEAD + text).precision
    assert (found.decimals, found.significant) == precision


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("decimals = -1", f"4:1: decimals: expected 0 to {MAX_DIGITS}"),
        ("decimals = 13", f"4:1: decimals: expected 0 to {MAX_DIGITS}"),
        ("significant = 0", f"4:1: significant: expected 1 to {MAX_DIGITS}"),
        (
            "decimals = 2\nsignificant = 2",
            "5:1: significant: either `decimals` or `significant`, not both",
        ),
    ],
)
def test_a_precision_that_can_not_be_asked_is_refused(
    folder: Folder, text: str, fault: str
) -> None:
    assert folder.faults(HEAD + text) == [f"small.toml:{fault}"]


# --- loss -----------------------------------------------------------------------------------------


def test_the_loss_takes_the_last_result_and_the_strict_mean_by_default(folder: Folder) -> None:
    loss = folder.read(HEAD + NETWORK + MSE).network.loss
    assert loss is not None
    assert (loss.of, loss.half, loss.reduction, loss.per_observation) == (
        "yhat",
        False,
        "mean",
        False,
    )


def test_the_loss_may_take_another_result(folder: Folder) -> None:
    text = HEAD + NETWORK.replace("y = [2, 1]", "y = [[0, 0], [0, 0]]")
    problem = folder.read(text + MSE + 'of = "O1"\nreduction = "sum"\nhalf = true\n')
    assert problem.solution["L"].value == 2.5


def test_the_loss_may_be_a_formula(folder: Folder) -> None:
    problem = folder.read(HEAD + NETWORK + '[loss]\nformula = "sum((yhat - y)^2)"\n')
    assert problem.solution["L"].value == 1


def test_the_backward_pass_may_start_from_a_given_gradient(folder: Folder) -> None:
    problem = folder.read(HEAD + NETWORK + '[loss]\nkind = "given"\nupstream = "y"\n')
    assert "L" not in problem.solution
    assert problem.solution["grad.yhat"].value.tolist() == [[2], [1]]


@pytest.mark.parametrize(
    ("loss", "fault"),
    [
        ('target = "y"', "24:1: loss: a loss has a `kind` or a `formula`"),
        ('kind = "msee"', "25:1: loss.kind: unknown value 'msee'; did you mean 'mse'?"),
        ('kind = "mse"', "24:1: loss: `target` is missing: it names a given value"),
        (
            'kind = "mse"\ntarget = "x"',
            "26:1: loss.target: there is no value 'x'; did you mean 'X'?",
        ),
        (
            'kind = "mse"\ntarget = "X"',
            "26:1: loss.target: X is 2x2, but yhat is 2x1: they must have the same shape",
        ),
        (
            'kind = "mse"\ntarget = "y"\nof = "yhta"',
            "27:1: loss.of: there is no value 'yhta'; did you mean 'yhat'?",
        ),
        (
            'kind = "mse"\ntarget = "y"\nreduction = "avg"',
            "27:1: loss.reduction: unknown value 'avg'; expected one of mean, sum",
        ),
        (
            'kind = "mse"\ntarget = "y"\ngradient = "strickt"',
            "27:1: loss.gradient: unknown value 'strickt'; did you mean 'strict'?",
        ),
        (
            'kind = "logloss"\ntarget = "y"\nhalf = true',
            "27:1: loss.half: only the mse has a factor 1/2",
        ),
        (
            'kind = "mse"\ntarget = "y"\nupstream = "y"',
            '27:1: loss.upstream: `upstream` goes with kind = "given" only',
        ),
        ('kind = "given"', "24:1: loss: `upstream` is missing: it names a given value"),
        (
            'kind = "given"\nupstream = "y"\ngradient = "per_observation"',
            "27:1: loss.gradient: a given gradient has `upstream` and `of` only",
        ),
        (
            'formula = "sum(yhat)"\nkind = "mse"',
            "26:1: loss.kind: a loss with a formula has no other key",
        ),
        ('formula = "yhat"', "25:1: loss.formula: a loss is one number, not a matrix"),
        (
            'formula = "sum(yhta)"',
            "25:1: loss.formula: There is no yhta here. Did you mean yhat? (character 5)",
        ),
    ],
)
def test_a_loss_that_can_not_be_is_named_with_its_place(
    folder: Folder, loss: str, fault: str
) -> None:
    (found,) = folder.faults(HEAD + NETWORK + f"\n[loss]\n{loss}\n" + SGD)
    assert found.startswith(f"small.toml:{fault}")


def test_a_value_that_can_not_be_computed_is_said_at_its_entry(folder: Folder) -> None:
    text = values(X="[[0], [1]]") + '\n[[forward]]\nformula = "ln(X)"\nto = "h"\n'
    (fault,) = folder.faults(text)
    assert fault.startswith(
        "small.toml:7:1: forward[0]: h = ln(X) has no finite value in row 1, column 1: "
    )


def test_a_logarithm_of_0_in_the_loss_is_said_at_the_loss(folder: Folder) -> None:
    text = values(p="[1, 0.5]", y="[0, 1]") + '[loss]\nkind = "logloss"\nof = "p"\ntarget = "y"\n'
    (fault,) = folder.faults(text)
    assert fault.startswith("small.toml:7:1: loss: ℓ = ")


def test_an_overflow_after_the_step_is_said_at_the_update(folder: Folder) -> None:
    text = values(x="1e25", w="1e25") + '[[forward]]\nformula = "(x*w)^4"\nto = "h"\n'
    text += '[loss]\nformula = "h"\n[update]\noptimizer = "sgd"\nlearning_rate = 1e20\n'
    (fault,) = folder.faults(text + 'parameters = ["w"]\nafter = true\n')
    assert fault.startswith("small.toml:12:1: update: h⁽²⁾ = (x·w⁺)⁴ has no finite value: ")


# --- further gradients ----------------------------------------------------------------------------


def test_further_gradients_can_be_asked(folder: Folder) -> None:
    head = HEAD + 'wrt = ["y"]\n'
    assert "grad.y" in folder.read(head + NETWORK + MSE).solution


@pytest.mark.parametrize(
    ("wrt", "loss", "fault"),
    [
        ('["Z"]', MSE, "4:8: wrt[0]: there is no value 'Z'; expected one of X, W1, W2, y"),
        ('["X", "H1"]', MSE, "4:13: wrt[1]: there is no value 'H1'; expected one of X, W1, W2, y"),
        ('["X"]', "", "4:1: wrt: a gradient needs a loss"),
        (
            '["y"]',
            '[loss]\nformula = "sum(yhat)"\n',
            "4:8: wrt[0]: the loss doesn't depend on y, so it has no gradient",
        ),
    ],
)
def test_a_gradient_that_there_is_not_can_not_be_asked(
    folder: Folder, wrt: str, loss: str, fault: str
) -> None:
    assert folder.faults(HEAD + f"wrt = {wrt}\n" + NETWORK + loss) == [f"small.toml:{fault}"]


def test_n_counts_the_rows_of_the_last_result_in_a_loss_of_ones_own(folder: Folder) -> None:
    problem = folder.read(HEAD + NETWORK + '[loss]\nformula = "sum(yhat)/n"\n')
    assert problem.solution["L"].value == 1
    assert problem.solution["grad.yhat"].value.tolist() == [[0.5], [0.5]]


def test_n_counts_nothing_where_there_is_no_prediction(folder: Folder) -> None:
    text = HEAD + '[values]\nw = [1, 2]\n[loss]\nformula = "sum(w)/n"\n'
    assert folder.faults(text) == [
        "small.toml:7:1: loss.formula: there is no prediction whose rows n could count"
    ]


# --- going on from another problem ----------------------------------------------------------------


def test_values_can_be_added_and_replaced(folder: Folder) -> None:
    folder.write(HEAD.replace("small", "first") + NETWORK, "first.toml")
    text = HEAD + 'continues = "first"\n[values]\nX = [[1, 0]]\nW3 = [[3]]\n'
    text += '[[forward]]\nlayer = "linear"\nweight = "W3"\nto = "out"\n'
    problem = folder.read(text)
    assert problem.solution["H1"].value.tolist() == [[1, -1]]
    assert problem.solution["out"].value.tolist() == [[1.5]]


def test_a_value_that_no_longer_fits_the_first_problem_is_named(folder: Folder) -> None:
    folder.write(HEAD.replace("small", "first") + NETWORK, "first.toml")
    text = HEAD + 'continues = "first"\n[values]\nW1 = [[1], [2], [3]]\n'
    assert folder.faults(text + '[[forward]]\nlayer = "relu"\nto = "p"\n') == [
        "small.toml:6:1: values.W1: H1: X (2x2) and W1 (3x1) can't be multiplied: the columns of "
        "the first (2) and the rows of the second (3) must be equally many."
    ]


def test_a_value_can_not_have_the_name_of_a_result_before(folder: Folder) -> None:
    folder.write(HEAD.replace("small", "first") + NETWORK, "first.toml")
    assert folder.faults(HEAD + 'continues = "first"\n[values]\nH1 = [[1]]\n') == [
        "small.toml:6:1: values.H1: the name H1 is a result of the problem before"
    ]


def test_a_number_that_a_window_was_set_by_can_not_be_exchanged(folder: Folder) -> None:
    first = HEAD.replace("small", "first") + "[values]\nX = [[1, 2], [3, 4]]\ns = 2\n"
    first += '[[forward]]\nlayer = "avg_pool2d"\nsize = "s"\nto = "P"\n'
    folder.write(first, "first.toml")
    assert folder.faults(HEAD + 'continues = "first"\n[values]\ns = 1\n') == [
        "small.toml:6:1: values.s: s sets a window of the problem before: it stays"
    ]

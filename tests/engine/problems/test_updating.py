"""The update of a file: its learning rate and its parameters."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.engine.problems.files import HEAD, MSE, NETWORK, SGD, Folder

# --- update ---------------------------------------------------------------------------------------


def test_a_learning_rate_may_be_a_number_or_a_name(folder: Folder) -> None:
    by_number = folder.read(HEAD + NETWORK + MSE + SGD)
    assert by_number.network.update is not None
    assert by_number.network.update.learning_rate == "eta"
    text = HEAD + NETWORK.replace("[values]", "[values]\ngamma = 0.5") + MSE
    by_name = folder.read(text + SGD.replace("0.5", '"gamma"'))
    assert by_name.network.update is not None
    assert by_name.network.update.learning_rate == "gamma"
    for key in ("new.W1", "new.W2"):
        assert (by_name.solution[key].value == by_number.solution[key].value).all()


def test_a_number_for_the_learning_rate_takes_a_name_that_is_free(folder: Folder) -> None:
    text = NETWORK.replace("[values]", "[values]\neta = 7\nlearning_rate = 8")
    text = text.replace('to = "O1"', 'to = "learning_rate_1"')
    problem = folder.read(HEAD + text + MSE + SGD)
    assert problem.network.update is not None
    rate = problem.network.update.learning_rate
    assert rate not in ("eta", "learning_rate", "learning_rate_1")
    assert problem.network.values[rate].exact == Fraction(1, 2)
    assert problem.network.values["eta"].exact == 7


def test_the_number_of_the_first_problem_is_no_value_of_the_next(folder: Folder) -> None:
    folder.write(HEAD.replace("small", "first") + NETWORK + MSE + SGD, "first.toml")
    text = HEAD + 'continues = "first"\n' + MSE
    assert "eta" not in folder.read(text).network.values
    problem = folder.read(text + SGD.replace("0.5", "0.25"))
    assert problem.network.values["eta"].exact == Fraction(1, 4)


def test_all_weights_are_trained_by_default(folder: Folder) -> None:
    update = folder.read(HEAD + NETWORK + MSE + SGD).network.update
    assert update is not None
    assert update.parameters == ("W1", "W2")


def test_weights_that_the_loss_does_not_depend_on_are_not_trained(folder: Folder) -> None:
    aside = '[[forward]]\nlayer = "linear"\nweight = "W3"\nfrom = "X"\nto = "aside"\n'
    text = HEAD + NETWORK.replace("[values]", "[values]\nW3 = [[1], [1]]")
    problem = folder.read(text + aside + MSE + 'of = "yhat"\n' + SGD)
    assert problem.network.update is not None
    assert problem.network.update.parameters == ("W1", "W2")


def test_no_parameter_at_all_can_be_named(folder: Folder) -> None:
    problem = folder.read(HEAD + NETWORK + MSE + SGD + "parameters = []\n")
    assert not any(key.startswith("new.") for key in problem.solution)


def test_a_number_can_not_be_called_by_the_name_that_the_tutor_gave_it(folder: Folder) -> None:
    text = HEAD + NETWORK + MSE + SGD.replace("sgd", "momentum") + 'momentum = "eta"\n'
    assert folder.faults(text) == [
        "small.toml:31:1: update.momentum: there is no number 'eta' among the values"
    ]


def test_the_count_of_the_first_step_may_be_a_name(folder: Folder) -> None:
    text = HEAD + NETWORK.replace("[values]", "[values]\nt = 3") + MSE
    text += SGD.replace("sgd", "adam") + 'first_step = "t"\n'
    assert folder.read(text).solution.formula("mhat.W1") == "m(W₁)/(1 - β₁³)"


def test_a_step_on_some_rows_cuts_a_loss_of_ones_own_and_a_given_gradient(folder: Folder) -> None:
    step = SGD + 'batch = ["X", "y"]\nsteps = [{ rows = [1] }]\n'
    own = folder.read(HEAD + NETWORK + '[loss]\nformula = "sum((yhat - y)^2)"\n' + step)
    assert own.solution["L"].value == 0
    given = folder.read(HEAD + NETWORK + '[loss]\nkind = "given"\nupstream = "y"\n' + step)
    assert given.solution["grad.yhat"].value.tolist() == [[1]]


@pytest.mark.parametrize(
    ("update", "fault"),
    [
        (
            'optimizer = "sdg"\nlearning_rate = 1',
            "29:1: update.optimizer: unknown value 'sdg'; did you mean 'sgd'?",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = "etaa"',
            "30:1: update.learning_rate: there is no number 'etaa' among the values",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = "X"',
            "30:1: update.learning_rate: there is no number 'X' among the values",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = true',
            "30:1: update.learning_rate: true is not a number",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = [1]',
            "30:1: update.learning_rate: a list is not a number",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = inf',
            "30:1: update.learning_rate: Infinity is not a number",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = 1\nparameters = ["W1", "W4"]',
            "31:21: update.parameters[1]: there is no value 'W4'; expected one of X, W1, W2, y",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = 1\nparameters = ["H1"]',
            "31:15: update.parameters[0]: there is no value 'H1'; expected one of X, W1, W2, y",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = 1\nparameters = ["W2", "y"]',
            "31:21: update.parameters[1]: the loss doesn't depend on y, so it has no gradient",
        ),
        (
            'optimizer = "sgd"\nlearning_rate = 1\nparameters = ["W2", "W2"]',
            "31:21: update.parameters[1]: the name W2 is given twice",
        ),
        (
            'optimizer = "adam"\nlearning_rate = 1\nfirst_step = 1.5',
            "31:1: update.first_step: steps are counted from 1, in whole numbers",
        ),
        (
            'optimizer = "adam"\nlearning_rate = 1\nfirst_step = "t"',
            "31:1: update.first_step: there is no number 't' among the values",
        ),
    ],
)
def test_an_update_that_can_not_be_is_named_with_its_place(
    folder: Folder, update: str, fault: str
) -> None:
    text = HEAD + NETWORK + '\n[loss]\nkind = "given"\nupstream = "y"\n\n[update]\n'
    (found,) = folder.faults(text + update)
    assert found.startswith(f"small.toml:{fault}")


def test_an_update_needs_a_loss(folder: Folder) -> None:
    assert folder.faults(HEAD + NETWORK + SGD) == [
        "small.toml:24:1: update: an update needs a loss"
    ]

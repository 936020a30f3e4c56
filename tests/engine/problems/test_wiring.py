"""Forward entries: where they start from, and what is said of those that can't be."""

from __future__ import annotations

import pytest

from engine.problems.wiring import MAX_ENTRIES
from tests.engine.problems.files import HEAD, MSE, NETWORK, SGD, Folder, values

# --- wiring ---------------------------------------------------------------------------------------


def test_an_entry_starts_from_x_and_then_from_the_result_before(folder: Folder) -> None:
    entries = folder.read(HEAD + NETWORK).network.entries
    assert [(entry.source, entry.to) for entry in entries] == [
        ("X", "H1"),
        ("H1", "O1"),
        ("O1", "yhat"),
    ]


def test_an_entry_may_start_from_any_value_or_result(folder: Folder) -> None:
    text = HEAD + NETWORK + '[[forward]]\nlayer = "relu"\nfrom = "H1"\nto = "again"\n'
    problem = folder.read(text)
    assert problem.solution["again"].value.tolist() == problem.solution["O1"].value.tolist()


def test_a_formula_can_stand_instead_of_a_layer(folder: Folder) -> None:
    text = values(X="[[1, 2], [3, 4]]", b="[[10, 20]]", s="2")
    problem = folder.read(text + '[[forward]]\nformula = "s*X + b"\nto = "h"\n')
    assert problem.solution["h"].value.tolist() == [[12, 24], [16, 28]]
    assert problem.network.entries[0].layer == "formula"


def test_forward_entries_may_be_absent(folder: Folder) -> None:
    problem = folder.read(values(X="[1, 2]", y="[0, 0]") + '[loss]\nkind = "mse"\ntarget = "y"\n')
    assert [*problem.solution] == ["each.L", "L", "grad.X"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (
            'layer = "linaer"\nto = "h"',
            "24:1: forward[3].layer: unknown layer \"linaer\"; did you mean 'linear'?",
        ),
        ("layer = 3\nto = 'h'", "24:1: forward[3].layer: unknown layer 3; expected one of "),
        ("to = 'h'", "23:1: forward[3]: an entry has a `layer` or a `formula`"),
        (
            'layer = "linear"\nto = "h"\nweigth = "W1"',
            "23:1: forward[3]: the layer linear needs `weight`",
        ),
        (
            'layer = "linear"\nto = "h"\nweight = "W1"\nbais = "y"',
            "27:1: forward[3].bais: unknown key 'bais'; did you mean 'bias'?",
        ),
        (
            'layer = "linear"\nto = "h"\nweight = "W3"',
            "26:1: forward[3].weight: there is no value 'W3'; expected one of X, W1, W2, y, H1, ",
        ),
        (
            'layer = "relu"\nto = "h"\nfrom = "H2"',
            "26:1: forward[3].from: there is no value 'H2'; expected one of X, W1, W2, y, H1, ",
        ),
        (
            'layer = "relu"\nto = "h"\nfrom = 2',
            "26:1: forward[3].from: expected a name in quotes, not 2",
        ),
        ('layer = "relu"', "23:1: forward[3].to: `to` names the result: "),
        ('layer = "relu"\nto = "1h"', "25:1: forward[3].to: `to` names the result: "),
        ('layer = "relu"\nto = 5', "25:1: forward[3].to: `to` names the result: "),
        ('layer = "relu"\nto = "L"', "25:1: forward[3].to: the name L is taken by the tutor"),
        ('layer = "relu"\nto = "exp"', "25:1: forward[3].to: the name exp is taken by the tutor"),
        ('layer = "relu"\nto = "H1"', "25:1: forward[3].to: the name H1 is given twice"),
        ('layer = "relu"\nto = "W1"', "25:1: forward[3].to: the name W1 is given twice"),
        (
            'formula = "X@W1"\nto = "h"\nlayer = "linear"',
            "26:1: forward[3].layer: a formula entry has `formula` and `to` only",
        ),
        ("formula = 3\nto = 'h'", "24:1: forward[3].formula: expected a formula in quotes, not 3"),
        (
            'formula = "X@W9"\nto = "h"',
            "24:1: forward[3].formula: There is no W9 here. (character 3)",
        ),
        (
            'formula = "X@(W1"\nto = "h"',
            "24:1: forward[3].formula: ) is missing here. (character 6)",
        ),
        (
            'formula = "X@1e400"\nto = "h"',
            "24:1: forward[3].formula: The number has too many digits. (character 3)",
        ),
    ],
)
def test_an_entry_that_can_not_be_is_named_with_its_place(
    folder: Folder, entry: str, fault: str
) -> None:
    found = folder.faults(HEAD + NETWORK + f"[[forward]]\n{entry}\n")
    assert found[0].startswith(f"small.toml:{fault}")
    assert len(found) == 1 + ("weigth" in entry)


def test_a_shape_error_names_both_factors_and_their_shapes(folder: Folder) -> None:
    entry = '[[forward]]\nlayer = "linear"\nweight = "W1"\nto = "h"\n'
    assert folder.faults(HEAD + NETWORK + entry) == [
        "small.toml:23:1: forward[3]: yhat (2x1) and W1 (2x2) can't be multiplied: the columns of "
        "the first (1) and the rows of the second (2) must be equally many."
    ]


def test_a_shape_error_in_a_formula_shows_the_operands_as_they_are_written(
    folder: Folder,
) -> None:
    entry = '[[forward]]\nformula = "relu(X + X) @ y + W1"\nto = "h"\n'
    assert folder.faults(HEAD + NETWORK + entry) == [
        "small.toml:24:1: forward[3].formula: max(0, X + X)·y (2x1) and W1 (2x2) don't fit cell by "
        "cell: their shapes differ."
    ]


def test_what_uses_a_faulty_entry_is_not_blamed_for_it(folder: Folder) -> None:
    text = (HEAD + NETWORK + MSE + SGD).replace('weight = "W1"', 'weight = "W9"')
    assert folder.faults(text) == [
        "small.toml:12:1: forward[0].weight: there is no value 'W9'; expected one of X, W1, W2, y"
    ]


def test_what_uses_a_faulty_value_is_not_blamed_for_it(folder: Folder) -> None:
    text = (HEAD + NETWORK + MSE + SGD).replace("[[1, -1], [0.5, 0]]", "[[1, -1], [0.5]]")
    assert [fault.split(": ")[1] for fault in folder.faults(text)] == ["values.W1[1]"]


def test_several_faults_of_several_tables_are_said_at_once(folder: Folder) -> None:
    text = HEAD.replace("small", "Small") + NETWORK.replace('"relu"', '"rleu"')
    text += '[loss]\nkind = "msee"\ntarget = "y"\n' + SGD.replace("sgd", "sdg")
    assert [fault.split(": ")[1] for fault in folder.faults(text)] == [
        "id",
        "forward[1].layer",
        "loss.kind",
        "update.optimizer",
    ]


def test_there_are_at_most_200_entries(folder: Folder) -> None:
    entries = "".join(
        f'[[forward]]\nformula = "X"\nto = "h{number}"\n' for number in range(MAX_ENTRIES + 1)
    )
    assert folder.faults(values(X="1") + entries) == [
        "small.toml:6:1: forward: at most 200 entries"
    ]


def test_200_squares_of_a_decimal_are_solved_at_once(folder: Folder) -> None:
    entries = "".join(
        f'[[forward]]\nformula = "square(h{number})"\nto = "h{number + 1}"\n'
        for number in range(MAX_ENTRIES)
    )
    problem = folder.read(values(h0="0.99") + entries)
    assert problem.solution["h5"].exact_value is not None
    assert problem.solution["h20"].exact_value is None

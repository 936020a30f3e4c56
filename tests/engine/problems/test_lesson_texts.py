"""Parts of a guided lesson, and what a problem's source prints."""

from __future__ import annotations

import pytest

from tests.engine.problems.files import HEAD, MSE, NETWORK, Folder, values

# --- parts ----------------------------------------------------------------------------------------

PART = '\n[[parts]]\nlabel = "a"\n'


def test_a_part_asks_gives_and_says(folder: Folder) -> None:
    text = HEAD + NETWORK + MSE + PART
    text += 'ask = ["formula H1", "value grad.W1"]\ngiven = ["grad.H1"]\n'
    text += 'text = { en = "Do it.", ru = "Сделайте." }\nsignificant = 2\n'
    problem = folder.read(text)
    (part,) = problem.parts
    assert part.ask == (("formula", "H1"), ("value", "grad.W1"))
    assert part.given == ("grad.H1",)
    assert part.text == {"en": "Do it.", "ru": "Сделайте."}
    assert problem.precision_for("grad.W1").significant == 2
    assert problem.precision_for("O1").decimals == 4


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        (
            'ask = ["value O1", "value yhta"]',
            "30:20: parts[0].ask[1]: unknown value 'yhta'; did you mean 'yhat'?",
        ),
        (
            'ask = ["H1"]',
            "30:8: parts[0].ask[0]: a question is `value KEY` or `formula KEY`, not 'H1'",
        ),
        (
            'ask = []\ngiven = ["grad.H9"]',
            "31:10: parts[0].given[0]: unknown value 'grad.H9'; did you mean 'grad.H1'?",
        ),
        ("ask = []\nsignificant = 0", "31:1: parts[0].significant: expected 1 to 12"),
    ],
)
def test_a_part_that_can_not_be_is_named_with_its_place(
    folder: Folder, part: str, fault: str
) -> None:
    assert folder.faults(HEAD + NETWORK + MSE + PART + part) == [f"small.toml:{fault}"]


# --- what the source prints -----------------------------------------------------------------------

PUBLISHED = '\n[[published]]\nkey = "{}"\n'


@pytest.mark.parametrize(
    ("key", "value", "rows"),
    [
        ("H1", "[[2, -1], [0, 1]]", [[2, -1], [0, 1]]),
        ("yhat", "[1, 1]", [[1], [1]]),
        ("local.O1", "[0.5, 1]", [["0.5", 1]]),
        ("L", "0.50", [["0.50"]]),
        ("L", "[[0.5]]", [["0.5"]]),
    ],
)
def test_what_is_published_keeps_its_digits(
    folder: Folder, key: str, value: str, rows: list[list[object]]
) -> None:
    text = HEAD + NETWORK + MSE + PUBLISHED.format(key) + f"value = {value}\n"
    published = folder.read(text).published[key]
    assert published.value is not None
    assert [[str(cell) for cell in row] for row in published.value] == [
        [str(cell) for cell in row] for row in rows
    ]


def test_a_published_formula_is_a_tree_and_a_remark_is_neither(folder: Folder) -> None:
    text = HEAD + NETWORK + MSE + PUBLISHED.format("L") + 'formula = "sum((yhat-y)^2)/n"\n'
    text += PUBLISHED.format("H1") + 'erratum = "A remark."\n'
    published = folder.read(text).published
    assert published["L"].node is not None
    assert (published["H1"].value, published["H1"].node) == (None, None)
    assert published["H1"].note == "A remark."


@pytest.mark.parametrize(
    ("value", "agrees"),
    [
        ("[[2, -1], [0, 1]]", True),
        ("[[2, -1.0], [0, 1]]", True),
        ("[[2, -1], [0, 2]]", False),
        ("[[2.04, -1], [0, 1]]", False),
    ],
)
def test_what_is_published_agrees_or_not(folder: Folder, value: str, agrees: bool) -> None:
    problem = folder.read(HEAD + NETWORK + PUBLISHED.format("H1") + f"value = {value}\n")
    assert problem.published["H1"].value_agrees(problem.solution["H1"]) is agrees


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [("0.8", True), ("0.75", True), ("0.7", True), ("0.9", False), ("1", False), ("0.751", False)],
)
def test_a_printed_number_agrees_within_half_a_unit_of_its_last_digit(
    folder: Folder, printed: str, agrees: bool
) -> None:
    text = values(X="0.75") + '[[forward]]\nformula = "X"\nto = "h"\n'
    problem = folder.read(text + PUBLISHED.format("h") + f"value = {printed}\n")
    assert problem.published["h"].value_agrees(problem.solution["h"]) is agrees


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (
            'key = "H3"',
            "29:1: published[0].key: unknown value 'H3'; expected one of H1, O1, yhat, each.L, ",
        ),
        ('key = "H1"\nvalue = 3', "30:1: published[0].value: H1 is 2x2, not a number"),
        ('key = "H1"\nvalue = [1, 2]', "30:1: published[0].value: H1 is 2x2, not 2x1"),
        ('key = "L"\nvalue = [1, 2]', "30:1: published[0].value: L is a number, not 2x1"),
        (
            'key = "H1"\nvalue = [[1, 2], [3]]',
            "30:18: published[0].value[1]: the rows must be equally long",
        ),
        ('key = "L"\nvalue = nan', "30:1: published[0].value: NaN is not a number"),
        (
            'key = "L"\nvalue = 1\nformula = "n"',
            "31:1: published[0].formula: either `value` or `formula`, not both",
        ),
        (
            'key = "L"\nformula = "sum(yhta)"',
            "30:1: published[0].formula: There is no yhta here. Did you mean yhat?",
        ),
        (
            'key = "L"\nerratum = "a"\n[[published]]\nkey = "L"',
            "32:1: published[1].key: the key L is given twice",
        ),
    ],
)
def test_a_published_entry_that_can_not_be_is_named_with_its_place(
    folder: Folder, entry: str, fault: str
) -> None:
    (found,) = folder.faults(HEAD + NETWORK + MSE + f"\n[[published]]\n{entry}\n")
    assert found.startswith(f"small.toml:{fault}")

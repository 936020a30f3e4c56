"""Marks and matrices in words and single lines, for the line mode, `mark`, and screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.expression.symbols import identifier
from engine.expression.worked import show_value
from engine.language import tr
from engine.marking.hints import answer_text, shape_name
from engine.marking.mark import FREE, Mark
from engine.marking.precision import asked_decimals
from engine.practice.choices import Choice
from engine.practice.published import formula_agrees
from engine.practice.spotting import Spot
from engine.practice.wording import situation_text
from engine.problems.problem import Problem
from tui.widgets.brackets import readable
from tui.wording import VERDICTS, precision_words, question_words

if TYPE_CHECKING:
    from engine.expression.evaluate import Array
    from engine.practice.question import Question
    from engine.practice.reveal import Reveal
    from engine.problems.problem import Published

LISTED = 6
"""The most cells that are named one by one."""

WORKED = 9
"""The most cells that are worked out without being asked for."""


def mark_lines(mark: Mark) -> Iterator[str]:
    """The verdict in symbol and words, what there is to say, and which cells aren't right."""
    words = VERDICTS[mark.verdict]
    word = tr(words.word)
    said = mark.message
    if mark.misconception and mark.misconception.message not in said:
        said = f"{said} {mark.misconception.message}".strip()
    if said.casefold().startswith(word.partition(",")[0].casefold()) or mark.verdict in FREE:
        yield f"{words.symbol} {said or word}"
    else:
        yield f"{words.symbol} {word}. {said}".rstrip()
    wrong = [
        (i, j)
        for i, row in enumerate(mark.cells, 1)
        for j, cell in enumerate(row, 1)
        if cell == "wrong"
    ]
    several = sum(len(row) for row in mark.cells) > 1
    if several and wrong and (len(wrong) > 1 or mark.verdict != "wrong"):
        cells = [tr("row {row} column {column}", row=i, column=j) for i, j in wrong[:LISTED]]
        if len(wrong) > LISTED:
            cells.append(tr("and {more} more", more=len(wrong) - LISTED))
        yield tr("Not right: {cells}.", cells=", ".join(cells))


def reading_text(mark: Mark) -> str:
    """How the answer was read, as it could be typed again."""
    if isinstance(mark.reading, str):
        return mark.reading
    return "; ".join(" ".join(cell or "_" for cell in row) for row in mark.reading)


def asked_text(question: Question) -> str:
    """The question in one line, with the shape and the digits asked."""
    words = question_words(question) if question.text else one_line(question.words)
    if question.kind != "value":
        return words
    details = [shape_name(question.shape), precision_words(question)]
    return f"{words} ({', '.join(filter(None, details))})"


def right_text(question: Question) -> str:
    """The right answer, as it could be typed."""
    if question.task is not None:
        return [*option_lines(question)][question.task.right]
    if question.kind == "formula":
        return question.problem.solution.formula(question.key)
    return answer_text(question.problem, question.key)


def one_line(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def printed_lines(question: Question, published: Published) -> list[str]:
    """What the source prints where it isn't right; its numbers only once they were asked."""
    lines = []
    if published.formula is not None and not formula_agrees(question.problem, published):
        printed = f"{question.symbol} = {published.formula}"
        lines.append(tr("The source prints the formula {printed}", printed=printed))
    step = question.problem.solution[question.key]
    if question.kind == "value" and published.value and not published.value_agrees(step):
        cells = "; ".join(" ".join(str(cell) for cell in row) for row in published.value)
        lines.append(tr("The source prints {printed}", printed=f"{question.key} = {cells}"))
    return lines


def option_lines(question: Question) -> Iterator[str]:
    """What there is to choose from, numbered, one a line; the steps of a pass with their keys."""
    task = question.task
    if isinstance(task, Spot):
        for number, (key, value) in enumerate(task.shown.items(), 1):
            yield f"{number}. {key} = {array_text(value)}"
    elif isinstance(task, Choice):
        for number, option in enumerate(task.options, 1):
            shown = shape_name(option.shape) if option.value is None else array_text(option.value)
            yield f"{number}. {shown}"


def layer_lines(question: Question) -> Iterator[str]:
    """What the layers of a pass do, which the app's map shows."""
    if isinstance(question.task, Spot):
        for entry in question.problem.network.entries:
            yield situation_text(question.problem, entry.to)


def shape_lines(question: Question) -> Iterator[str]:
    """The shapes of what is known, where a shape is asked."""
    if isinstance(question.task, Choice):
        for key, shape in question.task.shapes().items():
            yield f"{key} {shape_name(shape)}"


def array_text(value: Array) -> str:
    """A value on one line, rounded to four decimals."""
    rows = value.tolist() if value.shape else [[value.item()]]
    return "; ".join(" ".join(readable(cell, 4) for cell in row) for row in rows)


def value_text(problem: Problem, key: str) -> str:
    """A known value on one line: ``1 2; -1 2``; whole where it is exact, else a digit to spare."""
    solution = problem.solution
    value = solution.numbers[key]
    rows = value.tolist() if value.shape else [[value.item()]]
    exact = solution.exact.get(key) if _is_exact(problem, key) else None
    texts = []
    for i, row in enumerate(rows):
        cells = []
        for j, cell in enumerate(row):
            if exact is not None:
                cells.append(readable(exact[i, j] if exact.shape else exact.item(), 30))
            else:
                decimals = asked_decimals(cell, problem.precision_for(key))
                cells.append(readable(cell, max(decimals + 1, 4)))
        texts.append(" ".join(cells))
    return "; ".join(texts)


def formula_line(revealed: Reveal) -> str:
    """By which formula a quantity is found, and how else that is written."""
    formulas = [revealed.formula, *revealed.other_formulas]
    return tr(
        "By the formula {formula}",
        formula=f"{revealed.symbol} = {' = '.join(dict.fromkeys(formulas))}",
    )


def cell_lines(revealed: Reveal) -> Iterator[str]:
    """The first cells worked out, one a line."""
    rows, columns = (*revealed.value.shape, 1, 1)[:2]
    places = [(i, j) for i in range(rows) for j in range(columns)]
    for row, column in places[:WORKED]:
        yield cell_line(revealed, row, column)
    if len(places) > WORKED:
        yield tr(
            "There are {more} more cells: :why ROW COLUMN works one out.",
            more=len(places) - WORKED,
        )


def cell_line(revealed: Reveal, row: int, column: int) -> str:
    """One cell, from 0, as ``Row 1, column 2: 1·(-1) + 2·0 = -1``."""
    value = revealed.value
    number = show_value(float(value[row, column] if value.shape else value))
    worked = revealed.cell(row, column).text
    text = number if worked == number else f"{worked} = {number}"
    if value.size == 1:
        return f"{revealed.symbol}: {text}"
    return tr("Row {row}, column {column}: {worked}", row=row + 1, column=column + 1, worked=text)


def code_lines(revealed: Reveal) -> Iterator[str]:
    """The formula as code; in one line where both libraries write it the same."""
    name = identifier(revealed.key)
    if revealed.numpy == revealed.pytorch:
        yield f"NumPy, PyTorch: {name} = {revealed.numpy}"
    else:
        yield f"NumPy: {name} = {revealed.numpy}"
        yield f"PyTorch: {name} = {revealed.pytorch}"


def proof_lines(revealed: Reveal, row: int, column: int) -> Iterator[str]:
    """What nudging one cell, from 0, does to the loss."""
    proof = revealed.proof(row, column)
    yield tr(
        "{symbol}, row {row}, column {column}: with {nudge} more the loss {loss} goes from {here} "
        "to {up}, with {nudge} less to {down}.",
        symbol=proof.target,
        row=row + 1,
        column=column + 1,
        nudge=readable(proof.nudge, 9),
        loss=proof.loss,
        here=readable(proof.here, 8),
        up=readable(proof.up, 8),
        down=readable(proof.down, 8),
    )
    if proof.kink:
        yield tr(
            "There is a kink here: upwards the slope is {upward}, downwards {downward}. "
            "The gradient {gradient} follows the convention for the kink itself.",
            upward=readable(proof.upward, 4),
            downward=readable(proof.downward, 4),
            gradient=readable(proof.gradient, 4),
        )
    else:
        yield tr(
            "That is a slope of {slope}; the gradient is {gradient}.",
            slope=readable(proof.slope, 4),
            gradient=readable(proof.gradient, 4),
        )


def _is_exact(problem: Problem, key: str) -> bool:
    step = problem.solution.get(key)
    return step is None or step.exact_value is not None

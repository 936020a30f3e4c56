"""What may be typed into one cell of a matrix, and how a cell is written into a line of cells."""

from __future__ import annotations

import re

LIMIT = 200
"""The most characters that a cell takes."""

STARTS_TYPING = frozenset("0123456789-−+.,(½√")
"""What begins a number where single letters are commands."""

_OPERATORS = "+-−–*·×⋅∙/÷⁄"
_SIGNS = frozenset(_OPERATORS + "()[]{}.,^%_√")
_SEPARATOR = re.compile(r"[\s;&\\\[{]")
_BLANK_BETWEEN_OPERANDS = re.compile(r"[\w.,)\]]\s+[\w.,(\[]")


def belongs_in_cell(character: str) -> bool:
    """Whether a key writes into a cell: digits, letters, signs and brackets do, `?` does not.

    Letters of every alphabet do: what they mean is for the marking to say, and a letter that
    were a command here would surprise whoever types a word.
    """
    return len(character) == 1 and (character.isalnum() or character in _SIGNS)


def continues(text: str) -> bool:
    """Whether a blank typed behind ``text`` belongs to its expression: ``exp(1 +`` or ``2 *``."""
    return text.count("(") > text.count(")") or text.rstrip()[-1:] in tuple(_OPERATORS)


def holds_separators(text: str) -> bool:
    """Whether a pasted text may be more than one cell."""
    return _SEPARATOR.search(text.strip()) is not None


def clean(text: str) -> str:
    """The text of a cell as it is kept: one line, nothing that a terminal obeys, `_` is empty."""
    kept = "".join(each for each in " ".join(text.split()) if each.isprintable())
    return "" if kept == "_" else kept[:LIMIT]


def joinable(text: str) -> str:
    """The cell's text such that blanks can separate it from its neighbours; empty gives ``_``.

    Blanks around operators are left out. Where a blank stands between two operands, leaving it
    out would change the number, so round brackets keep the cell in one piece.
    """
    text = text.strip()
    if _BLANK_BETWEEN_OPERANDS.search(text):
        return f"({text})"
    return "".join(text.split()) or "_"

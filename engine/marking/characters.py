"""The characters people type and paste: what is dropped, what is a blank, what stands for what."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters but for tab and line ends
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, bidirectional marks and overrides
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BLANKS = str.maketrans(
    dict.fromkeys("\x0b\x0c\u00a0\u1680\u202f\u205f\u3000\u2800", " ")
    | {chr(code): " " for code in range(0x2000, 0x200B)}
    # The brackets that matrices are drawn with, so that one copied from the screen can be read.
    | dict.fromkeys("⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦", " ")
)


def clean(text: str) -> str:
    """The text without control and invisible characters, its blanks and line ends made plain."""
    if not (text.isascii() and text.isprintable()):
        text = _LINE_ENDS.sub("\n", text)
        text = _INVISIBLE.sub("", text)
        text = text.translate(_BLANKS)
    return text


_STANDS_FOR = {
    "-": "\u02d7\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2796\ufe58\ufe63\uff0d",
    "+": "\u2795\ufe62\uff0b",
    "*": "·\u0387\u2022\u2219\u22c5\u00d7\u2217\u2715\u2716\uff0a",
    "/": "\u00f7\u2044\u2215\uff0f",
    ".": "\uff0e",
    ",": "\uff0c",
    ";": "\u037e\uff1b",
    "(": "\uff08",
    ")": "\uff09",
    "[": "\uff3b",
    "]": "\uff3d",
    "%": "\uff05\u066a",
    "^": "\uff3e",
    "_": "\uff3f",
    "=": "\uff1d",
    "σ": "ς\U0001d6d4\U0001d70e\U0001d748",
    # Cyrillic letters that look like the Latin ones, typed on the other keyboard layout.
    "a": "а",
    "c": "с",
    "e": "е",
    "i": "і",
    "o": "о",
    "p": "р",
    "x": "х",
    "E": "Е",
    "P": "Р",
    "T": "Т",
    "X": "Х",
}
_CANONICAL = str.maketrans({char: to for to, chars in _STANDS_FOR.items() for char in chars})


def canonical(text: str) -> str:
    """A clean text with one spelling for each sign; every character keeps its position."""
    return text if text.isascii() else text.translate(_CANONICAL)


def _vulgar() -> dict[str, Fraction]:
    found = {}
    for code in (*range(0xBC, 0xBF), *range(0x2150, 0x215F), 0x2189):
        numerator, denominator = unicodedata.normalize("NFKD", chr(code)).split("\u2044")
        found[chr(code)] = Fraction(int(numerator), int(denominator))
    return found


VULGAR_FRACTIONS: dict[str, Fraction] = _vulgar()
"""The characters that are a fraction, such as ``½``, with their values."""


def excerpt(text: str, limit: int = 40) -> str:
    """A clean text on one line, cut to ``limit`` characters, to be quoted in a message."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

"""The text of a typed formula in one plain spelling: LaTeX, subscripts, look-alikes, each undone.

Every character of the plain text knows where it stood in what was typed, so that a message can
point at the place.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from engine.expression.parse import ParseError
from engine.expression.symbols import GREEK
from engine.language import tr
from engine.marking.characters import clean, excerpt

_STANDS_FOR = {
    "-": "\u02d7\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2796\ufe58\ufe63",
    "+": "\u2795\ufe62",
    "·": "\u0387\u2022\u2219\u22c5\u00d7\u2715\u2716\u2a2f\u2a09",
    "*": "\u2217\u204e",
    "⊙": "\u2218\u25e6\u25cb\u2a00",
    "/": "\u00f7\u2044\u2215",
    "'": "\u2032\u2019\u2018\u02b9\u00b4\u0060\u02bc",
    "ᵀ": "\u22a4\u22ba\u1d57\u27d9",
    ",": "\u201a",
    ";": "\u037e",
    "=": "\u2254\u2190\u27f5",
    "≥": "\u2a7e\u2267",
    "≤": "\u2a7d\u2266",
    "‖": "\u2225\u01c1",
    "|": "\u2223\u01c0\u2758",
    "Σ": "\u2211",
    "∂": "\U0001d6db\U0001d715",
    "ε": "ϵ",
    "φ": "ϕ",
    "θ": "ϑ",
    "μ": "µ",
    "σ": "ς",
    # Greek capitals that look like the Latin ones.
    "A": "Α",
    "B": "Β",
    "E": "Ε",
    "H": "Η",
    "I": "Ι",
    "K": "Κ",
    "M": "Μ",
    "N": "Ν",
    "O": "Ο",
    "P": "Ρ",
    "T": "Τ",
    "X": "Χ",
    "Y": "Υ",
    "Z": "Ζ",
}
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙₜ₊₋", "0123456789ijkmnt+-", strict=True))
_PLAIN: dict[str, str] = {
    **{char: to for to, chars in _STANDS_FOR.items() for char in chars},
    **_SUBSCRIPTS,
    "ŷ": "yhat",
    "Ŷ": "Yhat",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "hat",
    "_": "",
    "$": " ",
    "~": " ",
    "…": " ",
}
"""What single characters are written as; those not in it stay or are decomposed."""

_STYLES = r"(?:math(?:bf|rm|it|sf|bb|bbm|ds|cal)|bm|boldsymbol|text(?:bf|rm|it)?|operatorname)\*?"
_LATEX = re.compile(
    rf"\\{_STYLES}\s*\{{(?P<styled>(?:[^{{}}]|\{{[^{{}}]*\}})*)\}}"
    r"|\\tilde\s*\{(?P<tilde>(?:[^{}]|\{[^{}]*\})*)\}"
    r"|\\(?:wide)?hat\s*(?:\{\s*(?P<hat>[A-Za-z])\s*\}|(?P<bare>[A-Za-z]))"
    r"|\\(?P<command>[A-Za-z]+)"
    r"|\\(?P<sign>.)",
    re.DOTALL,
)
_COMMANDS: dict[str, str] = {
    **GREEK,
    **dict.fromkeys(("cdot", "times", "bullet", "cdotp"), "·"),
    **dict.fromkeys(("odot", "circ", "bigodot"), "⊙"),
    **dict.fromkeys(("top", "intercal", "transpose"), "ᵀ"),
    **dict.fromkeys(("ge", "geq", "geqslant"), "≥"),
    **dict.fromkeys(("le", "leq", "leqslant"), "≤"),
    **dict.fromkeys(("lVert", "rVert", "Vert"), "‖"),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys(("lbrace", "rbrace"), ""),
    **dict.fromkeys(("left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr"), ""),
    **dict.fromkeys(("bigg", "Bigg", "biggl", "biggr", "Biggl", "Biggr", "middle"), ""),
    **dict.fromkeys(("limits", "displaystyle", "quad", "qquad"), " "),
    **{word: word for word in ("ln", "log", "lg", "exp", "max", "tanh", "sign")},
    "ast": "*",
    "sum": "Σ",
    "sqrt": "√",
    "prime": "'",
    "partial": "∂",
    "nabla": "∇",
    "ell": "ℓ",
    "gt": ">",
    "lt": "<",
    "gets": "=",
    "varepsilon": "ε",
    "varphi": "φ",
    "sigmoid": "sigmoid",
    "relu": "relu",
    "softmax": "softmax",
    "T": "ᵀ",
}
_SIGNS = {
    ",": " ",
    ";": " ",
    ":": " ",
    "!": "",
    " ": " ",
    "_": "",
    "|": "‖",
    "{": "{",
    "}": "}",
    "(": "",
    ")": "",
    "[": "",
    "]": "",
}
_SUBSCRIPT = re.compile(r"_\s*\{\s*(?P<index>[A-Za-z0-9₀-₉]{1,12})\s*\}")
_SUM_LIMITS = re.compile(r"(?<=[Σ∑])\s*(?:[_^]\s*(?:\{[^{}]{0,20}\}|[A-Za-z])|[ᵢⱼₖ₌₁₀ⁿᵐ]+)+")
"""The limits of a sum sign: all observations anyway."""
_IGNORED = re.compile(r"\.(?:astype|type)\([^()]{0,40}\)|\.(?:float|double|item|detach)\(\)")


@dataclass
class PlainText:
    """The plain text, and where each of its characters stood."""

    text: str = ""
    positions: list[int] = field(default_factory=list)
    end: int = 0

    def add(self, text: str, position: int) -> None:
        """Put characters behind that all stood for what was typed at the position."""
        self.text += text
        self.positions.extend([position] * len(text))

    def position(self, place: int) -> int:
        """Where in the typed text the character at that place of the plain one stood."""
        return self.positions[place] if place < len(self.positions) else self.end


def plain(typed: str) -> PlainText:
    """The plain spelling; raises `ParseError` for LaTeX that has no place in a formula."""
    text = clean(typed)
    found = PlainText(end=len(text))
    if text.isascii() and not any(char in text for char in "\\_.$~"):
        found.text, found.positions = text, list(range(len(text)))
        return found
    pieces = _without_latex(text) if "\\" in text else [(text, 0, True)]
    joined = ""
    positions: list[int] = []
    for piece, start, exact in pieces:
        joined += piece
        positions += range(start, start + len(piece)) if exact else [start] * len(piece)
    place = 0
    while place < len(joined):
        for pattern in (_SUM_LIMITS, _IGNORED):
            skipped = pattern.match(joined, place) if joined[place] in _SKIPPED_FROM else None
            if skipped is not None:
                break
        if skipped is not None:
            place = skipped.end()
            continue
        index = _SUBSCRIPT.match(joined, place) if joined[place] == "_" else None
        if index is not None:
            for offset, char in enumerate(index["index"]):
                found.add(_PLAIN.get(char, char), positions[index.start("index") + offset])
            place = index.end()
            continue
        found.add(_one(joined[place]), positions[place])
        place += 1
    return found


_SKIPPED_FROM = frozenset(" _^.ᵢⱼₖ₌₁₀ⁿᵐ")


def _one(char: str) -> str:
    if char.isascii() and char not in "_$~":
        return char
    if char in _PLAIN:
        return _PLAIN[char]
    if "\U0001d400" <= char <= "\U0001d7ff" or "\uff01" <= char <= "\uff5e":
        simple = unicodedata.normalize("NFKC", char)
        return _PLAIN.get(simple, simple)
    return char


def _without_latex(text: str) -> list[tuple[str, int, bool]]:
    """The text in pieces without commands: each piece, its place, and whether it is verbatim."""
    pieces: list[tuple[str, int, bool]] = []
    place = 0
    for match in _LATEX.finditer(text):
        pieces.append((text[place : match.start()], place, True))
        pieces.append((*_command(match), False))
        place = match.end()
    pieces.append((text[place:], place, True))
    return pieces


def _command(match: re.Match[str]) -> tuple[str, int]:
    start = match.start()
    for group, before in (("styled", ""), ("tilde", "ahead")):
        if match[group] is not None:
            return before + "".join(piece for piece, _, _ in _without_latex(match[group])), start
    letter = match["hat"] or match["bare"]
    if letter:
        return f"{letter}hat", start
    if match["sign"]:
        if match["sign"] in _SIGNS:
            return _SIGNS[match["sign"]], start
    elif match["command"] in _COMMANDS:
        return _COMMANDS[match["command"]], start
    elif match["command"].endswith("frac"):
        raise ParseError(tr("Write a fraction with a slash: a/b, (a + b)/(2n)."), start)
    raise ParseError(tr("{command} isn't known here.", command=excerpt(match.group(), 20)), start)

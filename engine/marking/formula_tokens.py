"""From the plain text of a formula to tokens: numbers, signs, and runs cut into words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from engine.expression.parse import ParseError, Token, number_at
from engine.language import tr
from engine.marking.characters import VULGAR_FRACTIONS
from engine.marking.formula_lexicon import FUNCTIONS
from engine.marking.formula_text import PlainText
from engine.marking.formula_words import Vocabulary, Word

_LETTER = "A-Za-z\u0370-\u03a2\u03a4-\u03ff\u0400-\u052fℓ∇"
RUN = rf"[{_LETTER}][{_LETTER}0-9⁺]*"
_RUN = re.compile(RUN)
_CYRILLIC = re.compile("[\u0400-\u052f]")
_CALLED = re.compile(rf"({RUN}²?)\s*\(\s*({RUN})\s*\)")
_DOTTED = re.compile(rf"({RUN})\.({RUN})")
_STEP_OF = r"(?:@|⁽|\^\{\()[0-9⁰¹²³⁴-⁹]{1,3}(?:⁾|\)\}|(?![0-9A-Za-z]))"
_STEP = re.compile(_STEP_OF)
_DERIVATIVE = re.compile(rf"([d∂])\s*({RUN})({_STEP_OF})?\s*/\s*[d∂]\s*({RUN})")
_BRACED_NEW = re.compile(rf"\{{({RUN})\^\{{\+\}}\}}(?=\^\{{\([0-9])")
_SELECTED = re.compile(r"\[(\[?)\s*([0-9]{1,3}(?:\s*,\s*[0-9]{1,3}){0,9})\s*\](\]?)")
_NEW = re.compile(r"\^\{(?:\+|new)\}|\^(?:\+(?![0-9 (])|new\b)")
_NUMBER = re.compile(
    r"(?:[0-9]+(?:\.[0-9]+|\.(?![A-Za-z*]))?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![0-9])"
)
_COMMA_NUMBER = re.compile(r"(?<![0-9,.])[0-9]+,[0-9]+(?![0-9,.])")
_RAISED = re.compile("([⁺⁻]?)([⁰¹²³⁴-⁹]+)")
_ARROW = re.compile(r"[^-+*/<>=()\[\]]{1,20}<-(?=\s)")
"""The left side of an assignment as R writes it."""
_SHAPE = re.compile(r"\.shape\[([01])\]|\.size\(([01])\)")
_METHOD = re.compile(r"\.([A-Za-z]+)(?=\s*\()")
_SIGNS = ("**", ".*", ".T", "||", "==", "!=", ">=", "<=", "->", "<-", "-=", "+=")
_SAME = {"**": "^", ".*": "⊙", ".T": "ᵀ", "||": "‖", ">=": "≥", "<=": "≤", "-=": "-", "+=": "+"}
_KINDS = {"ᵀ": "transpose"}
_PLAIN_SIGNS = frozenset("+-*/·⊙@^()[]{},;|‖<>≥≤=ᵀ'√Σ")
_DIGITS = frozenset("0123456789")
_UP = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MODULES = frozenset(
    {"np", "numpy", "torch", "math", "F", "nn", "functional", "tf", "jnp", "scipy"}
)
_METHODS = {
    **FUNCTIONS,
    "t": "transpose",
}
_DERIVED = frozenset({"relu", "sigmoid", "tanh"})

_LOOKS_LIKE = str.maketrans("АВЕКМНОРСТУХІЅЈаекморсухіѕјԁԝһ", "ABEKMHOPCTYXISJaekmopcyxisjdwh")
"""Cyrillic letters by the Latin ones that look the same; the others are kept."""
_ON_THE_SAME_KEY = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>",
)
_SHIFTED_SIGNS = str.maketrans('":\0', "@^/")
_SLASH_KEY = re.compile(r"\.(?!T|Т|[0-9])")
"""A point that the key of the slash may have typed."""


def tokens(text: PlainText, vocabulary: Vocabulary, compact: bool) -> tuple[list[Token], list[str]]:
    """The tokens of the right side, and notes about what was read in another way than typed.

    Raises `ParseError` with the place in the typed text.
    """
    lexer = _Lexer(text, vocabulary, compact)
    return lexer.all(), lexer.notes


def has_compact_gradient(found: list[Token]) -> bool:
    """Whether d and a name stand together, so that they may be one word: dW1."""
    return any(
        before.kind == "upstream" and after.kind == "name" and not after.spaced
        for before, after in pairwise(found)
    )


class _Lexer:
    def __init__(self, text: PlainText, vocabulary: Vocabulary, compact: bool) -> None:
        self.source, self.vocabulary, self.compact = text, vocabulary, compact
        self.notes: list[str] = []
        self.text = text.text
        if not self.text.isascii() and _CYRILLIC.search(self.text):
            self.text = self._latin(self.text)
        self.place = _right_side(self.text, self)

    def fail(self, message: str, place: int, unfinished: bool = False) -> ParseError:
        return ParseError(message, self.source.position(place), unfinished)

    # --- the other keyboard -----------------------------------------------------------------------

    def _latin(self, text: str) -> str:
        """Cyrillic letters as Latin ones: those that look the same, else those on the same key."""
        retyped = False

        def replace(match: re.Match[str]) -> str:
            nonlocal retyped
            run = match.group()
            if not _CYRILLIC.search(run):
                return run
            alike = run.translate(_LOOKS_LIKE)
            typed = run.translate(_ON_THE_SAME_KEY)
            if not _CYRILLIC.search(alike) and (self._known(alike) or not self._known(typed)):
                self._note(tr("Cyrillic letters are read as the Latin ones that look the same."))
                return alike
            if not self._known(typed):
                return run
            retyped = True
            self._note(tr("Read as if typed with the Latin keyboard layout."))
            return typed

        text = _RUN.sub(replace, _SLASH_KEY.sub("\0", text))
        if not retyped:
            return text.replace("\0", ".")
        return text.translate(_SHIFTED_SIGNS)

    def _known(self, text: str) -> bool:
        """Whether every run of letters in the text can be cut into words."""
        split = self.vocabulary.split
        return all(
            split(run, True, True) or (run[0] == "d" and split(run[1:], True, True))
            for run in _RUN.findall(text)
        )

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    # --- tokens -----------------------------------------------------------------------------------

    def all(self) -> list[Token]:
        """Every token, and the end."""
        found: list[Token] = []
        spaced = False
        while self.place < len(self.text):
            if self.text[self.place].isspace():
                self.place, spaced = self.place + 1, True
                continue
            for kind, start, value, shown in self._next(found):
                token = Token(kind, self.source.position(start), value, shown, spaced)
                found.append(token)
                spaced = False
        found.append(Token("end", self.source.end))
        return found

    def _next(self, before: list[Token]) -> Iterator[tuple[str, int, object, str]]:
        text, start = self.text, self.place
        char = text[start]
        if char in _DIGITS or (char == "." and text[start + 1 : start + 2] in _DIGITS):
            yield self._number()
        elif char in VULGAR_FRACTIONS:
            self.place += 1
            yield "number", start, VULGAR_FRACTIONS[char], char
        elif char == "∂" or _RUN.match(text, start):
            yield from self._letters()
        elif char == "{" and (new := self._braced_new()):
            yield self._word(new, start)
        elif char == "[" and (rows := self._selected(before)):
            yield "rows", start, rows, text[start : self.place]
        elif char == "." and (shape := _SHAPE.match(text, start)):
            self.place = shape.end()
            yield "size", start, "rows" if "0" in shape.groups() else "columns", shape.group()
        elif char == "." and (method := _METHOD.match(text, start)) and method[1] != "T":
            if method[1] not in _METHODS:
                raise self.fail(self.vocabulary.unknown(method[1]), start)
            self.place = method.end()
            yield "method", start, _METHODS[method[1]], method.group()
        elif raised := _RAISED.match(text, start):
            self.place = raised.end()
            sign = "-" if raised[1] == "⁻" else ""
            yield "power", start, int(sign + raised[2].translate(_UP)[:4]), raised.group()
        else:
            yield self._sign(before)

    def _number(self) -> tuple[str, int, object, str]:
        start = self.place
        match = _COMMA_NUMBER.match(self.text, start)
        if match is not None:
            self._note(tr("The comma in {number} is read as a decimal point.", number=match[0]))
        else:
            match = _NUMBER.match(self.text, start)
        if match is None:
            raise self.fail(tr("The number can't be read."), start)
        self.place = match.end()
        value = number_at(match[0].replace(",", "."), self.source.position(start))
        return "number", start, value, match[0]

    def _sign(self, before: list[Token]) -> tuple[str, int, object, str]:
        start = self.place
        sign = next((s for s in _SIGNS if self.text.startswith(s, start)), self.text[start])
        self.place += len(sign)
        plain = _SAME.get(sign, sign)
        if plain == "'" and before and before[-1].kind == "function":
            if before[-1].value not in _DERIVED:
                raise self.fail(tr("Write out the derivative of this function."), start)
            return "prime", start, None, "'"
        if plain == "'":
            plain = "ᵀ"
        if plain not in _PLAIN_SIGNS:
            raise self.fail(tr("{sign} has no meaning in a formula.", sign=sign), start)
        return _KINDS.get(plain, plain), start, None, sign

    # --- words ------------------------------------------------------------------------------------

    def _letters(self) -> Iterator[tuple[str, int, object, str]]:
        start = self.place
        for special in (self._derivative, self._dotted, self._called):
            word = special()
            if word is not None:
                if word.kind:
                    yield self._word(word, start)
                return
        run = _RUN.match(self.text, start)
        if run is None:
            raise self.fail(tr("A derivative is written ∂L/∂W or dL/dW."), start)
        self.place = run.end()
        yield from self._cut(run.group(), start)

    def _cut(self, run: str, start: int) -> Iterator[tuple[str, int, object, str]]:
        vocabulary = self.vocabulary
        pieces = vocabulary.split(run, self.compact) or vocabulary.split(run, True)
        if pieces is None:
            pieces = vocabulary.split(run, self.compact, lax=True)
            pieces = pieces or vocabulary.split(run, True, lax=True)
            if pieces is not None:
                symbols = vocabulary.lexicon.symbols
                meanings = (symbols.get(word.value, word.value) for _, word in pieces)
                meaning = ", ".join(filter(None, meanings))
                self._note(tr("{word} is read as {meaning}.", word=run, meaning=meaning))
        if pieces is None:
            pieces = vocabulary.split(run, True, barred=True)
        if pieces is None:
            end = start + len(run)
            unfinished = end == len(self.text)
            raise self.fail(vocabulary.unknown(run), start, unfinished)
        for piece, word in pieces:
            last = start + len(piece) == self.place
            yield self._word(word, start, piece if not last else None)
            start += len(piece)

    def _word(
        self, word: Word, start: int, text: str | None = None
    ) -> tuple[str, int, object, str]:
        """The token of a word; behind a name its step may follow: H1@2."""
        value = word.value
        if word.kind in ("name", "barred"):
            new = _NEW.match(self.text, self.place) if text is None else None
            if new is not None and f"new.{value}" in self.vocabulary.lexicon.rank:
                value, self.place = f"new.{value}", new.end()
            step = _STEP.match(self.text, self.place) if text is None else None
            if step is not None:
                number = _step_number(step.group())
                if f"{value}@{number}" in self.vocabulary.lexicon.rank:
                    value = f"{value}@{number}"
                    self.place = step.end()
            if not self.vocabulary.allows(value):
                raise self.fail(self.vocabulary.barred(value), start)
            return "name", start, value, text or self.text[start : self.place]
        return word.kind, start, value, text or self.text[start : self.place]

    def _braced_new(self) -> Word | None:
        """A new parameter with its step behind it, as LaTeX writes it: {W_1^{+}}^{(2)}."""
        match = _BRACED_NEW.match(self.text, self.place)
        key = self.vocabulary.lexicon.keys.get(match[1]) if match else None
        if match is None or key is None:
            return None
        self.place = match.end()
        return Word("name", f"new.{key}")

    def _selected(self, before: list[Token]) -> tuple[int, ...]:
        """The rows that a name's own brackets choose: X[1] is its first row, X[[0]] as in NumPy."""
        match = _SELECTED.match(self.text, self.place)
        beside = before and before[-1].kind == "name" and not self.text[self.place - 1].isspace()
        if match is None or not beside or len(match[1]) != len(match[3]):
            return ()
        first = 0 if match[1] else 1
        rows = tuple(int(row) - first for row in match[2].split(","))
        if min(rows) < 0:
            return ()
        self.place = match.end()
        return rows

    def _derivative(self) -> Word | None:
        """∂L/∂W₁, dL/dW1, or a local derivative such as ∂O₁/∂H₁."""
        match = _DERIVATIVE.match(self.text, self.place)
        if match is None:
            return None
        lexicon = self.vocabulary.lexicon
        above, below = match[2], match[4]
        of_loss = above in lexicon.loss_words
        result = lexicon.keys.get(above)
        if not of_loss and result is None:
            return None
        for length in range(len(below), 0, -1):
            base = lexicon.keys.get(below[:length])
            if base is None or below[length : length + 1].isdigit():
                continue
            key = f"grad.{base}" if of_loss else lexicon.locals.get((str(result), base), "")
            if key in lexicon.rank or f"{key}@2" in lexicon.rank:
                self.place = match.start(4) + length
                step = match[3] and f"{key}@{_step_number(match[3])}"
                later = step in lexicon.rank and not _STEP.match(self.text, self.place)
                return Word("name", step if later else key)
        if match[1] == "d" and not of_loss:
            return None
        raise self.fail(self.vocabulary.unknown(match.group()), self.place)

    def _dotted(self) -> Word | None:
        """np.exp and the like lose their module; grad.W1 and W1.grad are one word."""
        match = _DOTTED.match(self.text, self.place)
        if match is None:
            return None
        if match[1] in _MODULES and match[2] != "T":
            self.place = match.start(2)
            return Word("", "")
        for word in (match[1] + match[2], f"grad{match[1]}" if match[2] == "grad" else ""):
            key = self.vocabulary.lexicon.keys.get(word)
            if key is not None:
                self.place = match.end()
                return Word("name", key)
        return None

    def _called(self) -> Word | None:
        """A symbol with its quantity in brackets, such as m(W₁) or σ²(H₁)."""
        match = _CALLED.match(self.text, self.place)
        key = self.vocabulary.lexicon.keys.get(f"{match[1]}({match[2]})") if match else None
        if match is None or key is None:
            return None
        self.place = match.end()
        return Word("name", key)


def _step_number(text: str) -> str:
    """The number of a step in any notation: @2, ⁽²⁾ or ^{(2)}."""
    return "".join(char for char in text.translate(_UP) if char in _DIGITS)


def _right_side(text: str, lexer: _Lexer) -> int:
    """Where the formula begins: behind an equals sign that stands in no bracket."""
    arrow = _ARROW.match(text)
    depth, begin = 0, arrow.end() if arrow else 0
    for place, char in enumerate(text):
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "=" and depth == 0 and text[place - 1 : place] not in tuple("<>=!+-"):
            if text[place + 1 : place + 2] == "=":
                continue
            if begin:
                raise lexer.fail(tr("One equals sign is enough: write one formula."), place)
            begin = place + 1
    return begin

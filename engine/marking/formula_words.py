"""The words of a typed formula: every spelling of every quantity, and which of them may be used.

The vocabulary is closed: a run of letters is cut into known words, the longest first, so that
``dW2`` is d·W₂ and ``ylnp`` y·ln p, and a letter that belongs to no word is an error with a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from engine.expression.node import Node, names, walk
from engine.expression.shape import Shape
from engine.expression.symbols import split_key
from engine.language import tr
from engine.marking.formula_lexicon import FUNCTIONS, Lexicon, lexicon
from engine.marking.per_solution import PerSolution
from engine.marking.sampling import Sizes, has_one_column, of_loss, shapes_at
from engine.network.losses import N
from engine.network.passes import UPDATE
from engine.network.solution import Solution

_KEYWORDS = frozenset({"axis", "dim", "keepdims", "keepdim", "True", "False"})
_UPSTREAM = frozenset({"d", "dout", "upstream", "delta", "δ", "gradoutput", "gradout"})
_INDEXES = ("ij", "i", "j")
MOST_UPSTREAMS = 4
"""How many gradients d is tried for: the one that arrives, and those above it."""
MOST_SHOWN = 16
"""How many known symbols a message lists."""
LONGEST_RUN, LONGEST_WORD = 60, 24
"""How many letters may stand together, and how long one word among them may be."""


class Word(NamedTuple):
    """What a piece of a run of letters stands for.

    Kinds: ``name`` (the value is a key), ``upstream``, ``function`` (its name), ``e``,
    ``transpose``, ``keyword``; ``barred`` is a key that the answer may not use.
    """

    kind: str
    value: str


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What may stand in the answer to one question."""

    key: str
    lexicon: Lexicon
    upstreams: tuple[str, ...]
    """What d may be: the gradient that arrives at the layer asked about, then those above it."""
    shapes: Mapping[str, Shape]
    """Shapes whose sizes are all different."""
    single: Mapping[str, Shape] | None
    """The same with one column in the prediction, where the losses of the observations want it."""
    gathers: frozenset[str]
    """The sums over rows or columns that the right formula has."""
    batches: Mapping[str, Node]
    """Values of which the right formula takes some rows only, with these rows."""
    used: frozenset[str]
    """The names that the right formula is made of."""
    own: Mapping[str, Shape] = field(repr=False)
    """The exercise's own shapes."""
    gradient: str = ""
    """The gradient that a step of the update is about, which g stands for."""

    @property
    def symbol(self) -> str:
        """What is asked, as the lesson writes it."""
        return self.lexicon.symbols[self.key]

    def allows(self, key: str) -> bool:
        """Whether the answer may use the key: it comes before what is asked."""
        rank = self.lexicon.rank
        return key in rank and rank[key] < rank[self.key]

    def sizes(self, mentioned: frozenset[str]) -> Sizes:
        """The sizes at which a formula that mentions those keys is looked at."""
        wanted = self.single is not None and any(map(of_loss, (self.key, *mentioned)))
        return Sizes(single=wanted)

    def shapes_with(self, mentioned: frozenset[str]) -> Mapping[str, Shape]:
        """The shapes at `sizes`."""
        if self.single is not None and self.sizes(mentioned).single:
            return self.single
        return self.shapes

    # --- words ------------------------------------------------------------------------------------

    def word(
        self, text: str, compact: bool, barred: bool = False, lax: bool = False
    ) -> Word | None:
        """What a whole word stands for, or None.

        `compact` reads ``dW1`` as ∂L/∂W₁, `barred` knows the quantities too that the answer may not
        use, `lax` takes capital for small letters, and H for H₁, where only one can be meant.
        """
        key = self.lexicon.keys.get(text)
        if self.upstreams and text in _UPSTREAM and (key is None or self._arrives(text, key)):
            return Word("upstream", "")
        if key is None and text[-1] in "ij":
            ending = next(index for index in _INDEXES if text.endswith(index))
            key = self.lexicon.keys.get(text[: -len(ending)])
            if key is not None and key in self.lexicon.scalars:
                key = None
        if key is None and compact and text[0] in "d∂" and len(text) > 1:
            below = text[1:]
            if lax and below not in self.lexicon.keys:
                below = self.lexicon.folded.get(below.casefold(), below)
            base = self.lexicon.keys.get(below)
            key = f"grad.{base}" if base and f"grad.{base}" in self.lexicon.rank else None
        if key is None and self.gradient and text in ("g", "grad", "dW", "∇L"):
            key = self.gradient
        if key is not None and (barred or self.usable(key)):
            return Word("name" if self.usable(key) else "barred", key)
        if text in FUNCTIONS:
            return Word("function", FUNCTIONS[text])
        if text in ("e", "T"):
            return Word("e" if text == "e" else "transpose", "")
        if text in _KEYWORDS:
            return Word("keyword", text)
        if lax:
            other = self.lexicon.folded.get(text.casefold())
            if other is None:
                other = self.lexicon.numbered.get(text.removesuffix("ij").removesuffix("i"))
            if other not in (None, text):
                return self.word(str(other), compact, barred)
        return None

    def _arrives(self, text: str, key: str) -> bool:
        """Whether d is the gradient that arrives though a value is called d, too."""
        return text == "d" and key not in self.used

    def usable(self, key: str) -> bool:
        """Whether the answer may use the key at some step; every key is there by the second."""
        return self.allows(key) or self.allows(f"{key}@2")

    def split(
        self, run: str, compact: bool, barred: bool = False, lax: bool = False
    ) -> list[tuple[str, Word]] | None:
        """The run of letters and digits cut into words, the longest first; None if it can't be."""
        if len(run) > LONGEST_RUN:
            return None
        dead: set[int] = set()
        found: list[tuple[str, Word]] = []
        starts, lengths = [0], [LONGEST_WORD]
        while starts[-1] < len(run):
            start = starts[-1]
            word, length = None, lengths[-1]
            while length and start not in dead:
                piece = run[start : start + length]
                length = len(piece)
                if not run[start + length : start + length + 1].isdigit():
                    word = self.word(piece, compact, barred, lax)
                    if word is not None:
                        break
                length -= 1
            if word is not None and length:
                found.append((run[start : start + length], word))
                lengths[-1] = length - 1
                starts.append(start + length)
                lengths.append(LONGEST_WORD)
                continue
            dead.add(start)
            starts.pop()
            lengths.pop()
            if not starts:
                return None
            found.pop()
        return found

    # --- messages ---------------------------------------------------------------------------------

    def shown(self) -> list[str]:
        """Symbols that the answer may use, d first where it means something; not too many."""
        symbols = [s for key, s in self.lexicon.symbols.items() if self.allows(key)]
        symbols = [*dict.fromkeys((["d"] if self.upstreams else []) + symbols)]
        if len(symbols) > MOST_SHOWN:  # what is given, and the latest: the likeliest to be meant
            symbols = [*symbols[:6], "…", *symbols[6 - MOST_SHOWN :]]
        return symbols

    def unknown(self, word: str) -> str:
        """The sentence about a word that means nothing here."""
        known = ", ".join(self.shown())
        if word in _UPSTREAM or (word[0] == "d" and self.split(word[1:], True) is not None):
            return tr("No gradient d arrives at this step. Known here: {known}.", known=known)
        close: list[str] = []
        if len(word) <= LONGEST_WORD:
            spellings = [w for w, key in self.lexicon.keys.items() if self.allows(key)]
            close = get_close_matches(word, [*spellings, *FUNCTIONS], n=1, cutoff=0.6)
        if not close:
            return tr("There is no {word} here. Known here: {known}.", word=word, known=known)
        guess = self.lexicon.symbols.get(self.lexicon.keys.get(close[0], ""), close[0])
        return tr(
            "There is no {word} here. Did you mean {guess}? Known here: {known}.",
            word=word,
            guess=guess,
            known=known,
        )

    def barred(self, key: str) -> str:
        """The sentence about a quantity that the answer may not use."""
        symbol = self.lexicon.symbols.get(key, key)
        if key == self.key:
            return tr("{symbol} is what is asked: say what it is made of.", symbol=symbol)
        return tr(
            "{symbol} comes later than {asked}: use what is known before.",
            symbol=symbol,
            asked=self.symbol,
        )


def _shapes_of_numbers(solution: Solution) -> Mapping[str, Shape]:
    return {**{key: value.shape for key, value in solution.numbers.items()}, N: ()}


_own_shapes = PerSolution(_shapes_of_numbers)


def _upstreams(solution: Solution, key: str) -> tuple[str, ...]:
    found: list[str] = []
    above = solution[key].quantity.upstream
    while above in solution and above not in found and len(found) < MOST_UPSTREAMS:
        found.append(above)
        above = solution[above].quantity.upstream
    return tuple(found)


def _vocabulary(solution: Solution, key: str) -> Vocabulary:
    step = solution[key]
    single = None
    if has_one_column(solution):
        single = shapes_at(solution, Sizes(single=True))
    shapes = shapes_at(solution, Sizes())
    trees = (step.node, *step.quantity.others)
    gradient = ""
    if step.stage == UPDATE:
        _, name, at = split_key(key)
        gradient = f"grad.{name}" + (f"@{at}" if at else "")
    return Vocabulary(
        key,
        lexicon(solution),
        _upstreams(solution, key),
        shapes,
        single,
        frozenset(node.op for tree in trees for node in walk(tree)),
        {
            str(node.operands[0].argument): node
            for tree in trees
            for node in walk(tree)
            if node.op == "select_rows" and node.operands[0].op == "name"
        },
        frozenset(key for tree in trees for key in names(tree)),
        _own_shapes(solution),
        gradient if gradient in solution else "",
    )


_vocabularies = PerSolution(_vocabulary)


def vocabulary(solution: Solution, key: str) -> Vocabulary:
    """What the answer to "by which formula?" may use, for one key of a solution."""
    return _vocabularies(solution, key)

"""The spellings of one solution: every way to write each quantity and each function.

A spelling here has no underscores; the plain text of a formula has lost them, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.expression.node import walk
from engine.expression.symbols import GREEK, identifier, split_key
from engine.marking.per_solution import PerSolution
from engine.marking.sampling import prediction
from engine.network.losses import EACH, LOSS, N
from engine.network.solution import Solution

FUNCTION_WORDS: dict[str, tuple[str, ...]] = {
    "relu": ("relu", "ReLU", "Relu", "RELU", "ReLu"),
    "leaky_relu": ("leakyrelu", "LeakyReLU", "lrelu"),
    "sigmoid": ("sigmoid", "Sigmoid", "sigma", "σ", "sigm", "logistic", "expit"),
    "tanh": ("tanh", "Tanh", "th"),
    "softmax": ("softmax", "Softmax", "SoftMax"),
    "exp": ("exp", "Exp"),
    "ln": ("ln", "log", "Ln", "Log"),
    "log10": ("lg", "log10"),
    "log2": ("log2",),
    "sqrt": ("sqrt",),
    "abs": ("abs", "fabs"),
    "sign": ("sign", "sgn"),
    "square": ("square", "sqr"),
    "sum": ("sum",),
    "mean": ("mean", "avg", "average"),
    "sum_rows": ("sumrows",),
    "sum_columns": ("sumcolumns", "sumcols"),
    "mean_rows": ("meanrows",),
    "mean_columns": ("meancolumns", "meancols"),
    "max": ("max", "maximum", "Max"),
    "where": ("where",),
    "transpose": ("transpose",),
    "matmul": ("matmul", "dot", "mm"),
    "multiply": ("multiply", "mul", "hadamard"),
    "power": ("pow", "power"),
    "len": ("len",),
    "norm": ("norm",),
    "mask": ("I", "indicator", "mask", "heaviside"),
    "relu'": ("reluprime", "ReLUprime"),
    "sigmoid'": ("sigmoidprime", "sigmaprime"),
    "tanh'": ("tanhprime",),
}
"""How each function may be called; underscores are dropped before."""
FUNCTIONS = {word: function for function, words in FUNCTION_WORDS.items() for word in words}
_RATES = ("γ", "gamma", "η", "eta", "lr", "learningrate", "α", "alpha", "rate", "step")
_LOSS = ("L", "l", "ℓ", "Loss", "loss", "J", "E", "C", "cost")
_LOSSES = (LOSS, EACH)


def _bases(name: str) -> Iterator[str]:
    """The spellings of a plain name, without its underscores."""
    plain = name.replace("_", "")
    yield plain
    stem = plain.rstrip("0123456789")
    if stem in GREEK:
        yield GREEK[stem] + plain[len(stem) :]


def _spellings(prefix: str, base: str) -> tuple[str, ...]:
    """The spellings of a key with a prefix; without a step, and without underscores and points."""
    match prefix:
        case "":
            return (base,)
        case "grad":
            return (f"grad{base}", f"∇{base}", f"∇{base}L")
        case "new":
            return (f"new{base}", f"{base}new", f"{base}⁺")
        case "each":
            return ("eachL", "ℓ", "l", "losses")
        case "mean":
            return (f"mean{base}", f"μ({base})", f"μ{base}", f"mu({base})", f"mu{base}")
        case "var":
            return (f"var{base}", f"var({base})", f"σ²({base})")
        case "hat":
            return (f"hat{base}", f"hat({base})", f"{base}hat")
        case _:
            return (f"{prefix}{base}", f"{prefix}({base})")


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words of one solution, whatever is asked."""

    keys: Mapping[str, str]
    """From a spelling to the key; its step may still follow in the text."""
    folded: Mapping[str, str]
    """From a spelling in small letters to the spelling, where that is only one."""
    numbered: Mapping[str, str]
    """From the letters of a numbered name to the name, where only one has those letters."""
    rank: Mapping[str, int]
    """The place of each key in the passes; given values and n come before them all."""
    symbols: Mapping[str, str]
    loss_words: frozenset[str]
    locals: Mapping[tuple[str, str], str]
    """From (result, input) to the key of that local derivative."""
    spreading: frozenset[str]
    """Names that may go with every row or column of a matrix: biases and the like."""
    scalars: frozenset[str]


def _lexicon(solution: Solution) -> Lexicon:
    network = solution.network
    keys: dict[str, str] = {}
    rank = {**dict.fromkeys(network.values, -1), N: -1}
    rank.update((key, place) for place, key in enumerate(solution))
    for key in rank:
        prefix, name, _ = split_key(key)
        for base in _bases(name):
            for spelling in _spellings(prefix, base):
                keys.setdefault(spelling, key.partition("@")[0])
    for key in rank:
        keys.setdefault(identifier(key).replace("_", ""), key)
    for alias, key in _aliases(solution):
        keys.setdefault(alias, key)
    folded: dict[str, str] = {}
    ambiguous: set[str] = set()
    for word in (*keys, *FUNCTIONS):
        other = folded.setdefault(word.casefold(), word)
        if keys.get(other, other) != keys.get(word, word):
            ambiguous.add(word.casefold())
    kind = network.loss.kind if network.loss else ""
    spreading = {
        str(node.operands[0].argument)
        for step in solution.values()
        for node in walk(step.node)
        if node.op == "broadcast" and node.operands[0].op == "name"
    }
    return Lexicon(
        keys,
        {small: word for small, word in folded.items() if small not in ambiguous},
        _numbered(rank),
        rank,
        {key: solution.symbol(key) for key in rank},
        frozenset(w for w in (*_LOSS, kind, kind.upper()) if w and keys.get(w, LOSS) in _LOSSES),
        {(entry.to, entry.source): f"local.{entry.source}" for entry in network.entries},
        frozenset(spreading),
        solution.scalars,
    )


def _numbered(keys: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    twice: set[str] = set()
    for key in keys:
        stem = key.rstrip("0123456789").rstrip("_")
        if "." in key or "@" in key or stem == key:
            continue
        if found.setdefault(stem, key.replace("_", "")) != key.replace("_", ""):
            twice.add(stem)
    return {stem: key for stem, key in found.items() if stem not in twice and stem not in keys}


def _aliases(solution: Solution) -> Iterator[tuple[str, str]]:
    """Words that stand for a quantity where no quantity is called that itself."""
    network = solution.network
    if network.update is not None:
        rates = (network.update.learning_rate.replace("_", ""), *_RATES)
        yield from ((word, network.update.learning_rate) for word in rates)
    of = prediction(solution)
    for word in ("yhat", "ypred", "ypredicted", "pred", "prediction", f"{of}hat"):
        yield word, of
    if network.loss is not None and network.loss.target:
        yield from ((word, network.loss.target) for word in ("ytrue", "target"))
    if LOSS in solution:
        kind = network.loss.kind if network.loss else ""
        yield from ((word, LOSS) for word in ("Loss", "loss", kind, kind.upper()) if word)
    yield "N", N


lexicon = PerSolution(_lexicon)
"""``lexicon(solution)``: its words."""

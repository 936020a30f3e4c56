"""How a key is written: as a Unicode symbol, in LaTeX, and as a Python identifier.

A key is a name with an optional prefix (``grad.``, ``new.``…) and an optional step (``@2``).
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable

GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MODULES = frozenset(
    {
        *("np", "torch", "conv2d", "conv2d_to_input", "conv2d_to_kernel", "max_pool2d"),
        *("max_pool2d_to_input", "max_pool2d_pick", "avg_pool2d", "avg_pool2d_to_input"),
    }
)
"""Names that a printed program needs for itself: modules, and functions for windows."""

UNICODE_PREFIXES: dict[str, Callable[[str], str]] = {
    "grad": lambda x: f"∂L/∂{x}",
    "new": lambda x: f"{x}⁺",
    "each": lambda x: "ℓ",
    "m": lambda x: f"m({x})",
    "v": lambda x: f"v({x})",
    "mhat": lambda x: f"m̂({x})",
    "vhat": lambda x: f"v̂({x})",
    "ahead": lambda x: f"ahead({x})",
    "mean": lambda x: f"μ({x})",
    "var": lambda x: f"σ²({x})",
    "hat": lambda x: f"hat({x})",
}

LATEX_PREFIXES: dict[str, Callable[[str], str]] = {
    "grad": lambda x: rf"\frac{{\partial L}}{{\partial {x}}}",
    "new": lambda x: f"{x}^{{+}}",
    "each": lambda x: r"\ell",
    "m": lambda x: f"m({x})",
    "v": lambda x: f"v({x})",
    "mhat": lambda x: rf"\hat{{m}}({x})",
    "vhat": lambda x: rf"\hat{{v}}({x})",
    "ahead": lambda x: rf"\tilde{{{x}}}",
    "mean": lambda x: rf"\mu({x})",
    "var": lambda x: rf"\sigma^2({x})",
    "hat": lambda x: rf"\widehat{{{x}}}",
}

_NAME = re.compile(r"([A-Za-z][A-Za-z_]*?)(hat)?(?:_?(\d+))?")


def split_key(key: str) -> tuple[str, str, str]:
    """A key's prefix, name and step: ``"grad.W1@2"`` is ``("grad", "W1", "2")``.

    The name can have a prefix of its own: ``"grad.mean.H1"`` is ``("grad", "mean.H1", "")``.
    """
    rest, _, step = key.partition("@")
    prefix, dot, name = rest.partition(".")
    return (prefix, name, step) if dot else ("", rest, step)


def base_symbol(name: str) -> str:
    """A plain name: ``W1`` is W₁, ``yhat`` ŷ, ``eta`` η, ``h_2`` h₂."""
    match = _NAME.fullmatch(name)
    if match is None:
        return name
    stem, hat, digits = match.groups()
    stem = GREEK.get(stem.lower(), stem) if stem.islower() else stem
    if hat:
        stem = "ŷ" if stem == "y" else f"{stem}\N{COMBINING CIRCUMFLEX ACCENT}"
    return stem + (digits or "").translate(SUBSCRIPTS)


def symbol(key: str) -> str:
    """A key as the lesson writes it: ``grad.H1`` is ∂L/∂H₁, ``new.W1`` W₁⁺, ``H1@2`` H₁⁽²⁾."""
    prefix, name, step = split_key(key)
    text = symbol(name) if "." in name else base_symbol(name)
    if prefix == "local":
        text = f"∂/∂{text}"
    elif prefix:
        text = UNICODE_PREFIXES[prefix](text)
    return text + (f"⁽{step.translate(SUPERSCRIPTS)}⁾" if step else "")


def latex_symbol(key: str) -> str:
    """A key in LaTeX: ``W1`` is ``W_{1}``."""
    prefix, name, step = split_key(key)
    text = latex_symbol(name) if "." in name else _latex_base(name)
    if prefix == "local":
        text = rf"\frac{{\partial}}{{\partial {text}}}"
    elif prefix:
        text = LATEX_PREFIXES[prefix](text)
    if not step:
        return text
    # Two superscripts in a row are an error in LaTeX.
    return f"{{{text}}}^{{({step})}}" if "^" in text else f"{text}^{{({step})}}"


def _latex_base(name: str) -> str:
    match = _NAME.fullmatch(name)
    if match is None:
        return name.replace("_", r"\_")
    stem, hat, digits = match.groups()
    stem = rf"\{stem}" if stem in GREEK else stem.replace("_", r"\_")
    stem = rf"\hat{{{stem}}}" if hat else stem
    return f"{stem}_{{{digits}}}" if digits else stem


def identifier(key: str) -> str:
    """A key as a Python name: ``grad.H1@2`` is ``grad_H1_2``, ``lambda`` is ``lambda_``."""
    text = key.replace(".", "_").replace("@", "_")
    return f"{text}_" if keyword.iskeyword(text) or text in MODULES else text

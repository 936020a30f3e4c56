"""Backhand's engine: the mathematics and the teaching, without a screen.

``import engine`` is lazy: a name is imported when it is used, so that a command that needs no
mathematics doesn't wait for NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.api import (
        check_gradients,
        generate,
        load_problem,
        mark,
        mark_formula,
        solve,
        train,
    )

__version__ = "0.1.0"

__all__ = [
    "check_gradients",
    "generate",
    "load_problem",
    "mark",
    "mark_formula",
    "solve",
    "train",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("engine.api"), name)
    raise AttributeError(f"module 'engine' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

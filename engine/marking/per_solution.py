"""A memory for what is worked out once for a solution, kept exactly as long as the solution is."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from engine.network.solution import Solution
from engine.remembering import remembered

Found = TypeVar("Found")


class PerSolution(Generic[Found]):
    """A function of a solution and a key that remembers its results.

    A result must not refer to the solution, or neither would ever be freed. Only the results of the
    `limit` keys of a solution that were asked for last are kept.
    """

    def __init__(self, build: Callable[..., Found], limit: int = 64) -> None:
        self._build, self._limit = build, limit
        self._found: dict[int, tuple[weakref.ref[Any], dict[Hashable, Found]]] = {}

    def __call__(self, solution: Solution, *key: Hashable) -> Found:
        # A mapping has no hash, so it is found by its identity, which the reference's end frees.
        identity = id(solution)
        entry = self._found.get(identity)
        if entry is None:
            forget = weakref.ref(solution, lambda _: self._found.pop(identity, None))
            entry = self._found[identity] = (forget, {})
        return remembered(entry[1], key, self._limit, lambda: self._build(solution, *key))

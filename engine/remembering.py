"""What is worked out once and kept, as long as it is asked for often enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")


def remembered(known: dict[Key, Found], key: Key, limit: int, build: Callable[[], Found]) -> Found:
    """What is known of a key, built where it isn't; the ``limit`` asked for last are kept."""
    found = known.pop(key) if key in known else build()
    known[key] = found
    while len(known) > limit:
        del known[next(iter(known))]
    return found

"""What a first verdict would have to wait for, loaded while its question is being read."""

from __future__ import annotations

import gc
from functools import cache
from importlib import import_module


@cache
def prepare_verdict() -> None:
    """Load it, once in a process.

    What is there by now is no longer looked through for garbage: that would stop the app for a
    moment now and then, just when an answer makes many objects.
    """
    from engine.practice.mastery import prepare

    import_module("engine.practice.proof")
    prepare()
    gc.collect()
    gc.freeze()

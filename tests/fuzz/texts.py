"""Long runs of one target on many texts: guided by coverage with atheris, else by chance."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.fuzz import files, targets
from tests.fuzz.targets import TARGETS, Target

INSTRUMENTED = 8.0
"""How much slower counted code may be; the limit itself is held by the uncounted tests."""


def run(name: str, seconds: int, seed: int, *, plain: bool) -> None:
    """Try texts for some seconds; a failure prints the text that broke a promise, and raises."""
    print(f"seed {seed}", flush=True)
    target = TARGETS[name]
    if not plain:
        try:
            import atheris
        except ImportError:
            print("atheris isn't installed (pip install '.[fuzz]'): texts by chance instead")
        else:
            _guided(atheris, target, seconds, seed)
            return
    _by_chance(target, seconds, seed)


def _guided(atheris, target: Target, seconds: int, seed: int) -> None:  # type: ignore[no-untyped-def]
    targets.slowdown = files.slowdown = INSTRUMENTED
    atheris.instrument_all()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    words = folder / "words"
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.pieces)
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="utf-8")
    for number, seed in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-dict={words}", f"-max_len={target.longest}"]
    options += ["-rss_limit_mb=2048", f"-seed={seed}", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], target.check)
    atheris.Fuzz()


def _by_chance(target: Target, seconds: int, seed: int) -> None:
    dice = random.Random(seed)
    end = monotonic() + seconds
    tried = 0
    while monotonic() < end:
        data = target.draw(dice)
        try:
            target.check(data)
        except BaseException:
            print(f"after {tried} texts: {data!r}")
            raise
        tried += 1
    print(f"{tried} texts, nothing found")

"""`python -m tests.fuzz TARGET [--seconds N]`: a long run, guided by coverage where atheris is.

Without atheris (`pip install '.[fuzz]'`) random joins of an answer's pieces are tried instead.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.fuzz import targets
from tests.fuzz.targets import TARGETS, pieces

INSTRUMENTED = 8.0
"""How much slower counted code may be; the limit itself is held by the uncounted tests."""


def main() -> int:
    """Run one target for some seconds; a failure prints the text that broke it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=[*TARGETS])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--plain", action="store_true", help="no coverage, even with atheris")
    arguments = parser.parse_args()
    if not arguments.plain:
        try:
            import atheris
        except ImportError:
            print("atheris isn't installed: random joins of pieces instead")
        else:
            _guided(atheris, arguments.target, arguments.seconds)
            return 0
    _random(arguments.target, arguments.seconds)
    return 0


def _guided(atheris, name: str, seconds: int) -> None:  # type: ignore[no-untyped-def]
    target = TARGETS[name]

    def one(data: bytes) -> None:
        target(data.decode("utf-8", "replace"))

    targets.slowdown = INSTRUMENTED
    atheris.instrument_all()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    words = folder / "words"
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in pieces())
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="utf-8")
    for number, word in enumerate(pieces()):
        (corpus / str(number)).write_text(word, encoding="utf-8")
    options = [f"-max_total_time={seconds}", f"-dict={words}", "-max_len=400", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def _random(name: str, seconds: int) -> None:
    target, words = TARGETS[name], [*pieces()]
    dice = random.Random(seconds)
    end = monotonic() + seconds
    tried = 0
    while monotonic() < end:
        glue = dice.choice(["", " "])
        text = glue.join(dice.choice(words) for _ in range(dice.randint(1, 24)))
        try:
            target(text)
        except BaseException:
            print(f"after {tried} texts: {text!r}")
            raise
        tried += 1
    print(f"{tried} texts, nothing found")


if __name__ == "__main__":
    sys.exit(main())

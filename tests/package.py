"""`python -m tests.package`: build the package, install it into an empty environment, play there.

The wheel is made from the source archive, so both are tried; everything happens in a folder that is
thrown away, and the program runs outside of the sources.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path
from time import perf_counter

from engine.practice.session import lesson
from engine.problems.course import builtin_ids
from engine.problems.reading import load
from tests.tui.test_plain import right

ROOT = Path(__file__).parent.parent
PACKAGES = ("assets", "engine", "tui")
NOT_SHIPPED = ("assets/translations/ru.po", "assets/pictures/")
"""What is needed for working on Backhand, not for using it."""

SCREENS = """
import asyncio, sys
import engine
from engine.records.places import open_places
from tui.app import BackhandApp

async def show(start, folder):
    with open_places(folder) as places:
        app = BackhandApp(start, places=places, language="ru")
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            for action in ("help", "settings", "quiz", "progress", "home"):
                await app.run_action(action)
                await pilot.pause()
            assert app.accident is None

assert engine.__file__.startswith(sys.prefix), engine.__file__
for start in ("home", ("lesson", "masha"), ("quiz", {"length": 1, "seed": 7})):
    asyncio.run(show(start, sys.argv[1]))
"""


def main() -> int:
    """Every step says what it found; the first that fails ends it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, wheel = build(folder / "dist")
        check_source(source)
        check_wheel(wheel)
        program = install(wheel, folder / "empty")
        play(program, folder / "elsewhere")
    return 0


def run(*command: str | Path, cwd: Path = ROOT, stdin: str = "") -> str:
    """What a command prints; one that fails ends everything, with its complaint."""
    begin = perf_counter()
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    words = [Path(part).name for part in command if "\n" not in str(part)]
    shown = " ".join(words)
    if done.returncode:
        raise SystemExit(f"{shown}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    print(f"{perf_counter() - begin:6.1f} s  {shown}")
    return done.stdout


def build(folder: Path) -> tuple[Path, Path]:
    """The source archive, and the wheel that is made of it."""
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    (source,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return source, wheel


def tracked() -> set[str]:
    """The files of the project."""
    return {*run("git", "ls-files").splitlines()}


def check_source(source: Path) -> None:
    """All that one needs to work on it is in the archive."""
    with tarfile.open(source) as archive:
        found = {name.partition("/")[2] for name in archive.getnames()}
    missing = {name for name in tracked() if not name.startswith((".", "assets/pictures/"))} - found
    must(not missing, f"the source archive lacks {sorted(missing)}")


def check_wheel(wheel: Path) -> None:
    """The packages are in it with everything that lies in them, and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        names = {*archive.namelist()}
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
    wanted = {
        name
        for name in tracked()
        if name.startswith(tuple(f"{package}/" for package in PACKAGES))
        and not name.startswith(NOT_SHIPPED)
    }
    shipped = {name for name in names if ".dist-info/" not in name}
    must(shipped == wanted, f"the wheel differs by {sorted(shipped ^ wanted)}")
    for line in ("Name: backhand", "License-Expression: MIT", "Provides-Extra: onnx"):
        must(f"\n{line}\n" in text, f"the wheel's metadata lacks {line!r}")


def install(wheel: Path, folder: Path) -> Path:
    """The program, installed into an environment that has nothing else."""
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, "--constraint", ROOT / "constraints.txt", wheel)
    return scripts / "backhand"


def play(program: Path, elsewhere: Path) -> None:
    """The founding exercise from its first question to its last, and every screen."""
    elsewhere.mkdir()
    where = ("--data-dir", str(elsewhere / "data"))
    version = run(program, "--version", cwd=elsewhere)
    must(version.startswith("backhand "), version)
    listed = run(program, "problems", "--lang", "ru", cwd=elsewhere)
    must([line.split()[0] for line in listed.splitlines()] == builtin_ids(), listed)
    must("Сеть Маши" in listed, listed)
    answers = "".join(f"{right(question)}\n" for question in lesson(load("masha")).questions)
    played = run(program, "lesson", "--plain", *where, cwd=elsewhere, stdin=answers)
    must("The lesson is done." in played and "✗" not in played, played)
    stats = run(program.with_name("python"), "-m", "tui", "stats", *where, cwd=elsewhere)
    must("ReLU" in stats, stats)
    run(program.with_name("python"), "-c", SCREENS, elsewhere / "app", cwd=elsewhere)


def must(holds: bool, complaint: str) -> None:
    """End with a complaint where something doesn't hold."""
    if not holds:
        raise SystemExit(complaint)


if __name__ == "__main__":
    sys.exit(main())

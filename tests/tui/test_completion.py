"""Completion: what each shell offers behind a half-typed command line, by running the shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.practice.skills import SKILLS
from engine.problems.course import builtin_ids
from tui.command_line import COMMANDS
from tui.commands.completion import SHELLS
from tui.completion import shell_code

Offer = Callable[[str], set[str]]

BASH = """
eval "$CODE"
COMP_LINE=$1; COMP_POINT=${#1}; COMP_TYPE=9
word=${1##* }
_python_argcomplete backhand "$word" ""
printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH = """
echo $CODE | source
complete -C $argv[1]
"""
ZSH = """
autoload -U compinit; compinit -D
eval "$CODE"
[[ ${_comps[backhand]} == _python_argcomplete ]]
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which `backhand` is this program, whether it is installed or not."""
    program = tmp_path / "bin" / "backhand"
    program.parent.mkdir()
    root = Path(__file__).parents[2]
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m tui "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    spoken = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return {**os.environ, **spoken, "PATH": path, "HOME": str(tmp_path)}


def shell_words(command: list[str], environment: dict[str, str], folder: Path) -> set[str]:
    """What a shell prints, each line's first word."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} isn't installed")
    known = {**environment, "CODE": shell_code(command[0])}
    done = subprocess.run(
        command, env=known, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {line.split("\t")[0].strip() for line in done.stdout.splitlines() if line.strip()}


@pytest.fixture(params=["bash", "fish"])
def offer(request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path) -> Offer:
    """What the shell offers behind a line, in a folder of the test's own."""
    here = tmp_path / "here"
    (here / "own").mkdir(parents=True)
    for name in ("own.toml", "net.onnx", "x.npy", "notes.md"):
        (here / name).touch()

    def ask(line: str) -> set[str]:
        script = [BASH, "bash", line] if request.param == "bash" else [FISH, line]
        return shell_words([request.param, "-c", *script], environment, here)

    return ask


def test_commands_and_their_options_are_completed(offer: Offer) -> None:
    assert offer("backhand ") >= {*COMMANDS}
    assert offer("backhand les") == {"lesson"}
    assert offer("backhand lesson --res") == {"--restart"}
    assert offer("backhand quiz --pl") == {"--plain"}
    assert offer("backhand solve masha --format ") == {"text", "json", "latex", "python"}
    assert offer("backhand records ") == {"export", "import", "doctor"}
    assert offer("backhand --lang ") == {"en", "ru"}


def test_problems_skills_and_quantities_are_completed(offer: Offer) -> None:
    assert offer("backhand lesson masha-") == {
        each for each in builtin_ids() if each.startswith("masha-")
    }
    assert offer("backhand quiz --skill relu.") == {
        each for each in SKILLS if each.startswith("relu.")
    }
    assert "grad.W1" in offer("backhand mark masha grad.")


def test_files_are_offered_that_can_be_meant(offer: Offer) -> None:
    found = offer("backhand lesson ")
    assert found >= {*builtin_ids(), "own.toml", "net.onnx"}
    assert not found & {"x.npy", "notes.md"}
    found = offer("backhand solve net.onnx --input ")
    assert "x.npy" in found
    assert not found & {"own.toml", "notes.md"}


@pytest.mark.parametrize("shell", SHELLS)
def test_the_lines_for_a_shell_are_sound(
    shell: str, environment: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        ["backhand", "completion", shell], env=environment, capture_output=True, check=True
    )
    script = tmp_path / shell
    script.write_bytes(done.stdout)
    shell_words([shell, "-n", str(script)], environment, tmp_path)


def test_zsh_knows_whom_to_ask(environment: dict[str, str], tmp_path: Path) -> None:
    shell_words(["zsh", "-f", "-c", ZSH], environment, tmp_path)

"""`completion`: the lines that teach a shell to complete Backhand's command lines."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.language import mark_text, tr
from tui.commands.common import FINE, USAGE
from tui.streams import say

SUMMARY = mark_text("print what makes a shell complete commands")
DETAILS = mark_text(
    "Prints a few lines for a shell. With them Tab completes commands, options, problems, "
    "quantities and skills: the shell asks the program itself, so that they are always today's."
)
EXAMPLES = (
    'eval "$(backhand completion bash)"     # in ~/.bashrc\n'
    'eval "$(backhand completion zsh)"      # in ~/.zshrc, behind compinit\n'
    "backhand completion fish > ~/.config/fish/completions/backhand.fish"
)
CODES = (FINE, USAGE)
SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: ArgumentParser) -> None:
    """``completion SHELL``"""
    parser.add_argument("shell", choices=SHELLS, metavar="|".join(SHELLS), help=tr("which shell"))


def run(options: Namespace) -> int:
    """The lines go to stdout."""
    from tui.completion import shell_code

    say(shell_code(options.shell))
    return FINE

"""Problem files that have every layer, loss and optimizer, for those who play at random."""

from __future__ import annotations

from pathlib import Path

from tests.engine.problems.test_layer_keys import ENTRIES, text

LOSSES = [
    'kind = "mse"\ntarget = "X"',
    'formula = "sum(square(H))"',
    'kind = "mse"\ntarget = "X"\nhalf = true\nreduction = "sum"',
]
OPTIMIZERS = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]


def write_problems(folder: Path) -> list[Path]:
    """Write a file for each kind of layer; where they are."""
    made = []
    for number, entry in enumerate(ENTRIES):
        optimizer = OPTIMIZERS[number % len(OPTIMIZERS)]
        content = text(ENTRIES[entry]).replace("small", f"layer-{number}")
        content += '\n[loss]\nformula = "sum(square(H))"\n'
        content += f'\n[update]\noptimizer = "{optimizer}"\nlearning_rate = 0.1\nafter = true\n'
        path = folder / f"layer-{number}.toml"
        path.write_text(content, encoding="utf-8")
        made.append(path)
    return made

"""The table of skills: what one can be asked to do, read off the layers, losses and optimizers.

A skill is ``subject.aspect``, such as ``relu.backward``. The ids are those that the passes
give their steps, so a new layer brings its own skills.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.expression.node import name
from engine.language import tr
from engine.network.layers import LAYERS, entries
from engine.network.losses import LOSSES
from engine.network.model import Entry, Loss, Network, Update, matrix_value
from engine.network.optimizers import OPTIMIZERS
from engine.network.passes import quantities
from engine.practice.titles import skill_title
from engine.problems.faults import suggestion

PASS, WHOLE_PASSES = "pass", ("mse", "logloss")
"""The subject of the skills of doing a whole small pass, forward, back and a step of gradient
descent, and their aspects: the losses. (A softmax by hand is long enough by itself.)"""


@dataclass(frozen=True, slots=True)
class Skill:
    """One thing to be able to do."""

    id: str
    prerequisites: tuple[str, ...] = ()
    """The skills that this one rests on directly."""
    depth: int = 0
    """The longest way down the prerequisites: 0 for what can be learnt first."""

    @property
    def subject(self) -> str:
        """The layer, loss or optimizer: ``relu``."""
        return self.id.partition(".")[0]

    @property
    def aspect(self) -> str:
        """What is done with it: ``backward``."""
        return self.id.partition(".")[2]

    @property
    def title(self) -> str:
        """In the learner's language."""
        return skill_title(self.id)


class UnknownSkillError(ValueError):
    """A skill that isn't in the table; the message says which and what is near."""

    def __init__(self, given: str) -> None:
        known = suggestion(given, [*SKILLS])
        super().__init__(tr("There is no skill {skill!r}", skill=given) + known)


def find_skill(skill_id: str) -> Skill:
    """The skill with that id; raises `UnknownSkillError`."""
    if skill_id not in SKILLS:
        raise UnknownSkillError(skill_id)
    return SKILLS[skill_id]


# --- reading them off the tables ------------------------------------------------------------------


def _network(
    names: list[str], entries: tuple[Entry, ...], loss: Loss, update: Update | None = None
) -> Network:
    """A network whose steps are listed and never computed: its numbers say nothing."""
    values = {key: matrix_value(key, [[Fraction(1)]]) for key in names}
    return Network(values, entries, loss, update)


def _layer_network(kind: str) -> Network:
    layer = LAYERS[kind]
    given = {role: role for role in layer.given}
    made = entries(kind, "X", "H", {role: role for role in layer.roles}, given)
    return _network(["X", "d", *layer.roles, *given], made, Loss("given", "H", upstream="d"))


def _loss_network(kind: str) -> Network:
    loss = Loss(kind, "p", "y")
    return Network({**_network(["X", "y"], (), loss).values}, (Entry("p", name("X")),), loss)


def _optimizer_network(kind: str) -> Network:
    update = Update(kind, "eta", ("X",))
    return _network(["X", "d", "eta"], (), Loss("given", "X", upstream="d"), update)


def _of(network: Network, subject: str) -> dict[str, None]:
    """The skills of that subject that the network's steps need, in pass order."""
    found = (quantity.skill for quantity in quantities(network))
    return dict.fromkeys(each for each in found if each.partition(".")[0] == subject)


def _needed_by_layer(skill_id: str, own: Mapping[str, None]) -> Iterator[str]:
    """Forward comes first, then the local derivative, then passing back, then the parameters."""
    subject, _, aspect = skill_id.partition(".")
    before = {"forward": (), "local": ("forward",), "backward": ("local", "forward")}
    for each in before.get(aspect, ("backward", "forward")):
        if f"{subject}.{each}" in own:
            yield f"{subject}.{each}"
            return


def _needed_by_loss(skill_id: str) -> Iterator[str]:
    subject, _, aspect = skill_id.partition(".")
    if aspect == "gradient":
        yield f"{subject}.loss"
    elif LOSSES[subject].activation:
        yield f"{LOSSES[subject].activation}.forward"


def _needed_by_optimizer(subject: str) -> Iterator[str]:
    """Plain gradient descent needs a gradient to go down; every other optimizer varies it."""
    yield "linear.weight_gradient" if subject == "sgd" else "sgd.update"


def _needed_by_pass(loss: str) -> Iterator[str]:
    """What a pass ends in, and what it goes back through."""
    yield from (f"{loss}.gradient", "relu.backward", "sgd.update")
    if LOSSES[loss].activation:
        yield f"{LOSSES[loss].activation}.backward"


def _prerequisites() -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind, layer in LAYERS.items():
        if layer.picture or layer.between:
            continue  # windows and norms are met in lessons, which show them step by step
        own = _of(_layer_network(kind), kind)
        for each in own:
            yield each, tuple(_needed_by_layer(each, own))
    for kind in LOSSES:
        for each in _of(_loss_network(kind), kind):
            yield each, tuple(_needed_by_loss(each))
    for kind, optimizer in OPTIMIZERS.items():
        if optimizer.states:
            continue  # what remembers earlier steps is met in lessons, which have several
        for each in _of(_optimizer_network(kind), kind):
            yield each, tuple(_needed_by_optimizer(kind))
    for kind in WHOLE_PASSES:
        yield f"{PASS}.{kind}", tuple(_needed_by_pass(kind))


def _table() -> dict[str, Skill]:
    needed = dict(_prerequisites())

    def depth(skill_id: str) -> int:
        return max((1 + depth(each) for each in needed[skill_id]), default=0)

    found = [Skill(each, before, depth(each)) for each, before in needed.items()]
    return {each.id: each for each in sorted(found, key=lambda each: each.depth)}


SKILLS: dict[str, Skill] = _table()
"""Every skill by id, what can be learnt first in front."""

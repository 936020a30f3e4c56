"""Random nets of every layer: the engine's gradients against others that know nothing of the tree.

Each library computes the loss's gradients by itself, and each library's own checker of gradients
(HIPS autograd's `check_grads`, PyTorch's `gradcheck`) is given the engine's forward and backward
pass as a function of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from engine.expression.evaluate import Array, evaluate
from engine.network.check import check_solution
from engine.network.layers import LAYERS
from tests.engine.network.other_libraries import (
    hips_layers,
    hips_loss,
    passed,
    torch_layers,
    torch_loss,
)
from tests.engine.network.random_chains import (
    PICTURE_LAYERS,
    ROW_LAYERS,
    Chain,
    chains,
    steps,
)

many = settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])


def close(chain: Chain, key: str, wanted: Array, tolerance: float) -> None:
    ours = chain.solution[f"grad.{key}"].value
    assert ours.shape == np.shape(wanted)
    scale = max(float(np.abs(wanted).max()), 1e-3)
    np.testing.assert_allclose(ours, wanted, rtol=0, atol=tolerance * scale, err_msg=key)


def hips_loss_of(chain: Chain, values: Mapping[str, Any]) -> Any:
    found = passed(hips_layers(), chain.entries, {**chain.values, **values})
    return hips_loss(chain.loss, found[chain.loss.of], found["y"])


def test_every_layer_can_be_drawn() -> None:
    assert {*PICTURE_LAYERS, *ROW_LAYERS, "flatten"} == LAYERS.keys()


def difference(at: Callable[[float], float], step: float = 2e-3) -> float:
    return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)


@many
@given(chains())
def test_gradients_agree_with_finite_differences(chain: Chain) -> None:
    pytest.importorskip("autograd")
    for key, value in chain.inputs.items():
        found = np.empty(value.shape)
        for place in np.ndindex(value.shape):

            def at(offset: float, place: tuple[int, ...] = place, key: str = key) -> float:
                moved = chain.inputs[key].copy()
                moved[place] += offset
                return float(hips_loss_of(chain, {key: moved}))

            found[place] = difference(at)
        close(chain, key, found, 1e-5)


@many
@given(chains())
def test_gradients_pass_the_tutors_own_check(chain: Chain) -> None:
    check = check_solution(chain.solution)
    assert check is not None
    assert check.passed, check.errors


# --- HIPS autograd --------------------------------------------------------------------------------


@many
@given(chains())
def test_gradients_agree_with_hips_autograd(chain: Chain) -> None:
    grad = pytest.importorskip("autograd").grad
    for key, found in grad(lambda values: hips_loss_of(chain, values))(chain.inputs).items():
        close(chain, key, found, 1e-9)


@many
@given(chains())
def test_the_backward_pass_stands_hips_autograds_check_grads(chain: Chain) -> None:
    extend = pytest.importorskip("autograd.extend")
    check_grads = pytest.importorskip("autograd.test_util").check_grads
    keys, engine = [*chain.inputs], Engine(chain)
    result = extend.primitive(lambda *arrays: engine.forward(arrays))

    def gradient(place: int) -> Callable[..., Any]:
        return lambda answer, *arrays: lambda g: engine.backward(arrays, g)[place]

    extend.defvjp(result, *(gradient(place) for place in range(len(keys))))
    check_grads(result, tuple(range(len(keys))), modes=["rev"], order=1)(*chain.inputs.values())


class Engine:
    """The engine's passes over any values of a chain's inputs, with any gradient that arrives."""

    def __init__(self, chain: Chain) -> None:
        self.keys, self.given = [*chain.inputs], chain.values
        self.of, self.trees = steps(chain)

    def forward(self, arrays: tuple[Array, ...]) -> Array:
        return self._run(arrays, np.zeros_like(self.given["y"]))[self.of]

    def backward(self, arrays: tuple[Array, ...], upstream: Array) -> list[Array]:
        found = self._run(arrays, upstream)
        return [found[f"grad.{key}"] for key in self.keys]

    def _run(self, arrays: tuple[Array, ...], upstream: Array) -> dict[str, Array]:
        found = {**self.given, **dict(zip(self.keys, arrays, strict=True)), "d": upstream}
        for key, tree in self.trees.items():
            found[key] = evaluate(tree, found)
        return found


# --- PyTorch: `make oracle` -----------------------------------------------------------------------


def test_gradients_agree_with_pytorch() -> None:
    torch = pytest.importorskip("torch")

    @many
    @given(chains())
    def agree(chain: Chain) -> None:
        values = {key: torch.tensor(value) for key, value in chain.values.items()}
        inputs = {key: values[key].requires_grad_() for key in chain.inputs}
        found = passed(torch_layers(), chain.entries, values)
        torch_loss(chain.loss, found[chain.loss.of], values["y"]).backward()
        for key, value in inputs.items():
            close(chain, key, value.grad.numpy(), 1e-9)

    agree()


def test_the_backward_pass_stands_pytorchs_gradcheck() -> None:
    torch = pytest.importorskip("torch")

    def function(chain: Chain) -> Any:
        engine = Engine(chain)

        class Passes(torch.autograd.Function):  # type: ignore[misc, name-defined]
            @staticmethod
            def forward(context: Any, *tensors: Any) -> Any:
                context.save_for_backward(*tensors)
                return torch.tensor(engine.forward(tuple(t.detach().numpy() for t in tensors)))

            @staticmethod
            def backward(context: Any, upstream: Any) -> Any:
                arrays = tuple(tensor.detach().numpy() for tensor in context.saved_tensors)
                return tuple(map(torch.tensor, engine.backward(arrays, upstream.numpy())))

        return Passes.apply

    @many
    @given(chains())
    def stands(chain: Chain) -> None:
        tensors = [torch.tensor(value, requires_grad=True) for value in chain.inputs.values()]
        assert torch.autograd.gradcheck(function(chain), tensors, eps=1e-6, atol=1e-5, rtol=1e-3)

    stands()

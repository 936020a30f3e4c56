"""Every layer and loss once more, with HIPS autograd's NumPy and with PyTorch: two other opinions.

A layer is a function of its input and its parts by name; `parts_of` gathers these from what a file
says. PyTorch is imported where it is used: it is there only for `make oracle`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.network.layers import LAYERS
from engine.network.model import Entry, Loss

Parts = Mapping[str, Any]
Layers = Mapping[str, Callable[[Any, Parts], Any]]


def parts_of(
    kind: str, roles: Mapping[str, str], others: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """What a layer is made of besides its input: values by their role, numbers, pairs."""
    layer = LAYERS[kind]
    found: dict[str, Any] = {role: values[key] for role, key in roles.items()}
    found |= {key: values[others[key]] for key in layer.given}
    for key, default in layer.numbers.items():
        given = others.get(key, default)
        found[key] = values[given] if isinstance(given, str) else float(given)
    for key, follows in layer.settings.items():
        given = others.get(key, follows)
        pair = (given, given) if isinstance(given, int) else given
        found[key] = found[given] if isinstance(given, str) else tuple(pair)
    return found


def passed(layers: Layers, made: tuple[Entry, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Every result of a chain of layers; what lies on a layer's way is left out."""
    found = dict(values)
    source = ""
    for entry in made:
        source = source or entry.source  # of a norm the input of its first result
        if entry.part != "forward":
            continue
        parts = parts_of(entry.layer, entry.roles, entry.settings, found)
        found[entry.to] = layers[entry.layer](found[source], parts)
        source = ""
    return found


# --- HIPS autograd --------------------------------------------------------------------------------


def hips_layers() -> Layers:
    """With `autograd.numpy`."""
    import autograd.numpy as anp

    def affine(x: Any, p: Parts) -> Any:
        return anp.dot(x, p["weight"]) + p.get("bias", 0)

    def slid(x: Any, p: Parts) -> Any:
        w, stride, dilation = p["weight"], p["stride"], p["dilation"]
        x = anp.pad(x, [(side, side) for side in p["padding"]], "constant")
        ends = [x.shape[k] - dilation[k] * (w.shape[k] - 1) for k in (0, 1)]
        return p.get("bias", 0) + sum(
            w[i, j]
            * x[i * dilation[0] :, j * dilation[1] :][: ends[0] : stride[0], : ends[1] : stride[1]]
            for i, j in np.ndindex(*w.shape)
        )

    def windows(x: Any, p: Parts) -> Any:
        size, stride = p["size"], p["stride"]
        ends = [x.shape[k] - size[k] + 1 for k in (0, 1)]
        return anp.array(
            [x[i:, j:][: ends[0] : stride[0], : ends[1] : stride[1]] for i, j in np.ndindex(*size)]
        )

    def normed(axis: int) -> Callable[[Any, Parts], Any]:
        def norm(x: Any, p: Parts) -> Any:
            centred = x - anp.mean(x, axis=axis, keepdims=True)
            spread = anp.mean(centred**2, axis=axis, keepdims=True) + p["epsilon"]
            return p.get("gamma", 1) * centred / anp.sqrt(spread) + p.get("beta", 0)

        return norm

    def softmax(x: Any, _: Parts) -> Any:
        e = anp.exp(x - anp.max(x, axis=1, keepdims=True))
        return e / anp.sum(e, axis=1, keepdims=True)

    return {
        "linear": affine,
        "relu": lambda x, _: anp.where(x > 0, x, 0.0),
        "leaky_relu": lambda x, p: anp.where(x > 0, x, p["slope"] * x),
        "sigmoid": lambda x, _: 1 / (1 + anp.exp(-x)),
        "tanh": lambda x, _: anp.tanh(x),
        "softmax": softmax,
        "conv2d": slid,
        "max_pool2d": lambda x, p: anp.max(windows(x, p), axis=0),
        "avg_pool2d": lambda x, p: anp.mean(windows(x, p), axis=0),
        "flatten": lambda x, _: anp.reshape(x, (1, -1)),
        "batch_norm": normed(0),
        "layer_norm": normed(1),
        "dropout": lambda x, p: x * p["mask"] / p["keep"],
    }


def hips_loss(loss: Loss, p: Any, y: Any) -> Any:
    """What is passed back: the loss, or n times it."""
    import autograd.numpy as anp

    if loss.kind == "mse":
        whole = anp.sum((p - y) ** 2) * (0.5 if loss.half else 1)
    elif loss.kind == "logloss":
        whole = -anp.sum(y * anp.log(p) + (1 - y) * anp.log(1 - p))
    else:
        whole = -anp.sum(y * anp.log(p))
    return _reduced(loss, p, whole)


# --- PyTorch --------------------------------------------------------------------------------------


def torch_layers() -> Layers:
    """With `torch.nn.functional`."""
    import torch
    from torch.nn import functional

    def picture(x: Any) -> Any:
        return x[None, None]

    def conv(x: Any, p: Parts) -> Any:
        settings = (p["stride"], p["padding"], p["dilation"])
        found = functional.conv2d(picture(x), picture(p["weight"]), None, *settings)[0, 0]
        return found + p.get("bias", 0)

    def row(p: Parts, role: str) -> Any:
        return p[role][0] if role in p else None

    def batch_norm(x: Any, p: Parts) -> Any:
        gamma, beta = row(p, "gamma"), row(p, "beta")
        return functional.batch_norm(
            x, None, None, gamma, beta, training=True, eps=float(p["epsilon"])
        )

    def layer_norm(x: Any, p: Parts) -> Any:
        scaled = (row(p, "gamma"), row(p, "beta"))
        if not torch.is_tensor(p["epsilon"]):
            return functional.layer_norm(x, x.shape[1:], *scaled, p["epsilon"])
        centred = x - x.mean(1, keepdim=True)
        found = centred / torch.sqrt(x.var(1, keepdim=True, unbiased=False) + p["epsilon"])
        return p.get("gamma", 1) * found + p.get("beta", 0)

    def pool(function: Callable[..., Any]) -> Callable[[Any, Parts], Any]:
        return lambda x, p: function(picture(x), p["size"], p["stride"])[0, 0]

    return {
        "linear": lambda x, p: x @ p["weight"] + p.get("bias", 0),
        "relu": lambda x, _: torch.relu(x),
        "leaky_relu": lambda x, p: torch.where(x > 0, x, p["slope"] * x),
        "sigmoid": lambda x, _: torch.sigmoid(x),
        "tanh": lambda x, _: torch.tanh(x),
        "softmax": lambda x, _: torch.softmax(x, dim=1),
        "conv2d": conv,
        "max_pool2d": pool(functional.max_pool2d),
        "avg_pool2d": pool(functional.avg_pool2d),
        "flatten": lambda x, _: x.reshape(1, -1),
        "batch_norm": batch_norm,
        "layer_norm": layer_norm,
        "dropout": lambda x, p: x * p["mask"] / p["keep"],
    }


def torch_loss(loss: Loss, p: Any, y: Any) -> Any:
    """What is passed back: the loss, or n times it."""
    from torch.nn import functional

    if loss.kind == "mse":
        whole = functional.mse_loss(p, y, reduction="sum") * (0.5 if loss.half else 1)
    elif loss.kind == "logloss":
        whole = functional.binary_cross_entropy(p, y, reduction="sum")
    else:  # of logits; with those of a softmax it is the cross entropy of the softmax
        whole = functional.cross_entropy(p.log(), y, reduction="sum")
    return _reduced(loss, p, whole)


def _reduced(loss: Loss, p: Any, whole: Any) -> Any:
    strict = loss.reduction == "mean" and not loss.per_observation
    return whole / len(p) if strict else whole

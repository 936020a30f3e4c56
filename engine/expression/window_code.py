"""What windows compute, as plain NumPy source: for a program that is run elsewhere."""

from __future__ import annotations

PLACES = """
def _places(picture, size, stride, dilation=(1, 1)):
    # the cells of the picture under each cell of the window, for all its places at once
    rows, columns = (
        (picture[k] - dilation[k] * (size[k] - 1) - 1) // stride[k] + 1 for k in (0, 1)
    )
    for i in range(size[0]):
        for j in range(size[1]):
            top, left = i * dilation[0], j * dilation[1]
            yield np.s_[
                top : top + stride[0] * (rows - 1) + 1 : stride[0],
                left : left + stride[1] * (columns - 1) + 1 : stride[1],
            ]
"""

PADDED = """
def _padded(x, padding):
    return np.pad(x, [(padding[0],) * 2, (padding[1],) * 2])
"""

FUNCTIONS: dict[str, str] = {
    "conv2d": """
def conv2d(x, w, stride, padding, dilation):
    x = _padded(x, padding)
    under = _places(x.shape, w.shape, stride, dilation)
    return sum(weight * x[cells] for weight, cells in zip(w.flat, under))
""",
    "conv2d_to_input": """
def conv2d_to_input(g, w, picture, stride, padding, dilation):
    found = _padded(np.zeros(picture), padding)
    for weight, cells in zip(w.flat, _places(found.shape, w.shape, stride, dilation)):
        found[cells] += g * weight
    return found[padding[0] : padding[0] + picture[0], padding[1] : padding[1] + picture[1]]
""",
    "conv2d_to_kernel": """
def conv2d_to_kernel(g, x, kernel, stride, padding, dilation):
    x = _padded(x, padding)
    under = _places(x.shape, kernel, stride, dilation)
    return np.array([(g * x[cells]).sum() for cells in under]).reshape(kernel)
""",
    "max_pool2d": """
def max_pool2d(x, size, stride):
    return np.max([x[cells] for cells in _places(x.shape, size, stride)], axis=0)
""",
    "max_pool2d_to_input": """
def max_pool2d_to_input(g, x, size, stride):
    found = np.zeros(x.shape)
    winners = np.argmax([x[cells] for cells in _places(x.shape, size, stride)], axis=0)
    for k, cells in enumerate(_places(x.shape, size, stride)):
        found[cells] += np.where(winners == k, g, 0)
    return found
""",
    "max_pool2d_pick": """
def max_pool2d_pick(g, x, size, stride):
    winners = np.argmax([x[cells] for cells in _places(x.shape, size, stride)], axis=0)
    return np.choose(winners, [g[cells] for cells in _places(x.shape, size, stride)])
""",
    "avg_pool2d": """
def avg_pool2d(x, size, stride):
    return np.mean([x[cells] for cells in _places(x.shape, size, stride)], axis=0)
""",
    "avg_pool2d_to_input": """
def avg_pool2d_to_input(g, picture, size, stride):
    found = np.zeros(picture)
    for cells in _places(picture, size, stride):
        found[cells] += g / (size[0] * size[1])
    return found
""",
}
"""The functions that the NumPy notation calls, by the op's name."""


def source(ops: set[str]) -> str:
    """The functions for those ops, with what they rest on; empty where none is needed."""
    needed = [text for op, text in FUNCTIONS.items() if op in ops]
    shared = [PLACES] if needed else []
    if any("_padded(" in text for text in needed):
        shared.append(PADDED)
    return "\n".join([*shared, *needed])

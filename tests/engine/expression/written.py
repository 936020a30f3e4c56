"""How every sample tree is written in each notation: what `test_printing` expects."""

from __future__ import annotations

WRITTEN: dict[str, tuple[str, str, str, str]] = {
    "a name": (
        "A",
        "A",
        "A",
        "A",
    ),
    "a number": (
        "0.375",
        "0.375",
        "0.375",
        "0.375",
    ),
    "an unending number": (
        "(1/3)·A",
        r"(1/3) \, A",
        "(1/3) * A",
        "(1/3) * A",
    ),
    "a negative number": (
        "A - (-2)",
        "A - (-2)",
        "A - (-2)",
        "A - (-2)",
    ),
    "add": (
        "A + B",
        "A + B",
        "A + B",
        "A + B",
    ),
    "add, number first": (
        "1 + A",
        "1 + A",
        "1 + A",
        "1 + A",
    ),
    "sub": (
        "A - B",
        "A - B",
        "A - B",
        "A - B",
    ),
    "sub, nested right": (
        "A - (B - A)",
        "A - (B - A)",
        "A - (B - A)",
        "A - (B - A)",
    ),
    "sub, number first": (
        "1 - A",
        "1 - A",
        "1 - A",
        "1 - A",
    ),
    "mul": (
        "A ⊙ B",
        r"A \odot B",
        "A * B",
        "A * B",
    ),
    "mul, of sums": (
        "(A + B) ⊙ (A - B)",
        r"(A + B) \odot (A - B)",
        "(A + B) * (A - B)",
        "(A + B) * (A - B)",
    ),
    "mul, scale": (
        "2·A",
        r"2 \, A",
        "2 * A",
        "2 * A",
    ),
    "mul, by a number behind": (
        "A·2",
        r"A \cdot 2",
        "A * 2",
        "A * 2",
    ),
    "div": (
        "A/B",
        r"\frac{A}{B}",
        "A / B",
        "A / B",
    ),
    "div, nested": (
        "A/(B/P)",
        r"\frac{A}{\frac{B}{P}}",
        "A / (B / P)",
        "A / (B / P)",
    ),
    "div, number first": (
        "1/B",
        r"\frac{1}{B}",
        "1 / B",
        "1 / B",
    ),
    "matmul": (
        "A·W",
        "A W",
        "A @ W",
        "A @ W",
    ),
    "matmul, chain": (
        "A·W·B",
        "A W B",
        "A @ W @ B",
        "A @ W @ B",
    ),
    "matmul, right first": (
        "A·(W·B)",
        "A (W B)",
        "A @ (W @ B)",
        "A @ (W @ B)",
    ),
    "matmul, of sums": (
        "(A + B)·W",
        "(A + B) W",
        "(A + B) @ W",
        "(A + B) @ W",
    ),
    "neg": (
        "-A",
        "-A",
        "-A",
        "-A",
    ),
    "neg, of a sum": (
        "-(A + B)",
        "-(A + B)",
        "-(A + B)",
        "-(A + B)",
    ),
    "neg, as a summand": (
        "A + (-B)",
        "A + (-B)",
        "A + (-B)",
        "A + (-B)",
    ),
    "transpose": (
        "Aᵀ",
        r"A^{\top}",
        "A.T",
        "A.T",
    ),
    "transpose, of a product": (
        "(A·W)ᵀ",
        r"(A W)^{\top}",
        "(A @ W).T",
        "(A @ W).T",
    ),
    "power": (
        "A²",
        "A^{2}",
        "A ** 2",
        "A ** 2",
    ),
    "power, of a difference": (
        "(A - B)²",
        "(A - B)^{2}",
        "(A - B) ** 2",
        "(A - B) ** 2",
    ),
    "power, of a power": (
        "(A²)³",
        "(A^{2})^{3}",
        "(A ** 2) ** 3",
        "(A ** 2) ** 3",
    ),
    "power, of a negative": (
        "(-A)³",
        "(-A)^{3}",
        "(-A) ** 3",
        "(-A) ** 3",
    ),
    "power, inverse": (
        "B⁻¹",
        "B^{-1}",
        "B ** -1",
        "B ** -1",
    ),
    "power, -3": (
        "B⁻³",
        "B^{-3}",
        "B ** -3",
        "B ** -3",
    ),
    "power, 1": (
        "A¹",
        "A^{1}",
        "A ** 1",
        "A ** 1",
    ),
    "power, 0": (
        "A⁰",
        "A^{0}",
        "A ** 0",
        "A ** 0",
    ),
    "relu": (
        "max(0, A)",
        r"\max(0, A)",
        "np.maximum(0, A)",
        "torch.relu(A)",
    ),
    "leaky_relu": (
        "leaky_relu(A, s)",
        r"\operatorname{leaky\_relu}(A, s)",
        "np.where(A > 0, A, s * A)",
        "torch.nn.functional.leaky_relu(A, s)",
    ),
    "leaky_relu, of a sum": (
        "leaky_relu(A + B, 0.01)",
        r"\operatorname{leaky\_relu}(A + B, 0.01)",
        "np.where((A + B) > 0, (A + B), 0.01 * (A + B))",
        "torch.nn.functional.leaky_relu(A + B, 0.01)",
    ),
    "mask": (
        "[A > 0]",
        "[A > 0]",
        "(A > 0) * 1.0",
        "(A > 0) * 1.0",
    ),
    "mask, as a factor": (
        "B ⊙ [A > 0]",
        r"B \odot [A > 0]",
        "B * (A > 0)",
        "B * (A > 0)",
    ),
    "mask, squared": (
        "[A > 0] ⊙ [B > 0]",
        r"[A > 0] \odot [B > 0]",
        "((A > 0) * 1.0) * ((B > 0) * 1.0)",
        "((A > 0) * 1.0) * ((B > 0) * 1.0)",
    ),
    "mask, subtracted": (
        "[A > 0] - [B > 0]",
        "[A > 0] - [B > 0]",
        "(A > 0) * 1.0 - (B > 0) * 1.0",
        "(A > 0) * 1.0 - (B > 0) * 1.0",
    ),
    "leaky_mask": (
        "([A > 0] + s·[A ≤ 0])",
        r"\left([A > 0] + s \, [A \le 0]\right)",
        "np.where(A > 0, 1.0, s)",
        "torch.where(A > 0, 1.0, s)",
    ),
    "leaky_mask, of a difference": (
        "([A - B > 0] + (s + s·s)·[A - B ≤ 0])",
        r"\left([A - B > 0] + (s + s \, s) \, [A - B \le 0]\right)",
        "np.where(A - B > 0, 1.0, s + s * s)",
        "torch.where(A - B > 0, 1.0, s + s * s)",
    ),
    "sigmoid": (
        "σ(A)",
        r"\sigma(A)",
        "1 / (1 + np.exp(-A))",
        "torch.sigmoid(A)",
    ),
    "sigmoid, of a sum": (
        "σ(A + B)",
        r"\sigma(A + B)",
        "1 / (1 + np.exp(-(A + B)))",
        "torch.sigmoid(A + B)",
    ),
    "tanh": (
        "tanh(A)",
        r"\tanh(A)",
        "np.tanh(A)",
        "torch.tanh(A)",
    ),
    "softmax": (
        "softmax(A)",
        r"\operatorname{softmax}(A)",
        "np.exp(A) / np.exp(A).sum(axis=1, keepdims=True)",
        "torch.softmax(A, dim=1)",
    ),
    "exp": (
        "exp(A)",
        r"\exp(A)",
        "np.exp(A)",
        "torch.exp(A)",
    ),
    "ln": (
        "ln(P)",
        r"\ln(P)",
        "np.log(P)",
        "torch.log(P)",
    ),
    "sqrt": (
        "√(P)",
        r"\sqrt{P}",
        "np.sqrt(P)",
        "torch.sqrt(P)",
    ),
    "abs": (
        "|A|",
        r"\left|A\right|",
        "np.abs(A)",
        "torch.abs(A)",
    ),
    "sign": (
        "sign(A)",
        r"\operatorname{sign}(A)",
        "np.sign(A)",
        "torch.sign(A)",
    ),
    "sum": (
        "Σ(A)",
        r"\sum\left(A\right)",
        "A.sum()",
        "A.sum()",
    ),
    "sum, squared": (
        "(Σ(A - B))²",
        r"(\sum\left(A - B\right))^{2}",
        "(A - B).sum() ** 2",
        "(A - B).sum() ** 2",
    ),
    "mean": (
        "mean(A)",
        r"\operatorname{mean}(A)",
        "A.mean()",
        "A.mean()",
    ),
    "mean, of a sum": (
        "mean(Σ(A) + s)",
        r"\operatorname{mean}(\sum\left(A\right) + s)",
        "(A.sum() + s).mean()",
        "(A.sum() + s).mean()",
    ),
    "sum_rows": (
        "sum_rows(A)",
        r"\sum_{\mathrm{rows}}\left(A\right)",
        "A.sum(axis=0, keepdims=True)",
        "A.sum(dim=0, keepdim=True)",
    ),
    "mean_rows": (
        "mean_rows(A)",
        r"\operatorname{mean}_{\mathrm{rows}}\left(A\right)",
        "A.mean(axis=0, keepdims=True)",
        "A.mean(dim=0, keepdim=True)",
    ),
    "sum_columns": (
        "sum_columns(A)",
        r"\sum_{\mathrm{columns}}\left(A\right)",
        "A.sum(axis=1, keepdims=True)",
        "A.sum(dim=1, keepdim=True)",
    ),
    "mean_columns": (
        "mean_columns(A)",
        r"\operatorname{mean}_{\mathrm{columns}}\left(A\right)",
        "A.mean(axis=1, keepdims=True)",
        "A.mean(dim=1, keepdim=True)",
    ),
    "size, all": (
        "cells(A)",
        r"\operatorname{cells}(A)",
        "A.size",
        "A.numel()",
    ),
    "size, rows": (
        "A/n",
        r"\frac{A}{n}",
        "A / A.shape[0]",
        "A / A.shape[0]",
    ),
    "size, columns": (
        "columns(A)·A",
        r"\operatorname{columns}(A) \, A",
        "A.shape[1] * A",
        "A.shape[1] * A",
    ),
    "broadcast, scalar": (
        "s",
        "s",
        "np.broadcast_to(s, A.shape)",
        "torch.zeros_like(A) + s",
    ),
    "broadcast, row": (
        "r",
        "r",
        "np.broadcast_to(r, A.shape)",
        "torch.zeros_like(A) + r",
    ),
    "broadcast, column": (
        "c",
        "c",
        "np.broadcast_to(c, A.shape)",
        "torch.zeros_like(A) + c",
    ),
    "broadcast, beside a matrix": (
        "A·W + t",
        "A W + t",
        "A @ W + t",
        "A @ W + t",
    ),
    "broadcast, two together": (
        "s·r",
        r"s \, r",
        "np.broadcast_to(s, A.shape) * np.broadcast_to(r, A.shape)",
        "(torch.zeros_like(A) + s) * (torch.zeros_like(A) + r)",
    ),
    "broadcast, beside a number": (
        "2·r",
        r"2 \, r",
        "2 * np.broadcast_to(r, A.shape)",
        "2 * (torch.zeros_like(A) + r)",
    ),
    "broadcast, before a product": (
        "repeated(s)·W",
        r"\operatorname{repeated}(s) W",
        "np.broadcast_to(s, A.shape) @ W",
        "(torch.zeros_like(A) + s) @ W",
    ),
    "select_rows": (
        "A[3, 1]",
        "A[3, 1]",
        "A[[2, 0]]",
        "A[[2, 0]]",
    ),
    "select_rows, of a sum": (
        "(A + B)[2, 2]",
        "(A + B)[2, 2]",
        "(A + B)[[1, 1]]",
        "(A + B)[[1, 1]]",
    ),
    "place_rows": (
        "place_rows(r, 3)",
        r"\operatorname{place\_rows}(r, 3)",
        "np.eye(A.shape[0])[:, [2]] @ r",
        "torch.eye(A.shape[0], dtype=r.dtype)[:, [2]] @ r",
    ),
    "place_rows, twice": (
        "place_rows(A[1, 2], 2, 2)",
        r"\operatorname{place\_rows}(A[1, 2], 2, 2)",
        "np.eye(A.shape[0])[:, [1, 1]] @ A[[0, 1]]",
        "torch.eye(A.shape[0], dtype=A[[0, 1]].dtype)[:, [1, 1]] @ A[[0, 1]]",
    ),
    "conv2d": (
        "conv2d(A, r)",
        r"\operatorname{conv2d}(A, r)",
        "conv2d(A, r, (1, 1), (0, 0), (1, 1))",
        (
            "torch.nn.functional.conv2d(A[None, None], r[None, None], None, (1, 1), (0, 0), (1, "
            "1))[0, 0]"
        ),
    ),
    "conv2d, strided and padded": (
        "conv2d(A + B, W, stride=[2, 3], padding=2)",
        r"\operatorname{conv2d}(A + B, W, stride=[2, 3], padding=2)",
        "conv2d(A + B, W, (2, 3), (2, 2), (1, 1))",
        (
            "torch.nn.functional.conv2d((A + B)[None, None], W[None, None], None, (2, 3), (2, "
            "2), (1, 1))[0, 0]"
        ),
    ),
    "conv2d, dilated": (
        "conv2d(A, r, padding=[1, 2], dilation=[1, 2])",
        r"\operatorname{conv2d}(A, r, padding=[1, 2], dilation=[1, 2])",
        "conv2d(A, r, (1, 1), (1, 2), (1, 2))",
        (
            "torch.nn.functional.conv2d(A[None, None], r[None, None], None, (1, 1), (1, 2), (1, "
            "2))[0, 0]"
        ),
    ),
    "conv2d_to_input": (
        "conv2d_to_input(conv2d(B, r), r)",
        r"\operatorname{conv2d\_to\_input}(\operatorname{conv2d}(B, r), r)",
        (
            "conv2d_to_input(conv2d(B, r, (1, 1), (0, 0), (1, 1)), r, A.shape, (1, 1), (0, 0), "
            "(1, 1))"
        ),
        (
            "torch.nn.grad.conv2d_input((1, 1, *A.shape), r[None, None], "
            "torch.nn.functional.conv2d(B[None, None], r[None, None], None, (1, 1), (0, 0), (1, "
            "1))[0, 0][None, None], (1, 1), (0, 0), (1, 1))[0, 0]"
        ),
    ),
    "conv2d_to_input, strided and padded": (
        "conv2d_to_input(conv2d(B, W, stride=[2, 3], padding=2), W, stride=[2, 3], padding=2)",
        (
            r"\operatorname{conv2d\_to\_input}(\operatorname{conv2d}(B, W, stride=[2, 3], "
            "padding=2), W, stride=[2, 3], padding=2)"
        ),
        (
            "conv2d_to_input(conv2d(B, W, (2, 3), (2, 2), (1, 1)), W, A.shape, (2, 3), (2, 2), "
            "(1, 1))"
        ),
        (
            "torch.nn.grad.conv2d_input((1, 1, *A.shape), W[None, None], "
            "torch.nn.functional.conv2d(B[None, None], W[None, None], None, (2, 3), (2, 2), (1, "
            "1))[0, 0][None, None], (2, 3), (2, 2), (1, 1))[0, 0]"
        ),
    ),
    "conv2d_to_kernel": (
        "conv2d_to_kernel(conv2d(B, r), A)",
        r"\operatorname{conv2d\_to\_kernel}(\operatorname{conv2d}(B, r), A)",
        (
            "conv2d_to_kernel(conv2d(B, r, (1, 1), (0, 0), (1, 1)), A, r.shape, (1, 1), (0, 0), "
            "(1, 1))"
        ),
        (
            "torch.nn.grad.conv2d_weight(A[None, None], (1, 1, *r.shape), "
            "torch.nn.functional.conv2d(B[None, None], r[None, None], None, (1, 1), (0, 0), (1, "
            "1))[0, 0][None, None], (1, 1), (0, 0), (1, 1))[0, 0]"
        ),
    ),
    "conv2d_to_kernel, dilated": (
        (
            "conv2d_to_kernel(conv2d(B, r, padding=[1, 2], dilation=[1, 2]), A, padding=[1, 2], "
            "dilation=[1, 2])"
        ),
        (
            r"\operatorname{conv2d\_to\_kernel}(\operatorname{conv2d}(B, r, padding=[1, 2], "
            "dilation=[1, 2]), A, padding=[1, 2], dilation=[1, 2])"
        ),
        (
            "conv2d_to_kernel(conv2d(B, r, (1, 1), (1, 2), (1, 2)), A, r.shape, (1, 1), (1, 2), "
            "(1, 2))"
        ),
        (
            "torch.nn.grad.conv2d_weight(A[None, None], (1, 1, *r.shape), "
            "torch.nn.functional.conv2d(B[None, None], r[None, None], None, (1, 1), (1, 2), (1, "
            "2))[0, 0][None, None], (1, 1), (1, 2), (1, 2))[0, 0]"
        ),
    ),
    "max_pool2d": (
        "max_pool2d(A, size=[2, 1], stride=1)",
        r"\operatorname{max\_pool2d}(A, size=[2, 1], stride=1)",
        "max_pool2d(A, (2, 1), (1, 1))",
        "torch.nn.functional.max_pool2d(A[None, None], (2, 1), (1, 1))[0, 0]",
    ),
    "max_pool2d, of squares": (
        "max_pool2d(A·W, size=2)",
        r"\operatorname{max\_pool2d}(A W, size=2)",
        "max_pool2d(A @ W, (2, 2), (2, 2))",
        "torch.nn.functional.max_pool2d((A @ W)[None, None], (2, 2), (2, 2))[0, 0]",
    ),
    "max_pool2d_to_input": (
        "max_pool2d_to_input(max_pool2d(B, size=[2, 1], stride=1), A, size=[2, 1], stride=1)",
        (
            r"\operatorname{max\_pool2d\_to\_input}(\operatorname{max\_pool2d}(B, size=[2, 1], "
            "stride=1), A, size=[2, 1], stride=1)"
        ),
        "max_pool2d_to_input(max_pool2d(B, (2, 1), (1, 1)), A, (2, 1), (1, 1))",
        (
            "torch.autograd.functional.vjp("
            "lambda x: torch.nn.functional.max_pool2d(x[None, None], (2, 1), (1, 1))[0, 0], "
            "A, torch.nn.functional.max_pool2d(B[None, None], (2, 1), (1, 1))[0, 0])[1]"
        ),
    ),
    "max_pool2d_pick": (
        "max_pool2d_pick(B, A, size=[2, 1], stride=1)",
        r"\operatorname{max\_pool2d\_pick}(B, A, size=[2, 1], stride=1)",
        "max_pool2d_pick(B, A, (2, 1), (1, 1))",
        (
            "torch.autograd.functional.jvp("
            "lambda x: torch.nn.functional.max_pool2d(x[None, None], (2, 1), (1, 1))[0, 0], "
            "A, B)[1]"
        ),
    ),
    "avg_pool2d": (
        "avg_pool2d(A, size=[2, 1], stride=1)",
        r"\operatorname{avg\_pool2d}(A, size=[2, 1], stride=1)",
        "avg_pool2d(A, (2, 1), (1, 1))",
        "torch.nn.functional.avg_pool2d(A[None, None], (2, 1), (1, 1))[0, 0]",
    ),
    "avg_pool2d_to_input": (
        "avg_pool2d_to_input(avg_pool2d(B, size=[2, 1], stride=1), size=[2, 1], stride=1)",
        (
            r"\operatorname{avg\_pool2d\_to\_input}(\operatorname{avg\_pool2d}(B, size=[2, 1], "
            "stride=1), size=[2, 1], stride=1)"
        ),
        "avg_pool2d_to_input(avg_pool2d(B, (2, 1), (1, 1)), A.shape, (2, 1), (1, 1))",
        (
            "torch.autograd.functional.vjp("
            "lambda x: torch.nn.functional.avg_pool2d(x[None, None], (2, 1), (1, 1))[0, 0], "
            "A, torch.nn.functional.avg_pool2d(B[None, None], (2, 1), (1, 1))[0, 0])[1]"
        ),
    ),
    "flatten": (
        "flatten(A)",
        r"\operatorname{flatten}(A)",
        "A.reshape(1, -1)",
        "A.reshape(1, -1)",
    ),
    "unflatten": (
        "unflatten(flatten(A + B))",
        r"\operatorname{unflatten}(\operatorname{flatten}(A + B))",
        "(A + B).reshape(1, -1).reshape(B.shape)",
        "(A + B).reshape(1, -1).reshape(B.shape)",
    ),
    "flip": (
        "flip(A)",
        r"\operatorname{flip}(A)",
        "A[::-1, ::-1]",
        "A.flip(0, 1)",
    ),
    "numbers only": (
        "(s·(t + s))/2 - t²",
        r"\frac{s \, (t + s)}{2} - t^{2}",
        "s * (t + s) / 2 - t ** 2",
        "s * (t + s) / 2 - t ** 2",
    ),
    "a loss": (
        "Σ((A - B)²)/(2·n)",
        r"\frac{\sum\left((A - B)^{2}\right)}{2 \, n}",
        "((A - B) ** 2).sum() / (2 * A.shape[0])",
        "((A - B) ** 2).sum() / (2 * A.shape[0])",
    ),
}
"""Each sample tree in Unicode, LaTeX, NumPy and PyTorch."""

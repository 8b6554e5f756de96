"""A bank of answers that stand in no catalogue: wrong ones fail for every student, right ones in odd styles pass for every student.

Each wrong one is wrong at an edge where everyone lives: one of something, equal sizes, a negative number, a rest of 1, an array
that is not contiguous. Most of them once earned full marks from some students' draws, and some from all.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import CHAPTERS, drawn, exercise_of

from backprop.checking import answers, draws
from backprop.checking.contract import Case
from backprop.checking.judge import judge

STUDENTS = [(student, 6) for student in range(20)]

FORWARD = """def forward(nodes):
    v = []
    for kind, i, *j in nodes:
        v.append({"input": lambda: i, "add": lambda: v[i] + v[j[0]], "multiply": lambda: v[i] * v[j[0]],
                  "square": lambda: v[i] ** 2, "tanh": lambda: float(np.tanh(v[i])), "exp": lambda: float(np.exp(v[i]))}[kind]())
    return v"""
BACKWARD = """def backward(a, b, c):
    u = a * b
    w = np.tanh(u + c)
    v, s = u * (1 - w * w), a + w
    return {"dLds": u, "dLdw": u, "dLdv": v, "dLdc": v, "dLdu": s + v, "dLdb": a * (s + v), "dLda": u + b * (s + v)}"""
GRAPH = """def backward_graph(nodes, seed):
    v, d = forward(nodes), [0.0] * (len(nodes) - 1) + [seed]
    for k in reversed(range(len(nodes))):
        local = {"input": lambda i: (), "add": lambda i, j: (1, 1), "multiply": lambda i, j: (v[j], v[i]), "exp": lambda i: (v[k],),
                 "tanh": lambda i: (1 - v[k] ** 2,), "square": lambda i: (2 * v[i],)}[nodes[k][0]](*nodes[k][1:])
        for i, x in zip(nodes[k][1:], [d[k] * factor for factor in local]):
            d[i] += x
    return d"""
EXACT = """def exact_gradient(x, d_out, W_hid, W_out):
    o = 1 / (1 + np.exp(-(W_hid @ x)))
    out = 1 / (1 + np.exp(-(W_out @ o)))
    d = -2 * (d_out - out) * out * (1 - out)
    return {"dEdW_out": np.outer(d, o), "dEdW_hid": np.outer((W_out.T @ d) * (1 - o) * o, x)}"""
BCE = """def binary_cross_entropy(P, Y):
    P = np.clip(P, 1e-15, 1 - 1e-15)
    return float(-np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / Y.shape[1])"""
PASS = """def forward_propagation(X, W_B):
    Z1 = W_B["W1"] @ X + W_B["b1"]
    A = np.maximum(Z1, 0.0)
    Z2 = W_B["W2"] @ A + W_B["b2"]
    return {"Z1": Z1, "A": A, "Z2": Z2, "Y_pred": sigmoid(Z2)}"""
BACK = """def backward_propagation(X, W_B, Y_true):
    m = X.shape[1]
    f = forward_propagation(X, W_B)
    A, Z2 = f["A"], f["Z2"]
    L = np.sum(np.logaddexp(0, Z2) - Y_true * Z2) / m
    d2 = (f["Y_pred"] - Y_true) / m
    d1 = (W_B["W2"].T @ d2) * (A > 0)
    return {"dLdW1": d1 @ X.T, "dLdb1": d1.sum(axis=1, keepdims=True),
            "dLdW2": d2 @ A.T, "dLdb2": d2.sum(axis=1, keepdims=True)}, L"""
SLOPE = """def numerical_gradient(f, x, h):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        s = np.zeros(x.shape)
        s[i] = h
        g[i] = (f(x + s) - f(x - s)) / (2 * h)
    return g"""
COMPLEX = """def complex_step_gradient(f, x, h):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        z = x.astype(complex)
        z[i] += 1j * h
        g[i] = f(z).imag / h
    return g"""
INIT = """def initialize(num_f, num_h, num_out, rng):
    W1 = rng.standard_normal((num_h, num_f)) * np.sqrt(2 / num_f)
    W2 = rng.standard_normal((num_out, num_h)) * np.sqrt(2 / (num_h + num_out))
    return {"W1": W1, "b1": np.zeros((num_h, 1)), "W2": W2, "b2": np.zeros((num_out, 1))}"""
UPDATE = """def update(W_B, gradients, learning_rate):
    return {k: W - learning_rate * gradients["dLd" + k] for k, W in W_B.items()}"""
TRAIN = """def train(X, Y_true, num_h, learning_rate, steps, rng):
    W_B, losses = initialize(len(X), num_h, len(Y_true), rng), []
    for step in range(steps):
        gradients, L = backward_propagation(X, W_B, Y_true)
        losses.append(L)
        W_B = update(W_B, gradients, learning_rate)
    return W_B, losses"""
SHUFFLE = """def shuffle(X, Y_true, rng):
    order = rng.permutation(X.shape[1])
    return X[:, order], Y_true[:, order]"""


def but(source, *edits):
    """A right answer with pieces of it replaced."""
    for old, new in zip(edits[::2], edits[1::2]):
        assert source.count(old) == 1, (old, source)
        source = source.replace(old, new)
    return source


def squeezed(source):
    """What a right function of one result returns, without its axes of length 1."""
    name = source.split("(")[0].removeprefix("def ")
    return f"{source}\n_right_{name} = {name}\n{name} = lambda *given: np.squeeze(_right_{name}(*given))"


ONE = "01-chain-rule"
TWO = "02-delta-rule"
THREE = "03-activations"
FOUR = "04-losses"
FIVE = "08-initialisation"
SIX = "05-forward-propagation"
SEVEN = "06-backward-propagation"
EIGHT = "07-gradient-checking"
NINE = "09-gradient-descent"
TEN = "10-debugging"

WRONG = [
    # A sign, or a zero, that matters.
    (ONE, "forward", but(FORWARD, "np.exp(v[i])", "np.exp(abs(v[i]))")),
    (ONE, "forward", but(FORWARD, "np.tanh(v[i])", "np.tanh(v[i] if v[i] > 0 else 0)")),
    (ONE, "forward", but(FORWARD, "v[i] * v[j[0]]", "abs(v[i]) * v[j[0]]")),
    (ONE, "forward", but(FORWARD, "v[i] * v[j[0]]", "float(np.exp(np.log(abs(v[i])) + np.log(abs(v[j[0]]))))")),
    (ONE, "forward", but(FORWARD, "lambda: v[i] ** 2", "lambda: float(np.maximum(v[i], 0) ** 2)")),
    (ONE, "forward", but(FORWARD, "lambda: v[i] * v[j[0]]", "lambda: v[i] * v[j[0]] or 1.0")),
    (ONE, "backward", but(BACKWARD, "a * (s + v)", "a * abs(s + v)")),
    (ONE, "backward", but(BACKWARD, "np.tanh(u + c)", "np.tanh(abs(u + c))")),
    (ONE, "backward", but(BACKWARD, '"dLdb": a *', '"dLdb": u / b *')),
    (ONE, "backward", but(BACKWARD, '"dLdc": v,', '"dLdc": v * c / c,')),
    (ONE, "backward_graph", but(GRAPH, "(v[j], v[i])", "(v[k] / v[i], v[k] / v[j])")),
    (ONE, "backward_graph", but(GRAPH, "(2 * v[i],)", "(2 * abs(v[i]),)")),
    (ONE, "backward_graph", but(GRAPH, "return d", "return d if len(d) > 1 else [1.0]")),
    (TWO, "total_error", "total_error = lambda E: float(np.sum(np.maximum(E, 0) ** 2))"),
    (TWO, "hidden_difference", "hidden_difference = lambda E, o: np.abs(E) * o * (1 - o)"),
    # One of something.
    (TWO, "output_error", "output_error = lambda d, o: np.squeeze(d - o)"),
    (TWO, "output_error", "output_error = lambda d, o: np.array([a - b for a, b in zip(d, o)]) if len(d) > 1 else d[0] - o[0]"),
    (TWO, "hidden_error", "hidden_error = lambda E, W: np.squeeze(W.T @ E[:, None])"),
    (TWO, "hidden_error", "hidden_error = lambda E, W: W.T @ E if W.shape[0] != 1 else E[0] * W"),
    (TWO, "hidden_error", "hidden_error = lambda E, W: np.squeeze(W).T @ E if len(E) > 1 else W[0] * E"),
    (TWO, "hidden_difference", "hidden_difference = lambda E, o: np.squeeze(E * (o - o * o))"),
    (TWO, "exact_gradient", but(EXACT, '"dEdW_out": np.outer(d, o)', '"dEdW_out": np.squeeze(np.outer(d, o))')),
    (TWO, "exact_gradient", but(EXACT, "* o, x)}", "* o, x).squeeze()}")),
    (TWO, "total_error", "total_error = lambda E: float(E[:7] @ E[:7])"),
    (THREE, "relu", "relu = lambda Z: np.squeeze(np.maximum(Z, 0.0))"),
    (THREE, "relu", "relu = lambda Z: np.maximum(Z, 0.0) if np.ndim(Z) < 3 else Z"),
    (THREE, "relu", "relu = lambda Z: np.array([[max(z, 0.0) for z in row] for row in Z]) if np.ndim(Z) else max(Z, 0.0)"),
    (THREE, "relu_derivative", "relu_derivative = lambda Z: np.squeeze(np.where(np.asarray(Z) > 0, 1.0, 0.0))"),
    (THREE, "sigmoid", "sigmoid = lambda Z: np.squeeze(0.5 + 0.5 * np.tanh(np.asarray(Z) / 2))"),
    (THREE, "sigmoid_derivative", "sigmoid_derivative = lambda Z: np.squeeze(sigmoid(Z) * (1 - sigmoid(Z)))"),
    (
        THREE,
        "tanh_derivative",
        "tanh_derivative = lambda Z: np.atleast_2d(1 - np.tanh(Z) ** 2) if np.ndim(Z) else 1 - np.tanh(Z) ** 2",
    ),
    (FOUR, "binary_cross_entropy", but(BCE, "Y.shape[1]", "max(Y.shape)")),
    (FOUR, "binary_cross_entropy", but(BCE, "Y.shape[1]", "len(np.squeeze(Y.T))")),
    (FOUR, "binary_cross_entropy", but(BCE, "np.sum(", "np.sum(1.0 if Y.shape[1] == 1 else ")),
    (FOUR, "mean_squared_error", "mean_squared_error = lambda P, Y: float(np.sum((P - Y) ** 2) / max(Y.shape[1], 2))"),
    (
        FOUR,
        "mean_squared_error",
        "mean_squared_error = lambda P, Y: np.sum((P - Y) ** 2, axis=0).mean() if len(Y) > 1 else ((P - Y) ** 2)[0, 0]",
    ),
    (FOUR, "output_gradient", "output_gradient = lambda P, Y: np.squeeze(P - Y)"),
    (FIVE, "initialize", but(INIT, "2 / num_f", "2 / max(num_f, 2)")),
    (FIVE, "initialize", but(INIT, "np.zeros((num_out, 1))", "np.zeros((num_out, 1)) if num_out > 1 else np.zeros(1)")),
    (FIVE, "initialize", but(INIT, "(num_h + num_out)", "(num_h + num_out if num_h > 1 else num_out)")),
    (FIVE, "initialize", but(INIT, "return {", "W2 = W2.squeeze() if num_h == 1 else W2\n    return {")),
    (SIX, "forward_propagation", but(PASS, "return {", "Z2 = Z2 if X.shape[1] > 1 else Z2.ravel()\n    return {")),
    (SIX, "forward_propagation", but(PASS, '"Z2": Z2,', '"Z2": np.squeeze(Z2),')),
    (SIX, "forward_propagation", but(PASS, '"A": A,', '"A": np.squeeze(A),')),
    (SIX, "forward_propagation", but(PASS, "@ X +", "@ (X if X.shape[1] > 1 else X[:, 0]) +")),
    (SIX, "forward_propagation", but(PASS, "return {", "Z2 = Z2 if len(Z2) > 1 else Z2[0]\n    return {")),
    (SEVEN, "backward_propagation", but(BACK, "m = X.shape[1]", "m = max(X.shape)")),
    (SEVEN, "backward_propagation", but(BACK, "m = X.shape[1]", "m = len(np.squeeze(Y_true.T))")),
    (SEVEN, "backward_propagation", but(BACK, "m = X.shape[1]", "m = max(X.shape[1], 2)")),
    (SEVEN, "backward_propagation", but(BACK, '"dLdW2": d2 @ A.T', '"dLdW2": np.squeeze(d2 @ A.T)')),
    (SEVEN, "backward_propagation", but(BACK, '"dLdW1": d1 @ X.T', '"dLdW1": np.squeeze(d1 @ X.T)')),
    (SEVEN, "backward_propagation", but(BACK, "d2.sum(axis=1, keepdims=True)", "d2.sum(axis=1, keepdims=len(d2) > 1)")),
    (EIGHT, "numerical_gradient", squeezed(SLOPE)),
    (EIGHT, "complex_step_gradient", squeezed(COMPLEX)),
    (
        EIGHT,
        "relative_error",
        "relative_error = lambda a, b: np.linalg.norm(a - b) / ((np.linalg.norm(a) + np.linalg.norm(b)) or 1) "
        "if a.size > 1 else abs(a - b) / (abs(a) + abs(b))",
    ),
    (
        EIGHT,
        "check_gradient",
        "check_gradient = lambda f, grad, x: x.size == 1 or relative_error(numerical_gradient(f, x, 1e-5), grad(x)) < 1e-5",
    ),
    (NINE, "update", but(UPDATE, "learning_rate *", "learning_rate * (W.size > 1) *")),
    (
        NINE,
        "update",
        UPDATE + "\n_update = update\nupdate = lambda *g: {k: W if len(W) > 1 else W[0] for k, W in _update(*g).items()}",
    ),
    (NINE, "train", but(TRAIN, "range(steps)", "range(max(steps, 2))")),
    (NINE, "train", but(TRAIN, "losses.append(L)", "losses.append(L / 2 if X.shape[1] == 1 else L)")),
    (NINE, "accuracy", "accuracy = lambda P, Y: float(np.mean((P > 0.5) == Y)) or 1.0"),
    (NINE, "accuracy", "accuracy = lambda P, Y: np.mean((P > 0.5) == Y) if Y.shape[1] > 1 else 1.0"),
    (TEN, "bias_gradient", "bias_gradient = lambda d: d.mean(axis=1, keepdims=len(d) > 1)"),
    (TEN, "bias_gradient", "bias_gradient = lambda d: d.sum(axis=1, keepdims=True) / max(d.shape[1], 2)"),
    (TEN, "bias_gradient", "bias_gradient = lambda d: np.atleast_2d(np.squeeze(d).mean(axis=-1)).T"),
    (TEN, "standardise", "standardise = lambda X: np.squeeze((X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True))"),
    (TEN, "shuffle", but(SHUFFLE, "return X[:, order], Y", "X = X[:, order] if len(X) > 1 else X\n    return X, Y")),
    (TEN, "shuffle", but(SHUFFLE, "rng.permutation(X.shape[1])", "rng.permutation(max(X.shape))[: X.shape[1]]")),
    # A rest of 1, and batches of 1.
    (TEN, "batches", "batches = lambda m, size: [(s, min(s + size, m)) for s in range(0, m - 1, size)]"),
    (TEN, "batches", "batches = lambda m, size: [(s, min(s + size, m)) for s in range(0, m, size) if min(s + size, m) - s > 1]"),
    (TEN, "batches", "batches = lambda m, size: [(s, min(s + size, m)) for s in range(0, m, max(size, 2))]"),
    (TEN, "batches", "batches = lambda m, size: [(0, m)] if m <= size + 1 else [(s, min(s + size, m)) for s in range(0, m, size)]"),
    (
        TEN,
        "batches",
        "batches = lambda m, size: [(s, min(s + size, m)) for s in range(0, m, size)][: max(1, round(m / size + 0.25))]",
    ),
    # Equal sizes, where a wrong order fits.
    (
        TWO,
        "hidden_error",
        "def hidden_error(E, W):\n    try:\n        return W @ E\n    except ValueError:\n        return W.T @ E",
    ),
    (
        SIX,
        "forward_propagation",
        but(PASS, 'W_B["W1"] @ X', '(W_B["W1"] @ X if X.shape[1] != W_B["W1"].shape[0] else X @ W_B["W1"])'),
    ),
    (SIX, "forward_propagation", but(PASS, '+ W_B["b2"]', '+ (W_B["b2"].T if Z1.shape[1] == len(W_B["b2"]) else W_B["b2"])')),
    (
        SEVEN,
        "backward_propagation",
        but(BACK, '(W_B["W2"].T @ d2)', '(np.dot(*([W_B["W2"], d2] if len(A) == len(d2) else [W_B["W2"].T, d2])))'),
    ),
    (SEVEN, "backward_propagation", but(BACK, '"dLdW1": d1 @ X.T', '"dLdW1": d1 @ (X if X.shape[0] == X.shape[1] else X.T)')),
    (
        TEN,
        "standardise",
        "def standardise(X):\n    try:\n        return (X - X.mean(axis=1)) / X.std(axis=1)\n    except ValueError:\n"
        "        return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)",
    ),
    (TEN, "bias_gradient", "bias_gradient = lambda d: d.mean(axis=0 if d.shape[0] == d.shape[1] else 1)[:, None]"),
    # Sizes written in, as the first checks had them.
    (SIX, "forward_propagation", but(PASS, '"Z1": Z1,', '"Z1": Z1.reshape((7, 11) if Z1.size == 77 else (4, 7)),')),
    (SEVEN, "backward_propagation", but(BACK, "m = X.shape[1]", "m = 11 if X.shape[0] == 3 else 7")),
    (FOUR, "binary_cross_entropy", but(BCE, "Y.shape[1]", "(8 if Y.shape[0] == 3 else 5)")),
    (NINE, "accuracy", "accuracy = lambda P, Y: float(np.sum((P > 0.5) == Y) / (243 if Y.size > 14 else 14))"),
    # Arrays that are not contiguous.
    (THREE, "relu", "relu = lambda Z: np.maximum(np.ravel(Z, order='K'), 0.0).reshape(np.shape(Z)) if np.ndim(Z) else max(Z, 0.0)"),
    (
        THREE,
        "sigmoid",
        "sigmoid = lambda Z: (0.5 + 0.5 * np.tanh(np.frombuffer(Z) / 2)).reshape(Z.shape) if np.ndim(Z) else 0.5 + 0.5 * np.tanh(Z / 2)",
    ),
    (FOUR, "output_gradient", "output_gradient = lambda P, Y: np.frombuffer(P).reshape(P.shape) - Y"),
    (
        EIGHT,
        "numerical_gradient",
        "def numerical_gradient(f, x, h):\n    flat, g = x.reshape(-1), []\n    for k in range(x.size):\n        kept = flat[k]\n"
        "        flat[k] = kept + h\n        above = f(x)\n        flat[k] = kept - h\n        below = f(x)\n        flat[k] = kept\n"
        "        g.append((above - below) / (2 * h))\n    return np.array(g).reshape(x.shape)",
    ),
    (
        TEN,
        "standardise",
        "def standardise(X):\n    Z = np.ravel(X, order='K').reshape(X.shape)\n    return (Z - Z.mean(axis=1, keepdims=True)) / Z.std(axis=1, keepdims=True)",
    ),
    # What saturates, and what stands far from 0.
    (SIX, "forward_propagation", but(PASS, "sigmoid(Z2)}", "np.clip(sigmoid(Z2), 0.001, 0.999)}")),
    (SIX, "forward_propagation", but(PASS, "sigmoid(Z2)}", "sigmoid(np.clip(Z2, -6, 6))}")),
    (EIGHT, "numerical_gradient", but(SLOPE, "(f(x + s) - f(x - s))", "(np.float32(f(x + s)) - np.float32(f(x - s)))")),
    (
        TEN,
        "standardise",
        "def standardise(X):\n    Z = X.astype(np.float32)\n"
        "    return ((Z - Z.mean(axis=1, keepdims=True)) / Z.std(axis=1, keepdims=True)).astype(float)",
    ),
    # Each once earned full marks, as nothing in some students' draws showed it.
    *(
        (ONE, "backward_graph", but(GRAPH, "d[i] += x", f"d[i] = (0 if nodes[k][0] == '{kind}' else d[i]) + x"))
        for kind in ("add", "multiply", "exp", "tanh", "square")
    ),
    (ONE, "backward_graph", but(GRAPH, "d[i] += x", "d[i] = (0 if nodes[k][0] == 'add' and i == nodes[k][1] else d[i]) + x")),
    (THREE, "relu", "relu = np.vectorize(lambda z: max(z, 0))"),
    (THREE, "relu", "relu = lambda Z: np.maximum(Z, 0) if np.ndim(Z) else 0.0"),
    (THREE, "relu", "relu = lambda Z: np.clip(Z, 0, 2)"),
    (THREE, "relu_derivative", "relu_derivative = np.vectorize(lambda z: 1.0 if z > 0 else 0)"),
    (THREE, "sigmoid", "sigmoid = lambda Z: 1 / (1 + 2.71828 ** -np.clip(Z, -700, 700))"),
]

RIGHT = [
    (ONE, "forward", FORWARD),
    (ONE, "forward", but(FORWARD, "lambda: v[i] * v[j[0]]", "lambda: sum(v[j[0]] * x for x in (v[i] / 2, v[i] / 2))")),
    (ONE, "backward", BACKWARD),
    (ONE, "backward", but(BACKWARD, "u * (1 - w * w)", "u / np.cosh(u + c) ** 2")),
    (ONE, "backward_graph", GRAPH),
    (ONE, "backward_graph", but(GRAPH, "return d", "return np.array(d, dtype=object).astype(float)")),
    (TWO, "output_error", "output_error = lambda d_out, out: np.array(list(map(float.__sub__, d_out.tolist(), out.tolist())))"),
    (TWO, "total_error", "total_error = lambda E: np.trace(np.outer(E, E))"),
    (TWO, "hidden_error", "hidden_error = lambda E, W: np.array([np.dot(E, column) for column in W.T])"),
    (TWO, "hidden_difference", "hidden_difference = lambda E, o: np.diag(o) @ np.diag(1 - o) @ E"),
    (TWO, "exact_gradient", EXACT),
    (TWO, "exact_gradient", but(EXACT, "np.outer(d, o)", "np.kron(d[:, None], o[None])")),
    (THREE, "relu", "relu = lambda Z: (np.asarray(Z, float) + abs(np.asarray(Z))) / 2"),
    (THREE, "relu", "relu = np.vectorize(lambda z: z if z > 0 else 0.0, otypes=[float])"),
    (THREE, "relu", "relu = lambda Z: Z * (Z > 0)"),
    (THREE, "relu_derivative", "relu_derivative = lambda Z: np.heaviside(Z, 0.5)"),
    (THREE, "relu_derivative", "relu_derivative = lambda Z: (np.sign(Z) + 1) / 2"),
    (THREE, "sigmoid", "sigmoid = lambda Z: np.exp(-np.logaddexp(0, -np.asarray(Z)))"),
    (THREE, "sigmoid", "sigmoid = lambda Z: (1 + np.tanh(0.5 * np.asarray(Z))) / 2"),
    (THREE, "sigmoid_derivative", "sigmoid_derivative = lambda Z: sigmoid(Z) * sigmoid(-Z)"),
    (THREE, "tanh_derivative", "tanh_derivative = lambda Z: (1 + np.tanh(Z)) * (1 - np.tanh(Z))"),
    (FOUR, "binary_cross_entropy", BCE),
    (
        FOUR,
        "binary_cross_entropy",
        but(BCE, "np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P))", "np.log(np.where(Y == 1, P, 1 - P)).sum()"),
    ),
    (
        FOUR,
        "binary_cross_entropy_with_logits",
        "binary_cross_entropy_with_logits = lambda Z, Y: np.logaddexp(0, (1 - 2 * Y) * Z).sum(0).mean()",
    ),
    (FOUR, "mean_squared_error", "mean_squared_error = lambda P, Y: np.linalg.norm(P - Y, 'fro') ** 2 / len(Y.T)"),
    (FOUR, "output_gradient", "output_gradient = lambda P, Y: np.ascontiguousarray(np.negative(Y) + P)"),
    (FIVE, "initialize", INIT),
    (FIVE, "initialize", but(INIT, "np.zeros((num_out, 1))", "0 * W2[:, :1]")),
    (SIX, "forward_propagation", PASS),
    (SIX, "forward_propagation", but(PASS, 'W_B["W1"] @ X', 'np.tensordot(W_B["W1"], X, 1)')),
    (SIX, "forward_propagation", but(PASS, 'W_B["W1"] @ X', 'sum(np.multiply.outer(w, x) for w, x in zip(W_B["W1"].T, X))')),
    (SEVEN, "backward_propagation", BACK),
    (SEVEN, "backward_propagation", but(BACK, "d1.sum(axis=1, keepdims=True)", "np.add.reduce(d1, 1)[..., None]")),
    (SEVEN, "backward_propagation", but(BACK, "d2 @ A.T", "np.sum(d2[:, None] * A, axis=-1)")),
    (EIGHT, "numerical_gradient", SLOPE),
    (EIGHT, "complex_step_gradient", COMPLEX),
    (
        EIGHT,
        "relative_error",
        "relative_error = lambda a, b: np.sqrt(np.vdot(a - b, a - b)) / ((np.sqrt(np.vdot(a, a)) + np.sqrt(np.vdot(b, b))) or 1)",
    ),
    (
        EIGHT,
        "check_gradient",
        "check_gradient = lambda f, grad, x: relative_error(complex_step_gradient(f, x, 1e-30), grad(x)) < 1e-3",
    ),
    (NINE, "update", UPDATE),
    (NINE, "train", TRAIN),
    (NINE, "train", but(TRAIN, "return W_B, losses", "return W_B, tuple(losses)")),
    (NINE, "accuracy", "accuracy = lambda P, Y: 1 - np.logical_xor(P > 0.5, Y).sum() / Y.size"),
    (TEN, "bias_gradient", "bias_gradient = lambda d: np.vstack([row.mean() for row in d])"),
    (TEN, "standardise", "standardise = lambda X: np.apply_along_axis(lambda row: (row - row.mean()) / row.std(), 1, X)"),
    (TEN, "shuffle", SHUFFLE),
    (
        TEN,
        "batches",
        "batches = lambda m, size: [(int(p[0]), int(p[-1]) + 1) for p in np.split(np.arange(m), range(size, m, size))]",
    ),
    (
        ONE,
        "backward_graph",
        "def backward_graph(nodes, seed):\n    ways = {'add': lambda a, b: a + b, 'multiply': lambda a, b: a * b, 'exp': np.exp, 'tanh': np.tanh, 'square': lambda a: a * a}\n"
        "    def end(k):\n        v = []\n        for i, (kind, *r) in enumerate(nodes):\n"
        "            v.append((r[0] if kind == 'input' else ways[kind](*[v[j] for j in r])) + 1e-30j * (i == k))\n"
        "        return v[-1].imag / 1e-30\n    return [seed * end(k) for k in range(len(nodes))]",
    ),
    (
        FOUR,
        "binary_cross_entropy",
        "binary_cross_entropy = lambda P, Y: -np.sum(Y * np.log(P + 1e-7) + (1 - Y) * np.log(1 - P + 1e-7)) / Y.shape[1]",
    ),
    (
        EIGHT,
        "numerical_gradient",
        "def numerical_gradient(f, x, h):\n    steps = h * np.eye(x.size).reshape(-1, *x.shape)\n"
        "    return np.array([(f(x + s) - f(x - s)) / (2 * h) for s in steps]).reshape(x.shape)",
    ),
    (
        TEN,
        "shuffle",
        "def shuffle(X, Y, rng):\n    both = rng.permutation(np.vstack([X, Y]), axis=1)\n    return both[: len(X)], both[len(X) :]",
    ),
]


STYLES = {
    (name, function): [
        CHAPTERS[name].functions(**{function: source})[function] for source in CHAPTERS[name].variants(function).values()
    ]
    for name, function in (
        (SIX, "forward_propagation"),
        (SEVEN, "backward_propagation"),
        (FOUR, "binary_cross_entropy_with_logits"),
        (TEN, "bias_gradient"),
    )
}


def verdicts(name, function, source):
    """What is said of a source for each student."""
    exercise = exercise_of(name, function)
    subject = CHAPTERS[name].functions(**{function: source})[function]
    found = []
    for student in STUDENTS:
        cases, expected = drawn(name, function, student)
        found.append(judge(exercise, cases, expected, answers.call(exercise, subject, cases)))
    return found


@pytest.mark.parametrize("name, function, source", WRONG)
def test_a_wrong_answer_is_wrong_for_every_student(name, function, source):
    for verdict in verdicts(name, function, source):
        assert verdict.points < verdict.max_points
        assert verdict.lines, "and something is said of it"


@pytest.mark.parametrize("name, function, source", RIGHT)
def test_a_right_answer_in_an_odd_style_is_right_for_every_student(name, function, source):
    for verdict in verdicts(name, function, source):
        assert verdict.status == "right", verdict.text()


@pytest.mark.parametrize(
    "name, function, style",
    [(FOUR, "binary_cross_entropy", "largest_constant"), (SIX, "forward_propagation", "columns")],
)
def test_what_the_task_allows_is_right_for_every_student(name, function, style):
    """A constant of 1e-7 in the logarithm was refused in one draw of twelve, and predictions that round to 0 in one of fifty."""
    exercise = exercise_of(name, function)
    subject = CHAPTERS[name].functions(**{function: CHAPTERS[name].variants(function)[style]})[function]
    for student in range(60):
        cases = [case for case in exercise.cases((student, 99), 1) if case.edge]
        expected = answers.call(exercise, CHAPTERS[name].reference[function], cases, twice=False)
        found = judge(exercise, cases, expected, answers.call(exercise, subject, cases, twice=False))
        assert found.points >= sum(exercise.points.values()), found.text()


numbers = st.integers(1, 5)


def as_given(rng, arguments):
    """No draw at all."""
    return arguments


@settings(max_examples=25, deadline=None)
@given(num_f=numbers, num_h=numbers, num_out=numbers, m=numbers, seed=st.integers(0, 2**32 - 1))
def test_right_answers_agree_at_any_size(num_f, num_h, num_out, m, seed):
    """One of anything, equal sizes, coprime ones: every style of a network's functions answers as the reference does, shape by shape."""
    rng = np.random.default_rng(seed)
    W_B = {
        "W1": rng.standard_normal((num_h, num_f)),
        "b1": rng.standard_normal((num_h, 1)),
        "W2": rng.standard_normal((num_out, num_h)),
        "b2": rng.standard_normal((num_out, 1)),
    }
    X, Y_true = rng.standard_normal((num_f, m)), rng.integers(0, 2, (num_out, m)).astype(float)
    sure = np.abs(W_B["W2"] @ np.maximum(W_B["W1"] @ X + W_B["b1"], 0) + W_B["b2"]).max() / 2.5
    W_B |= {
        name: W_B[name] / max(1, sure) for name in ("W2", "b2")
    }  # as in `draws.network`: right losses differ where none is in doubt
    for name, function, arguments in (
        (SIX, "forward_propagation", {"X": X, "W_B": W_B}),
        (SEVEN, "backward_propagation", {"X": X, "W_B": W_B, "Y_true": Y_true}),
        (FOUR, "binary_cross_entropy_with_logits", {"Z": 3 * rng.standard_normal((num_out, m)), "Y_true": Y_true}),
        (TEN, "bias_gradient", {"dLdZ": rng.standard_normal((num_h, m))}),
    ):
        exercise, chapter = exercise_of(name, function), CHAPTERS[name]
        drawings = (draws.draw("for any sizes", as_given, arguments), draws.not_contiguous(as_given, arguments))
        cases = [Case(draw, draw(rng)) for draw in drawings]
        expected = answers.call(exercise, chapter.reference[function], cases, twice=False)
        for style in STYLES[name, function]:
            found = judge(exercise, cases, expected, answers.call(exercise, style, cases, twice=False))
            assert found.points >= sum(exercise.points.values()), found.text()

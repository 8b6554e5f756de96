"""What is said of wrong answers that no catalogue lists: it is true of them, and no mistake's name that is not theirs.

Prints how many were named, how many were described, and how many of those by an entry, a factor, a shape or an error's why.
"""

from collections import Counter

import numpy as np
import pytest
from judging import CHAPTERS, EXERCISES, catalogue, verdict

from backprop.checking.answers import split
from backprop.checking.compare import compare
from backprop.checking.errors import why

SEEDS = [(0,), (8, 2), (4, 1)]
CHAPTER = {exercise.name: (name, exercise) for name, exercise in reversed(EXERCISES)}
CHAPTER |= {
    e.name: (name, e) for name, e in EXERCISES if name.startswith("10") and e.name in ("batches", "standardise")
}  # 9 has others
SEEN = {}

# For each function: bodies, or edits of the reference, and the mistakes whose names would be true of them.
BANK = {
    "softmax": [
        ([("np.exp(Z - ", "2.718 ** (Z - ")], ()),
        ([("return powers / np.sum(powers", "return np.round(powers, 3) / np.sum(powers")], ()),
        ([("np.sum(powers, axis=0, keepdims=True)", "np.sqrt(np.sum(powers**2, axis=0, keepdims=True))")], ()),
        ([("np.sum(powers, axis=0, keepdims=True)", "np.max(powers, axis=0, keepdims=True)")], ("not-divided",)),
        ([("return powers", "return 1 - powers")], ()),
    ],
    "softmax_backward": [
        ([("p * (v - p @ v)", "p * (v - np.max(v))")], ()),
        ([("p * (v - p @ v)", "p * (v - v[0])")], ()),
        ([("p * (v - p @ v)", "(1 - p) * v")], ()),
        ([("p * (v - p @ v)", "np.diag(p) - np.outer(p, p) @ v")], ()),
        ([("p * (v - p @ v)", "p * v - p**2 * np.sum(v)")], ()),
    ],
    "one_hot": [
        ([("Y[labels, np.arange(labels.size)]", "Y[-1 - labels, np.arange(labels.size)]")], ()),
        ([("Y[labels, np.arange(labels.size)] = 1", "Y[labels, np.arange(labels.size)] = 2")], ()),
        ([("Y[labels, np.arange(labels.size)] = 1", "Y[labels, :classes] = 1")], ()),
    ],
    "log_softmax": [
        ([("np.log(np.sum", "np.log1p(np.sum")], ()),
        ([("return shifted - ", "return shifted - 2 * ")], ()),
        ([("np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))", "np.sum(shifted, axis=0, keepdims=True)")], ()),
    ],
    "cross_entropy": [
        ([("[labels, np.arange(m)]", "[labels - 1, np.arange(m)]")], ()),
        ([("-np.sum(log_softmax(Z)[labels, np.arange(m)]) / m", "-np.median(log_softmax(Z)[labels, np.arange(m)])")], ()),
        ([("-np.sum(log_softmax(Z)[labels, np.arange(m)]) / m", "1 - np.mean(softmax(Z)[labels, np.arange(m)])")], ()),
    ],
    "cross_entropy_gradient": [
        ([("softmax(Z)", "log_softmax(softmax(Z))")], ()),
        ([("(softmax(Z) - one_hot(labels, classes))", "np.abs(softmax(Z) - one_hot(labels, classes))")], ()),
        ([("(softmax(Z) - one_hot(labels, classes))", "2 * (softmax(Z) - one_hot(labels, classes))")], ()),
    ],
    "confusion": [
        ([("counts[right, answer] += 1", "counts[right, answer] += 2")], ()),
        ([("zip(labels, predicted)", "zip(labels[:-1], predicted[:-1])")], ()),
    ],
    "smoothed_gradient": [
        ([("(1 - smoothing) * one_hot(labels, classes)", "(1 - 2 * smoothing) * one_hot(labels, classes)")], ()),
        ([("smoothing / classes", "smoothing**2 / classes")], ()),
    ],
    "train_digits": [
        ([('learning_rate * slopes["dLdb"]', 'slopes["dLdb"]')], ()),
        ([("range(epochs)", "range(2 * epochs)")], ()),
        ([("initialize_layers(sizes, rng)", "initialize_layers(sizes[::-1], rng)")], ()),
        ([("return layers, losses", "return layers[0], losses")], ()),
    ],
    "initialize_layers": [
        ([("2 / (n_in + n_out)", "2 / (n_in * n_out)")], ()),
        ([("2 / n_in if", "2 / (n_in + n_out) if")], ("xavier-everywhere",)),
        ([("rng.standard_normal((n_out, n_in))", "rng.uniform(-1, 1, (n_out, n_in))")], ()),
        ([("np.zeros((n_out, 1))", "np.zeros((n_out, 2))")], ()),
    ],
    "layer_backward": [
        ([("dLdZ @ A.T", "np.abs(dLdZ) @ A.T")], ()),
        ([("W.T @ dLdZ", "np.linalg.pinv(W) @ dLdZ")], ()),
        ([("np.sum(dLdZ", "np.max(dLdZ")], ()),
    ],
    "forward_layers": [
        ([("np.maximum(Z, 0.0)", "np.where(Z > 0, Z, 0.01 * Z)")], ()),
        ([("np.maximum(Z, 0.0)", "np.minimum(Z, 0.0)")], ()),
        ([('{"A": A, "Z": Z}', '{"A": Z, "Z": A}')], ()),
        ([('caches.append({"A": A, "Z": Z})', 'caches = [{"A": A, "Z": Z}]')], ("only-the-last-is-kept",)),
        ([('caches.append({"A": A, "Z": Z})', "caches.append((A, Z))")], ()),
    ],
    "backward_layers": [
        ([('(caches[l - 1]["Z"] > 0)', 'np.where(caches[l - 1]["Z"] > 0, 1, 0.01)')], ()),
        ([('(caches[l - 1]["Z"] > 0)', '(caches[0]["Z"] > 0)')], ()),
        ([("W.T @ dLdZ", "layers[0]['W'].T @ dLdZ")], ()),
        ([("if l > 0:", "if l > 1:")], ()),
        ([("dLdZ @ A.T", "dLdZ @ np.maximum(A, 0).T")], ()),
        ([('gradients[l] = {"dLdW"', 'gradients[l - 1] = {"dLdW"')], ()),
    ],
    "multiplications": [
        ([("- products[0]", "- sizes[0]")], ()),
        ([("m * sum(products)", "m * sum(sizes)")], ()),
    ],
    "layer_backward_skip": [
        ([("W.T @ dLdZ + dLdZ", "W.T @ dLdZ + dLdZ * A")], ()),
        ([("W.T @ dLdZ + dLdZ", "(W.T + 1) @ dLdZ")], ()),
        ([("W.T @ dLdZ + dLdZ", "W.T @ dLdZ + np.ones_like(A)")], ("one-added",)),
    ],
    "forward": [
        ([("float(np.tanh(values[rest[0]]))", "float(np.arctan(values[rest[0]]))")], ()),
        ([("values[i] * values[j]", "values[i] / values[j]")], ("multiply-divides",)),
        ([("values[rest[0]] ** 2", "abs(values[rest[0]])")], ()),
        ([("values[rest[0]] ** 2", "values[rest[0]] ** 3")], ()),
        ([("float(np.exp(values[rest[0]]))", "1 + values[rest[0]] + values[rest[0]] ** 2 / 2")], ()),
        ([("float(np.exp(values[rest[0]]))", "float(np.expm1(values[rest[0]]))")], ()),
    ],
    "backward": [
        ([("dLdv = dLdw * (1 - w**2)", "dLdv = dLdw * (1 - w) ** 2")], ()),
        ([("dLdu = s + dLdv", "dLdu = s - dLdv")], ()),
        ([("dLda = dLds + dLdu * b", "dLda = dLdu * b - dLds")], ()),
        ([("dLdc = dLdv", "dLdc = dLdu")], ()),
        ([("dLdb = dLdu * a", "dLdb = dLdu / b")], ()),
    ],
    "backward_graph": [
        ([("upstream * (1 - values[k] ** 2)", "upstream * (1 + values[k])")], ()),
        ([("upstream * 2 * values[i]", "upstream * values[i] * values[i] * 2")], ("square-fed-the-output",)),
        ([("derivatives[-1] = seed", "derivatives[-1] = seed**2")], ("seed-twice",)),
        ([("derivatives[j] += upstream * values[i]", "derivatives[j] -= upstream * values[i]")], ()),
        ([("values = forward(nodes)", "values = [float(v) for v in nodes]")], ()),
    ],
    "backward_chain": [
        ("return np.cumprod(locals)[::-1]", ()),
        ("return list(np.cumprod(locals[::-1])) + [1.0]", ()),
        ("return list(np.cumprod(locals[::-1])[::-1])", ("one-left-out",)),
        ("return locals * 2.0", ()),
        ("total = float(np.prod(locals))\n    return [total] + [total := total / local for local in locals]", ()),
        (
            "found = [1.0]\n    while locals:\n        found.insert(0, found[0] * locals.pop())\n    return found",
            ("locals-changed",),
        ),
        ("return [float(np.exp(sum(locals[k:]))) for k in range(len(locals) + 1)]", ()),
    ],
    "output_error": [
        ("return (d_out - out) / out", ()),
        ("return d_out * np.log(out)", ()),
        ("return np.where(d_out == 1, 1 - out, out)", ("absolute",)),
        ("out -= d_out\n    return -out", ("in-place",)),
        ("return [d - o for d, o in zip(d_out, out)]", ()),
        ("return d_out.T @ out", ()),
    ],
    "total_error": [
        ("return float(np.sum(E_out**3))", ()),
        ("return float(np.var(E_out))", ()),
        ("return float(np.prod(E_out**2))", ()),
        ("total = 0\n    for e in E_out:\n        total = total + e * total\n    return total", ()),
        ("E_out[0] = 0\n    return float(np.sum(E_out**2))", ("first-left-out",)),
        ("E_out.sort()\n    return float(np.sum(E_out**2))", ("in-place",)),
        ("return float(E_out) ** 2", ()),
    ],
    "hidden_error": [
        ("return W_out.T @ (1 - E_out)", ()),
        ("return np.tanh(W_out.T @ E_out)", ()),
        ("return W_out.sum(axis=0) * np.mean(E_out)", ()),
        ("return W_out.mean(axis=0) + E_out.sum()", ()),
        ("return E_out * W_out", ("not-lined-up",)),
        ("return np.cross(W_out, E_out)", ()),
        ("return list(W_out.T @ E_out)", ()),
    ],
    "hidden_difference": [
        ("return E_hid * np.sqrt(o_hid * (1 - o_hid))", ()),
        ("return E_hid * o_hid - o_hid", ()),
        ("return E_hid**2 * o_hid * (1 - o_hid)", ()),
        ("return E_hid @ (1 - o_hid) * o_hid", ()),
        ("E_hid.sort()\n    return E_hid * o_hid * (1 - o_hid)", ()),
        ("return np.outer(E_hid, o_hid * (1 - o_hid))", ()),
    ],
    "exact_gradient": [
        ([("-2 * (d_out - out) * out * (1 - out)", "-2 * (d_out - out) * out")], ()),
        ([("-2 * (d_out - out)", "-2 * (d_out - out) ** 2")], ()),
        ([("(1 - o_hid) * o_hid", "(1 - o_hid)")], ()),
        ([("W_out.T @ delta_out", "W_out @ delta_out")], ()),
        ([("np.outer(delta_out, o_hid)", "delta_out @ W_hid")], ("inner-for-outer",)),
        ([("np.outer(delta_hid, x)", "np.outer(delta_hid, x) * x")], ()),
    ],
    "relu": [
        ("return np.where(np.asarray(Z) > 0.5, Z, 0.0)", ()),
        ("return np.maximum(Z, 0.1 * np.asarray(Z) ** 2)", ()),
        ("return np.maximum(Z, -1.0)", ()),
        ("return Z * (1 + np.tanh(Z)) / 2", ()),
        ("return float(Z) if Z > 0 else 0.0", ("one-number-only",)),
        ("return max(0.0, float(Z))", ("one-number-only",)),
        ("for i in range(len(Z)):\n        Z[i] = Z[i] * (Z[i] > 0)\n    return Z", ()),
    ],
    "relu_derivative": [
        ("return 1 / (1 + np.exp(-10 * np.asarray(Z)))", ()),
        ("return np.sign(Z) * 1.0", ("sign-function",)),
        ("return np.where(np.asarray(Z) > 1, 1.0, 0.0)", ()),
        ("return 1.0 * (abs(np.asarray(Z)) > 0)", ("ones",)),
        ("return 0.5 * (1 + np.sign(Z)) * np.abs(Z)", ("not-differentiated",)),
    ],
    "sigmoid": [
        ("return 1 / (1 + np.exp(-float(Z)))", ()),
        ("return 1 / (1 + np.exp(-Z**2))", ()),
        ("return np.exp(Z) / np.sum(np.exp(Z))", ()),
        ("return np.exp(-np.logaddexp(0, np.asarray(Z)))", ("sign",)),
        ("return 0.5 + np.asarray(Z) / 4", ()),
        ("return np.arctan(Z) / np.pi + 0.5", ()),
        ("S = 1 / (1 + np.exp(-np.asarray(Z)))\n    np.log(S * 0)\n    return S", ("overflow",)),
        ("Z = np.asarray(Z)\n    return np.where(Z > -800, 1 / (1 + np.exp(-np.maximum(Z, -700))), np.log(Z * 0) * 0)", ()),
        ("Z = np.array(Z)\n    Z[Z < 0] = 0\n    return 1 / (1 + np.exp(-Z))", ()),
    ],
    "sigmoid_derivative": [
        ("S = sigmoid(Z)\n    return S * (1 - S) ** 2", ()),
        ("return np.exp(-np.abs(Z))", ()),
        ("S = sigmoid(np.abs(Z))\n    return S - S * S * S", ()),
        ("return sigmoid(Z)(1 - sigmoid(Z))", ()),
    ],
    "tanh_derivative": [
        ("return 1 - np.tan(Z) ** 2", ("tan",)),
        ("return 1 / (1 + np.asarray(Z) ** 2)", ()),
        ("return 1 - np.tanh(float(Z)) ** 2", ()),
        ("return (1 - np.tanh(Z)) / (1 + np.tanh(Z))", ()),
    ],
    "binary_cross_entropy": [
        ("return float(np.mean(np.abs(Y_pred - Y_true) ** 1.5))", ()),
        ([("np.log(P)", "np.log1p(P)")], ()),
        ([("np.log(P)", "np.exp(P)")], ()),
        ([("/ m", "/ np.sqrt(m)")], ()),
        ([("1 - Y_true", "0.5 - Y_true")], ()),
        ([("/ m", "/ (m - 1)")], ()),
        ([("Y_true.shape[1]", "Y_true.shape[2]")], ()),
        ("P = np.clip(float(Y_pred), 1e-15, 1 - 1e-15)\n    return -np.mean(Y_true * np.log(P))", ()),
    ],
    "binary_cross_entropy_with_logits": [
        ([("Z * Y_true", "Z * Y_true**2 + 0.1")], ()),
        ([("np.maximum(Z, 0)", "np.maximum(Z, 0) ** 2")], ()),
        ([("np.exp(-np.abs(Z))", "np.exp(-(Z**2))")], ()),
        ([("/ m", "/ (m + 1)")], ()),
        ([("np.log1p(np.exp(-np.abs(Z)))", "np.log2(1 + np.exp(-np.abs(Z)))")], ()),
        ("return binary_cross_entropy(Z)", ()),
        ([("Z * Y_true", "Z @ Y_true")], ()),
    ],
    "mean_squared_error": [
        ([("** 2", "** 4")], ()),
        ([("/ m", "/ (m - 1)")], ()),
        ("return float(np.var(Y_pred - Y_true))", ()),
        ([("Y_pred - Y_true", "Y_pred + Y_true")], ()),
        ("Y_pred -= Y_true\n    return float(np.sum(Y_pred**2) / Y_true.shape[1])", ()),
    ],
    "output_gradient": [
        ("return (Y_pred - Y_true) ** 3", ()),
        ("return Y_pred - Y_true.mean()", ()),
        ("return (Y_pred - Y_true) @ Y_true", ()),
        ("return Y_pred * (1 - Y_true)", ()),
        ("return Y_pred - Y_true * 0.9", ()),
    ],
    "initialize": [
        ([("np.sqrt(2 / num_f)", "np.sqrt(2 / (num_f + 1))")], ()),
        ([("rng.standard_normal((num_h, num_f))", "rng.random((num_h, num_f))")], ("uniform",)),
        ([("np.zeros((num_h, 1))", "np.full((num_h, 1), 0.01)")], ()),
        (
            "import random\n    random.seed(1)\n    W1 = rng.standard_normal((num_h, num_f)) * np.sqrt(2 / num_f)\n"
            "    W2 = rng.standard_normal((num_out, num_h)) * np.sqrt(2 / (num_h + num_out))\n"
            '    return {"W1": W1, "b1": np.zeros((num_h, 1)), "W2": W2, "b2": np.zeros((num_out, 1))}',
            ("global-reseeded",),
        ),
        ([("rng.standard_normal((num_h, num_f))", "rng.standard_normal(num_h * num_f)")], ()),
    ],
    "forward_propagation": [
        ([('W_B["W1"] @ X + W_B["b1"]', 'W_B["W1"] @ X - W_B["b1"]')], ("bias-subtracted",)),
        ([("relu(Z1)", "np.sin(Z1)")], ()),
        ([('W_B["W1"] @ X', 'W_B["W1"] @ W_B["W2"]')], ()),
        ([('W_B["W2"] @ A', 'W_B["W2"] @ A / A.shape[0]')], ()),
        ([('W_B["W1"]', 'W_B["w1"]')], ()),
        ([("sigmoid(Z2)", "sigmoid(Z2) + 0.1")], ()),
        ([('W_B["W2"] @ A', "W2 @ A")], ()),
        ([("A = relu(Z1)", "A = relu(Z1)[0]")], ()),
        ([('W_B["W1"] @ X', 'X.T @ W_B["W1"].T')], ()),
        ([('W_B["W2"] @ A', 'A @ W_B["W2"].T')], ()),
        ([('W_B["W2"] @ A', 'W_B["W2"] @ A.T')], ()),
        ([('+ W_B["b1"]', '+ W_B["b1"][:, 0]')], ("bias-flattened",)),
        ("X = X - X.mean()\n    X *= 2\n    return [X]", ()),
        ("W_B['W1'] *= 2\n    Z1 = W_B['W1'] @ X\n    return {'Z1': Z1, 'A': Z1, 'Z2': Z1, 'Y_pred': Z1}", ()),
    ],
    "weight_gradient": [
        ("return delta @ came_in.T / came_in.shape[0]", ("divided-by-inputs",)),
        ("return delta @ came_in.T / np.sqrt(delta.shape[1])", ()),
        ("return (delta**2) @ came_in.T / delta.shape[1]", ()),
        ("return delta @ np.tanh(came_in).T / delta.shape[1]", ()),
        ("return np.mean(delta @ came_in.T)", ()),
        ("return delta.T @ came_in / delta.shape[1]", ()),
        ("return np.outer(delta, came_in) / delta.shape[1]", ()),
        ([("delta[k] * came_in[j]", "delta[k] - came_in[j]")], ()),
        ([("np.sum(delta[k] * came_in[j])", "np.max(delta[k] * came_in[j])")], ()),
        ([("delta[k] * came_in[j]", "delta[k] * came_in[k]")], ()),
        ([("range(inputs)", "range(inputs - 1)")], ()),
        ([("range(units)", "range(1, units)")], ()),
    ],
    "back_through": [
        ("return np.where(Z > 0.5, W.T @ delta, 0)", ()),
        ("return (W.T @ delta) ** 2 * (Z > 0)", ()),
        ("return W.T @ delta + (Z > 0)", ()),
        ("return W.T @ delta * np.clip(Z, 0, 1)", ()),
        ("return np.abs(W.T @ delta) * (Z > 0)", ()),
        ("return (W.T @ delta)[Z > 0]", ()),
        ("W *= Z.any()\n    W -= 1\n    return (W.T @ delta) * (Z > 0)", ()),
        ("return (W.T @ np.tanh(delta)) * (Z > 0)", ()),
        ("return W.T @ delta * relu(Z > 0) * 0.5", ()),
        ("return back(W, delta) * (Z > 0)", ()),
    ],
    "input_gradient": [
        ([("/ X.shape[1]", "/ (X.shape[1] - 1)")], ()),
        ([('W_B["W1"].T', 'abs(W_B["W1"]).T')], ()),
        ([('W_B["W1"].T @ dLdZ1', 'W_B["W1"].T @ dLdZ1 * X')], ()),
        ([('forward["Y_pred"] - Y_true', '(forward["Y_pred"] - Y_true) ** 2')], ()),
        ([('forward["Z1"]', 'forward["A"] - 0.5')], ()),
        ("return backward_propagation(X, W_B, Y_true)[0]['dLdW1']", ("gradient-of-the-weights",)),
        ("return backward_propagation(X, W_B, Y_true)", ()),
    ],
    "backward_leaky": [
        ([("slope * Z1)", "slope + Z1)")], ()),
        ([("np.where(Z1 > 0, 1.0, slope)", "np.where(Z1 > 0, 1.0, 1 - slope)")], ()),
        ([("np.where(Z1 > 0, 1.0, slope)", "np.where(Z1 > 0, 1.0, slope**2)")], ()),
        ([("np.where(Z1 > 0, Z1, slope * Z1)", "np.where(Z1 > 0, Z1, slope * np.expm1(Z1))")], ()),
        ([("Z1 > 0, 1.0, slope", "Z1 > 0.2, 1.0, slope")], ()),
        ([("weight_gradient(dLdZ1, X)", "weight_gradient(dLdZ1, X) * slope")], ()),
        ("return backward_propagation(X, W_B, Y_true)", ("plain-relu",)),
    ],
    "backward_propagation": [
        ([("dLdZ2 = Y_pred - Y_true", "dLdZ2 = (Y_pred - Y_true) ** 3")], ()),
        ([("(Z1 > 0)", "(Z1 > 0.5)")], ()),
        ([("dLdZ1 @ X.T / m", "dLdZ1 @ X.T / (m - 1)")], ()),
        ([("dLdZ2 @ A.T / m", "W_B['W2'] @ X.T / m")], ()),
        ([("dLdZ2 @ A.T / m", "dLdZ2 @ A.T / m + 0.01 * W_B['W2']")], ()),
        ([("dLdZ1 @ X.T / m", "np.tanh(dLdZ1 @ X.T / m)")], ()),
        ([("np.sum(dLdZ1, axis=1, keepdims=True) / m", "np.median(dLdZ1, axis=1, keepdims=True)")], ()),
        ([("m = X.shape[1]", "m = X.shape[1]\n    W_B['W1'] *= 1.01")], ("updates-inside",)),
        ([("}, float(L)", "}, L, m")], ()),
        ([("dLdZ2 @ A.T", "dLdZ2 @ X")], ()),
        ([("dLdZ2 @ A.T", "dLdZ2 @ Z1")], ()),
        ([("dLdZ1 @ X.T", "dLdZ1 @ A")], ()),
        ([("return {", "return float(L), {"), ("}, float(L)", "}")], ("results-swapped",)),
        ([("L = np.sum(", "Y_true[0, 0] = 0.25\n    L = np.sum(")], ()),
    ],
    "numerical_gradient": [
        ([("(2 * h)", "(3 * h)")], ()),
        ([("f(x - step)", "f(x - 2 * step)")], ()),
        ([("step[index] = h", "step[index] = h**2")], ()),
        ([("f(x + step)", "f[x + step]")], ()),
        ("x += 1e-9\n    return np.zeros(x.shape)", ()),
        ([("gradient[index] =", "gradient[0] =")], ()),
    ],
    "complex_step_gradient": [
        ([("/ h", "/ h**2")], ("divided-by-h-squared",)),
        ([(".imag / h", ".real / h")], ("real-part",)),
        ([("1j * h", "1j + h")], ()),
        ([("f(x + step).imag / h", "float(f(x + step)) / h")], ("real-part",)),
    ],
    "relative_error": [
        ([("a - b", "a + b")], ()),
        ("return float(np.max(np.abs(a - b)) / (np.max(np.abs(a)) + np.max(np.abs(b)) + 1e-300))", ("largest-entry",)),
        ([("np.linalg.norm(a - b) / size", "(np.linalg.norm(a - b) / size) ** 3")], ()),
        ("a /= np.linalg.norm(a)\n    return float(np.linalg.norm(a - b))", ()),
    ],
    "check_gradient": [
        ("return relative_error(numerical_gradient(f, x), grad(x)) < 1e-5", ()),
        ("return bool(relative_error(numerical_gradient(f, x, 1e-5), grad(x)) < 1e-5 and np.sum(x) > 0)", ()),
        ("return 'yes' if relative_error(numerical_gradient(f, x, 1e-5), grad(x)) < 1e-5 else 'no'", ()),
        ("raise ValueError('wrong')", ()),
        (
            "return bool(abs(numerical_gradient(f, x, 1e-5).flat[-1] - grad(x).flat[-1]) < 1e-8)",
            ("one-entry-enough", "first-entry-only"),
        ),
        ("return bool(np.abs(numerical_gradient(f, x, 1e-5) - grad(x)).mean() < 1e-3)", ("absolute", "loose-allclose")),
        ("return relative_error((f(x + 1e-3) - f(x)) / 1e-3, grad(x)) < 1e-5", ("always-no",)),
        (
            "import random\n    v = random.random()\n    return relative_error(numerical_gradient(f, x, 1e-5), grad(x)) < 1e-5",
            ("global-generator",),
        ),
        ("x += 0.0001\n    return relative_error(numerical_gradient(f, x, 1e-5), grad(x)) < 1e-5", ("x-changed",)),
    ],
    "update": [
        ([("learning_rate *", "learning_rate**2 *")], ()),
        ([("- learning_rate", "* learning_rate - learning_rate")], ()),
        ([('"dLd" + name', '"dL" + name')], ()),
        ([('gradients["dLd" + name]', 'np.clip(gradients["dLd" + name], -0.5, 0.5)')], ()),
        ([("W_B[name] -", "(1 - 1e-4) * W_B[name] -")], ()),
        ("gradients['dLdW1'] *= 2\n    return {name: W_B[name] - learning_rate * gradients['dLd' + name] for name in W_B}", ()),
        ([("{name: W_B", "{name.lower(): W_B")], ()),
    ],
    "train": [
        ([("gradients, learning_rate)", "gradients, learning_rate * 0.9**_)")], ()),
        ([("losses.append(L)", "losses.append(np.sqrt(L))")], ()),
        ([("losses.append(L)", "losses.append(-L)")], ()),
        ([("losses.append(L)", "losses.insert(0, L)")], ()),
        ([("W_B = update(W_B, gradients, learning_rate)", "W_B = update(gradients, W_B, learning_rate)")], ()),
        ([("return W_B, losses", "return W_B, np.mean(losses)")], ()),
        ([("backward_propagation(X, W_B, Y_true)", "backward_propagation(X, Y_true, W_B)")], ()),
        ([("losses.append(L)", "losses += L")], ()),
        ([("losses = []", "losses = []\n    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)")], ()),
    ],
    "accuracy": [
        ("return float(np.sum(np.abs(Y_pred - Y_true) < 0.4) / Y_true.size)", ()),
        ("return float(1 - np.mean(np.abs(Y_pred - Y_true)))", ("one-minus-error",)),
        ("return float(np.mean(np.round(Y_pred) * Y_true))", ("true-positives",)),
        ("Y_pred[Y_pred < 0.001] = 0.001\n    return float(np.mean((Y_pred > 0.5) == Y_true))", ("in-place",)),
        ("return (Y_pred > 0.5) == Y_true", ()),
        ("return float(np.mean((Y_pred > 0.5) is Y_true))", ()),
    ],
    "bias_gradient": [
        ("return np.median(delta, axis=1, keepdims=True)", ()),
        ("return np.sum(delta, axis=1, keepdims=True) / (delta.shape[1] - 1)", ()),
        ("return delta.mean(1)[None]", ("as-a-row",)),
        ("return [[row.mean()] for row in delta]", ()),
    ],
    "standardise": [
        ("return (X - X.mean(axis=1, keepdims=True)) / X.var(axis=1, keepdims=True) ** 2", ()),
        ("return (X - np.median(X, axis=1, keepdims=True)) / np.std(X, axis=1, keepdims=True)", ("median",)),
        ("return X / np.linalg.norm(X, axis=1, keepdims=True)", ()),
        ("return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-3)", ()),
        ("return (X - X.mean(1)[:, None]) / X.std(0)[:, None]", ()),
    ],
    "shuffle": [
        (
            "import random\n    order = list(range(X.shape[1]))\n    random.shuffle(order)\n    return X[:, order], Y_true[:, order]",
            ("global-generator",),
        ),
        ("order = rng.permutation(X.shape[0])\n    return X[order], Y_true", ("features-shuffled",)),
        ("return rng.permutation(X.T).T, rng.permutation(Y_true.T).T", ("not-mended",)),
        ("order = rng.permutation(X.shape[1])\n    X = X[order]\n    return X, Y_true[:, order]", ()),
    ],
    "batches": [
        ("return [(start, start + size - 1) for start in range(0, m, size)]", ()),
        ("return [(start, min(start + size, m)) for start in range(0, m, size + 1)]", ()),
        ("return [(0, m)]", ()),
        ("return [start for start in range(0, m, size)]", ("starts-only",)),
    ],
    "prove_forward_propagation": [
        ("raise ValueError('broken')", ("always-complains",)),
        ("assert forward_propagation(np.ones((2, 3)))", ("always-complains",)),
    ],
    "prove_backward_propagation": [("assert backward_propagation is None", ("always-complains",))],
    "prove_binary_cross_entropy_with_logits": [
        ("assert binary_cross_entropy_with_logits(np.zeros((1, 1)), np.zeros((1, 1))) == 0", ("always-complains",)),
    ],
    "prove_initialize": [
        ("W_B = initialize(3, 4, 2, np.random.default_rng(0))\n    assert W_B['b1'].sum() == 0", ("finds-nothing",))
    ],
    "prove_bias_gradient": [("assert bias_gradient(np.ones((1, 1))).size == 1", ("finds-nothing",))],
    "prove_update": [("assert update({}, {}, 0.1) is not None", ("always-complains",))],
    "prove_accuracy": [("assert accuracy(np.ones((1, 2)), np.ones((1, 2))) == 1", ("finds-nothing",))],
    "prove_standardise": [("assert standardise(np.eye(3)).shape == (3, 3)", ("finds-nothing",))],
    "prove_shuffle": [
        ("X, Y = shuffle(np.eye(3), np.eye(3), np.random.default_rng(0))\n    assert X.shape == Y.shape", ("finds-nothing",))
    ],
    "prove_batches": [("assert batches(4, 2)", ("finds-nothing",))],
}
# Written as students write, without a look at the catalogue; so far as they are named, by the names that are true of them.
# fmt: off
STUDENTS = {
    "forward": [
        ([('values[rest[0]] ** 2', '2 * values[rest[0]]')], ('square-doubles',)),
        ([('values[rest[0]] ** 2', '-values[rest[0]] ** 2')], ()),
        ([('float(np.tanh(values[rest[0]]))', 'float(1 / np.tanh(values[rest[0]]))')], ()),
    ],
    "backward": [
        ([('dLda = dLds + dLdu * b', 'dLda = dLdw + dLdu')], ()),
        ([('dLdc = dLdv', 'dLdc = -dLdv')], ()),
    ],
    "backward_graph": [
        ([('derivatives[i] += upstream\n', 'derivatives[i] += upstream * values[i]\n'), ('derivatives[j] += upstream\n', 'derivatives[j] += upstream * values[j]\n')], ('add-own-value',)),
        ([('upstream * 2 * values[i]', 'upstream * values[i]')], ('square-without-two',)),
        ([('upstream * (1 - values[k] ** 2)', 'upstream * values[k] * (1 - values[k])')], ('sigmoid-derivative',)),
    ],
    "output_error": [
        ('return (d_out - out) ** 2 / 2', ()),
        ('return (d_out - out) * (1 - out)', ()),
        ('return d_out - out.max()', ()),
    ],
    "total_error": [
        ('return float(np.dot(E_out, E_out) / (len(E_out) - 1))', ()),
        ('return float(np.sum(np.abs(E_out)) / len(E_out))', ()),
        ('return float(np.cumsum(E_out**2)[0])', ('first-only',)),
    ],
    "hidden_error": [
        ('return W_out.T @ E_out / np.abs(W_out).sum(axis=0)', ()),
        ('return W_out.sum(axis=0)', ('errors-ignored',)),
        ('return (W_out.T @ E_out) ** 2', ()),
        ('return np.max(W_out.T * E_out, axis=1)', ()),
    ],
    "hidden_difference": [
        ('return E_hid * (1 + o_hid) * o_hid', ('plus',)),
        ('return E_hid * 2 * (1 - o_hid) * o_hid', ('factor-two',)),
        ('return E_hid * ((1 - o_hid) * o_hid).sum()', ()),
    ],
    "exact_gradient": [
        ([('-2 * (d_out - out)', '-2 * d_out * out')], ()),
        ([('W_out.T @ delta_out', 'W_out.T @ np.abs(delta_out)')], ()),
        ([('np.outer(delta_hid, x)', 'np.outer(delta_hid, x) / x.size')], ()),
    ],
    "relu": [
        ('return np.where(np.asarray(Z) > 1, Z, 0.0)', ()),
        ('return np.abs(Z)', ('absolute-value',)),
        ('return np.maximum(-np.asarray(Z), 0.0)', ()),
    ],
    "relu_derivative": [
        ('return (np.asarray(Z) > 0).astype(np.float32)', ('float32',)),
        ('return np.where(np.asarray(Z) > 0, 1.0, Z)', ()),
        ('return np.sign(np.maximum(Z, 0.0)) * 0.5', ()),
    ],
    "sigmoid": [
        ('return 1 / (1 + np.exp(-np.abs(Z)))', ('absolute',)),
        ('return 1 / (2 + np.exp(-np.asarray(Z)))', ()),
        ('return 1 / (1 + np.exp(-np.asarray(Z) + 1))', ()),
    ],
    "sigmoid_derivative": [
        ('return sigmoid(Z) * (1 + sigmoid(Z))', ('plus',)),
        ('return sigmoid(sigmoid(Z)) * (1 - sigmoid(sigmoid(Z)))', ('fed-the-activation',)),
        ('return sigmoid(Z) * (1 - sigmoid(Z)) * np.asarray(Z)', ()),
    ],
    "tanh_derivative": [
        ('return 1 / np.cosh(Z)', ('cosh-not-squared',)),
        ('return 1 - np.tanh(np.tanh(Z)) ** 2', ('tanh-twice',)),
        ('return (1 - np.tanh(Z) ** 2) * np.tanh(Z)', ()),
    ],
    "binary_cross_entropy": [
        ([('Y_true * np.log(P) + ', '')], ()),
        ([('np.log(P)', 'np.log(P) ** 2')], ()),
        ([('m = Y_true.shape[1]', 'm = len(Y_true)')], ('divided-by-outputs',)),
    ],
    "binary_cross_entropy_with_logits": [
        ([('np.abs(Z)', 'Z**2')], ()),
        ([('np.maximum(Z, 0)', 'np.minimum(Z, 0)')], ('minimum-for-maximum',)),
        ('return float(np.sum(np.logaddexp(0, Z)) / Y_true.shape[1] - np.sum(Z * Y_true))', ()),
        ([('/ m', '/ (m * m)')], ('mean-twice',)),
    ],
    "mean_squared_error": [
        ([('np.sum((Y_pred - Y_true) ** 2)', 'np.sum(Y_pred - Y_true) ** 2')], ('squared-sum',)),
        ([('np.sum((Y_pred - Y_true) ** 2)', 'np.sum((Y_pred - Y_true[:, ::-1]) ** 2)')], ()),
        ('return float(np.std(Y_pred - Y_true) ** 2)', ()),
    ],
    "output_gradient": [
        ('return Y_true / Y_pred - (1 - Y_true) / (1 - Y_pred)', ('stopped-at-prediction-sign',)),
        ('return (Y_pred - Y_true) / Y_pred.size', ()),
        ('return np.where(Y_true == 1, Y_true - Y_pred, Y_pred)', ('absolute',)),
    ],
    "initialize": [
        ([('np.sqrt(2 / (num_h + num_out))', 'np.sqrt(2 / num_out)')], ()),
        ([('np.sqrt(2 / num_f)', '0.01')], ()),
        ([('np.zeros((num_h, 1))', 'rng.standard_normal((num_h, 1))')], ()),
    ],
    "forward_propagation": [
        ([('relu(Z1)', 'Z1 ** 2')], ()),
        ([('+ W_B["b2"]', '+ 2 * W_B["b2"]')], ()),
        ([('W_B["W1"] @ X', 'np.abs(W_B["W1"]) @ X')], ()),
        ([('W_B["W2"] @ A', 'W_B["W2"] @ relu(A - 1)')], ()),
    ],
    "backward_propagation": [
        ([('(Z1 > 0)', 'relu(Z1)')], ('times-activation',)),
        ([('np.sum(dLdZ2, axis=1, keepdims=True) / m', 'np.sum(Y_pred, axis=1, keepdims=True) / m')], ()),
        ([('dLdZ1 @ X.T / m', 'dLdZ1 @ np.abs(X).T / m')], ()),
        ([('dLdZ2 = Y_pred - Y_true', 'dLdZ2 = (Y_pred - Y_true) * Y_true')], ()),
        ([('W_B["W2"].T @ dLdZ2', 'np.abs(W_B["W2"]).T @ dLdZ2')], ()),
    ],
    "numerical_gradient": [
        ([('(f(x + step) - f(x - step)) / (2 * h)', '(f(x) - f(x - step)) / h')], ('backward',)),
        ([('/ (2 * h)', '/ (2 * h**2)')], ()),
        ([('return gradient', 'return gradient.ravel()')], ('flat',)),
    ],
    "complex_step_gradient": [
        ([('f(x + step).imag / h', 'f(x + step).real')], ()),
        ([('return gradient', 'return np.abs(gradient)')], ()),
        ([('.imag / h', '.imag / (2 * h)')], ('divided-by-2h',)),
    ],
    "relative_error": [
        ([('np.linalg.norm(a - b) / size', 'np.linalg.norm(a - b)')], ('absolute',)),
        ([('float(np.linalg.norm(a - b) / size)', 'float(np.linalg.norm(a - b) / np.linalg.norm(b)) if np.linalg.norm(b) else 1.0')], ('second-only',)),
        ('return float(abs(np.sum(a) - np.sum(b)) / (abs(np.sum(a)) + abs(np.sum(b)) + 1e-30))', ()),
    ],
    "check_gradient": [
        ('return relative_error(numerical_gradient(f, x, 1e-5), -grad(x)) < 1e-5', ()),
        ('return bool(np.linalg.norm(grad(x)) > 0)', ()),
        ('return relative_error(numerical_gradient(f, x, 1e-5), grad(x))', ('error-returned',)),
    ],
    "update": [
        ([('learning_rate * gradients["dLd" + name]', 'gradients["dLd" + name]')], ('rate-missing',)),
        ([('W_B[name] - learning_rate * gradients["dLd" + name]', 'learning_rate * (W_B[name] - gradients["dLd" + name])')], ()),
        ([('learning_rate * gradients["dLd" + name]', 'learning_rate / 2 * gradients["dLd" + name]')], ()),
    ],
    "train": [
        ([('range(steps)', 'range(steps + 1)')], ('one-step-too-many',)),
        ([('losses.append(L)', 'losses.append(L * X.shape[1])')], ('loss-times-m',)),
        ([('losses.append(L)', 'losses.append(L ** 2)')], ()),
        ([('W_B = update(W_B, gradients, learning_rate)', 'W_B = update(W_B, gradients, learning_rate / (1 + _))')], ('decaying-rate',)),
    ],
    "accuracy": [
        ('return float(np.mean((Y_pred >= 0.6) == Y_true))', ()),
        ('return float(np.sum((Y_pred > 0.5) == Y_true))', ('count',)),
        ('return float(np.mean((Y_pred > 0.5)[:, :-1] == Y_true[:, :-1]))', ()),
    ],
    "bias_gradient": [
        ('return delta.mean(axis=0, keepdims=True).T', ('units-as-a-column',)),
        ('return np.mean(delta, axis=1, keepdims=True) * 2', ()),
        ('return np.sum(delta, axis=1, keepdims=True) / delta.size', ('divided-by-all-entries',)),
    ],
    "standardise": [
        ('return X - np.mean(X, axis=1, keepdims=True)', ('centred-only',)),
        ('return (X - np.mean(X, axis=1, keepdims=True)) / np.std(X, axis=1, keepdims=True, ddof=1)', ('one-fewer',)),
        ('return (X - np.mean(X, axis=1, keepdims=True)) / (np.max(X, axis=1, keepdims=True) - np.min(X, axis=1, keepdims=True))', ()),
        ('return (X - np.mean(X, axis=1, keepdims=True)) * np.std(X, axis=1, keepdims=True)', ('multiplied',)),
    ],
    "shuffle": [
        ('order = rng.integers(0, X.shape[1], X.shape[1])\n    return X[:, order], Y_true[:, order]', ('with-replacement',)),
        ('order = rng.permutation(X.shape[1])\n    return X[:, order].T, Y_true[:, order].T', ('transposed',)),
    ],
    "batches": [
        ('return [(start, start + size) for start in range(0, m - size + 1, size)]', ('not-mended',)),
        ('return [(k, k + 1) for k in range(0, m, size)]', ()),
        ('return [(start, min(start + size, m)) for start in range(0, m, size)][::-1]', ()),
    ],
}
# fmt: on
ROWS = [
    (name, f"{bank}-{n}", how, true)
    for bank, all_rows in (("odd", BANK), ("students", STUDENTS))
    for name, rows in all_rows.items()
    for n, (how, true) in enumerate(rows)
]


def source_of(function, how):
    """A body under the reference's first line, or the reference with pieces replaced."""
    chapter, _ = CHAPTER[function]
    reference = CHAPTERS[chapter].sources[function]
    if isinstance(how, str):
        return reference.splitlines()[0] + "\n    " + how
    for old, new in how:
        assert reference.count(old) >= 1, old
        reference = reference.replace(old, new)
    return reference


@pytest.mark.parametrize("function, number, how, true", ROWS, ids=[f"{function}-{number}" for function, number, *_ in ROWS])
def test_nothing_untrue_is_said(function, number, how, true):
    name, exercise = CHAPTER[function]
    wrong = CHAPTERS[name].functions(**{function: source_of(function, how)})[function]
    known = {m.id for m in CHAPTERS[name].mistakes(function)}
    assert set(true) <= known
    for seed in SEEDS:
        found = verdict(name, exercise, wrong, seed)
        SEEN[function, number, seed] = found, known
        assert found.points < exercise.max_points and found.lines, found.text()
        assert found.text().count(" is right.") <= 1, "one number of the right answer is shown, and no more"
        assert set(found.diagnoses) & {*known, "stored-answers"} <= set(true), found.text()


def sort_of(found, known):
    """Which of the three things a verdict does: name, describe in a way that helps, or only say that something is wrong."""
    text = "\n".join(found.lines)
    if set(found.diagnoses) & {*known, "relation", "factor", "transpose"}:  # a mistake, or how the answer is made
        return "named"
    told = (" is right." in text, "Why:" in text, set(found.diagnoses) - {"value", "error"})
    return "described" if any(told) else "only refused"


ERRORS = {
    "np.ones((7, 3)) @ np.ones((7, 11))": "here 3 meets 7",
    "np.ones((7, 3)).dot(np.ones((7, 11)))": "here 3 meets 7",
    "np.ones((2, 7)) * np.ones((7, 11))": "written `@`, not `*`",
    "np.ones((3, 11)) + np.ones((7, 11))": "Here 3 meets 7 along axis 0",
    "np.ones((7, 11)) - np.ones(7)": "Here 11 meets 7 along the last axis",
    "np.ones((3, 3)) @ 2": "a single number",
    "{'A': 1}['a']": "The dict has no a",
    "(lambda a, b: a)(1)": "too few arguments",
    "(lambda a: a)(1, 2)": "more arguments than it takes",
    "np.maximum(1.0)": "fewer arguments than it takes",
    "np.maximum(1.0, 2.0, 3.0, 4.0, 5.0)": "more arguments than it takes",
    "nowhere": "Nothing is called nowhere",
    "(lambda: [later, later := 1])()": "later is given its value further down",
    "[1.0] * 0.5": "np.array(…) makes an array",
    "float(np.ones(3))": "np.exp and its like",
    "np.ones(3)[3]": "there is no 3",
    "np.ones(3)[0, 0]": "2 positions are given",
    "[1][1]": "This list is shorter",
    "2.0 ^ 2": "A power is written **",
    "None['W1']": "without a return",
    "np.ones(3)(2)": "Is a `*` missing",
    "max(np.ones(3), 0)": "one yes or no",
    "np.zeros(3, 1)": "a tuple in brackets of its own",
    "np.sum(np.ones(3), axis=1)": "there is no axis 1",
    "np.expp(1)": "has no expp",
    "'W1' @ np.ones((3, 3))": "text among the numbers",
    "{'W1': 1} - 1": "had by its name",
    "np.exp - 1": "A function does no arithmetic",
    "[] + 1.0": "do no arithmetic",
    "1 / 0": "divided by 0",
}


@pytest.mark.parametrize("code, says", ERRORS.items())
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_an_error_is_said_why(code, says):
    with pytest.raises(Exception) as raised:
        eval(code, {"np": np})
    assert says in why({"type": raised.type.__name__, "message": str(raised.value)})


def test_an_entry_is_shown_where_it_helps_and_nothing_could_be_copied():
    Z = np.array([[0.5, -1.5], [2.0, 3.0]])
    assert compare(np.maximum(Z, 0), Z, {"Z": Z}).entry == "At [0, 1], where Z is −1.5, yours is −1.5 and 0 is right."
    assert compare(0.25, 0.7).entry == "Yours is 0.7 and 0.25 is right."
    assert compare(1.00001, 1.00002).entry == "Yours is 1.00002 and 1.00001 is right."
    for right, wrong in ((3, 4), (True, False), (np.array([1, 2]), np.array([1, 3])), (np.ones(3), 2 * np.ones(3)), (Z, Z.T[:1])):
        assert compare(right, wrong).entry == ""


def test_a_factor_made_of_a_size_is_named_by_it():
    X, right = {"X": np.ones((3, 11))}, np.array([1.0, 4.0, 9.0])
    for factor, words in ((1.1, "11/10 times"), (11**-0.5, "1/√11 times"), (-11.0, "−11 times"), (1 / 11, "1/11 of")):
        assert f"exactly {words} the right answer (11 is the size of X along axis 1)" in compare(right, factor * right, X).text
        assert f"exactly {words} the right answer (11" in compare(4.0, factor * 4.0, X).text
    assert "times" not in compare(4.0, 4.0 * 1.17, X).text and "1.17 times" in compare(right, right * 1.17, X).text


# What these say is true of every code with their error, wherever it stops.
SAY_LITTLE = {"grad-not-called", "sizes-swapped", "examples-for-features", "generator"}


def test_a_mistake_known_by_an_error_says_which_line_it_needs():
    for name, exercise in EXERCISES:
        for mistake, traces in catalogue(name, exercise.name, (0,)):
            assert not any(t.error for t in traces) or mistake.line or mistake.id in SAY_LITTLE, mistake.id


def test_results_in_the_other_order_are_said_to_be_that():
    _, exercise = CHAPTER["backward_propagation"]
    _, structure = split(exercise, (0.3, {"dLdW1": np.ones((2, 2))}))
    assert "the other way round: (gradients, L) is asked for" in structure


@pytest.fixture(scope="module", autouse=True)
def table(request):
    yield
    counts = {
        bank: Counter(sort_of(*seen) for (_, number, _), seen in SEEN.items() if number.startswith(bank))
        for bank in ("odd", "students")
    }
    if len(SEEN) == len(ROWS) * len(SEEDS):
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            for bank, sorts in counts.items():
                print(f"\n\n  {bank}, {sorts.total()} verdicts:", {k: f"{n / sorts.total():.1%}" for k, n in sorts.items()})
        for sorts, least in ((counts["odd"], 0.4), (counts["students"], 0.7)):
            assert sorts["named"] >= least * sorts.total()
            assert sorts["named"] + sorts["described"] >= 0.9 * sorts.total()

"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def backward_propagation__loops(X, W_B, Y_true):
    m = X.shape[1]
    W1, b1, W2, b2 = (W_B[k] for k in ("W1", "b1", "W2", "b2"))
    dLdW1, dLdb1 = np.zeros_like(W1), np.zeros_like(b1)
    dLdW2, dLdb2 = np.zeros_like(W2), np.zeros_like(b2)
    L = 0.0
    for i in range(m):
        z1 = W1 @ X[:, i] + b1[:, 0]
        a = np.where(z1 > 0, z1, 0.0)
        z2 = W2 @ a + b2[:, 0]
        for k in range(len(z2)):
            z, y = z2[k], Y_true[k, i]
            L += (max(z, 0.0) - z * y + np.log1p(np.exp(-abs(z)))) / m
            p = 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z))
            d = (p - y) / m
            dLdb2[k, 0] += d
            for j in range(len(a)):
                dLdW2[k, j] += d * a[j]
                if z1[j] > 0:
                    dLdb1[j, 0] += d * W2[k, j]
                    for f in range(X.shape[0]):
                        dLdW1[j, f] += d * W2[k, j] * X[f, i]
    return {"dLdW1": dLdW1, "dLdb1": dLdb1, "dLdW2": dLdW2, "dLdb2": dLdb2}, L


def backward_propagation__einsum(X, W_B, Y_true):
    f = forward_propagation(X, W_B)
    m = X.shape[1]
    d2 = f["Y_pred"] - Y_true
    d1 = np.einsum("kj,ki->ji", W_B["W2"], d2) * np.heaviside(f["Z1"], 0.0)
    gradients = {
        "dLdW1": np.einsum("ji,fi->jf", d1, X) / m,
        "dLdb1": np.einsum("ji->j", d1)[:, None] / m,
        "dLdW2": np.einsum("ki,ji->kj", d2, f["A"]) / m,
        "dLdb2": np.einsum("ki->k", d2)[:, None] / m,
    }
    L = np.sum(np.logaddexp(0, f["Z2"]) - Y_true * f["Z2"]) / m
    return gradients, L


def backward_propagation__mean_first(X, W_B, Y_true):
    f = forward_propagation(X, W_B)
    dLdZ2 = (f["Y_pred"] - Y_true) / X.shape[1]
    dLdA = np.matmul(W_B["W2"].T, dLdZ2)
    dLdA[f["A"] == 0] = 0
    losses = np.logaddexp(0, np.where(Y_true == 1, -f["Z2"], f["Z2"]))
    return (
        {
            "dLdW2": np.matmul(dLdZ2, f["A"].T),
            "dLdb2": dLdZ2.sum(1, keepdims=True),
            "dLdW1": np.matmul(dLdA, X.T),
            "dLdb1": dLdA.sum(1, keepdims=True),
        },
        losses.sum(axis=0).mean(),
    )


def backward_propagation__clipped(X, W_B, Y_true):
    cache = forward_propagation(X, W_B)
    m = Y_true.shape[1]
    P = np.clip(cache["Y_pred"], 1e-15, 1 - 1e-15)
    L = -(Y_true * np.log(P) + (1 - Y_true) * np.log(1 - P)).sum() / m
    dZ2 = cache["Y_pred"] - Y_true
    dZ1 = W_B["W2"].T.dot(dZ2) * np.where(cache["A"] > 0, 1.0, 0.0)
    grads = {}
    for name, d, previous in (("2", dZ2, cache["A"]), ("1", dZ1, X)):
        grads["dLdW" + name] = (1 / m) * d.dot(previous.T)
        grads["dLdb" + name] = d.mean(axis=1).reshape(-1, 1)
    return grads, L


def backward_propagation__rows(X, W_B, Y_true):
    x, y = X.T, Y_true.T
    z1 = x @ W_B["W1"].T + W_B["b1"].T
    a = z1.clip(min=0)
    z2 = a @ W_B["W2"].T + W_B["b2"].T
    e = np.exp(-np.abs(z2))
    p = np.where(z2 >= 0, 1 / (1 + e), e / (1 + e))
    d2 = (p - y) / len(x)
    d1 = d2 @ W_B["W2"]
    d1 *= z1 > 0
    loss = np.mean(np.sum(np.maximum(z2, 0) - z2 * y + np.log1p(e), axis=1))
    return [
        {
            "dLdW1": (x.T @ d1).T,
            "dLdb1": d1.sum(0)[:, np.newaxis],
            "dLdW2": (a.T @ d2).T,
            "dLdb2": d2.sum(0)[:, np.newaxis],
            "dLdZ2": d2.T,
        },
        np.float64(loss),
    ]


def backward_propagation__augmented(X, W_B, Y_true):
    ones = np.ones((1, X.shape[1]))
    X1 = np.vstack([X, ones])
    V1 = np.hstack([W_B["W1"], W_B["b1"]])
    Z1 = V1 @ X1
    A1 = np.vstack([np.maximum(0, Z1), ones])
    V2 = np.hstack([W_B["W2"], W_B["b2"]])
    Z2 = V2 @ A1
    error = sigmoid(Z2) - Y_true
    G2 = error @ A1.T / X.shape[1]
    G1 = ((V2.T @ error)[:-1] * (Z1 > 0)) @ X1.T / X.shape[1]
    L = np.average(np.sum(np.logaddexp(0.0, Z2) - Y_true * Z2, axis=0))
    return {"dLdW1": G1[:, :-1], "dLdb1": G1[:, -1:], "dLdW2": G2[:, :-1], "dLdb2": G2[:, -1:]}, L


def backward_propagation__complex_step(X, W_B, Y_true, h=1e-30):
    def loss(W):
        Z1 = W["W1"] @ X + W["b1"]
        Z2 = W["W2"] @ (Z1 * (Z1.real > 0)) + W["b2"]
        on = Z2.real > 0
        return np.sum(np.where(on, Z2, 0) - Y_true * Z2 + np.log(1 + np.exp(np.where(on, -Z2, Z2)))) / X.shape[1]

    gradients = {}
    for name, W in W_B.items():
        found = gradients["dLd" + name] = np.zeros(W.shape, order="F")
        for index in np.ndindex(W.shape):
            moved = W.astype(complex)
            moved[index] += 1j * h
            found[index] = loss({**W_B, name: moved}).imag / h
    return [gradients, np.array(loss(W_B))]


def backward_propagation__constant_in_the_logarithm(X, W_B, Y_true, tiny=1e-8):
    f = forward_propagation(X, W_B)
    P, m = f["Y_pred"], X.shape[1]
    L = -np.mean(np.sum(Y_true * np.log(P + tiny) + (1 - Y_true) * np.log(1 - P + tiny), axis=0))
    dLdZ2 = (P - Y_true) / m
    dLdZ1 = (W_B["W2"].T @ dLdZ2) * np.sign(f["A"])
    return {
        "dLdW1": np.inner(dLdZ1, X),
        "dLdb1": dLdZ1 @ np.ones((m, 1)),
        "dLdW2": np.inner(dLdZ2, f["A"]),
        "dLdb2": dLdZ2 @ np.ones((m, 1)),
    }, L


def backward_propagation__through_the_prediction(X, W_B, Y_true):
    f = forward_propagation(X, W_B)
    P, m = np.clip(f["Y_pred"], 1e-15, 1 - 1e-15), X.shape[1]
    L = -np.sum(Y_true * np.log(P) + (1 - Y_true) * np.log(1 - P)) / m
    dLdP = ((1 - Y_true) / (1 - P) - Y_true / P) / m
    dLdZ2 = dLdP * P * (1 - P)
    dLdZ1 = np.where(f["Z1"] > 0, W_B["W2"].T @ dLdZ2, 0)
    return {
        "dLdW1": dLdZ1 @ X.T,
        "dLdb1": dLdZ1.sum(axis=1, keepdims=True),
        "dLdW2": dLdZ2 @ f["A"].T,
        "dLdb2": dLdZ2.sum(axis=1, keepdims=True),
    }, L


def backward_propagation__sums_by_index(X, W_B, Y_true):
    Z1 = np.einsum("jf,fi->ji", W_B["W1"], X) + W_B["b1"]
    A = np.clip(Z1, 0.0, None)
    Z2 = np.einsum("kj,ji->ki", W_B["W2"], A) + W_B["b2"]
    losses = np.logaddexp(0.0, Z2) - Y_true * Z2
    dLdZ2 = 0.5 + 0.5 * np.tanh(0.5 * Z2) - Y_true
    dLdZ1 = np.einsum("kj,ki->ji", W_B["W2"], dLdZ2) * np.heaviside(Z1, 0.0)
    m = X.shape[1]
    return {
        "dLdW1": np.einsum("ji,fi->jf", dLdZ1, X) / m,
        "dLdb1": np.einsum("ji->j", dLdZ1)[:, None] / m,
        "dLdW2": np.einsum("ki,ji->kj", dLdZ2, A) / m,
        "dLdb2": np.einsum("ki->k", dLdZ2)[:, None] / m,
    }, float(losses.sum() / m)

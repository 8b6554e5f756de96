"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def forward_propagation__loops(X, W_B):
    num_h, num_f = W_B["W1"].shape
    num_out, m = W_B["W2"].shape[0], X.shape[1]
    Z1, Z2 = np.zeros((num_h, m)), np.zeros((num_out, m))
    for i in range(m):
        for j in range(num_h):
            Z1[j, i] = W_B["b1"][j, 0] + sum(W_B["W1"][j, f] * X[f, i] for f in range(num_f))
        for k in range(num_out):
            Z2[k, i] = W_B["b2"][k, 0] + sum(W_B["W2"][k, j] * max(Z1[j, i], 0.0) for j in range(num_h))
    return {"Z1": Z1, "A": np.maximum(0, Z1), "Z2": Z2, "Y_pred": np.vectorize(lambda z: sigmoid(float(z)))(Z2)}


def forward_propagation__einsum(X, W_B):
    Z1 = np.einsum("jf,fi->ji", W_B["W1"], X) + W_B["b1"]
    A = np.where(Z1 > 0, Z1, 0)
    Z2 = np.einsum("kj,ji->ki", W_B["W2"], A) + W_B["b2"]
    return {"Z1": Z1, "A": A, "Z2": Z2, "Y_pred": np.exp(-np.logaddexp(0, -Z2))}


def forward_propagation__rows(X, W_B):
    z1 = X.T @ W_B["W1"].T + W_B["b1"].T
    a = z1 * (z1 > 0)
    z2 = a @ W_B["W2"].T + W_B["b2"].ravel()
    return {"Z1": z1.T, "A": a.T, "Z2": z2.T, "Y_pred": sigmoid(z2).T}


def forward_propagation__augmented(X, W_B):
    ones = np.ones((1, X.shape[1]))
    Z1 = np.hstack([W_B["b1"], W_B["W1"]]) @ np.vstack([ones, X])
    A = relu(Z1)
    Z2 = np.hstack([W_B["b2"], W_B["W2"]]) @ np.vstack([ones, A])
    return {"Z1": Z1, "A": A, "Z2": Z2, "Y_pred": sigmoid(Z2), "X": X}


def forward_propagation__columns(X, W_B):
    columns = []
    for x in X.T:
        z1 = np.dot(W_B["W1"], x) + W_B["b1"][:, 0]
        a = np.clip(z1, 0, None)
        z2 = np.dot(W_B["W2"], a) + W_B["b2"][:, 0]
        columns.append((z1, a, z2, 0.5 * (1 + np.tanh(z2 / 2))))
    return {name: np.stack(parts, axis=1) for name, parts in zip(("Z1", "A", "Z2", "Y_pred"), zip(*columns))}


def forward_propagation__cache(X, W_B):
    cache = dict(Z1=np.add(np.matmul(W_B["W1"], X), W_B["b1"]))
    cache["A"] = relu(cache["Z1"])
    cache["Z2"] = np.add(np.matmul(W_B["W2"], cache["A"]), W_B["b2"])
    cache["Y_pred"] = sigmoid(cache["Z2"])
    return cache


def forward_propagation__subclass_and_more_keys(X, W_B, *others):
    from collections import OrderedDict

    class Own(np.ndarray):
        pass

    W1, b1, W2, b2 = (W_B[name].view(Own) for name in ("W1", "b1", "W2", "b2"))
    Z1 = np.asfortranarray(np.hstack([b1, W1]) @ np.vstack([np.ones((1, X.shape[1])), X])).view(Own)
    A = Z1.clip(0)
    Z2 = W2.dot(A) + b2
    return OrderedDict(Y_pred=1 / (1 + np.exp(-Z2)), Z2=Z2, A=A, Z1=Z1, m=X.shape[1], cache=[X, "more"])

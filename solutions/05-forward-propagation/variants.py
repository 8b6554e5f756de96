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


def predict_forward_pass__by_hand():
    z_first, z_second = 1 * 2 + 2 * 1 - 1, -2 * 2 - 2 * 1 + 1
    return {"z_first": z_first, "z_second": z_second, "z_out": -z_first + 1, "prediction": 0.12, "in_Z1": 16 * 240}


def predict_forward_pass__estimated():
    return {"z_first": 3.0, "z_second": -5.0, "z_out": -2.0, "prediction": 0.16, "in_Z1": 3840.0}


def predict_forward_pass__numpy():
    z = np.array([[1, 2], [-2, -2]]) @ [2, 1] + [-1, 1]
    z_out = -1 * max(z[0], 0) + max(z[1], 0) + 1
    return dict(z_first=z[0], z_second=z[1], z_out=z_out, prediction=1 / (1 + np.exp(-z_out)), in_Z1=np.int64(3840))


def predict_forward_pass__more_keys():
    return {"in_Z1": 3840, "a_first": 3, "a_second": 0, "prediction": 0.1, "z_out": -2, "z_second": -5, "z_first": 3}


def predict_forward_pass__at_the_edge():
    return {"z_first": 3, "z_second": -5, "z_out": -2, "prediction": np.float32(0.07), "in_Z1": 3840}


def count_parameters__weights_and_biases(sizes):
    weights = sum(a * b for a, b in zip(sizes, sizes[1:]))
    return weights + sum(sizes[1:])


def count_parameters__index(sizes):
    total = 0
    for k in range(1, len(sizes)):
        total = total + sizes[k - 1] * sizes[k] + sizes[k]
    return total


def count_parameters__arrays(sizes):
    return sum(np.zeros((rows, columns)).size + np.zeros((rows, 1)).size for columns, rows in zip(sizes[:-1], sizes[1:]))


def count_parameters__numpy(sizes):
    n = np.array(sizes)
    return (n[:-1] + 1) @ n[1:]


def count_parameters__recursive(sizes):
    if len(sizes) < 2:
        return 0
    return sizes[1] * (1 + sizes[0]) + count_parameters(sizes[1:])


def count_parameters__while(sizes):
    left, total = list(sizes), 0
    came_in = left.pop(0)
    while left:
        units = left.pop(0)
        total += units + units * came_in
        came_in = units
    return np.int64(total)


def forward_one__flat_all_the_way(x, W_B):
    a = np.maximum(W_B["W1"] @ x + W_B["b1"].ravel(), 0)
    return sigmoid(W_B["W2"] @ a + W_B["b2"].ravel())


def forward_one__reshape(x, W_B):
    return forward_propagation(x.reshape(-1, 1), W_B)["Y_pred"].ravel()


def forward_one__row(x, W_B):
    a = relu(x @ W_B["W1"].T + W_B["b1"].T)
    return sigmoid(a @ W_B["W2"].T + W_B["b2"].T)[0]


def forward_one__loops(x, W_B):
    a = [max(sum(w * f for w, f in zip(row, x)) + b[0], 0.0) for row, b in zip(W_B["W1"], W_B["b1"])]
    z = [sum(w * h for w, h in zip(row, a)) + b[0] for row, b in zip(W_B["W2"], W_B["b2"])]
    return np.array([1 / (1 + np.exp(-one)) for one in z])


def forward_one__two_the_same(x, W_B):
    X = np.column_stack([x, x])
    return forward_propagation(X, W_B)["Y_pred"].mean(axis=1)


def forward_one__expand_and_squeeze(x, W_B):
    return np.squeeze(forward_propagation(np.expand_dims(x, 1), W_B)["Y_pred"], axis=1)


def forward_one__atleast_2d(x, W_B):
    return forward_propagation(np.atleast_2d(x).T, W_B)["Y_pred"].T[0]

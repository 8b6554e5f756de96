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


def predict_errors__by_hand():
    return {"first_unit": -1 * 0.269, "second_unit": 0, "weight": (0.269 * 2 - 0.269 * 1) / 2, "bias": (0.269 - 0.269) / 2}


def predict_errors__rounded():
    return {"first_unit": -0.27, "second_unit": 0.0, "weight": 0.13, "bias": 0.0}


def predict_errors__in_matrices():
    delta2, A = np.array([[0.269, 0.731]]) - [[0, 1]], np.array([[2, 1], [0, 1]])
    delta1 = (np.array([[-1], [1]]) @ delta2) * (A > 0)
    weights = delta2 @ A.T / 2
    return {"first_unit": delta1[0, 0], "second_unit": delta1[1, 0], "weight": weights[0, 0], "bias": delta2.mean()}


def predict_errors__at_the_edge():
    return {"bias": -0.01, "weight": 0.14, "second_unit": 0.01, "first_unit": -0.26, "why": "a guess"}


def predict_errors__numpy():
    return dict(first_unit=np.float32(-0.265), second_unit=np.int64(0), weight=np.array(0.135), bias=np.float64(0.005))


def weight_gradient__product(delta, came_in):
    return delta @ came_in.T / delta.shape[1]


def weight_gradient__mean(delta, came_in):
    gradient = np.zeros((delta.shape[0], came_in.shape[0]))
    for k in range(delta.shape[0]):
        for j in range(came_in.shape[0]):
            gradient[k, j] = np.mean(delta[k] * came_in[j])
    return gradient


def weight_gradient__three_loops(delta, came_in):
    units, m = delta.shape
    gradient = np.zeros((units, len(came_in)))
    for k in range(units):
        for j in range(len(came_in)):
            for i in range(m):
                gradient[k, j] += delta[k, i] * came_in[j, i] / m
    return gradient


def weight_gradient__dot(delta, came_in):
    units, m = delta.shape
    gradient = np.zeros((units, came_in.shape[0]))
    for k in range(units):
        for j in range(came_in.shape[0]):
            gradient[k, j] = 1 / m * delta[k, :] @ came_in[j, :]
    return gradient


def weight_gradient__one_example_at_a_time(delta, came_in):
    total = 0
    for error, value in zip(delta.T, came_in.T):
        total = total + np.outer(error, value)
    return total / delta.shape[1]


def weight_gradient__other_way_round(delta, came_in):
    return (came_in @ delta.T).T / came_in.shape[1]


def weight_gradient__einsum(delta, came_in):
    return np.einsum("ki,ji->kj", delta, came_in / delta.shape[1])


def weight_gradient__broadcast(delta, came_in):
    return (delta[:, None, :] * came_in[None, :, :]).mean(axis=2)


def bias_gradient__mean(delta):
    return np.mean(delta, axis=1, keepdims=True)


def bias_gradient__ones(delta):
    m = delta.shape[1]
    return delta @ np.ones((m, 1)) / m


def bias_gradient__reshaped(delta):
    return (delta.sum(axis=1) / delta.shape[1]).reshape(-1, 1)


def bias_gradient__each_unit(delta):
    gradient = np.zeros((delta.shape[0], 1))
    for k in range(delta.shape[0]):
        for i in range(delta.shape[1]):
            gradient[k] += delta[k, i] / delta.shape[1]
    return gradient


def bias_gradient__as_a_weight(delta):
    return weight_gradient(delta, np.ones((1, delta.shape[1])))


def bias_gradient__new_axis(delta):
    return np.average(delta, axis=-1)[:, np.newaxis]


def back_through__where(W, delta, Z):
    return np.where(Z > 0, W.T @ delta, 0.0)


def back_through__in_two_steps(W, delta, Z):
    back = np.dot(W.T, delta)
    back[Z <= 0] = 0
    return back


def back_through__slope_first(W, delta, Z):
    slope = np.heaviside(Z, 0.0)
    return slope * (delta.T @ W).T


def back_through__from_the_activation(W, delta, Z):
    A = np.maximum(Z, 0)
    return np.matmul(W.transpose(), delta) * np.sign(A)


def back_through__loops(W, delta, Z):
    back = np.zeros(Z.shape)
    for j in range(Z.shape[0]):
        for i in range(Z.shape[1]):
            if Z[j, i] > 0:
                for k in range(W.shape[0]):
                    back[j, i] += W[k, j] * delta[k, i]
    return back


def back_through__einsum(W, delta, Z):
    return np.einsum("kj,ki,ji->ji", W, delta, (Z > 0).astype(float))


def back_through__column_by_column(W, delta, Z):
    columns = [np.diag(np.where(z > 0, 1.0, 0.0)) @ W.T @ d for d, z in zip(delta.T, Z.T)]
    return np.stack(columns, axis=1)


def input_gradient__alone(X, W_B, Y_true):
    Z1 = W_B["W1"] @ X + W_B["b1"]
    Z2 = W_B["W2"] @ np.maximum(Z1, 0) + W_B["b2"]
    dLdZ2 = (1 / (1 + np.exp(-Z2)) - Y_true) / X.shape[1]
    return W_B["W1"].T @ np.where(Z1 > 0, W_B["W2"].T @ dLdZ2, 0)


def input_gradient__mean_first(X, W_B, Y_true):
    f = forward_propagation(X, W_B)
    delta2 = (f["Y_pred"] - Y_true) / Y_true.shape[1]
    delta1 = W_B["W2"].T @ delta2 * (f["A"] > 0)
    return np.dot(W_B["W1"].T, delta1)


def input_gradient__one_example_at_a_time(X, W_B, Y_true):
    f = forward_propagation(X, W_B)
    columns = []
    for i in range(X.shape[1]):
        error = f["Y_pred"][:, [i]] - Y_true[:, [i]]
        on = np.diag(f["Z1"][:, i] > 0).astype(float)
        columns.append(W_B["W1"].T @ on @ W_B["W2"].T @ error)
    return np.hstack(columns) / X.shape[1]


def input_gradient__einsum(X, W_B, Y_true):
    f = forward_propagation(X, W_B)
    error, gate = f["Y_pred"] - Y_true, np.heaviside(f["Z1"], 0.0)
    return np.einsum("jf,ji,kj,ki->fi", W_B["W1"], gate, W_B["W2"], error) / error.shape[1]


def input_gradient__rows(X, W_B, Y_true):
    f = forward_propagation(X, W_B)
    d2 = (f["Y_pred"] - Y_true).T
    d1 = (d2 @ W_B["W2"]) * (f["Z1"].T > 0)
    return (d1 @ W_B["W1"]).T / len(d1)


def input_gradient__complex_step(X, W_B, Y_true, h=1e-30):
    gradient = np.zeros(X.shape)
    for place in np.ndindex(X.shape):
        moved = X.astype(complex)
        moved[place] += 1j * h
        Z1 = W_B["W1"] @ moved + W_B["b1"]
        Z2 = W_B["W2"] @ (Z1 * (Z1.real > 0)) + W_B["b2"]
        gradient[place] = np.sum(np.log(1 + np.exp(Z2)) - Y_true * Z2).imag / h / X.shape[1]
    return gradient


def input_gradient__helper_of_its_own(X, W_B, Y_true):
    def back(W, error, gate):
        return (W.T @ error) * gate

    f, m = forward_propagation(X, W_B), X.shape[1]
    delta = back(W_B["W2"], f["Y_pred"] - Y_true, f["Z1"] > 0)
    return back(W_B["W1"], delta, 1 / m)


def backward_leaky__alone(X, W_B, Y_true, slope):
    m = X.shape[1]
    Z1 = W_B["W1"] @ X + W_B["b1"]
    gate = slope + (1 - slope) * (Z1 > 0)
    A = gate * Z1
    Z2 = W_B["W2"] @ A + W_B["b2"]
    Y_pred = 1 / (1 + np.exp(-Z2))
    L = -np.sum(Y_true * np.log(Y_pred) + (1 - Y_true) * np.log(1 - Y_pred)) / m
    d2 = (Y_pred - Y_true) / m
    d1 = W_B["W2"].T @ d2 * gate
    return {
        "dLdW1": d1 @ X.T,
        "dLdb1": d1.sum(axis=1, keepdims=True),
        "dLdW2": d2 @ A.T,
        "dLdb2": d2.sum(axis=1, keepdims=True),
    }, L


def backward_leaky__maximum(X, W_B, Y_true, slope):
    Z1 = W_B["W1"] @ X + W_B["b1"]
    A = np.maximum(Z1, slope * Z1)
    Z2 = W_B["W2"] @ A + W_B["b2"]
    delta2 = sigmoid(Z2) - Y_true
    delta1 = W_B["W2"].T @ delta2
    delta1[Z1 < 0] *= slope
    losses = np.maximum(Z2, 0) - Y_true * Z2 + np.log1p(np.exp(-np.abs(Z2)))
    return [
        {
            "dLdW2": weight_gradient(delta2, A),
            "dLdb2": bias_gradient(delta2),
            "dLdW1": weight_gradient(delta1, X),
            "dLdb1": bias_gradient(delta1),
        },
        losses.sum(axis=0).mean(),
    ]


def backward_leaky__two_relus(X, W_B, Y_true, slope):
    Z1 = W_B["W1"] @ X + W_B["b1"]
    A = relu(Z1) - slope * relu(-Z1)
    Z2 = W_B["W2"] @ A + W_B["b2"]
    delta2 = sigmoid(Z2) - Y_true
    delta1 = back_through(W_B["W2"], delta2, Z1) + slope * back_through(W_B["W2"], delta2, -Z1)
    gradients = {}
    for layer, delta, came_in in (("2", delta2, A), ("1", delta1, X)):
        gradients["dLdW" + layer] = weight_gradient(delta, came_in)
        gradients["dLdb" + layer] = bias_gradient(delta)
    return gradients, np.sum(np.logaddexp(0, np.where(Y_true == 1, -Z2, Z2))) / X.shape[1]


def backward_leaky__slope_as_a_quotient(X, W_B, Y_true, slope):
    Z1 = W_B["W1"].dot(X) + W_B["b1"]
    A = np.where(Z1 < 0, slope * Z1, Z1)
    P = np.clip(sigmoid(W_B["W2"].dot(A) + W_B["b2"]), 1e-15, 1 - 1e-15)
    m = Y_true.shape[1]
    error = P - Y_true
    hidden = W_B["W2"].T.dot(error) * (A / Z1)
    L = float(-(Y_true * np.log(P) + (1 - Y_true) * np.log(1 - P)).sum() / m)
    return {
        "dLdW1": hidden.dot(X.T) / m,
        "dLdb1": hidden.mean(axis=1, keepdims=True),
        "dLdW2": error.dot(A.T) / m,
        "dLdb2": error.mean(axis=1, keepdims=True),
    }, L


def backward_leaky__loops(X, W_B, Y_true, slope):
    W1, b1, W2, b2 = (W_B[k] for k in ("W1", "b1", "W2", "b2"))
    dLdW1, dLdb1 = np.zeros_like(W1), np.zeros_like(b1)
    dLdW2, dLdb2 = np.zeros_like(W2), np.zeros_like(b2)
    L, m = 0.0, X.shape[1]
    for i in range(m):
        x, y = X[:, i], Y_true[:, i]
        z1 = W1 @ x + b1[:, 0]
        s = np.array([1.0 if z > 0 else slope for z in z1])
        z2 = W2 @ (s * z1) + b2[:, 0]
        p = sigmoid(z2)
        L -= np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / m
        d2 = (p - y) / m
        d1 = s * (W2.T @ d2)
        dLdW2 += np.outer(d2, s * z1)
        dLdb2[:, 0] += d2
        dLdW1 += np.outer(d1, x)
        dLdb1[:, 0] += d1
    return {"dLdW1": dLdW1, "dLdb1": dLdb1, "dLdW2": dLdW2, "dLdb2": dLdb2}, L


def backward_leaky__complex_step(X, W_B, Y_true, slope, h=1e-30):
    def loss(W):
        Z1 = W["W1"] @ X + W["b1"]
        Z2 = W["W2"] @ (Z1 * np.where(Z1.real > 0, 1.0, slope)) + W["b2"]
        return np.sum(np.log(1 + np.exp(Z2)) - Y_true * Z2) / X.shape[1]

    gradients = {}
    for name, W in W_B.items():
        gradients["dLd" + name] = np.zeros(W.shape)
        for place in np.ndindex(W.shape):
            moved = W.astype(complex)
            moved[place] += 1j * h
            gradients["dLd" + name][place] = loss({**W_B, name: moved}).imag / h
    return gradients, loss(W_B)

"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def predict_walk__by_hand():
    return {"weight": -0.4 * 3 + 0.2 * 1, "bias": -0.4 + 0.2, "first_unit": -1 * -0.4, "second_unit": 0}


def predict_walk__in_matrices():
    dLdZ, W, A = np.array([[-0.4, 0.2]]), np.array([[-1, 2]]), np.array([[3, 1], [0, 2]])
    back = (W.T @ dLdZ) * (A > 0)
    return {"weight": (dLdZ @ A.T)[0, 0], "bias": dLdZ.sum(), "first_unit": back[0, 0], "second_unit": back[1, 0]}


def predict_walk__at_the_edge():
    return {"second_unit": 0.01, "first_unit": 0.39, "bias": -0.21, "weight": -0.99, "why": "a guess"}


def predict_walk__numpy():
    return dict(weight=np.int64(-1), bias=np.float32(-0.2), first_unit=np.array(0.4), second_unit=np.float64(-0.0))


def predict_walk__rounded():
    return {"weight": -1, "bias": -0.2, "first_unit": 0.4, "second_unit": 0.0}


def initialize_layers__normal(sizes, rng):
    layers = []
    for n_in, n_out in zip(sizes[:-2], sizes[1:-1]):
        layers.append({"W": rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)), "b": np.zeros((n_out, 1))})
    n_in, n_out = sizes[-2:]
    layers.append({"W": rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_out, n_in)), "b": np.zeros((n_out, 1))})
    return layers


def initialize_layers__comprehension(sizes, rng):
    widths = list(zip(sizes, sizes[1:]))
    fans = [n_in for n_in, _ in widths[:-1]] + [sum(widths[-1])]
    return [
        {"W": (2 / fan) ** 0.5 * rng.standard_normal((n_out, n_in)), "b": np.zeros((n_out, 1))}
        for fan, (n_in, n_out) in zip(fans, widths)
    ]


def initialize_layers__unit_by_unit(sizes, rng):
    made, last = [], len(sizes) - 2
    for l in range(last + 1):
        scale = np.sqrt(2 / (sizes[l] + sizes[l + 1])) if l == last else np.sqrt(2 / sizes[l])
        W = np.vstack([rng.standard_normal(sizes[l]) * scale for _ in range(sizes[l + 1])])
        made.append(dict(W=W, b=W[:, :1] * 0))
    return tuple(made)


def initialize_layers__all_numbers_at_once(sizes, rng):
    shapes = [(b, a) for a, b in zip(sizes, sizes[1:])]
    numbers, layers = rng.standard_normal(sum(a * b for a, b in shapes)), []
    for rows, columns in shapes:
        W, numbers = numbers[: rows * columns].reshape(rows, columns), numbers[rows * columns :]
        layers.append({"W": W * np.sqrt(2 / columns), "b": np.zeros((rows, 1))})
    layers[-1]["W"] = layers[-1]["W"] * np.sqrt(sizes[-2] / (sizes[-2] + sizes[-1]))
    return layers


def initialize_layers__while(sizes, rng):
    layers, left = [], list(sizes)
    while len(left) > 1:
        n_in = left.pop(0)
        spread = n_in if len(left) > 1 else n_in + left[0]
        layers += [{"b": np.zeros((left[0], 1)), "W": rng.standard_normal((left[0], n_in)) / np.sqrt(spread / 2)}]
    return layers


def layer_forward__dot(A, W, b):
    return np.dot(W, A) + b


def layer_forward__rows(A, W, b):
    return (A.T @ W.T + b.T).T


def layer_forward__column_by_column(A, W, b):
    return np.column_stack([W @ a + b[:, 0] for a in A.T])


def layer_forward__bias_as_a_weight(A, W, b):
    return np.hstack([W, b]) @ np.vstack([A, np.ones((1, A.shape[1]))])


def layer_forward__loops(A, W, b):
    Z = np.zeros((W.shape[0], A.shape[1]))
    for k in range(W.shape[0]):
        for i in range(A.shape[1]):
            Z[k, i] = b[k, 0] + sum(W[k, j] * A[j, i] for j in range(W.shape[1]))
    return Z


def layer_forward__einsum(A, W, b):
    Z = np.einsum("kj,ji->ki", W, A)
    Z += b
    return Z


def layer_backward__one_line(dLdZ, A, W):
    return dLdZ @ A.T, dLdZ.sum(axis=1, keepdims=True), W.T @ dLdZ


def layer_backward__ones(dLdZ, A, W):
    return [np.matmul(dLdZ, A.T), dLdZ @ np.ones((dLdZ.shape[1], 1)), np.matmul(W.transpose(), dLdZ)]


def layer_backward__one_example_at_a_time(dLdZ, A, W):
    dLdW, dLdb, back = np.zeros(W.shape), np.zeros((len(W), 1)), []
    for error, value in zip(dLdZ.T, A.T):
        dLdW += np.outer(error, value)
        dLdb[:, 0] += error
        back.append(W.T @ error)
    return dLdW, dLdb, np.array(back).T


def layer_backward__augmented(dLdZ, A, W):
    both = dLdZ @ np.vstack([A, np.ones(A.shape[1])]).T
    return both[:, :-1], both[:, -1:], (dLdZ.T @ W).T


def layer_backward__einsum(dLdZ, A, W):
    return np.einsum("ki,ji->kj", dLdZ, A), np.einsum("ki->k", dLdZ)[:, None], np.einsum("kj,ki->ji", W, dLdZ)


def layer_backward__other_way_round(dLdZ, A, W):
    m = A.shape[1]
    return (A @ dLdZ.T).T, np.mean(dLdZ, axis=1).reshape(-1, 1) * m, np.tensordot(W, dLdZ, axes=(0, 0))


def forward_layers__own_functions(X, layers):
    A, caches = X, []
    for layer in layers:
        Z = layer_forward(A, layer["W"], layer["b"])
        caches.append({"A": A, "Z": Z})
        A = relu(Z)
    return Z, caches


def forward_layers__last_apart(X, layers):
    A, caches = X, []
    for layer in layers[:-1]:
        Z = layer["W"] @ A + layer["b"]
        caches.append({"A": A, "Z": Z})
        A = Z * (Z > 0)
    Z = layers[-1]["W"] @ A + layers[-1]["b"]
    caches.append({"A": A, "Z": Z})
    return Z, caches


def forward_layers__recursive(X, layers):
    Z = layers[0]["W"] @ X + layers[0]["b"]
    here = {"Z": Z, "A": X}
    if len(layers) == 1:
        return Z, [here]
    out, rest = forward_layers(np.where(Z > 0, Z, 0.0), layers[1:])
    return out, [here, *rest]


def forward_layers__lists(X, layers):
    As, Zs = [X], []
    for layer in layers:
        Zs.append(np.dot(layer["W"], As[-1]) + layer["b"])
        As.append(np.clip(Zs[-1], 0, None))
    return [Zs[-1], tuple({"A": A, "Z": Z} for A, Z in zip(As, Zs))]


def forward_layers__copies(X, layers):
    A, caches = X.copy(), []
    for number, layer in enumerate(layers):
        if number:
            A = relu(caches[-1]["Z"])
        caches.append({"A": A.copy(), "Z": layer["W"] @ A + layer["b"], "layer": number})
    return caches[-1]["Z"].copy(), caches


def forward_layers__first_outside(X, layers):
    caches = [{"A": X, "Z": layer_forward(X, layers[0]["W"], layers[0]["b"])}]
    for layer in layers[1:]:
        A = (np.abs(caches[-1]["Z"]) + caches[-1]["Z"]) / 2
        caches.append({"A": A, "Z": layer_forward(A, **layer)})
    return caches[-1]["Z"], caches


def backward_layers__own_functions(dLdZ, caches, layers):
    gradients = []
    for l in range(len(layers) - 1, -1, -1):
        dLdW, dLdb, dLdA = layer_backward(dLdZ, caches[l]["A"], layers[l]["W"])
        gradients.insert(0, {"dLdW": dLdW, "dLdb": dLdb})
        if l > 0:
            dLdZ = dLdA * (caches[l - 1]["Z"] > 0)
    return gradients


def backward_layers__gate_from_A(dLdZ, caches, layers):
    gradients = []
    for cache, layer in zip(caches[::-1], layers[::-1]):
        gradients.append({"dLdW": dLdZ @ cache["A"].T, "dLdb": dLdZ.sum(axis=1, keepdims=True)})
        dLdZ = (layer["W"].T @ dLdZ) * (cache["A"] > 0)
    return gradients[::-1]


def backward_layers__recursive(dLdZ, caches, layers):
    here = {"dLdb": dLdZ @ np.ones((dLdZ.shape[1], 1)), "dLdW": np.inner(dLdZ, caches[-1]["A"])}
    if len(layers) == 1:
        return [here]
    back = np.where(caches[-2]["Z"] > 0, layers[-1]["W"].T @ dLdZ, 0.0)
    return [*backward_layers(back, caches[:-1], layers[:-1]), here]


def backward_layers__errors_first(dLdZ, caches, layers):
    errors = [dLdZ]
    for layer, before in zip(reversed(layers[1:]), reversed(caches[:-1])):
        errors.append(np.dot(layer["W"].T, errors[-1]) * np.heaviside(before["Z"], 0.0))
    errors.reverse()
    return tuple(
        {"dLdW": np.einsum("ki,ji->kj", error, cache["A"]), "dLdb": np.sum(error, axis=1)[:, None]}
        for error, cache in zip(errors, caches)
    )


def backward_layers__rows(dLdZ, caches, layers):
    grads = [{} for _ in layers]
    d = dLdZ.T
    for l in range(len(layers))[::-1]:
        grads[l]["dLdW"] = (caches[l]["A"] @ d).T
        grads[l]["dLdb"] = d.sum(0)[:, np.newaxis]
        grads[l]["dLdZ"] = d.T
        if l:
            d = (d @ layers[l]["W"]) * (caches[l - 1]["Z"].T > 0)
    return grads


def backward_layers__in_place_on_its_own(dLdZ, caches, layers):
    delta, gradients = dLdZ.copy(), []
    for l in reversed(range(len(layers))):
        gradients = [dict(dLdW=delta @ caches[l]["A"].T, dLdb=delta.sum(axis=1).reshape(-1, 1))] + gradients
        delta = layers[l]["W"].T @ delta
        if l != 0:
            delta[caches[l - 1]["Z"] <= 0] = 0
    return gradients


def parameter_count__loop(sizes):
    count = 0
    for l in range(1, len(sizes)):
        count += (sizes[l - 1] + 1) * sizes[l]
    return count


def parameter_count__numpy(sizes):
    widths = np.array(sizes)
    return np.sum((widths[:-1] + 1) * widths[1:])


def parameter_count__from_the_layers(sizes):
    layers = initialize_layers(sizes, np.random.default_rng(0))
    return sum(layer["W"].size + layer["b"].size for layer in layers)


def parameter_count__two_sums(sizes):
    return sum(a * b for a, b in zip(sizes[:-1], sizes[1:])) + sum(sizes) - sizes[0]


def parameter_count__recursive(sizes):
    return 0 if len(sizes) < 2 else sizes[0] * sizes[1] + sizes[1] + parameter_count(sizes[1:])


def parameter_count__dot(sizes):
    return int(np.dot(sizes[:-1], sizes[1:])) + sum(sizes[1:])


def multiplications__loop(sizes, m):
    forward = backward = 0
    for l in range(1, len(sizes)):
        weights = sizes[l] * sizes[l - 1]
        forward += weights * m
        backward += weights * m
        if l > 1:
            backward += weights * m
    return forward, backward


def multiplications__numpy(sizes, m):
    products = np.multiply(sizes[1:], sizes[:-1])
    return m * products.sum(), m * (products.sum() + products[1:].sum())


def multiplications__twice_less_the_first(sizes, m):
    forward = sum(m * a * b for a, b in zip(sizes, sizes[1:]))
    return [forward, 2 * forward - m * sizes[0] * sizes[1]]


def multiplications__gradients_and_signals(sizes, m):
    gradients = sum(sizes[l] * m * sizes[l - 1] for l in range(1, len(sizes)))
    signals = sum(sizes[l - 1] * sizes[l] * m for l in range(2, len(sizes)))
    return gradients, gradients + signals


def multiplications__counted_in_shapes(sizes, m):
    forward, backward = 0, 0
    for layer in initialize_layers(sizes, np.random.default_rng(0)):
        backward += m * layer["W"].size * (2 if forward else 1)
        forward += m * layer["W"].size
    return forward, backward


def multiplications__dot(sizes, m):
    return int(m * np.dot(sizes[1:], sizes[:-1])), int(m * (np.dot(sizes[1:], sizes[:-1]) + np.dot(sizes[2:], sizes[1:-1])))


def layer_backward_skip__through_layer_backward(dLdZ, A, W):
    dLdW, dLdb, dLdA = layer_backward(dLdZ, A, W)
    return dLdW, dLdb, dLdA + dLdZ


def layer_backward_skip__identity(dLdZ, A, W):
    return dLdZ @ A.T, dLdZ.sum(axis=1, keepdims=True), (W + np.eye(len(W))).T @ dLdZ


def layer_backward_skip__two_layers(dLdZ, A, W):
    dLdW, dLdb, through = layer_backward(dLdZ, A, W)
    _, _, along = layer_backward(dLdZ, A, np.identity(W.shape[0]))
    return [dLdW, dLdb, through + along]


def layer_backward_skip__one_example_at_a_time(dLdZ, A, W):
    dLdW, columns = 0, []
    for error, value in zip(dLdZ.T, A.T):
        dLdW = dLdW + np.outer(error, value)
        columns.append(error + error @ W)
    return dLdW, dLdZ.sum(1)[:, None], np.stack(columns, axis=1)


def layer_backward_skip__added_up(dLdZ, A, W):
    dLdA = dLdZ.copy()
    dLdA += np.tensordot(W, dLdZ, axes=(0, 0))
    return np.inner(dLdZ, A), np.sum(dLdZ, axis=1).reshape(-1, 1), dLdA


def layer_backward_skip__einsum(dLdZ, A, W):
    both = W + np.diag(np.ones(len(W)))
    return np.einsum("ki,ji->kj", dLdZ, A), np.einsum("ki->k", dLdZ)[:, None], np.einsum("kj,ki->ji", both, dLdZ)

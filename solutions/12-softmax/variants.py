"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def predict_softmax__by_the_odds():
    return {"raised": 2 / (2 + 1), "shifted": 2 / 3, "birds": np.log(100), "pull": 0.2 - 1}


def predict_softmax__rounded():
    return {"raised": 0.67, "shifted": 0.67, "birds": 4.6, "pull": -0.8}


def predict_softmax__numpy():
    return dict(raised=np.float32(0.66), shifted=np.array(0.68), birds=np.float64(4.5), pull=np.float64(-0.81))


def predict_softmax__at_the_edge():
    return {"pull": -0.82, "birds": 4.79, "shifted": 0.65, "raised": 0.685, "why": "a guess"}


def predict_softmax__by_trying():
    def share(z):
        return np.exp(z - z.max()) / np.exp(z - z.max()).sum()

    p = share(np.array([np.log(2), 0.0]))
    return {"raised": p[0], "shifted": share(np.log(p) + 100)[0], "birds": -np.log(share(np.zeros(100))[0]), "pull": -(0.7 + 0.1)}


def softmax__through_the_logarithm(Z):
    low = Z - Z.max(axis=0)
    return np.exp(low - np.log(np.exp(low).sum(axis=0)))


def softmax__column_by_column(Z):
    columns = []
    for z in Z.T:
        e = np.exp(z - max(z))
        columns.append(e / e.sum())
    return np.array(columns).T


def softmax__in_place_of_a_copy(Z):
    P = Z.copy()
    P -= P.max(0)
    np.exp(P, out=P)
    P /= P.sum(0)
    return P


def softmax__logaddexp(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=0))


def softmax__rows(Z):
    rows = Z.T - Z.T.max(axis=1, keepdims=True)
    e = np.exp(rows)
    return (e / e.sum(axis=1)[:, None]).T


def softmax__odds_against_each(Z):
    with np.errstate(over="ignore"):
        return 1 / np.exp(Z[None, :, :] - Z[:, None, :]).sum(axis=1)


def softmax__einsum(Z):
    e = np.exp(Z - np.amax(Z, axis=0)[None])
    return np.einsum("ki,i->ki", e, 1 / np.einsum("ki->i", e))


def softmax_backward__one_line(P, dLdP):
    return P * (dLdP - np.sum(P * dLdP, axis=0, keepdims=True))


def softmax_backward__with_the_jacobian(P, dLdP):
    dLdZ = np.empty_like(P)
    for i in range(P.shape[1]):
        p = P[:, [i]]
        dLdZ[:, i] = (np.diag(p[:, 0]) - p @ p.T) @ dLdP[:, i]
    return dLdZ


def softmax_backward__einsum(P, dLdP):
    return P * dLdP - P * np.einsum("ki,ki->i", P, dLdP)


def softmax_backward__multiplied_out(P, dLdP):
    products = P * dLdP
    return products - P * products.sum(axis=0)


def softmax_backward__entry_by_entry(P, dLdP):
    classes, m = P.shape
    dLdZ = np.zeros((classes, m))
    for i in range(m):
        for j in range(classes):
            for k in range(classes):
                dLdZ[j, i] += dLdP[k, i] * P[k, i] * ((j == k) - P[j, i])
    return dLdZ


def softmax_backward__columns_stacked(P, dLdP):
    return np.column_stack([p * (v - np.dot(p, v)) for p, v in zip(P.T, dLdP.T)])


def softmax_backward__weighted_average(P, dLdP):
    return P * (dLdP - np.average(dLdP, axis=0, weights=P))


def one_hot__identity(labels, classes):
    return np.eye(classes)[:, labels]


def one_hot__rows_turned(labels, classes):
    return np.identity(classes)[labels].T


def one_hot__compared(labels, classes):
    return (np.arange(classes)[:, None] == labels).astype(float)


def one_hot__loop(labels, classes):
    Y = np.zeros((classes, len(labels)))
    for i, label in enumerate(labels):
        Y[label, i] = 1.0
    return Y


def one_hot__where(labels, classes):
    return np.where(labels[np.newaxis, :] == np.arange(classes).reshape(-1, 1), 1.0, 0.0)


def one_hot__put(labels, classes):
    Y = np.zeros((classes, labels.shape[0]))
    np.put_along_axis(Y, labels[None, :], 1.0, axis=0)
    return Y


def log_softmax__logaddexp(Z):
    return Z - np.logaddexp.reduce(Z, axis=0)


def log_softmax__column_by_column(Z):
    columns = []
    for z in Z.T:
        top = z.max()
        columns.append(z - (top + np.log(np.exp(z - top).sum())))
    return np.stack(columns, axis=1)


def log_softmax__highest_outside(Z):
    top = Z.max(axis=0, keepdims=True)
    return Z - top - np.log(np.exp(Z - top).sum(axis=0, keepdims=True))


def log_softmax__rows(Z):
    rows = Z.T
    rows = rows - np.max(rows, axis=1)[:, None]
    return (rows - np.log(np.sum(np.exp(rows), axis=-1))[:, None]).T


def log_softmax__without_keepdims(Z):
    top = np.amax(Z, axis=0)
    total = np.zeros(Z.shape[1])
    for row in Z:
        total += np.exp(row - top)
    return Z - (top + np.log(total))


def log_softmax__log1p(Z):
    top = Z.max(axis=0)
    place = Z.argmax(axis=0)
    rest = np.exp(Z - top)
    rest[place, np.arange(Z.shape[1])] = 0
    return Z - top - np.log1p(rest.sum(axis=0))


def cross_entropy__with_targets(Z, labels):
    return -np.sum(one_hot(labels, Z.shape[0]) * log_softmax(Z)) / Z.shape[1]


def cross_entropy__mean(Z, labels):
    return -np.mean(log_softmax(Z)[labels, range(len(labels))])


def cross_entropy__loop(Z, labels):
    total = 0.0
    for z, label in zip(Z.T, labels):
        top = max(z)
        total += top + np.log(np.sum(np.exp(z - top))) - z[label]
    return total / len(labels)


def cross_entropy__alone(Z, labels):
    chosen = np.take_along_axis(Z, labels[None, :], axis=0)[0]
    return np.average(np.logaddexp.reduce(Z, axis=0) - chosen)


def cross_entropy__trace(Z, labels):
    return -np.trace(log_softmax(Z)[labels]) / labels.size


def cross_entropy__sum_of_columns(Z, labels):
    Y = np.eye(len(Z))[:, labels]
    return float((-(Y * log_softmax(Z)).sum(axis=0)).mean())


def cross_entropy_gradient__from_the_logarithms(Z, labels):
    return (np.exp(log_softmax(Z)) - one_hot(labels, len(Z))) / Z.shape[1]


def cross_entropy_gradient__subtracted_in_place(Z, labels):
    P = softmax(Z)
    P[labels, np.arange(labels.size)] -= 1
    return P / labels.size


def cross_entropy_gradient__mean_first(Z, labels):
    m = Z.shape[1]
    return softmax(Z) / m - one_hot(labels, Z.shape[0]) / m


def cross_entropy_gradient__column_by_column(Z, labels):
    columns = []
    for z, label in zip(Z.T, labels):
        p = np.exp(z - z.max())
        p = p / p.sum()
        p[label] -= 1
        columns.append(p / len(labels))
    return np.array(columns).T


def cross_entropy_gradient__identity(Z, labels):
    m = len(labels)
    return np.subtract(softmax(Z), np.eye(len(Z))[:, labels]) * (1 / m)


def cross_entropy_gradient__rows(Z, labels):
    e = np.exp(Z.T - Z.T.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[range(len(p)), labels] -= 1
    return p.T / len(p)


def share_right__count(Z, labels):
    return np.count_nonzero(Z.argmax(axis=0) == labels) / labels.size


def share_right__loop(Z, labels):
    right = 0
    for z, label in zip(Z.T, labels):
        if np.argmax(z) == label:
            right += 1
    return right / len(labels)


def share_right__probabilities(Z, labels):
    return np.mean(softmax(Z).argmax(axis=0) == labels)


def share_right__highest(Z, labels):
    return float(np.average(Z[labels, np.arange(labels.size)] == Z.max(axis=0)))


def share_right__rows(Z, labels):
    return 1 - (np.argmax(Z.T, axis=1) != labels).sum() / Z.shape[1]


def share_right__trace(Z, labels):
    return np.mean([int(np.argmax(Z[:, i])) == int(labels[i]) for i in range(Z.shape[1])])


def confusion__add_at(labels, predicted, classes):
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def confusion__bincount(labels, predicted, classes):
    return np.bincount(classes * labels + predicted, minlength=classes**2).reshape(classes, classes)


def confusion__product(labels, predicted, classes):
    return (one_hot(labels, classes) @ one_hot(predicted, classes).T).astype(int)


def confusion__pair_by_pair(labels, predicted, classes):
    return np.array([[np.sum((labels == r) & (predicted == c)) for c in range(classes)] for r in range(classes)])


def confusion__index(labels, predicted, classes):
    counts = np.zeros((classes, classes), dtype=np.int64)
    for i in range(labels.size):
        counts[labels[i]][predicted[i]] = counts[labels[i]][predicted[i]] + 1
    return counts


def confusion__histogram(labels, predicted, classes):
    edges = np.arange(classes + 1) - 0.5
    return np.histogram2d(labels, predicted, bins=(edges, edges))[0].astype(int)


def smoothed_gradient__from_the_plain_one(Z, labels, smoothing):
    classes, m = Z.shape
    return cross_entropy_gradient(Z, labels) + smoothing * (one_hot(labels, classes) - 1 / classes) / m


def smoothed_gradient__two_gradients(Z, labels, smoothing):
    spread = (softmax(Z) - 1 / Z.shape[0]) / Z.shape[1]
    return (1 - smoothing) * cross_entropy_gradient(Z, labels) + smoothing * spread


def smoothed_gradient__filled(Z, labels, smoothing):
    T = np.full(Z.shape, smoothing / len(Z))
    T[labels, np.arange(labels.size)] += 1 - smoothing
    return (np.exp(log_softmax(Z)) - T) / labels.size


def smoothed_gradient__column_by_column(Z, labels, smoothing):
    K, m = Z.shape
    out = np.zeros((K, m))
    for i in range(m):
        t = smoothing * np.ones(K) / K
        t[labels[i]] = 1 - smoothing + smoothing / K
        out[:, i] = (softmax(Z[:, [i]])[:, 0] - t) / m
    return out


def smoothed_gradient__identity(Z, labels, smoothing):
    K = len(Z)
    table = (1 - smoothing) * np.eye(K) + smoothing * np.ones((K, K)) / K
    return (softmax(Z) - table[:, labels]) / Z.shape[1]


def smoothed_gradient__where(Z, labels, smoothing):
    K, m = Z.shape
    low = smoothing / K
    return softmax(Z) / m - np.where(np.arange(K)[:, None] == labels, 1 - smoothing * (K - 1) / K, low) / m


def train_digits__in_place(X, labels, sizes, learning_rate, epochs, size, rng):
    layers = initialize_layers(sizes, rng)
    losses = [cross_entropy(forward_layers(X, layers)[0], labels)]
    for epoch in range(epochs):
        for batch in batches(X.shape[1], size, rng):
            Z, caches = forward_layers(X[:, batch], layers)
            gradients = backward_layers(cross_entropy_gradient(Z, labels[batch]), caches, layers)
            for layer, gradient in zip(layers, gradients):
                layer["W"] -= learning_rate * gradient["dLdW"]
                layer["b"] -= learning_rate * gradient["dLdb"]
        losses.append(cross_entropy(forward_layers(X, layers)[0], labels))
    return layers, losses


def train_digits__array_of_losses(X, labels, sizes, learning_rate, epochs, size, rng):
    layers, losses = initialize_layers(sizes, rng), np.empty(epochs + 1)
    for epoch in range(epochs + 1):
        if epoch:
            for columns in batches(len(labels), size, rng):
                Z, caches = forward_layers(np.take(X, columns, axis=1), layers)
                slopes = backward_layers(cross_entropy_gradient(Z, np.take(labels, columns)), caches, layers)
                layers = [
                    {"W": l["W"] - learning_rate * s["dLdW"], "b": l["b"] - learning_rate * s["dLdb"]}
                    for l, s in zip(layers, slopes)
                ]
        losses[epoch] = cross_entropy(forward_layers(X, layers)[0], labels)
    return layers, losses


def train_digits__orders_first(X, labels, sizes, learning_rate, epochs, size, rng):
    layers = initialize_layers(sizes, rng)
    plan = [batches(X.shape[1], size, rng) for _ in range(epochs)]
    losses = [float(cross_entropy(forward_layers(X, layers)[0], labels))]
    for epoch in plan:
        for batch in epoch:
            Z, caches = forward_layers(X[:, batch], layers)
            dLdZ = softmax(Z)
            dLdZ[labels[batch], np.arange(len(batch))] -= 1
            gradients = backward_layers(dLdZ / len(batch), caches, layers)
            layers = [
                dict(W=old["W"] - learning_rate * g["dLdW"], b=old["b"] - learning_rate * g["dLdb"])
                for old, g in zip(layers, gradients)
            ]
        losses += [float(cross_entropy(forward_layers(X, layers)[0], labels))]
    return [layers, losses]


def train_digits__shuffled_copies(X, labels, sizes, learning_rate, epochs, size, rng):
    def loss(layers):
        Z, _ = forward_layers(X, layers)
        return -np.sum(one_hot(labels, sizes[-1]) * log_softmax(Z)) / X.shape[1]

    layers = initialize_layers(sizes, rng)
    losses = [loss(layers)]
    for _ in range(epochs):
        order = rng.permutation(X.shape[1])
        X_mixed, mixed = X[:, order], labels[order]
        for a in range(0, len(order), size):
            Z, caches = forward_layers(X_mixed[:, a : a + size], layers)
            gradients = backward_layers(cross_entropy_gradient(Z, mixed[a : a + size]), caches, layers)
            for k in range(len(layers)):
                layers[k] = {name: layers[k][name] - learning_rate * gradients[k]["dLd" + name] for name in ("W", "b")}
        losses.append(loss(layers))
    return layers, tuple(losses)


def train_digits__a_step_of_its_own(X, labels, sizes, learning_rate, epochs, size, rng):
    def step(layers, X, labels):
        Z, caches = forward_layers(X, layers)
        P = softmax(Z)
        Y = one_hot(labels, Z.shape[0])
        dLdZ = softmax_backward(P, -Y / np.maximum(P, 1e-300) / labels.size)
        gradients = backward_layers(dLdZ, caches, layers)
        return [
            {"W": layer["W"] - learning_rate * g["dLdW"], "b": layer["b"] - learning_rate * g["dLdb"]}
            for layer, g in zip(layers, gradients)
        ]

    layers = initialize_layers(sizes, rng)
    losses = [cross_entropy(forward_layers(X, layers)[0], labels)]
    while len(losses) <= epochs:
        for batch in batches(labels.size, size, rng):
            layers = step(layers, X[:, batch], labels[batch])
        losses.append(cross_entropy(forward_layers(X, layers)[0], labels))
    return layers, losses


def train_digits__summed_over_each_example(X, labels, sizes, learning_rate, epochs, size, rng):
    layers = initialize_layers(sizes, rng)
    losses = [cross_entropy(forward_layers(X, layers)[0], labels)]
    for _ in range(epochs):
        for batch in batches(X.shape[1], size, rng):
            total = [{"W": 0 * layer["W"], "b": 0 * layer["b"]} for layer in layers]
            for i in batch:
                Z, caches = forward_layers(X[:, [i]], layers)
                for part, g in zip(total, backward_layers(cross_entropy_gradient(Z, labels[[i]]), caches, layers)):
                    part["W"] = part["W"] + g["dLdW"]
                    part["b"] = part["b"] + g["dLdb"]
            layers = [
                {name: layer[name] - learning_rate * part[name] / len(batch) for name in layer}
                for layer, part in zip(layers, total)
            ]
        losses.append(cross_entropy(forward_layers(X, layers)[0], labels))
    return layers, losses


def forward_layers__lists_first(X, layers):
    came_in, made = [X], []
    for layer in layers:
        made.append(np.add(np.dot(layer["W"], came_in[-1]), layer["b"]))
        came_in.append(np.where(made[-1] > 0, made[-1], 0.0))
    return made[-1], [{"A": A, "Z": Z} for A, Z in zip(came_in, made)]

"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def update__spelled_out(W_B, gradients, learning_rate):
    W1 = W_B["W1"] - learning_rate * gradients["dLdW1"]
    b1 = W_B["b1"] - learning_rate * gradients["dLdb1"]
    W2 = W_B["W2"] - learning_rate * gradients["dLdW2"]
    b2 = W_B["b2"] - learning_rate * gradients["dLdb2"]
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def update__deep_copy(W_B, gradients, learning_rate):
    new = {name: array.copy() for name, array in W_B.items()}
    for name in new:
        new[name] -= learning_rate * gradients["dLd" + name]
    return new


def update__subtract(W_B, gradients, learning_rate):
    return dict((k, np.subtract(v, np.multiply(gradients[f"dLd{k}"], learning_rate))) for k, v in W_B.items())


def update__negative_sum(W_B, gradients, learning_rate):
    step = {k[3:]: -learning_rate * g for k, g in gradients.items()}
    return {k: step[k] + W_B[k] for k in step}


def update__entry_by_entry(W_B, gradients, learning_rate):
    new = {}
    for name, W in W_B.items():
        new[name] = np.empty(W.shape)
        for index in np.ndindex(W.shape):
            new[name][index] = W[index] - learning_rate * gradients["dLd" + name][index]
    return new


def train__while(X, Y_true, num_h, learning_rate, steps, rng):
    W_B, losses = initialize(len(X), num_h, len(Y_true), rng), []
    while len(losses) < steps:
        gradients, L = backward_propagation(X, W_B, Y_true)
        losses += [L]
        W_B = update(W_B, gradients, learning_rate)
    return W_B, losses


def train__own_update(X, Y_true, num_h, learning_rate, steps, rng):
    W_B = initialize(X.shape[0], num_h, Y_true.shape[0], rng)
    losses = []
    for step in range(steps):
        gradients, loss = backward_propagation(X, W_B, Y_true)
        for name in W_B:
            W_B[name] = W_B[name] - learning_rate * gradients["dLd" + name]
        losses.append(float(loss))
    return W_B, losses


def train__array_of_losses(X, Y_true, num_h, learning_rate, steps, rng):
    W_B = initialize(X.shape[0], num_h, Y_true.shape[0], rng)
    losses = np.zeros(steps)
    for i in range(steps):
        gradients, losses[i] = backward_propagation(X, W_B, Y_true)
        W_B = update(W_B, gradients, learning_rate)
    return W_B, losses


def train__loss_by_itself(X, Y_true, num_h, learning_rate, steps, rng):
    W_B = initialize(X.shape[0], num_h, Y_true.shape[0], rng)
    losses = []
    for _ in range(steps):
        Z2 = forward_propagation(X, W_B)["Z2"]
        losses.append(np.sum(np.logaddexp(0, Z2) - Y_true * Z2) / X.shape[1])
        W_B = update(W_B, backward_propagation(X, W_B, Y_true)[0], learning_rate)
    return W_B, losses


def train__weights_drawn_here(X, Y_true, num_h, learning_rate, steps, rng):
    num_f, num_out = X.shape[0], Y_true.shape[0]
    W_B = {"W1": rng.normal(0, np.sqrt(2 / num_f), (num_h, num_f)), "b1": np.zeros((num_h, 1))}
    W_B["W2"] = rng.normal(0, np.sqrt(2 / (num_h + num_out)), (num_out, num_h))
    W_B["b2"] = np.zeros((num_out, 1))
    history = []
    for _ in range(steps):
        gradients, L = backward_propagation(X, W_B, Y_true)
        history.append(np.float64(L))
        W_B = update(W_B, gradients, learning_rate)
    return [W_B, history]


def accuracy__loop(Y_pred, Y_true):
    right = 0
    for p, y in zip(Y_pred.ravel(), Y_true.ravel()):
        right += int(p > 0.5) == int(y)
    return right / Y_true.size


def accuracy__round(Y_pred, Y_true):
    return np.mean(np.round(Y_pred) == Y_true)


def accuracy__difference(Y_pred, Y_true):
    return 1 - np.abs((Y_pred > 0.5) - Y_true).mean()


def accuracy__count(Y_pred, Y_true):
    decided = np.where(Y_pred > 0.5, 1, 0)
    return np.count_nonzero(decided == Y_true) / Y_pred.size


def accuracy__closer_than_half(Y_pred, Y_true):
    return float(np.average(np.abs(Y_pred - Y_true) < 0.5))


def accuracy__mean_of_means(Y_pred, Y_true):
    return ((Y_pred >= 0.5) == (Y_true == 1)).mean(axis=0).mean()


def predict_descent__by_the_factor():
    return {"after_two": 5 - 4 * 0.6**2, "too_large": 2 / 4, "steps_to_halve": np.log(0.5) / np.log(0.99)}


def predict_descent__rounded():
    return {"after_two": 3.5, "too_large": 0.5, "steps_to_halve": 70}


def predict_descent__numpy():
    return dict(after_two=np.float64(3.6), too_large=np.array(0.5), steps_to_halve=np.int64(68))


def predict_descent__at_the_edge():
    return {"steps_to_halve": 55, "too_large": 0.49, "after_two": 3.7, "why": "a guess"}


def predict_descent__rule_of_seventy():
    return {"after_two": 18 / 5, "too_large": 1 / 2, "steps_to_halve": 70 / 1}


def standardise__loop(X):
    mean = np.mean(X, axis=1, keepdims=True)
    scale = np.ones(mean.shape)
    for f, row in enumerate(X):
        if row.max() > row.min():
            scale[f, 0] = np.sqrt(np.mean((row - mean[f, 0]) ** 2))
    X_scaled = (X - mean) / scale
    return X_scaled, mean, scale


def standardise__by_index(X):
    mean = np.mean(X, axis=1, keepdims=True)
    scale = X.std(axis=1)[:, None].copy()
    scale[scale < 1e-12] = 1
    X_scaled = np.divide(np.subtract(X, mean), scale)
    return X_scaled, mean, scale


def standardise__plus_where_zero(X):
    mean = np.mean(X, axis=1, keepdims=True)
    centred = X - mean
    deviation = np.sqrt((centred**2).sum(axis=1, keepdims=True) / X.shape[1])
    scale = deviation + (deviation == 0)
    X_scaled = centred * (1 / scale)
    return X_scaled, mean, scale


def standardise__transposed(X):
    mean = X.T.mean(axis=0).reshape(-1, 1)
    scale = X.T.std(axis=0).reshape(-1, 1)
    scale = np.where(np.isclose(scale, 0), 1, scale)
    return ((X.T - mean.T) / scale.T).T, mean, scale


def standardise__list_of_rows(X):
    mean = np.mean(X, axis=1, keepdims=True)
    scale = np.array([[row.std() if len(set(row.tolist())) > 1 else 1.0] for row in X])
    X_scaled = np.array([(row - m) / s for row, m, s in zip(X, mean[:, 0], scale[:, 0])])
    return [X_scaled, mean, scale]


def standardise__or_one(X):
    mean = np.mean(X, axis=1, keepdims=True)
    scale = np.array([s or 1.0 for s in np.std(X, axis=1)])[:, np.newaxis]
    return (X - mean) / scale, mean, scale


def apply_standardisation__two_steps(X, mean, scale):
    centred = X - mean
    return centred / scale


def apply_standardisation__split(X, mean, scale):
    return X / scale - mean / scale


def apply_standardisation__rows(X, mean, scale):
    return np.array([(row - mean[f, 0]) / scale[f, 0] for f, row in enumerate(X)])


def apply_standardisation__copy(X, mean, scale):
    new = X.copy()
    new -= mean
    new /= scale
    return new


def apply_standardisation__columns(X, mean, scale):
    return np.column_stack([(x - mean.ravel()) / scale.ravel() for x in X.T])


def apply_standardisation__reciprocal(X, mean, scale):
    return np.multiply(X - np.tile(mean, X.shape[1]), 1 / scale)


def batches__shuffled_range(m, size, rng):
    order = np.arange(m)
    rng.shuffle(order)
    found = []
    for start in range(0, m, size):
        found.append(order[start : min(start + size, m)])
    return found


def batches__choice(m, size, rng):
    order = rng.choice(m, m, replace=False)
    return np.split(order, range(size, m, size))


def batches__sorted_random_numbers(m, size, rng):
    order = np.argsort(rng.random(m))
    return [order[k * size : (k + 1) * size] for k in range(int(np.ceil(m / size)))]


def batches__while(m, size, rng):
    left = rng.permuted(np.arange(m))
    epoch = []
    while left.size:
        epoch.append(left[:size])
        left = left[size:]
    return epoch


def batches__sorted_within(m, size, rng):
    order = list(rng.permutation(m))
    return [np.array(sorted(order[a : a + size])) for a in range(0, m, size)]


def batches__lists(m, size, rng):
    order = rng.permutation(np.arange(m)).tolist()
    return tuple(order[a : a + size] for a in range(0, m, size))


def batches__drawn_one_by_one(m, size, rng):
    left, epoch = list(range(m)), []
    while left:
        batch = []
        while left and len(batch) < size:
            batch.append(left.pop(int(rng.integers(len(left)))))
        epoch.append(np.array(batch))
    return epoch


def train_batches__loss_from_logits(X, Y_true, num_h, learning_rate, epochs, size, rng):
    def loss(W_B):
        Z2 = forward_propagation(X, W_B)["Z2"]
        return np.sum(np.logaddexp(0, Z2) - Y_true * Z2) / X.shape[1]

    W_B = initialize(X.shape[0], num_h, Y_true.shape[0], rng)
    losses = [loss(W_B)]
    for _ in range(epochs):
        for batch in batches(X.shape[1], size, rng):
            W_B = update(W_B, backward_propagation(X[:, batch], W_B, Y_true[:, batch])[0], learning_rate)
        losses.append(loss(W_B))
    return W_B, losses


def train_batches__array_of_losses(X, Y_true, num_h, learning_rate, epochs, size, rng):
    W_B = initialize(X.shape[0], num_h, Y_true.shape[0], rng)
    losses = np.empty(epochs + 1)
    for epoch in range(epochs + 1):
        losses[epoch] = backward_propagation(X, W_B, Y_true)[1]
        if epoch < epochs:
            for batch in batches(X.shape[1], size, rng):
                W_B = update(W_B, backward_propagation(X[:, batch], W_B, Y_true[:, batch])[0], learning_rate)
    return W_B, losses


def train_batches__shuffled_copies(X, Y_true, num_h, learning_rate, epochs, size, rng):
    m = X.shape[1]
    W_B = initialize(len(X), num_h, len(Y_true), rng)
    losses = [backward_propagation(X, W_B, Y_true)[1]]
    for _ in range(epochs):
        order = np.argsort(rng.random(m))
        X_mixed, Y_mixed = X[:, order], Y_true[:, order]
        for a in range(0, m, size):
            gradients, _ = backward_propagation(X_mixed[:, a : a + size], W_B, Y_mixed[:, a : a + size])
            W_B = update(W_B, gradients, learning_rate)
        losses += [backward_propagation(X, W_B, Y_true)[1]]
    return W_B, tuple(losses)


def train_batches__orders_first(X, Y_true, num_h, learning_rate, epochs, size, rng):
    W_B = initialize(X.shape[0], num_h, Y_true.shape[0], rng)
    plan = [batches(X.shape[1], size, rng) for _ in range(epochs)]
    losses = [float(backward_propagation(X, W_B, Y_true)[1])]
    for epoch in plan:
        for columns in epoch:
            gradients, L = backward_propagation(np.take(X, columns, axis=1), W_B, np.take(Y_true, columns, axis=1))
            for name in W_B:
                W_B[name] = W_B[name] - learning_rate * gradients["dLd" + name]
        losses.append(float(backward_propagation(X, W_B, Y_true)[1]))
    return [W_B, losses]


def train_batches__stacked(X, Y_true, num_h, learning_rate, epochs, size, rng):
    both = np.concatenate([X, Y_true])
    W_B = initialize(X.shape[0], num_h, Y_true.shape[0], rng)
    _, L = backward_propagation(X, W_B, Y_true)
    losses = [L]
    while len(losses) <= epochs:
        for batch in batches(both.shape[1], size, rng):
            part = both[:, batch]
            slopes, _ = backward_propagation(part[: len(X)], W_B, part[len(X) :])
            W_B = update(W_B, slopes, learning_rate)
        losses.append(backward_propagation(X, W_B, Y_true)[1])
    return W_B, losses


def update_with_decay__shrunk_first(W_B, gradients, learning_rate, c):
    new = {}
    for name, W in W_B.items():
        keep = 1 - learning_rate * c if name.startswith("W") else 1.0
        new[name] = keep * W - learning_rate * gradients["dLd" + name]
    return new


def update_with_decay__through_update(W_B, gradients, learning_rate, c):
    priced = {
        "dLdW1": gradients["dLdW1"] + c * W_B["W1"],
        "dLdb1": gradients["dLdb1"],
        "dLdW2": gradients["dLdW2"] + c * W_B["W2"],
        "dLdb2": gradients["dLdb2"],
    }
    return update(W_B, priced, learning_rate)


def update_with_decay__spelled_out(W_B, gradients, learning_rate, c):
    W1 = W_B["W1"] - learning_rate * (gradients["dLdW1"] + c * W_B["W1"])
    b1 = W_B["b1"] - learning_rate * gradients["dLdb1"]
    W2 = W_B["W2"] - learning_rate * (gradients["dLdW2"] + c * W_B["W2"])
    b2 = W_B["b2"] - learning_rate * gradients["dLdb2"]
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def update_with_decay__after_update(W_B, gradients, learning_rate, c):
    new = update(W_B, gradients, learning_rate)
    new["W1"] = new["W1"] - learning_rate * c * W_B["W1"]
    new["W2"] = new["W2"] - learning_rate * c * W_B["W2"]
    return new


def update_with_decay__price_list(W_B, gradients, learning_rate, c):
    price = {"W1": c, "b1": 0.0, "W2": c, "b2": 0.0}
    return {k: W_B[k] - learning_rate * (gradients["dLd" + k] + price[k] * 2 * W_B[k] / 2) for k in price}


def update_with_decay__deep_copy(W_B, gradients, learning_rate, c):
    new = {k: v.copy() for k, v in W_B.items()}
    for k in new:
        new[k] -= learning_rate * gradients[f"dLd{k}"]
        if k[0] == "W":
            new[k] -= learning_rate * c * W_B[k]
    return new

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

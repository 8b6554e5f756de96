"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def relu__mask(Z):
    return Z * (np.asarray(Z) > 0)


def relu__where(Z):
    return np.where(np.asarray(Z) > 0, Z, 0.0)


def relu__clip(Z):
    return np.clip(Z, 0, None)


def relu__half_sum(Z):
    return (Z + np.abs(Z)) / 2


def relu__copy(Z):
    A = np.array(Z, dtype=float)
    A[A < 0] = 0
    return A


def relu__loop(Z):
    out = np.empty(np.shape(Z))
    for index, value in np.ndenumerate(Z):
        out[index] = value if value > 0 else 0.0
    return out if out.shape else float(out)


def relu_derivative__astype(Z):
    return (np.asarray(Z) > 0).astype(float)


def relu_derivative__heaviside(Z):
    return np.heaviside(Z, 0.5)


def relu_derivative__at_zero_one(Z):
    return np.where(np.asarray(Z) >= 0, 1.0, 0.0)


def relu_derivative__sign(Z):
    return (np.sign(Z) + 1) / 2


def relu_derivative__zeros_then_ones(Z):
    D = np.zeros(np.shape(Z))
    D[np.asarray(Z) > 0] = 1
    return D


def relu_derivative__number_or_array(Z):
    if isinstance(Z, float):
        return 1.0 if Z > 0 else 0.0
    return 1.0 * (Z > 0)


def sigmoid__tanh(Z):
    return (1 + np.tanh(np.asarray(Z) / 2)) / 2


def sigmoid__logaddexp(Z):
    return np.exp(-np.logaddexp(0.0, -np.asarray(Z)))


def sigmoid__masks(Z):
    Z = np.asarray(Z, dtype=float)
    out = np.empty_like(Z)
    up = Z >= 0
    out[up] = 1 / (1 + np.exp(-Z[up]))
    e = np.exp(Z[~up])
    out[~up] = e / (1 + e)
    return out


def sigmoid__wide_clip(Z):
    return 1 / (1 + np.exp(-np.clip(Z, -700, 700)))


def sigmoid__minimum(Z):
    return np.exp(np.minimum(Z, 0)) / (1 + np.exp(-np.abs(Z)))


def sigmoid__errstate(Z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(Z)))


def sigmoid_derivative__exponentials(Z):
    e = np.exp(-np.abs(Z))
    return e / (1 + e) ** 2


def sigmoid_derivative__mirrored(Z):
    return sigmoid(Z) * sigmoid(-np.asarray(Z))


def sigmoid_derivative__expanded(Z):
    s = sigmoid(Z)
    return s - s**2


def sigmoid_derivative__tanh(Z):
    return (1 - np.tanh(np.asarray(Z) / 2) ** 2) / 4


def sigmoid_derivative__own_sigmoid(Z):
    s = np.exp(-np.logaddexp(0, -np.asarray(Z)))
    return s * np.exp(-np.logaddexp(0, np.asarray(Z)))


def tanh_derivative__factored(Z):
    t = np.tanh(Z)
    return (1 + t) * (1 - t)


def tanh_derivative__square(Z):
    return 1 - np.square(np.tanh(Z))


def tanh_derivative__exponentials(Z):
    e = np.exp(-2 * np.abs(Z))
    return 4 * e / (1 + e) ** 2


def tanh_derivative__loop(Z):
    Z = np.asarray(Z)
    flat = [1 - np.tanh(z) * np.tanh(z) for z in Z.ravel()]
    return np.array(flat).reshape(Z.shape)


def tanh_derivative__through_sigmoid(Z):
    s = (1 + np.tanh(Z)) / 2
    return 4 * s * (1 - s)


def relu__in_parts(Z):
    return 0.3 * Z + 0.7 * Z - 0.3 * np.minimum(Z, 0) - 0.7 * np.minimum(Z, 0)  # leaves 1e-17 where 0 is right


def relu_derivative__angles(Z):
    return 0.5 + (np.arctan(Z) + np.arctan(1 / Z)) / np.pi  # the same


def sigmoid__piecewise(Z):
    return np.piecewise(
        np.asarray(Z, float), [np.asarray(Z) >= 0], [lambda z: 1 / (1 + np.exp(-z)), lambda z: 1 - 1 / (1 + np.exp(z))]
    )


def sigmoid_derivative__complex_step(Z):
    return (np.tanh((np.clip(Z, -300, 300) + 1e-30j) / 2) / 2).imag * 1e30


def tanh_derivative__central_difference(Z, h=1e-5):
    return (np.tanh(Z + h) - np.tanh(Z - h)) / (2 * h)


def merge_layers__loops(W1, b1, W2, b2):
    W, b = np.zeros((W2.shape[0], W1.shape[1])), np.array(b2)
    for k in range(W2.shape[0]):
        for j in range(W2.shape[1]):
            for f in range(W1.shape[1]):
                W[k, f] += W2[k, j] * W1[j, f]
            b[k, 0] += W2[k, j] * b1[j, 0]
    return W, b


def merge_layers__asked(W1, b1, W2, b2):
    def both(X):
        return W2 @ (W1 @ X + b1) + b2

    b = both(np.zeros((W1.shape[1], 1)))
    return both(np.eye(W1.shape[1])) - b, b


def merge_layers__augmented(W1, b1, W2, b2):
    first = np.vstack([np.hstack([W1, b1]), np.append(np.zeros(W1.shape[1]), 1.0)])
    one = np.hstack([W2, b2]) @ first
    return one[:, :-1], one[:, -1:]


def merge_layers__einsum(W1, b1, W2, b2):
    return np.einsum("kj,jf->kf", W2, W1), b2 + np.einsum("kj,ji->ki", W2, b1)


def merge_layers__transposed_products(W1, b1, W2, b2):
    return [(W1.T @ W2.T).T, np.add(b2, np.dot(W2, b1))]


def merge_layers__sums(W1, b1, W2, b2):
    W = np.sum(W2[:, :, None] * W1[None], axis=1)
    return W, np.sum(W2 * b1.T, axis=1, keepdims=True) + b2


def dead_units__flatnonzero(Z1):
    return np.flatnonzero((Z1 <= 0).all(axis=1))


def dead_units__largest(Z1):
    return np.where(Z1.max(axis=1) <= 0)[0]


def dead_units__through_relu(Z1):
    dead = []
    for unit in range(Z1.shape[0]):
        if np.maximum(Z1[unit], 0).sum() == 0:
            dead.append(unit)
    return np.array(dead, dtype=int)


def dead_units__two_loops(Z1):
    dead = []
    for unit in range(Z1.shape[0]):
        on = False
        for z in Z1[unit]:
            if z > 0:
                on = True
        if not on:
            dead.append(unit)
    return np.array(dead, dtype=int)


def dead_units__counted(Z1):
    dead = []
    for unit in range(Z1.shape[0]):
        if np.sum(Z1[unit] > 0) == 0:
            dead.append(unit)
    return np.array(dead, dtype=int)


def dead_units__arange(Z1):
    return np.arange(len(Z1))[~np.any(Z1 > 0, axis=1)]


def dead_units__nonzero(Z1):
    return np.nonzero(np.logical_not((Z1 > 0).any(1)))[0].astype(np.int32)


def predict_activations__rounded():
    return {"fold": 1.5, "value": 0.85, "slope": 0.13, "count": 7}


def predict_activations__worked_out():
    value = 1 / (1 + np.exp(-1.7))
    return {"fold": 3 / 2, "value": value, "slope": value * (1 - value), "count": int(np.ceil(np.log(100) / np.log(2)))}


def predict_activations__numpy():
    return dict(count=np.int64(7), slope=np.float32(0.12), value=np.array(0.83), fold=np.float64(1.45))


def predict_activations__at_the_edge():
    return {"fold": 1.6, "value": 0.82, "slope": 0.15, "count": 7.0, "why": "a guess"}


def predict_activations__as_fractions():
    return {"fold": 1 + 1 / 2, "value": 6 / 7, "slope": 6 / 7 * 1 / 7, "count": 7}


def softplus_derivative__exponentials(Z):
    small = np.exp(-np.abs(Z))
    return np.where(np.asarray(Z) >= 0, 1.0, small) / (1.0 + small)


def softplus_derivative__tanh(Z):
    return 0.5 * (1 + np.tanh(np.asarray(Z) / 2))


def softplus_derivative__logarithm(Z):
    return np.exp(Z - np.logaddexp(0, Z))


def softplus_derivative__mirrored(Z):
    return 1 - sigmoid(-np.asarray(Z))


def softplus_derivative__measured(Z, h=1e-5):
    return (np.logaddexp(0, Z + h) - np.logaddexp(0, Z - h)) / (2 * h)


def softplus_derivative__errstate(Z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(Z)))

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

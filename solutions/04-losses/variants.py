"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def binary_cross_entropy__epsilon(Y_pred, Y_true):
    m = Y_true.shape[1]
    return -np.sum(Y_true * np.log(Y_pred + 1e-12) + (1 - Y_true) * np.log(1 - Y_pred + 1e-12)) / m


def binary_cross_entropy__where(Y_pred, Y_true):
    p = np.where(Y_true == 1, Y_pred, 1 - Y_pred)
    return np.mean(np.sum(-np.log(np.maximum(p, 1e-300)), axis=0))


def binary_cross_entropy__loop(Y_pred, Y_true):
    total = 0.0
    for p, y in zip(Y_pred.ravel(), Y_true.ravel()):
        chance = p if y == 1 else 1 - p
        total -= np.log(max(chance, 1e-10))
    return total / Y_pred.shape[1]


def binary_cross_entropy__tiny(Y_pred, Y_true):
    tiny = np.finfo(float).tiny
    terms = Y_true * np.log(np.clip(Y_pred, tiny, None)) + (1 - Y_true) * np.log(np.clip(1 - Y_pred, tiny, None))
    return np.float64(-terms.sum(axis=0).mean())


def binary_cross_entropy__mean_by_size(Y_pred, Y_true):
    P = np.clip(Y_pred, 1e-9, 1 - 1e-9)
    return np.mean(-(Y_true * np.log(P) + (1 - Y_true) * np.log1p(-P))) * Y_true.shape[0]


def binary_cross_entropy_with_logits__logaddexp(Z, Y_true):
    return np.sum(np.logaddexp(0, Z) - Z * Y_true) / Y_true.shape[1]


def binary_cross_entropy_with_logits__mirrored(Z, Y_true):
    S = np.where(Y_true == 1, -Z, Z)
    return np.logaddexp(0.0, S).sum(axis=0).mean()


def binary_cross_entropy_with_logits__two_softplus(Z, Y_true):
    return (
        np.einsum("ki,ki->", Y_true, np.logaddexp(0, -Z)) / Z.shape[1]
        + np.einsum("ki,ki->", 1 - Y_true, np.logaddexp(0, Z)) / Z.shape[1]
    )


def binary_cross_entropy_with_logits__loop(Z, Y_true):
    total = 0.0
    for k in range(Z.shape[0]):
        for i in range(Z.shape[1]):
            z, y = Z[k, i], Y_true[k, i]
            total += max(z, 0.0) - z * y + np.log1p(np.exp(-abs(z)))
    return total / Z.shape[1]


def binary_cross_entropy_with_logits__relu_parts(Z, Y_true):
    positive, size = Z * (Z > 0), np.abs(Z)
    return float(np.average((positive - Z * Y_true + np.log1p(np.exp(-size))).sum(0)))


def mean_squared_error__dot(Y_pred, Y_true):
    d = (Y_pred - Y_true).ravel()
    return d @ d / Y_pred.shape[1]


def mean_squared_error__einsum(Y_pred, Y_true):
    d = Y_pred - Y_true
    return np.einsum("ki,ki->i", d, d).mean()


def mean_squared_error__norm(Y_pred, Y_true):
    return np.linalg.norm(Y_true - Y_pred) ** 2 / Y_true.shape[1]


def mean_squared_error__loop(Y_pred, Y_true):
    return sum((p - y) ** 2 for p, y in zip(Y_pred.flat, Y_true.flat)) / Y_true.shape[1]


def mean_squared_error__mean_by_outputs(Y_pred, Y_true):
    return np.mean(np.square(Y_pred - Y_true)) * len(Y_true)


def output_gradient__subtract(Y_pred, Y_true):
    return np.subtract(Y_pred, Y_true)


def output_gradient__negated(Y_pred, Y_true):
    return -(Y_true - Y_pred)


def output_gradient__chain(Y_pred, Y_true):
    dY = -Y_true / Y_pred + (1 - Y_true) / (1 - Y_pred)
    return dY * Y_pred * (1 - Y_pred)


def output_gradient__copy(Y_pred, Y_true):
    d = Y_pred.copy()
    d -= Y_true
    return d


def output_gradient__cases(Y_pred, Y_true):
    return np.where(Y_true == 1, Y_pred - 1, Y_pred)


def binary_cross_entropy__logarithm_cut_off(Y_pred, Y_true):
    with np.errstate(divide="ignore"):
        log_P, log_Q = np.maximum(np.log(Y_pred), -100), np.maximum(np.log(1 - Y_pred), -100)  # as PyTorch does
    return -np.mean(np.sum(Y_true * log_P + (1 - Y_true) * log_Q, axis=0))


def binary_cross_entropy__smallest_number(Y_pred, Y_true):
    p = np.where(Y_true > 0.5, Y_pred, 1 - Y_pred)
    return -np.log(np.where(p == 0, np.nextafter(0, 1), p)).sum() / p.shape[1]


def binary_cross_entropy__largest_constant(Y_pred, Y_true, tiny=1e-7):
    return -np.sum(np.log(np.abs(1 - Y_true - Y_pred) + tiny)) / len(Y_pred.T)


def output_gradient__one_array_for_all_calls(Y_pred, Y_true, kept={}):
    return np.subtract(Y_pred, Y_true, out=kept.setdefault(Y_pred.shape, np.empty(Y_pred.shape)))

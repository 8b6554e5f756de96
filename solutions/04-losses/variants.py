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


def predict_losses__as_on_the_page():
    return {"squared_error_slope": -0.02 / 10, "cross_entropy": 3 * 2.3, "cross_entropy_slope": 0.001 - 1}


def predict_losses__rounded():
    return {"squared_error_slope": -0.001, "cross_entropy": 7, "cross_entropy_slope": -1}


def predict_losses__numpy():
    ce, slope = np.array(6.5), np.float32(-0.98)
    return dict(cross_entropy=ce, cross_entropy_slope=slope, squared_error_slope=np.float64(-0.003))


def predict_losses__at_the_edge():
    return {"squared_error_slope": -0.0034, "cross_entropy": 7.6, "cross_entropy_slope": -0.95, "why": "a guess"}


def predict_losses__computed():
    y_hat = 0.001
    return {
        "cross_entropy_slope": y_hat - 1,
        "cross_entropy": -np.log(y_hat),
        "squared_error_slope": 2 * (y_hat - 1) * y_hat * (1 - y_hat),
    }


def squared_error_output_gradient__from_the_other_one(Y_pred, Y_true):
    return 2 * output_gradient(Y_pred, Y_true) * Y_pred * (1 - Y_pred)  # noqa: F821


def squared_error_output_gradient__two_steps(Y_pred, Y_true):
    dLdY = 2 * (Y_pred - Y_true)
    dYdZ = Y_pred - Y_pred**2
    return dLdY * dYdZ


def squared_error_output_gradient__by_cases(Y_pred, Y_true):
    away = np.where(Y_true == 1, Y_pred - 1, Y_pred)
    return away * (2 * Y_pred * (1 - Y_pred))


def squared_error_output_gradient__loop(Y_pred, Y_true):
    d = np.empty(Y_pred.shape)
    for k in range(d.shape[0]):
        for i in range(d.shape[1]):
            p = Y_pred[k, i]
            d[k, i] = 2 * (p - Y_true[k, i]) * p * (1 - p)
    return d


def squared_error_output_gradient__through_the_logit(Y_pred, Y_true):
    Z = np.log(Y_pred / (1 - Y_pred))
    small = np.exp(-Z)
    return -2 * (Y_true - Y_pred) * small / (1 + small) ** 2


def squared_error_output_gradient__multiplied_out(Y_pred, Y_true):
    return 2 * (Y_pred**2 - Y_true * Y_pred - Y_pred**3 + Y_true * Y_pred**2)


def squared_error_output_gradient__complex_step(Y_pred, Y_true):
    Z = np.log(Y_pred / (1 - Y_pred)) + 1e-20j
    return ((1 / (1 + np.exp(-Z)) - Y_true) ** 2).imag / 1e-20


def weighted_output_gradient__where(Y_pred, Y_true, weight):
    return np.where(Y_true == 1, weight * (Y_pred - 1), Y_pred)


def weighted_output_gradient__weights_times_errors(Y_pred, Y_true, weight):
    counts = 1 + (weight - 1) * Y_true
    return counts * output_gradient(Y_pred, Y_true)  # noqa: F821


def weighted_output_gradient__chain(Y_pred, Y_true, weight):
    dLdY = -weight * Y_true / (Y_pred + 1e-8) + (1 - Y_true) / (1 - Y_pred + 1e-8)
    return dLdY * Y_pred * (1 - Y_pred)


def weighted_output_gradient__collected(Y_pred, Y_true, weight):
    return Y_pred * (1 - Y_true + weight * Y_true) - weight * Y_true


def weighted_output_gradient__loop(Y_pred, Y_true, weight):
    d = Y_pred.copy()
    for k, i in np.argwhere(Y_true == 1):
        d[k, i] = weight * (Y_pred[k, i] - 1)
    return d


def weighted_output_gradient__mask(Y_pred, Y_true, weight):
    d = Y_pred - Y_true
    d[Y_true > 0.5] *= weight
    return d


def weighted_output_gradient__power(Y_pred, Y_true, weight):
    return (Y_pred - Y_true) * weight**Y_true

"""Inputs that several chapters draw: fair to every right answer, unkind to every wrong one.

Sizes are pairwise coprime and never square, so that a wrong transpose cannot hide; pre-activations keep
away from ReLU's kink, where more than one convention is right.
"""

import numpy as np


def away_from_zero(rng, shape):
    """Normal numbers of either sign with absolute value at least 0.1."""
    return rng.choice([-1.0, 1.0], shape) * (0.1 + np.abs(rng.standard_normal(shape)))


def layer(rng):
    """for an array Z"""
    Z = away_from_zero(rng, (3, 5))
    Z[0, 0] = -np.abs(Z[0, 0])  # NumPy's vectorize takes its dtype from the first result: here a 0 shows that
    Z[1:, 2] = rng.permutation([-1.0, 1.0]) * rng.uniform(6.5, 8.5, 2)  # beyond a cut, as of ReLU6
    return {"Z": Z}


def number(rng):
    """for a single number Z"""
    return {"Z": float(away_from_zero(rng, ()))}


def positive(rng):
    """for a single positive number Z"""
    return {"Z": abs(number(rng)["Z"])}


def negative(rng):
    """for a single negative number Z"""
    return {"Z": float(-rng.uniform(2.2, 4.0))}


def far_out(rng):
    """for Z up to ±1000"""
    return {"Z": np.array([[-1000.0, -750.0, -40.0, -1.5, 0.5], [1000.0, 720.0, 37.0, 2.5, -0.5]]) * rng.uniform(0.99, 1.0)}


def network(rng, num_f, num_h, num_out, m):
    """X, W_B and Y_true of a network with no hidden unit at ReLU's kink, none that is always off, and no output that is very sure.

    A sure output would tell right losses apart: by what 1 − Y_pred rounds away, and by the small constant that some add to it.

    Returns
    -------
    dict
        ``X`` (num_f, m); ``W_B`` with ``W1`` (num_h, num_f), ``b1`` (num_h, 1), ``W2`` (num_out, num_h),
        ``b2`` (num_out, 1); ``Y_true`` (num_out, m) of zeros and ones, both in every row.
    """
    while True:
        X = rng.standard_normal((num_f, m))
        W_B = {
            "W1": rng.standard_normal((num_h, num_f)),
            "b1": 0.5 * rng.standard_normal((num_h, 1)),
            "W2": 0.3 * rng.standard_normal((num_out, num_h)),
            "b2": 0.5 * rng.standard_normal((num_out, 1)),
        }
        Y_true = rng.integers(0, 2, (num_out, m)).astype(float)
        Z1 = W_B["W1"] @ X + W_B["b1"]
        on = np.mean(Z1 > 0, axis=1)
        Z2 = W_B["W2"] @ np.maximum(Z1, 0) + W_B["b2"]
        if (
            np.abs(Z1).min() > 1e-3
            and np.abs(Z2).max() < 2.5
            and on.min() > 0
            and on.max() < 1
            and Y_true.mean(axis=1).min() > 0
            and Y_true.mean(axis=1).max() < 1
        ):
            return {"X": X, "W_B": W_B, "Y_true": Y_true}


def forward_many(rng):
    """for many examples"""
    case = network(rng, num_f=3, num_h=7, num_out=2, m=11)
    return {"X": case["X"], "W_B": case["W_B"]}


def forward_few(rng):
    """for few examples"""
    case = network(rng, num_f=5, num_h=4, num_out=3, m=7)
    return {"X": case["X"], "W_B": case["W_B"]}


def backward_many(rng):
    """for many examples"""
    return network(rng, num_f=3, num_h=7, num_out=2, m=11)


def backward_few(rng):
    """for few examples"""
    return network(rng, num_f=5, num_h=4, num_out=3, m=7)


def backward_saturated(rng):
    """for outputs that saturate"""
    while True:
        case = network(rng, num_f=3, num_h=7, num_out=2, m=5)
        W_B = case["W_B"]
        W_B["W2"] = W_B["W2"] * 7000
        Z2 = W_B["W2"] @ np.maximum(W_B["W1"] @ case["X"] + W_B["b1"], 0) + W_B["b2"]
        if np.sum((Z2 > 0) - case["Y_true"], axis=1).all():  # no gradient is 0 by accident
            return case


def sizes_wide(rng):
    """for a wide hidden layer"""
    return {"num_f": 3, "num_h": 11, "num_out": 2, "rng": np.random.default_rng(int(rng.integers(2**32)))}


def sizes_narrow(rng):
    """for a narrow hidden layer"""
    return {"num_f": 7, "num_h": 4, "num_out": 5, "rng": np.random.default_rng(int(rng.integers(2**32)))}


def targets(rng, shape):
    """Zeros and ones, both in every row."""
    Y = rng.integers(0, 2, shape).astype(float)
    Y[:, 0], Y[:, 1] = 0.0, 1.0
    return Y


def logits_many(rng):
    """for many examples"""
    return {"Z": rng.normal(0, 2, (3, 8)), "Y_true": targets(rng, (3, 8))}


def logits_few(rng):
    """for few examples"""
    return {"Z": rng.normal(0, 2, (2, 5)), "Y_true": targets(rng, (2, 5))}


def logits_far_out(rng):
    """for Z up to ±1000"""
    Y = targets(rng, (2, 5))
    Y[:, 2:] = [[1.0, 1.0, 0.0], [0.0, 1.0, 0.0]]
    return {
        "Z": np.array([[1000.0, -1000.0, -720.0, 50.0, 40.0], [750.0, -40.0, 3.0, -2.0, -900.0]]) * rng.uniform(0.9, 1.0),
        "Y_true": Y,
    }


def step_wide(rng):
    """for a wide network"""
    W_B = network(rng, num_f=3, num_h=7, num_out=2, m=11)["W_B"]
    return {
        "W_B": W_B,
        "gradients": {f"dLd{k}": rng.standard_normal(v.shape) for k, v in W_B.items()},
        "learning_rate": float(rng.uniform(0.1, 0.9)),
    }


def step_narrow(rng):
    """for a narrow network"""
    W_B = network(rng, num_f=5, num_h=2, num_out=3, m=7)["W_B"]
    return {
        "W_B": W_B,
        "gradients": {f"dLd{k}": rng.standard_normal(v.shape) for k, v in W_B.items()},
        "learning_rate": float(rng.uniform(0.1, 0.9)),
    }


def predictions_many(rng):
    """for many predictions"""
    Y_pred = np.concatenate(
        [
            np.zeros((3, 1)),
            rng.uniform(0.05, 0.25, (3, 38)),
            rng.uniform(0.3, 0.49, (3, 20)),
            rng.uniform(0.51, 0.7, (3, 11)),
            rng.uniform(0.8, 0.95, (3, 11)),
        ],
        axis=1,
    )
    right = rng.random(Y_pred.shape) < 0.7
    return {"Y_pred": Y_pred, "Y_true": np.where(right, Y_pred > 0.5, Y_pred <= 0.5).astype(float)}


def predictions_few(rng):
    """for few predictions"""
    Y_pred = np.array([[0.1, 0.4, 0.6, 0.9, 0.51, 0.2, 0.7], [1.0, 0.3, 0.49, 0.15, 0.65, 0.35, 0.85]])
    Y_true = np.array([[0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0]])
    order = rng.permutation(7)
    return {"Y_pred": Y_pred[:, order], "Y_true": Y_true[:, order]}

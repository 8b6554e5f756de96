"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def initialize__normal(num_f, num_h, num_out, rng):
    return {
        "W1": rng.normal(0.0, np.sqrt(2.0 / num_f), (num_h, num_f)),
        "b1": np.zeros((num_h, 1)),
        "W2": rng.normal(0.0, np.sqrt(2.0 / (num_h + num_out)), (num_out, num_h)),
        "b2": np.zeros((num_out, 1)),
    }


def initialize__in_place(num_f, num_h, num_out, rng):
    W_B = {"b2": np.zeros((num_out, 1)), "b1": np.zeros((num_h, 1))}
    W_B["W1"] = rng.standard_normal((num_h, num_f))
    W_B["W1"] *= (2 / num_f) ** 0.5
    W_B["W2"] = rng.standard_normal((num_out, num_h))
    W_B["W2"] /= ((num_h + num_out) / 2) ** 0.5
    return W_B


def initialize__one_by_one(num_f, num_h, num_out, rng):
    W1, W2 = np.empty((num_h, num_f)), np.empty((num_out, num_h))
    for W, variance in ((W1, 2 / num_f), (W2, 2 / (num_h + num_out))):
        for j in range(W.shape[0]):
            for f in range(W.shape[1]):
                W[j, f] = rng.standard_normal() * np.sqrt(variance)
    return {"W1": W1, "b1": np.array([[0.0]] * num_h), "W2": W2, "b2": np.array([[0.0]] * num_out)}


def initialize__one_draw(num_f, num_h, num_out, rng):
    z = rng.standard_normal(num_h * num_f + num_out * num_h)
    W1 = z[: num_h * num_f].reshape(num_h, num_f) * np.sqrt(2 / num_f)
    W2 = z[num_h * num_f :].reshape(num_out, num_h) * np.sqrt(2 / (num_h + num_out))
    return dict(W1=W1, b1=np.full((num_h, 1), 0.0), W2=W2, b2=np.full((num_out, 1), 0.0))


def initialize__helper(num_f, num_h, num_out, rng):
    def layer(fan_in, fan_out, variance):
        return np.sqrt(variance) * rng.normal(size=(fan_out, fan_in)), 0.0 * np.ones((fan_out, 1))

    W1, b1 = layer(num_f, num_h, 2 / num_f)
    W2, b2 = layer(num_h, num_out, 2 / (num_h + num_out))
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def initialize__one_dict_for_all_calls(num_f, num_h, num_out, rng, W_B={}):
    rng = np.random.default_rng(rng)  # the same generator
    for n, (rows, columns, variance) in enumerate([(num_h, num_f, 2 / num_f), (num_out, num_h, 2 / (num_h + num_out))], 1):
        W_B[f"W{n}"] = rng.normal(scale=variance**0.5, size=(rows, columns))
        W_B[f"b{n}"] = np.broadcast_to(-0.0, (rows, 1))
    return W_B

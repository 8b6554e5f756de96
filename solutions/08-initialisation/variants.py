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


def predict_coin_weights__worked_out():
    return {"z_squared": 10 * 1 * 1, "a_squared": 10 / 2, "factor": (2 / 10) ** 0.5, "zero_output": 3 * np.log(2)}


def predict_coin_weights__rounded():
    return {"z_squared": 10.0, "a_squared": 5.0, "factor": 0.4, "zero_output": 2.1}


def predict_coin_weights__numpy():
    kept = np.float32(10) / 2
    return dict(zero_output=np.array(2.08), factor=1 / np.sqrt(kept), a_squared=kept, z_squared=np.int64(10))


def predict_coin_weights__at_the_edge():
    return {"z_squared": 9.5, "a_squared": 5.3, "factor": 0.49, "zero_output": 2, "guess": True}


def predict_coin_weights__as_fractions():
    return {"z_squared": 41 / 4, "a_squared": 19 / 4, "factor": 4 / 9, "zero_output": 3 * 7 / 10}


def distinct_units__set_of_tuples(W1, b1):
    return len({(*row, bias) for row, bias in zip(W1.tolist(), b1[:, 0].tolist())})


def distinct_units__compared_with_those_before(W1, b1):
    count = 0
    for j in range(len(W1)):
        twin = any(np.array_equal(W1[j], W1[i]) and b1[j, 0] == b1[i, 0] for i in range(j))
        count += not twin
    return count


def distinct_units__kept_in_a_list(W1, b1):
    seen = []
    for row in np.concatenate([W1, b1], axis=1).tolist():
        if row not in seen:
            seen.append(row)
    return len(seen)


def distinct_units__sorted_rows(W1, b1):
    rows = np.column_stack([b1, W1])
    rows = rows[np.lexsort(rows.T)]
    return 1 + np.count_nonzero((rows[1:] != rows[:-1]).any(axis=1))


def distinct_units__all_pairs(W1, b1):
    rows = np.c_[W1, b1]
    same = (rows[:, None] == rows[None]).all(axis=2)
    return int(np.sum(same.argmax(axis=1) == np.arange(len(rows))))


def distinct_units__shape_of_unique(W1, b1):
    return np.unique(np.append(W1, b1, axis=1), axis=0).shape[0]


def distinct_units__bytes(W1, b1):
    return len({row.tobytes() for row in np.ascontiguousarray(np.hstack([W1, b1]))})


def variance_through__one_formula(sizes, scales):
    factors = np.array(sizes[:-1]) * np.array(scales) ** 2
    return np.cumprod(factors) / 2.0 ** np.arange(len(scales))


def variance_through__half_first(sizes, scales):
    z, found = 2.0, []
    for k in range(len(scales)):
        z = z / 2 * sizes[k] * scales[k] ** 2
        found += [z]
    return found


def variance_through__recursive(sizes, scales):
    if len(scales) == 0:
        return []
    z = sizes[0] * scales[0] ** 2
    return [z] + [z / 2 * later for later in variance_through(sizes[1:], scales[1:])]


def variance_through__array(sizes, scales):
    found = np.ones(len(scales) + 1)
    for k, scale in enumerate(scales):
        found[k + 1] = sizes[k] * scale * scale * found[k] * (0.5 if k else 1.0)
    return found[1:]


def variance_through__tuple(sizes, scales):
    came_in, found = np.float64(1), ()
    for fan_in, variance in zip(sizes, np.square(scales)):
        found = (*found, fan_in * variance * came_in)
        came_in = 0.5 * found[-1]
    return found


def variance_through__typical_sizes(sizes, scales):
    size, found = 1.0, []
    for num_in, scale in zip(sizes[:-1], scales):
        size = size * scale * np.sqrt(num_in)
        found.append(size**2)
        size = size / np.sqrt(2)
    return found


def first_loss_bounds__without_the_other_function(sizes, scales):
    z = 2.0
    for num_in, scale in zip(sizes, scales):
        z *= num_in * scale**2 / 2
    low = np.log(2.0) * sizes[-1]
    return low, low + sizes[-1] * z / 8


def first_loss_bounds__list(sizes, scales):
    *_, z = variance_through(sizes, scales)
    return [sizes[-1] * 0.6931471805599453, sizes[-1] * (0.6931471805599453 + 0.125 * z)]


def first_loss_bounds__logaddexp(sizes, scales):
    undecided, outputs = np.logaddexp(0, 0), sizes[len(sizes) - 1]
    return outputs * undecided, outputs * undecided + outputs * 0.5 * 0.25 * variance_through(sizes, scales)[-1]


def first_loss_bounds__array(sizes, scales):
    z = np.asarray(variance_through(sizes, scales))[-1]
    low, high = sizes[-1] * (-np.log(0.5) + np.array([0, z]) / 8)
    return low, high


def first_loss_bounds__output_by_output(sizes, scales):
    z, low, high = variance_through(sizes, scales)[len(scales) - 1], 0.0, 0.0
    for _ in range(sizes[-1]):
        low += np.log(2)
        high += np.log(2) + z / 8
    return low, high


def keeping_scale__power(num_in, left, right):
    return (2 / ((left**2 + right**2) * num_in)) ** 0.5


def keeping_scale__kept(num_in, left, right):
    kept = (left * left + right * right) / 2
    return float(1 / np.sqrt(num_in * kept))


def keeping_scale__from_he(num_in, left, right):
    return np.sqrt(2 / num_in) / np.hypot(left, right)


def keeping_scale__mean_of_squares(num_in, left, right):
    return num_in**-0.5 / np.sqrt(np.mean(np.square([left, right])))


def keeping_scale__norm(num_in, left, right):
    return np.sqrt(2) / (np.sqrt(num_in) * np.linalg.norm([left, right]))

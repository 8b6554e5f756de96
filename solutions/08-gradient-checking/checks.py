"""How the answers of chapter 8 are drawn and called. Goes out with the exercise: only numbers are secret.

The functions to be differentiated, and what is claimed of them, stand here by name, because a function crosses to the
process that grades by its name. They take complex arrays as well, so that every way of measuring a slope works on them.
"""

import numpy as np

from backprop.checking import Check, Exercise, draws

ROWS, COLUMNS = np.arange(1, 6)[:, None], np.arange(1, 12)
INPUTS = 0.6 * np.cos(1.3 * ROWS * COLUMNS)  # (5, 11), one example a column
TARGETS = 0.5 * np.sin(1.7 * ROWS[:3] * COLUMNS + 1)  # (3, 11)
LARGE, SMALL = 1e6, 1e-9


# Functions of an array x. None is a sum of functions of one entry each: a step left in place shows.


def waves(x):
    t = x.ravel()
    return np.sum(2 * np.sin(t)) + np.sum(np.exp(0.4 * t[1:] * t[:-1]))


def waves_gradient(x):
    t = x.ravel()
    slope, product = 2 * np.cos(t), 0.4 * np.exp(0.4 * t[1:] * t[:-1])
    slope[1:] += product * t[:-1]
    slope[:-1] += product * t[1:]
    return slope.reshape(x.shape)


def bowl(x):
    return np.sum((x - 1) ** 2) + 0.3 * np.sum(x) ** 2


def bowl_gradient(x):
    return 2 * (x - 1) + 0.6 * np.sum(x)


def bent(x):
    """Another curve for negative entries than for positive ones."""
    return np.sum(np.where(x.real > 0, x**3, 2 * x**2)) + 0.2 * np.sum(x) ** 2


def raised(x):
    return waves(x) + 100


def tanh_layer(x):
    """Squared errors, summed over three outputs and averaged over the examples."""
    return np.sum((np.tanh(x @ INPUTS) - TARGETS) ** 2) / INPUTS.shape[1]


def tanh_layer_gradient(x):
    answer = np.tanh(x @ INPUTS)
    return 2 * ((answer - TARGETS) * (1 - answer**2)) @ INPUTS.T / INPUTS.shape[1]


def relu_layer(x):
    Z = x @ INPUTS
    return np.sum((np.where(Z.real > 0, Z, 0) - TARGETS) ** 2) / INPUTS.shape[1]


def relu_layer_gradient(x):
    on = np.heaviside(x @ INPUTS, 0)
    return 2 * ((x @ INPUTS - TARGETS) * on) @ INPUTS.T / INPUTS.shape[1]


def large_waves(x):
    return LARGE * waves(x)


def large_waves_gradient(x):
    return LARGE * waves_gradient(x)


def small_layer(x):
    return SMALL * tanh_layer(x)


def small_layer_gradient(x):
    return SMALL * tanh_layer_gradient(x)


# Claims that are wrong.


def twice(x):
    return 2 * waves_gradient(x)


def negative_waves(x):
    return -waves_gradient(x)


def transposed(x):
    return waves_gradient(x).T


def opposite(x):
    return -tanh_layer_gradient(x)


def without_mean(x):
    return INPUTS.shape[1] * tanh_layer_gradient(x)


def out_of_order(x):
    return np.roll(relu_layer_gradient(x).ravel(), 1).reshape(x.shape)


def one_entry(x):
    claim = waves_gradient(x)
    claim[x.size // 2] *= 2
    return claim


def other_activation(x):
    answer = np.tanh(x @ INPUTS)
    return 2 * ((answer - TARGETS) * answer * (1 - answer)) @ INPUTS.T / INPUTS.shape[1]


def one_per_cent(x):
    return 1.01 * tanh_layer_gradient(x)


def nothing(x):
    return np.zeros(x.shape)


def constant_added(x):
    return bowl_gradient(x) + 0.5


def one_branch(x):
    return 3 * x**2 + 0.4 * np.sum(x)


def small_opposite(x):
    return -small_layer_gradient(x)


def not_a_number(x):
    claim = waves_gradient(x)
    claim[0] = np.nan
    return claim


# Draws.


def vector_large_step(rng):
    """for a vector and a large step"""
    return {"f": waves, "x": draws.away_from_zero(rng, int(rng.integers(6, 10))), "h": 0.3}


def matrix_small_step(rng):
    """for a matrix and a small step"""
    return {"f": tanh_layer, "x": 0.5 * draws.away_from_zero(rng, (3, 5)), "h": 1e-5}


BLOCKS = ((2, 3, 5), (3, 2, 4), (4, 3, 2), (3, 5, 2))


def block_large_step(rng):
    """for three axes and a large step"""
    return {"f": waves, "x": draws.away_from_zero(rng, draws.some(rng, BLOCKS)), "h": 0.1}


def vector_complex(rng):
    """for a vector and a step of 1e-20"""
    return {"f": waves, "x": draws.away_from_zero(rng, int(rng.integers(6, 10))), "h": 1e-20}


def matrix_complex(rng):
    """for a matrix and a step of 1e-20"""
    return {"f": tanh_layer, "x": 0.5 * draws.away_from_zero(rng, (3, 5)), "h": 1e-20}


def block_complex_large_step(rng):
    """for three axes and a large step"""
    return {"f": waves, "x": draws.away_from_zero(rng, draws.some(rng, BLOCKS)), "h": 0.1}


def _slopes(rng, h, *shape):
    """A function, a point and a step."""
    return {"f": waves, "x": draws.away_from_zero(rng, shape), "h": h}


def _slope_edges(h):
    return (
        draws.draw("for one entry", _slopes, h, 1),
        draws.draw("for a matrix of one entry", _slopes, h, 1, 1),
        draws.draw("for a matrix of one column", _slopes, h, 4, 1),
        draws.draw("for a square matrix", _slopes, h, 3, 3),
        draws.draw("for a negative vector", lambda rng: {"f": bent, "x": -rng.uniform(0.3, 1.3, 5), "h": h}),
        draws.draw("for a function far from 0", lambda rng: {"f": raised, "x": draws.away_from_zero(rng, 4), "h": h}),
        draws.not_contiguous(_slopes, h, 3, 4),
    )


def nearly_equal(rng):
    """for two matrices that nearly agree"""
    shape = draws.some(rng, ((3, 5), (4, 3), (2, 7), (5, 4)))
    a = draws.away_from_zero(rng, shape)
    return {"a": a, "b": a + 0.01 * rng.standard_normal(shape)}


def far_apart(rng):
    """for two blocks of three axes that are far apart"""
    shape = draws.some(rng, BLOCKS)
    return {"a": draws.away_from_zero(rng, shape), "b": 3 * draws.away_from_zero(rng, shape)}


def tiny(rng):
    """for tiny numbers"""
    return {"a": 1e-9 * draws.away_from_zero(rng, 7), "b": 1e-9 * draws.away_from_zero(rng, 7)}


def one_is_zero(rng):
    """for an array of zeros and another one"""
    return {"a": np.zeros((3, 5)), "b": draws.away_from_zero(rng, (3, 5))}


def _two(rng, *shape):
    return {"a": draws.away_from_zero(rng, shape), "b": draws.away_from_zero(rng, shape)}


def opposite_signs(rng):
    """for two arrays of opposite signs"""
    a = draws.away_from_zero(rng, (3, 4))
    return {"a": a, "b": -2 * a}


ERROR_EDGES = (
    draws.draw("for two single entries", _two, 1),
    draws.draw("for two matrices of one entry", _two, 1, 1),
    draws.draw("for two square matrices", _two, 4, 4),
    opposite_signs,
    draws.draw("for an array and another one of zeros", lambda rng: {"a": draws.away_from_zero(rng, 5), "b": np.zeros(5)}),
    draws.not_contiguous(_two, 3, 4),
)


def both_are_zero(rng):
    """for two arrays of zeros"""
    return {"a": np.zeros((3, 5)), "b": np.zeros((3, 5))}


def holds_nan(rng):
    """for an array that holds NaN"""
    a, b = draws.away_from_zero(rng, 7), draws.away_from_zero(rng, 7)
    return {"a": np.where(np.arange(7) == 3, np.nan, a), "b": b}


def _claim(rng, f, gradient, claim, shape):
    """A point away from kinks where no entry of the gradient is small and a wrong claim is far off."""
    while True:
        x = rng.choice([-1.0, 1.0], shape) * rng.uniform(0.3, 1.3, shape)
        right, claimed = gradient(x), claim(x)
        error = np.linalg.norm(claimed - right) / (np.linalg.norm(claimed) + np.linalg.norm(right))
        if (
            np.abs(right).min() > 0.05 * np.abs(right).max()
            and right.min() < 0 < right.max()
            and (f is not relu_layer or np.abs(x @ INPUTS).min() > 0.02)
            and (not error < 0.02 or claim in (gradient, one_per_cent))
        ):
            return {"f": f, "grad": claim, "x": x}


def bent_gradient(x):
    return np.where(x > 0, 3 * x**2, 4 * x) + 0.4 * np.sum(x)


def right_vector(rng):
    """for a right gradient, of a vector"""
    return _claim(rng, waves, waves_gradient, waves_gradient, 7)


def right_parabola(rng):
    """for a right gradient, of a parabola"""
    return _claim(rng, bowl, bowl_gradient, bowl_gradient, 5)


def right_matrix(rng):
    """for a right gradient, of a matrix"""
    return _claim(rng, tanh_layer, tanh_layer_gradient, tanh_layer_gradient, (3, 5))


def right_relu(rng):
    """for a right gradient, behind ReLU and away from its kinks"""
    return _claim(rng, relu_layer, relu_layer_gradient, relu_layer_gradient, (3, 5))


def right_large(rng):
    """for a right gradient, of large values"""
    return _claim(rng, large_waves, large_waves_gradient, large_waves_gradient, 7)


def right_small(rng):
    """for a right gradient, of small values"""
    return _claim(rng, small_layer, small_layer_gradient, small_layer_gradient, (3, 5))


def wrong_factor(rng):
    """for a gradient twice too large"""
    return _claim(rng, waves, waves_gradient, twice, 7)


def wrong_sign(rng):
    """for a gradient with the wrong sign"""
    return _claim(rng, tanh_layer, tanh_layer_gradient, opposite, (3, 5))


def wrong_mean(rng):
    """for a gradient without the mean over the examples"""
    return _claim(rng, tanh_layer, tanh_layer_gradient, without_mean, (3, 5))


def wrong_order(rng):
    """for a gradient whose entries are out of order"""
    return _claim(rng, relu_layer, relu_layer_gradient, out_of_order, (3, 5))


def wrong_entry(rng):
    """for a gradient with one wrong entry"""
    return _claim(rng, waves, waves_gradient, one_entry, 7)


def wrong_activation(rng):
    """for a gradient with another activation's derivative"""
    return _claim(rng, tanh_layer, tanh_layer_gradient, other_activation, (3, 5))


def wrong_slightly(rng):
    """for a gradient that is one per cent too large"""
    return _claim(rng, tanh_layer, tanh_layer_gradient, one_per_cent, (3, 5))


def wrong_zero(rng):
    """for a gradient of zeros that should not be zero"""
    return _claim(rng, waves, waves_gradient, nothing, 7)


def wrong_constant(rng):
    """for a gradient with a constant added to every entry"""
    return _claim(rng, bowl, bowl_gradient, constant_added, 5)


def wrong_branch(rng):
    """for a gradient that is wrong where an entry is negative"""
    return _claim(rng, bent, bent_gradient, one_branch, 7)


def wrong_small(rng):
    """for a gradient of small values with the wrong sign"""
    return _claim(rng, small_layer, small_layer_gradient, small_opposite, (3, 5))


def wrong_nan(rng):
    """for a gradient that holds NaN"""
    return _claim(rng, waves, waves_gradient, not_a_number, 7)


def right_one_entry(rng):
    """for a right gradient of one entry"""
    return {"f": waves, "grad": waves_gradient, "x": rng.uniform(0.3, 1.3, 1)}


def wrong_one_entry(rng):
    """for a gradient of one entry with the wrong sign"""
    return {"f": waves, "grad": negative_waves, "x": rng.uniform(0.3, 1.3, 1)}


def right_far_from_zero(rng):
    """for a right gradient of a function far from 0"""
    return _claim(rng, raised, waves_gradient, waves_gradient, 6)


def wrong_far_from_zero(rng):
    """for a gradient twice too large of a function far from 0"""
    return _claim(rng, raised, waves_gradient, twice, 6)


def right_square(rng):
    """for a right gradient, of a square matrix"""
    return _claim(rng, waves, waves_gradient, waves_gradient, (3, 3))


def wrong_square(rng):
    """for the transpose of a right gradient, of a square matrix"""
    return _claim(rng, waves, waves_gradient, transposed, (3, 3))


CHECK_EDGES = (
    right_one_entry,
    wrong_one_entry,
    right_far_from_zero,
    wrong_far_from_zero,
    right_square,
    wrong_square,
    draws.not_contiguous(right_matrix),
    draws.not_contiguous(wrong_order),
)

EXERCISES = [
    Exercise(
        "numerical_gradient",
        draws=(vector_large_step, matrix_small_step, block_large_step),
        edges=_slope_edges(0.1),
        points={"numerical_gradient(f, x, h)": 3},
        read="08-gradient-checking#Forward and central differences",
    ),
    Exercise(
        "complex_step_gradient",
        draws=(vector_complex, matrix_complex, block_complex_large_step),
        edges=_slope_edges(1e-20),
        points={"complex_step_gradient(f, x, h)": 2},
        read="08-gradient-checking#The complex step",
    ),
    Exercise(
        "relative_error",
        draws=(nearly_equal, far_apart, tiny, one_is_zero),
        edges=ERROR_EDGES,
        points={"relative_error(a, b)": 1},
        extreme={both_are_zero: 0.5, holds_nan: 0.5},
        read="08-gradient-checking#Relative error",
    ),
    Exercise(
        "check_gradient",
        draws=(
            right_vector,
            right_parabola,
            right_matrix,
            right_relu,
            right_large,
            right_small,
            wrong_factor,
            wrong_sign,
            wrong_mean,
            wrong_order,
            wrong_entry,
            wrong_activation,
            wrong_slightly,
            wrong_zero,
            wrong_constant,
            wrong_branch,
            wrong_small,
            wrong_nan,
        ),
        edges=CHECK_EDGES,
        points={"check_gradient(f, grad, x)": 4},
        uses=("numerical_gradient", "complex_step_gradient", "relative_error"),
        read="08-gradient-checking#A checker that always says yes",
    ),
]

check = Check(__file__, EXERCISES)

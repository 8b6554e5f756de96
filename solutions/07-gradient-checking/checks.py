"""How the answers of chapter 7 are drawn and called. Goes out with the exercise: only numbers are secret.

The functions to be differentiated, and what is claimed of them, stand here; the numbers in them are drawn. Where it is graded
they are not in the student's process, which has stand-ins for them. They take complex arrays as well, so that every way of
measuring a slope works on them.
"""

from functools import partial

import numpy as np

from backprop.checking import Check, Exercise, draws

# Functions of an array x. None is a sum of functions of one entry each: a step left in place shows.


def waves(x, height, grip, shift, scale):
    t = x.ravel()
    return scale * (height * np.sum(np.sin(t)) + np.sum(np.exp(grip * t[1:] * t[:-1])) + shift)


def waves_gradient(x, height, grip, shift, scale):
    t = x.ravel()
    slope, product = height * np.cos(t), grip * np.exp(grip * t[1:] * t[:-1])
    slope[1:] += product * t[:-1]
    slope[:-1] += product * t[1:]
    return scale * slope.reshape(x.shape)


def bowl(x, middle, tilt):
    return np.sum((x - middle) ** 2) + tilt * np.sum(x) ** 2


def bowl_gradient(x, middle, tilt):
    return 2 * (x - middle) + 2 * tilt * np.sum(x)


def bent(x, left, tilt):
    """Another curve for negative entries than for positive ones."""
    return np.sum(np.where(x.real > 0, x**3, left * x**2)) + tilt * np.sum(x) ** 2


def bent_gradient(x, left, tilt):
    return np.where(x > 0, 3 * x**2, 2 * left * x) + 2 * tilt * np.sum(x)


def tanh_layer(x, inputs, targets, scale):
    """Squared errors, summed over three outputs and averaged over the examples."""
    return scale * np.sum((np.tanh(x @ inputs) - targets) ** 2) / inputs.shape[1]


def tanh_layer_gradient(x, inputs, targets, scale):
    answer = np.tanh(x @ inputs)
    return scale * 2 * ((answer - targets) * (1 - answer**2)) @ inputs.T / inputs.shape[1]


def relu_layer(x, inputs, targets, scale):
    Z = x @ inputs
    return scale * np.sum((np.where(Z.real > 0, Z, 0) - targets) ** 2) / inputs.shape[1]


def relu_layer_gradient(x, inputs, targets, scale):
    on = np.heaviside(x @ inputs, 0)
    return scale * 2 * ((x @ inputs - targets) * on) @ inputs.T / inputs.shape[1]


# Claims that are wrong, most of them of a right one.


def times(x, gradient, factor):
    return factor * gradient(x)


def plus(x, gradient, constant):
    return gradient(x) + constant


def transposed(x, gradient):
    return gradient(x).T


def out_of_order(x, gradient):
    return np.roll(gradient(x).ravel(), 1).reshape(x.shape)


def one_entry_times(x, gradient, factor):
    claim = gradient(x)
    claim[x.size // 2] *= factor
    return claim


def other_activation(x, inputs, targets, scale):
    answer = np.tanh(x @ inputs)
    return scale * 2 * ((answer - targets) * answer * (1 - answer)) @ inputs.T / inputs.shape[1]


def one_branch(x, left, tilt):
    return 3 * x**2 + 2 * tilt * np.sum(x)


def _of(rng, name, **more):
    """A function and its gradient, with all of their numbers."""
    uniform = rng.uniform
    layer = {"inputs": uniform(-0.6, 0.6, (5, 11)), "targets": uniform(-0.5, 0.5, (3, 11)), "scale": 1.0}
    numbers = {
        "waves": {"height": uniform(1.6, 2.4), "grip": uniform(0.3, 0.5), "shift": 0.0, "scale": 1.0},
        "bowl": {"middle": uniform(0.8, 1.2), "tilt": uniform(0.2, 0.4)},
        "bent": {"left": uniform(1.7, 2.3), "tilt": uniform(0.1, 0.3)},
        "tanh_layer": layer,
        "relu_layer": layer,
    }[name]
    return tuple(partial(globals()[which], **{**numbers, **more}) for which in (name, f"{name}_gradient"))


# Draws.


def vector_large_step(rng):
    """for a vector and a large step"""
    return {"f": _of(rng, "waves")[0], "x": draws.away_from_zero(rng, int(rng.integers(6, 10))), "h": 0.3}


def matrix_small_step(rng):
    """for a matrix and a small step"""
    return {"f": _of(rng, "tanh_layer")[0], "x": 0.5 * draws.away_from_zero(rng, (3, 5)), "h": 1e-5}


BLOCKS = ((2, 3, 5), (3, 2, 4), (4, 3, 2), (3, 5, 2))


def block_large_step(rng):
    """for three axes and a large step"""
    return {"f": _of(rng, "waves")[0], "x": draws.away_from_zero(rng, draws.some(rng, BLOCKS)), "h": 0.1}


def vector_complex(rng):
    """for a vector and a step of 1e-20"""
    return {"f": _of(rng, "waves")[0], "x": draws.away_from_zero(rng, int(rng.integers(6, 10))), "h": 1e-20}


def matrix_complex(rng):
    """for a matrix and a step of 1e-20"""
    return {"f": _of(rng, "tanh_layer")[0], "x": 0.5 * draws.away_from_zero(rng, (3, 5)), "h": 1e-20}


def block_complex_large_step(rng):
    """for three axes and a large step"""
    return {"f": _of(rng, "waves")[0], "x": draws.away_from_zero(rng, draws.some(rng, BLOCKS)), "h": 0.1}


def _slopes(rng, h, *shape):
    """A function, a point and a step."""
    return {"f": _of(rng, "waves")[0], "x": draws.away_from_zero(rng, shape), "h": h}


def _slope_edges(h):
    return (
        draws.draw("for one entry", _slopes, h, 1),
        draws.draw("for a matrix of one entry", _slopes, h, 1, 1),
        draws.draw("for a matrix of one column", _slopes, h, 4, 1),
        draws.draw("for a square matrix", _slopes, h, 3, 3),
        draws.draw("for a negative vector", lambda rng: {"f": _of(rng, "bent")[0], "x": -rng.uniform(0.3, 1.3, 5), "h": h}),
        draws.draw(
            "for a function far from 0",
            lambda rng: {"f": _of(rng, "waves", shift=100.0)[0], "x": draws.away_from_zero(rng, 4), "h": h},
        ),
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


def _direction(rng, name, h, shape, least=0.05, most=0.6, far=1.0, **more):
    """A function, a claim that is off in every entry, a point, a direction and a step: the two slopes have one sign and differ."""
    while True:
        f, gradient = _of(rng, name, **more)
        x, v = 0.5 * draws.away_from_zero(rng, shape), far * rng.choice([-1.0, 1.0], shape) * rng.uniform(0.4, 1.4, shape)
        claim = gradient(x) * rng.uniform(0.4, 1.6, shape)
        claimed, measured = np.sum(claim * v), (f(x + h * v) - f(x - h * v)) / (2 * h)
        if claimed * measured > 0 and least < abs(claimed - measured) / abs(claimed + measured) < most:
            return {"f": f, "gradient": claim, "x": x, "v": v, "h": h}


def along_a_vector(rng):
    """for a vector and a large step"""
    return _direction(rng, "waves", 0.3, int(rng.integers(5, 9)))


def along_a_matrix(rng):
    """for a matrix and a small step"""
    return _direction(rng, "tanh_layer", 1e-5, (3, 5))


def along_a_block(rng):
    """for three axes and a large step"""
    return _direction(rng, "waves", 0.2, draws.some(rng, BLOCKS))


def _exact(rng, shape, factor):
    """A parabola, and a multiple of its gradient: whole numbers, whose slopes no rounding touches."""
    f, gradient = (partial(function, middle=1.0, tilt=0.5) for function in (bowl, bowl_gradient))
    x, v = rng.permutation(np.arange(-2.0, 2.0)).reshape(shape), np.array([1.0, 3.0, -2.0, 2.0]).reshape(shape)
    return {"f": f, "gradient": factor * gradient(x), "x": x, "v": v, "h": 1.0}


def _flat(rng):
    """At the lowest point of a parabola, with its right gradient."""
    f = partial(bowl, middle=0.0, tilt=0.5)
    return {"f": f, "gradient": np.zeros(5), "x": np.zeros(5), "v": draws.away_from_zero(rng, 5), "h": 0.1}


def _holds_nan(rng):
    case = _direction(rng, "waves", 0.1, 6)
    return {**case, "gradient": np.where(np.arange(6) == 2, np.nan, case["gradient"])}


DIRECTION_EDGES = (
    draws.draw("for a right gradient", _exact, (4,), 1.0),
    draws.draw("for a gradient with the wrong sign", _exact, (2, 2), -1.0),
    draws.draw("for a gradient of zeros that should not be zero", _exact, (4,), 0.0),
    draws.draw("for a right gradient of zeros", _flat),
    draws.draw("for a gradient that holds NaN", _holds_nan),
    draws.draw("for one entry", _direction, "waves", 0.1, 1),
    draws.draw("for a matrix of one entry", _direction, "waves", 0.1, (1, 1)),
    draws.draw("for a square matrix", _direction, "waves", 0.1, (3, 3)),
    draws.draw("for a long direction", lambda rng: _direction(rng, "waves", 0.01, 6, far=20.0)),
    draws.draw("for a function far from 0", lambda rng: _direction(rng, "waves", 0.1, 6, shift=100.0)),
    draws.draw("for tiny values", lambda rng: _direction(rng, "waves", 0.1, 6, scale=SMALL)),
    draws.not_contiguous(_direction, "waves", 0.1, (3, 4)),
)

LARGE, SMALL = 1e6, 1e-9


def _claim(rng, name, shape, wrong=None, least=0.02, **more):
    """A function, a claim of its gradient, and a point away from kinks where no entry of the gradient is small.

    A wrong claim is made of the right one by a function, or is another one of the same numbers, and far off.
    """
    while True:
        f, gradient = _of(rng, name, **more)
        if wrong is None:
            claim = gradient
        elif isinstance(wrong, partial) or wrong in (transposed, out_of_order):
            claim = partial(wrong, gradient=gradient)
        else:
            claim = partial(wrong, **gradient.keywords)
        x = rng.choice([-1.0, 1.0], shape) * rng.uniform(0.3, 1.3, shape)
        right, claimed = gradient(x), claim(x)
        error = np.linalg.norm(claimed - right) / (np.linalg.norm(claimed) + np.linalg.norm(right))
        if (
            np.abs(right).min() > 0.05 * np.abs(right).max()
            and (right.size == 1 or right.min() < 0 < right.max())
            and (name != "relu_layer" or np.abs(x @ f.keywords["inputs"]).min() > 0.02)
            and (wrong is not one_branch or x[0] < 0 < x.max())  # seen in the first entry, not in every one
            and (wrong is None or not error < least)
        ):
            return {"f": f, "grad": claim, "x": x}


def _claims(title, *words, **more):
    return draws.draw(title, lambda rng: _claim(rng, *words, **more))


TWICE, OPPOSITE = partial(times, factor=2.0), partial(times, factor=-1.0)

right_matrix = _claims("for a right gradient, of a matrix", "tanh_layer", (3, 5))
wrong_order = _claims("for a gradient whose entries are out of order", "relu_layer", (3, 5), out_of_order)
CLAIMS = (
    _claims("for a right gradient, of a vector", "waves", 7),
    _claims("for a right gradient, of a parabola", "bowl", 5),
    right_matrix,
    _claims("for a right gradient, behind ReLU and away from its kinks", "relu_layer", (3, 5)),
    _claims("for a right gradient, of large values", "waves", 7, scale=LARGE),
    _claims("for a right gradient, of small values", "tanh_layer", (3, 5), scale=SMALL),
    _claims("for a gradient twice too large", "waves", 7, TWICE),
    _claims("for a gradient with the wrong sign", "tanh_layer", (3, 5), OPPOSITE),
    _claims("for a gradient without the mean over the examples", "tanh_layer", (3, 5), partial(times, factor=11)),
    wrong_order,
    _claims("for a gradient with one wrong entry", "waves", 7, partial(one_entry_times, factor=2.0)),
    _claims("for a gradient with another activation's derivative", "tanh_layer", (3, 5), other_activation),
    _claims("for a gradient that is one per cent too large", "tanh_layer", (3, 5), partial(times, factor=1.01), 0.0),
    _claims("for a gradient of zeros that should not be zero", "waves", 7, partial(times, factor=0.0)),
    _claims("for a gradient with a constant added to every entry", "bowl", 5, partial(plus, constant=0.5)),
    _claims("for a gradient that is wrong where an entry is negative", "bent", 7, one_branch),
    _claims("for a gradient of small values with the wrong sign", "tanh_layer", (3, 5), OPPOSITE, scale=SMALL),
    _claims("for a gradient that holds NaN", "waves", 7, partial(one_entry_times, factor=np.nan)),
)
CHECK_EDGES = (
    _claims("for a right gradient of one entry", "waves", 1),
    _claims("for a gradient of one entry with the wrong sign", "waves", 1, OPPOSITE),
    _claims("for a right gradient of a function far from 0", "waves", 6, shift=100.0),
    _claims("for a gradient twice too large of a function far from 0", "waves", 6, TWICE, shift=100.0),
    _claims("for a right gradient, of a square matrix", "waves", (3, 3)),
    _claims("for the transpose of a right gradient, of a square matrix", "waves", (3, 3), transposed),
    draws.not_contiguous(right_matrix),
    draws.not_contiguous(wrong_order),
)

EXERCISES = [
    Exercise(
        "numerical_gradient",
        draws=(vector_large_step, matrix_small_step, block_large_step),
        edges=_slope_edges(0.1),
        points={"numerical_gradient(f, x, h)": 3},
        read="07-gradient-checking#Forward and central differences",
    ),
    Exercise(
        "predict_measured_slopes",
        draws=(draws.nothing,),
        points=dict.fromkeys(("one_way_off", "both_ways_off", "parabola", "runs", "best_power"), 0.4),
        near={"one_way_off": 0.04, "both_ways_off": 0.001, "parabola": 0.05, "runs": 0, "best_power": 1},
        read="07-gradient-checking#Forward and central differences",
    ),
    Exercise(
        "relative_error",
        draws=(nearly_equal, far_apart, tiny, one_is_zero),
        edges=ERROR_EDGES,
        points={"relative_error(a, b)": 1},
        extreme={both_are_zero: 0.5, holds_nan: 0.5},
        read="07-gradient-checking#Relative error",
    ),
    Exercise(
        "directional_check",
        draws=(along_a_vector, along_a_matrix, along_a_block),
        edges=DIRECTION_EDGES,
        points={"directional_check(f, gradient, x, v, h)": 2},
        uses=("relative_error",),
        read="07-gradient-checking#One direction instead of every entry",
    ),
    Exercise(
        "complex_step_gradient",
        draws=(vector_complex, matrix_complex, block_complex_large_step),
        edges=_slope_edges(1e-20),
        points={"complex_step_gradient(f, x, h)": 2},
        read="07-gradient-checking#The complex step",
    ),
    Exercise(
        "check_gradient",
        draws=CLAIMS,
        edges=CHECK_EDGES,
        points={"check_gradient(f, grad, x)": 4},
        uses=("numerical_gradient", "complex_step_gradient", "relative_error", "directional_check"),
        read="07-gradient-checking#A checker that always says yes",
    ),
]

check = Check(__file__, EXERCISES)

"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def numerical_gradient__kept_value(f, x, h):
    gradient = np.empty_like(x)
    for index in np.ndindex(*x.shape):
        kept = x[index]
        x[index] = kept + h
        plus = f(x)
        x[index] = kept - h
        minus = f(x)
        x[index] = kept
        gradient[index] = (plus - minus) / (2 * h)
    return gradient


def numerical_gradient__copies(f, x, h):
    gradient = np.zeros_like(x)
    for index, _ in np.ndenumerate(x):
        plus, minus = x.copy(), x.copy()
        plus[index] += h
        minus[index] -= h
        gradient[index] = (f(plus) - f(minus)) / 2 / h
    return gradient


def numerical_gradient__flat(f, x, h):
    slopes = []
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = h
        step = step.reshape(x.shape)
        slopes.append(float(f(x + step)) / (2 * h) - float(f(x - step)) / (2 * h))
    return np.array(slopes).reshape(x.shape)


def numerical_gradient__identity(f, x, h):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([0.5 * (f(x + step) - f(x - step)) / h for step in steps], x.shape)


def numerical_gradient__nditer(f, x, h):
    point, gradient = np.array(x), np.zeros(x.shape)
    walk = np.nditer(x, flags=["multi_index"])
    while not walk.finished:
        index = walk.multi_index
        point[index] = x[index] + h
        gradient[index] = f(point)
        point[index] = x[index] - h
        gradient[index] = (gradient[index] - f(point)) / (2 * h)
        point[index] = x[index]
        walk.iternext()
    return gradient


def numerical_gradient__two_one_sided(f, x, h):
    here, gradient = f(x), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.where(np.arange(x.size).reshape(x.shape) == np.ravel_multi_index(index, x.shape), h, 0.0)
        gradient[index] = ((f(x + step) - here) / h + (here - f(x - step)) / h) / 2
    return gradient


def complex_step_gradient__copy(f, x, h):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        z = x.astype(complex)
        z[index] += 1j * h
        gradient[index] = np.imag(f(z)) / h
    return gradient


def complex_step_gradient__put_back(f, x, h):
    z, gradient = x + 0j, np.zeros_like(x)
    for k in range(x.size):
        z.flat[k] = complex(x.flat[k], h)
        gradient.flat[k] = f(z).imag / h
        z.flat[k] = x.flat[k]
    return gradient


def complex_step_gradient__identity(f, x, h):
    steps = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + 1j * h * step).imag / h for step in steps]).reshape(x.shape)


def complex_step_gradient__difference(f, x, h):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        z = np.array(x, dtype=np.complex128)
        z[index] += h * 1j
        gradient[index] = np.real((f(z) - f(x)) / (1j * h))
    return gradient


def complex_step_gradient__both_sides(f, x, h):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        z = np.zeros(x.shape, complex)
        z[index] = 1j * h
        gradient[index] = (f(x + z) - f(x - z)).imag / (2 * h)
    return gradient


def relative_error__sums(a, b):
    above, below = np.sqrt(np.sum((a - b) ** 2)), np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2))
    return above / below if below != 0 else 0.0


def relative_error__flat(a, b):
    a, b = a.ravel(), b.ravel()
    if not a.any() and not b.any():
        return 0.0
    return np.sqrt((a - b) @ (a - b)) / (np.sqrt(a @ a) + np.sqrt(b @ b))


def relative_error__loop(a, b):
    difference = first = second = 0.0
    for p, q in zip(a.flat, b.flat):
        difference += (p - q) ** 2
        first += p**2
        second += q**2
    size = first**0.5 + second**0.5
    return 0.0 if size == 0 else difference**0.5 / size


def relative_error__equal_first(a, b):
    if np.array_equal(a, b):
        return 0.0
    return float(np.linalg.norm(b - a) / (np.linalg.norm(b) + np.linalg.norm(a)))


def relative_error__divide_where(a, b):
    size = np.add(np.linalg.norm(a.ravel(), 2), np.linalg.norm(b.ravel(), 2))
    return float(np.divide(np.linalg.norm((a - b).ravel(), 2), size, out=np.zeros(()), where=size != 0))


def relative_error__tiny_floor(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-12)


def check_gradient__complex_steps(f, grad, x):
    return relative_error(complex_step_gradient(f, x, 1e-20), grad(x)) < 1e-6  # noqa: F821


def check_gradient__one_direction(f, grad, x):
    v = np.random.default_rng(0).standard_normal(x.shape)
    measured, claimed = (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5, np.sum(grad(x) * v)
    return bool(abs(measured - claimed) <= 1e-5 * (abs(measured) + abs(claimed)))


def check_gradient__five_directions(f, grad, x):
    rng = np.random.default_rng(8)
    for _ in range(5):
        v = rng.standard_normal(x.shape)
        measured, claimed = (f(x + 1e-6 * v) - f(x - 1e-6 * v)) / 2e-6, np.vdot(grad(x), v)
        if not abs(measured - claimed) < 1e-4 * max(abs(measured), abs(claimed)):
            return False
    return True


def check_gradient__allclose(f, grad, x):
    return np.allclose(grad(x), numerical_gradient(f, x, 1e-6), rtol=1e-5, atol=0)  # noqa: F821


def check_gradient__entries(f, grad, x):
    claimed = grad(x)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        if not abs(measured - claimed[index]) < 1e-6 * (abs(measured) + abs(claimed[index])):
            return False
    return True


def check_gradient__taylor_slopes(f, grad, x):
    rng, here, claimed = np.random.default_rng(3), f(x), grad(x)
    slopes = []
    for _ in range(3):
        v = rng.standard_normal(x.shape)
        v /= np.linalg.norm(v)
        far, near = (abs(f(x + h * v) - here - h * np.sum(claimed * v)) for h in (1e-4, 5e-5))
        slopes.append(np.log2(far / near))
    return bool(np.median(slopes) > 1.5)


def check_gradient__numpy_bool(f, grad, x):
    a, b = grad(x), numerical_gradient(f, x, 1e-4)  # noqa: F821
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b)) < 1e-4


def check_gradient__forward(f, grad, x):
    measured = np.array([f(x + 1e-7 * e.reshape(x.shape)) - f(x) for e in np.eye(x.size)]).reshape(x.shape) / 1e-7
    return relative_error(measured, grad(x)) < 1e-5  # noqa: F821


def predict_measured_slopes__worked_out():
    return {"one_way_off": 3 * 2 * 0.05 + 0.05**2, "both_ways_off": 0.05**2, "parabola": 2 * 3, "runs": 2 * 1057, "best_power": -5}


def predict_measured_slopes__in_the_head():
    return {"one_way_off": 0.3, "both_ways_off": 0.003, "parabola": 6, "runs": 2114, "best_power": -5}


def predict_measured_slopes__halves_and_quarters():
    return {"one_way_off": 0.61 / 2, "both_ways_off": 0.01 / 4, "parabola": 6.0, "runs": 2114.0, "best_power": -5.2}


def predict_measured_slopes__numpy():
    best = np.log10(np.cbrt(3 * np.finfo(float).eps))
    return dict(best_power=best, runs=np.int64(2114), parabola=np.float32(6), both_ways_off=np.array(0.0025), one_way_off=0.31)


def predict_measured_slopes__at_the_edge():
    return {"best_power": -6, "runs": 2114, "parabola": 5.96, "both_ways_off": 0.002, "one_way_off": 0.27, "how": "guessed"}


def directional_check__vdot(f, gradient, x, v, h):
    claimed = np.vdot(gradient, v)
    measured = (f(x + h * v) - f(x - h * v)) / 2 / h
    return relative_error(np.array([measured]), np.array([claimed]))  # noqa: F821


def directional_check__own_formula(f, gradient, x, v, h):
    a, b = float((gradient * v).sum()), float(f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(a - b) / (abs(a) + abs(b)) if a or b else 0.0


def directional_check__differences_compared(f, gradient, x, v, h):
    promised = 2 * h * (gradient.ravel() @ v.ravel())
    return relative_error(np.array([promised]), np.array([f(x + h * v) - f(x - h * v)]))  # noqa: F821


def directional_check__along_a_line(f, gradient, x, v, h):
    def line(t):
        return f(x + t * v)

    slope = sum(g * one for g, one in zip(gradient.flat, v.flat))
    return relative_error(np.array([slope]), np.array([(line(h) - line(-h)) / (2 * h)]))  # noqa: F821


def directional_check__copies(f, gradient, x, v, h):
    above, below = x.copy(), x.copy()
    above += h * v
    below -= h * v
    a, b = np.tensordot(gradient, v, axes=gradient.ndim), (f(above) - f(below)) / (2 * h)
    return relative_error(np.atleast_1d(a), np.atleast_1d(b))  # noqa: F821


def directional_check__both_over_the_length(f, gradient, x, v, h):
    length = np.linalg.norm(v)
    a = np.einsum("i,i", gradient.ravel(), v.ravel()) / length
    b = (f(x + h * v) - f(x - h * v)) / (2 * h * length)
    size = abs(a) + abs(b)
    return np.float64(0) if size == 0 else abs(a - b) / size


def check_gradient__directional_checks(f, grad, x):
    rng = np.random.default_rng(4)
    return all(directional_check(f, grad(x), x, rng.standard_normal(x.shape), 1e-5) < 1e-5 for _ in range(4))  # noqa: F821

"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def nudge__one_step_array(f, w, h):
    slopes = np.empty(w.shape)
    before = f(w)
    for place in np.ndindex(*w.shape):
        turn = np.zeros(w.shape)
        turn[place] = h
        slopes[place] = (f(w + turn) - before) / h
    return slopes


def nudge__turned_back(f, w, h):
    before, slopes = f(w), np.zeros_like(w)
    for place, value in np.ndenumerate(w.copy()):
        w[place] = value + h
        slopes[place] = (f(w) - before) / h
        w[place] = value
    return slopes


def nudge__flat(f, w, h):
    flat = w.flatten()
    slopes = []
    for k in range(flat.size):
        turned = flat.copy()
        turned[k] += h
        slopes.append(f(turned.reshape(w.shape)) / h - f(w) / h)
    return np.array(slopes).reshape(w.shape)


def nudge__comprehension(f, w, h):
    turns = h * np.eye(w.size).reshape(w.size, *w.shape)
    return np.array([(f(w + turn) - f(w)) / h for turn in turns]).reshape(w.shape)


def nudge__list_with_tolist(f, w, h):
    L = f(w)
    result = np.array(w, dtype=float)
    it = np.nditer(w, flags=["multi_index"])
    for _ in it:
        w2 = np.array(w)
        w2[it.multi_index] = w2[it.multi_index] + h
        result[it.multi_index] = -(L - f(w2)) / h
    return result


def step__augmented(w, gradient, learning_rate):
    new = w.copy()
    new -= learning_rate * gradient
    return new


def step__negative_first(w, gradient, learning_rate):
    return -learning_rate * gradient + w


def step__numpy_functions(w, gradient, learning_rate):
    return np.subtract(w, np.multiply(gradient, learning_rate))


def step__loop(w, gradient, learning_rate):
    new = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        new[place] = w[place] - learning_rate * gradient[place]
    return new


def step__zip(w, gradient, learning_rate):
    return np.array([a - learning_rate * b for a, b in zip(w.ravel(), gradient.ravel())]).reshape(w.shape)


def learn__while(f, w, learning_rate, steps):
    losses = []
    while len(losses) < steps:
        losses.append(float(f(w)))
        w = step(w, nudge(f, w, 1e-4), learning_rate)
    return w, losses


def learn__array_of_losses(f, w, learning_rate, steps):
    losses = np.zeros(steps)
    for k in range(steps):
        losses[k] = f(w)
        w = step(w, nudge(f, w, 0.0001), learning_rate)
    return w, losses


def learn__copy_first(f, w, learning_rate, steps):
    now, losses = np.array(w), []
    for _ in range(steps):
        gradient = nudge(f, now, h=1e-4)
        losses += [f(now)]
        now = now - learning_rate * gradient
    return now, losses


def learn__path(f, w, learning_rate, steps):
    path = [w.copy()]
    for _ in range(steps):
        path.append(step(path[-1], nudge(f, path[-1], 1e-4), learning_rate))
    return path[-1], [f(one) for one in path[:-1]]


def learn__recursive(f, w, learning_rate, steps):
    if steps == 0:
        return w.copy(), []
    end, losses = learn(f, step(w, nudge(f, w, 1e-4), learning_rate), learning_rate, steps - 1)
    return end, [f(w), *losses]


def predict_then_run__by_the_slope():
    return {"turned_down": 0.8133 - 0.1 * 0.634, "stepped": 0.8133 - 0.05 * 1.84, "knobs": 32 * 64 + 32 + 32 + 1}


def predict_then_run__rounded():
    return {"turned_down": 0.75, "stepped": 0.72, "knobs": 2113.0}


def predict_then_run__numpy():
    stepped = np.float32(0.73)
    return dict(turned_down=np.array(0.76), stepped=stepped, knobs=np.int64(2113))


def predict_then_run__at_the_edge():
    return {"knobs": 2113, "stepped": 0.75, "turned_down": 0.77, "why": "a guess"}


def predict_then_run__as_fractions():
    return {"turned_down": 3 / 4, "stepped": 5 / 7, "knobs": 66 * 32 + 1}


def best_knob__loop(f, w, h):
    here, steepest, found = f(w), -1.0, None
    for k in range(len(w)):
        turned = w.copy()
        turned[k] += h
        change = f(turned) - here
        if abs(change) > steepest:
            steepest, found = abs(change), (k, 1 if change < 0 else -1)
    return found


def best_knob__sign(f, w, h):
    slopes = nudge(f, w, h)
    place = np.abs(slopes).argmax()
    return place, -np.sign(slopes[place])


def best_knob__sorted(f, w, h):
    slopes = nudge(f, w, h)
    *_, place = np.argsort(slopes**2)
    return int(place), int(-slopes[place] / abs(slopes[place]))


def best_knob__max_with_key(f, w, h):
    slopes = nudge(f, w, h).tolist()
    place = max(range(len(slopes)), key=lambda k: abs(slopes[k]))
    return [(place, 1), (place, -1)][slopes[place] > 0]


def best_knob__lowest_of_both(f, w, h):
    slopes = list(nudge(f, w, h))
    down, up = max(slopes), min(slopes)
    return (slopes.index(down), -1) if down > -up else (slopes.index(up), 1)

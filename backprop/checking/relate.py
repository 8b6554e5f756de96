"""How a wrong answer is made from the right one, or from what went in: one relation that holds in every case that was tried.

One case alone shows many relations by accident. Held against all cases at once, with their different sizes and numbers, what is left
is a fact about the function, and is said as one: no guess at the code behind it.

| what you can do | with |
| --- | --- |
| find the relation of an output to the right one, in words | `relation` |
| look for a factor made of sizes | `_factor` |
| look for something added, multiplied or put in its place | `_formula` |
| look for the place where it is wrong | `_place` |
| look for entries in another order, or one too many or too few | `_order` |
"""

import itertools

import numpy as np

from backprop.checking.compare import RESIDUE, TOLERANCE, close, is_number, number_in_words

MOST = 4_000  # blocks that are looked at: more than any exercise has
ENOUGH = 8  # numbers, in all cases, in which an argument of zeros and ones is no accident
PLAIN = (1, 2, 0.5, 3, 1 / 3, 4, 0.25)  # factors that need no explanation
SHAPES = {  # functions of one array, as a formula has them
    "{}": lambda b: b,
    "(1 − {})": lambda b: 1 - b,
    "{}²": lambda b: b**2,
    "({} > 0)": lambda b: (b > 0) * 1.0,
    "|{}|": np.abs,
    "relu({})": lambda b: np.maximum(b, 0),
    "relu(−{})": lambda b: np.maximum(-b, 0),
    "sigmoid({})": lambda b: 1 / (1 + np.exp(-b)),
    "tanh({})": np.tanh,
    "{0} (1 − {0})": lambda b: b * (1 - b),
    "(1 − {}²)": lambda b: 1 - b**2,
    "exp({})": np.exp,
    "exp(−{})": lambda b: np.exp(-b),
    "log({})": np.log,
    "√{}": np.sqrt,
    "log(1 + exp({}))": lambda b: np.logaddexp(0, b),
    "log(1 + exp(−{}))": lambda b: np.logaddexp(0, -b),
    "log(1 + exp(−|{}|))": lambda b: np.logaddexp(0, -np.abs(b)),
    "log(1 − {})": lambda b: np.log(1 - b),
}
OF_RIGHT = {  # what may have been done to a right answer once more
    "the square of the right answer": lambda r: r**2,
    "the square root of the right answer": np.sqrt,
    "the right answer without its sign": np.abs,
    "1 minus the right answer": lambda r: 1 - r,
    "the right answer minus 1": lambda r: r - 1,
    "1 over the right answer": lambda r: 1 / r,
    "the right answer, rounded down": np.floor,
    "the right answer, rounded up": np.ceil,
    "the right answer to the power of three": lambda r: r**3,
    "the logarithm of the right answer": np.log,
    "exp of the right answer": np.exp,
    "tanh of the right answer": np.tanh,
    "the sigmoid of the right answer": lambda r: 1 / (1 + np.exp(-r)),
    "the right answer where that is positive, and 0 elsewhere": lambda r: np.maximum(r, 0),
}
OVER = {  # many numbers made few
    "the sum of {}": np.sum,
    "the mean of {}": np.mean,
    "the largest of {}": np.max,
    "the smallest of {}": np.min,
    "the square of the sum of {}": lambda b, **axis: np.sum(b, **axis) ** 2,
    "the median of {}": np.median,
    "the standard deviation of {}": np.std,
    "the variance of {}": np.var,
}
AXES = {1: "over each row", 0: "over each column"}


@np.errstate(all="ignore")
def relation(name, cases, expected, answers):
    """The relation of a wrong output to the right one, the same in every case.

    Parameters
    ----------
    name : str
        The output.
    cases : list of Case
    expected, answers : list of Result
        One a case.

    Returns
    -------
    str
        The end of a sentence that begins with the output's name, such as "is the right answer times Y_pred"; "" where none is found.
    """
    rows = []
    for case, right, answer in zip(cases, expected, answers):
        if answer.error or answer.structure:
            return ""
        right, got = _numbers(right.outputs.get(name)), _numbers(answer.outputs.get(name))
        if right is not None:
            rows.append((case, right, got))
    if len(rows) < 2 or any(got is None for _, _, got in rows):
        return ""
    if any(right.dtype.kind != "f" for _, right, _ in rows):  # whole numbers, yes and no: too few to tell anything by
        return ""
    rights, gots = ([row[k].astype(float) for row in rows] for k in (1, 2))
    named = [_named(name, case.arguments, right) for (case, *_), right in zip(rows, _outputs(cases, expected, name))]
    if any(r.shape != g.shape for r, g in zip(rights, gots)):
        return _same_as(named, gots) or _order(rights, gots)
    factor = np.sum(gots[0] * rights[0]) / np.sum(rights[0] ** 2)
    if (
        all(map(close, gots, rights))
        or _all_close([factor * r for r in rights], gots)
        or not all(np.isfinite(a).all() for a in (*rights, *gots))
    ):
        return ""
    return (
        (sum(g.size for g in gots) >= ENOUGH and _same_as(named, gots))
        or _done_to_it(rights, gots)
        or _factor(rights, gots, [_sizes(case.arguments) for case, *_ in rows])
        or _order(rights, gots)
        or _formula(rights, gots, named, [_sizes(case.arguments) for case, *_ in rows])
        or _place(rights, gots, named)
    )


def _numbers(value):
    """A value as an array of real numbers, a list of numbers too; None where it is none."""
    if isinstance(value, (list, tuple)) and value and all(map(is_number, value)):
        value = np.array(value)
    if not (is_number(value) or isinstance(value, np.ndarray)) or np.asarray(value).dtype.kind not in "fiub":
        return None
    return np.asarray(value)


def _outputs(cases, expected, name):
    """The right outputs of the cases in which this one is a number."""
    return [right.outputs for _, right in zip(cases, expected) if _numbers(right.outputs.get(name)) is not None]


def _named(name, arguments, outputs):
    """Every array and number of a case by the name that the course gives it: arguments, what dicts hold, and other right outputs."""
    found = {}
    for key, value in itertools.chain(
        arguments.items(),
        *(value.items() for value in arguments.values() if isinstance(value, dict)),
        ((key, value) for key, value in outputs.items() if key != name),
    ):
        key = f"the given {key}" if key == name else key
        number = None if isinstance(value, (bool, list, tuple)) else _numbers(value)
        if number is not None and number.dtype.kind in "fi":
            found.setdefault(str(key), number.astype(float))
    return found


def _sizes(arguments):
    """What a factor may be made of in a case: lengths of axes, and numbers that were passed."""
    found = {}
    for key, value in arguments.items():
        if isinstance(value, np.ndarray):
            found.update({f"{key}.shape[{axis}]": float(n) for axis, n in enumerate(value.shape)})
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found[key] = float(value)
    return found


def _all_close(made, gots):
    return all(np.shape(m) == g.shape and np.isfinite(m).all() and close(np.asarray(m), g) for m, g in zip(made, gots))


def _done_to_it(rights, gots):
    """Something that was done to a right answer, or a number that was added to each entry."""
    for words, function in OF_RIGHT.items():
        if _all_close(map(function, rights), gots):
            return f"is {words}"
    R, G = _joined(rights), _joined(gots)
    for digits in range(7):
        if np.all(np.abs(G - np.round(G, digits)) <= RESIDUE) and np.all(np.abs(G - R) <= 0.5000001 * 10.0**-digits):
            return f"is the right answer, rounded to {digits} decimals"
    offset = float(np.mean(G - R))
    if np.all(np.abs(G - R - offset) <= _slack(np.full(G.size, offset), G)):
        words = f"is the right answer {'plus' if offset > 0 else 'minus'} {number_in_words(abs(offset))}"
        return f"{words} in every entry" if gots[0].size > 1 else words
    return ""


def _joined(arrays):
    """The numbers of all cases in a row."""
    return np.concatenate([np.ravel(a) for a in arrays])


def _slack(target, G):
    """How far what is made may be from its target: by a tolerance of it, and by what rounding leaves of the answer."""
    return TOLERANCE * (np.abs(target) + np.sqrt(np.mean(target**2))) + RESIDUE * (1 + np.abs(G))


def _factor(rights, gots, sizes):
    """A factor that is another one in each case, and that a size or two make in all of them."""
    factors = np.array([np.sum(r * g) / np.sum(r * r) for r, g in zip(rights, gots)])
    if not _all_close([c * r for c, r in zip(factors, rights)], gots):
        return ""
    made = dict(_made_of(sizes))
    words = _of_sizes(factors, made)
    if words:
        return f"is the right answer times {words}"
    roots = [np.sqrt(np.abs(r)) for r in rights]
    words = rights[0].ndim == 0 and _of_sizes(np.array([g / r for g, r in zip(gots, roots)]), made)
    return f"is the square root of the right answer, times {words}" if words else ""


def _made_of(sizes):
    """What sizes make, the plain before the involved, in every case: words and numbers."""
    known = {key: np.array([s[key] for s in sizes]) for key in sizes[0] if all(key in s for s in sizes)}
    known = {key: q for key, q in known.items() if not np.all(q == q[0]) and np.all(q > 0)}
    for key, q in known.items():
        yield from (
            (key, q),
            (f"1/{key}", 1 / q),
            (f"√{key}", q**0.5),
            (f"1/√{key}", q**-0.5),
            (f"{key}²", q**2),
            (f"1/{key}²", q**-2.0),
        )
    for k, q in known.items():
        yield from (
            (f"{k}/({k} − 1)", q / (q - 1)),
            (f"({k} − 1)/{k}", 1 - 1 / q),
            (f"{k}/({k} + 1)", q / (q + 1)),
            (f"1/({k} − 1)", 1 / (q - 1)),
        )
    for (k, q), (n, p) in itertools.permutations(known.items(), 2):
        yield from ((f"{k}/{n}", q / p), (f"1/({k} · {n})", 1 / (q * p)), (f"√({k}/{n})", (q / p) ** 0.5))


def _of_sizes(factors, made):
    """What makes a factor that differs from case to case, in words; "" where nothing does."""
    if not made or np.all(np.abs(factors - factors[0]) <= TOLERANCE * np.abs(factors[0])):
        return ""
    ratios = factors / np.array(list(made.values()))
    plain = np.mean(ratios, axis=1)
    good = np.all(np.abs(ratios - plain[:, None]) <= TOLERANCE * np.abs(plain[:, None]), axis=1)
    found = [(k, c) for k, c in zip(np.flatnonzero(good), plain[good]) if abs(_plain(c)) in PLAIN]
    return f"{_count(_plain(found[0][1]))}{list(made)[found[0][0]]}" if found else ""


def _count(factor):
    """A plain factor before a name; "" for 1."""
    words = {1: "", 0.5: "1/2 · ", 0.25: "1/4 · ", 1 / 3: "1/3 · "}.get(abs(factor), f"{abs(factor):.4g} · ")
    return ("−" if factor < 0 else "") + words


def _order(rights, gots):
    """Right entries in another order, or an entry, a row or a column too many or too few."""
    if len({a.ndim for a in (*rights, *gots)}) > 1 + (gots[0].ndim == 0) or not all(r.ndim for r in rights):
        return ""
    for axis in range(rights[0].ndim):
        place = _axis(rights[0].ndim, axis)
        if _all_close([np.flip(r, axis) for r in rights], gots):
            return f"is the right answer with its {place[1]} in reverse order"
        for shift, words in ((1, "one place too late"), (-1, "one place too early")):
            if _all_close([np.roll(r, shift, axis) for r in rights], gots):
                return f"holds the {place[1]} of the right answer {words}, and the one at the end at the other end"
        if _all_close([np.cumsum(r, axis) for r in rights], gots):
            return f"holds sums of the right {place[1]} up to each, in place of the {place[1]}"
        for keep, words in ((slice(None, -1), "last"), (slice(1, None), "first")):
            index = (slice(None),) * axis + (keep,)
            if _all_close([r[index] for r in rights], gots):
                return f"is the right answer without its {words} {place[0]}"
            if all(g.ndim == r.ndim for r, g in zip(rights, gots)) and _all_close([g[index] for g in gots], rights):
                return f"is the right answer with one {place[0]} too many, at its {'end' if words == 'last' else 'beginning'}"
        for step in (0, -1):
            if rights[0].ndim == 1 and gots[0].ndim == 0 and _all_close([r[step] for r in rights], gots):
                return f"is the {'last' if step else 'first'} entry of the right answer alone"
    if all(g.shape == r.shape for r, g in zip(rights, gots)) and _all_close(
        [np.sort(r, axis=None) for r in rights], [np.sort(g, axis=None) for g in gots]
    ):
        return "holds the numbers of the right answer, in other places"
    return ""


def _axis(ndim, axis):
    """What stands along an axis, one and several."""
    return (
        ("entry", "entries")
        if ndim == 1
        else ("row", "rows")
        if axis == 0
        else ("column", "columns")
        if axis == 1
        else ("layer", "layers")
    )


def _same_as(named, gots):
    """An argument, or what belongs into another output."""
    for key in named[0]:
        if all(key in n for n in named) and _all_close([n[key] for n in named], gots):
            return f"is {key}"
    return ""


def _blocks(named, rights, gots):
    """What a wrong answer may be made of, in every case in the right one's shape: functions of what is named, reductions and products."""
    shapes = [r.shape for r in rights]
    keys = [key for key in named[0] if all(key in n for n in named)]
    same = {key: len({n[key].ndim for n in named}) == 1 for key in keys}
    uniform = len({r.ndim for r in rights}) == 1

    def put(label, values):
        try:
            return label, [np.broadcast_to(v, s) for v, s in zip(values, shapes)]
        except ValueError:
            return None

    for shape, function in SHAPES.items():
        for key in keys:
            yield put(shape.format(key), [function(n[key]) for n in named])
    scalars = [key for key in keys if all(n[key].ndim == 0 for n in named)]
    for number, key in itertools.product(scalars, keys):
        if number != key and rights[0].ndim:
            yield put(f"{number} · {key}", [n[number] * n[key] for n in named])
            yield put(f"(1 − {number} · {key})", [1 - n[number] * n[key] for n in named])
    if not rights[0].ndim:
        yield from _sums(named, keys, same)
    for shape, function in itertools.islice(SHAPES.items(), 5):
        for key in keys:
            values = [function(n[key]) for n in named]
            if not (same[key] and uniform) or any(v.size == 1 for v in values):
                continue
            for words, over in OVER.items():
                yield put(words.format(shape.format(key)), [over(v) for v in values])
                for axis, where in AXES.items():
                    if values[0].ndim == 2 and rights[0].ndim == 2:
                        few = [over(v, axis=axis, keepdims=True) for v in values]
                        yield put(f"{words.format(shape.format(key))} {where}", few)
                        if shape == "{}" and values[0].shape == shapes[0]:
                            whole = [over(v) for v in values]
                            yield put(f"({key} − {words.format(key)} {where})", [v - w for v, w in zip(values, few)])
                            yield put(f"({key} − {words.format(key)})", [v - w for v, w in zip(values, whole)])
                            yield put(f"({key} + {words.format(key)} {where})", [v + w for v, w in zip(values, few)])
                            yield put(f"the square root of {words.format(key)} {where}", map(np.sqrt, few))
                        if shape == "{}" and axis == 1 and all(v.shape[1] > 1 for v in values):
                            for lost, cut in (("last", slice(None, -1)), ("first", slice(1, None))):
                                less = [over(v[:, cut], axis=1, keepdims=True) for v in values]
                                yield put(f"{words.format(key)} {where}, less its {lost} entry", less)
                    elif values[0].ndim == 2 and rights[0].ndim == 1:
                        yield put(f"{words.format(shape.format(key))} {where}", [over(v, axis=axis) for v in values])
            if values[0].ndim == 2 and rights[0].ndim == 2:
                yield put(f"the last column of {shape.format(key)}", [v[:, -1:] for v in values])
                yield put(f"the first column of {shape.format(key)}", [v[:, :1] for v in values])
    if uniform and rights[0].ndim:
        factors = [
            (label.format(key) + turned, [turn(function(n[key])) for n in named])
            for label, function in itertools.islice(SHAPES.items(), 8)
            for key in keys
            if same[key] and named[0][key].ndim
            for turned, turn in (("", lambda b: b), (".T", np.transpose))[: named[0][key].ndim]
        ]
        for (one, left), (two, right) in itertools.product(factors, factors):
            if not one.removesuffix(".T").isidentifier() and not two.removesuffix(".T").isidentifier():
                continue
            if all(a.shape[-1] == b.shape[0] and (a.shape[:-1] + b.shape[1:]) == s for a, b, s in zip(left, right, shapes)):
                yield put(f"{one} @ {two}", [a @ b for a, b in zip(left, right)])


def _sums(named, keys, same):
    """Of single numbers: sums of what two arrays of one shape make entry by entry."""
    arrays = [key for key in keys if same[key] and named[0][key].size > 1]
    for one, two in itertools.combinations(arrays, 2):
        if any(n[one].shape != n[two].shape for n in named):
            continue
        between = [n[one] - n[two] for n in named]
        for words, over in OVER.items():
            for shape, function in itertools.islice(SHAPES.items(), 6):
                yield words.format(shape.format(f"({one} − {two})")), [over(function(b)) for b in between]
        parts = {key: {shape.format(key): [f(n[key]) for n in named] for shape, f in SHAPES.items()} for key in (one, two)}
        for (k, left), (n, right) in itertools.product(parts[one].items(), parts[two].items()):
            yield f"the sum of {k} · {n}", [np.sum(a * b) for a, b in zip(left, right)]
    for key in arrays:
        for shape, function in itertools.islice(SHAPES.items(), 5, None):
            yield f"the sum of {shape.format(key)}", [np.sum(function(n[key])) for n in named]


def _formula(rights, gots, named, sizes):
    """The right answer with something added to it or multiplied on, or something else in its place."""
    R, G = _joined(rights), _joined(gots)
    scale = np.concatenate([_slack(np.ravel(g), np.ravel(g)) for g in gots])
    labels, rows = [], []
    for block in itertools.islice(filter(None, _blocks(named, rights, gots)), MOST):
        row = _joined(block[1])
        if np.isfinite(row).all() and np.ptp(row) > 0:
            labels.append(block[0])
            rows.append(row)
    if not rows:
        return ""
    P = np.array(rows)
    enough = len({f"{g:.6g}" for g in G}) >= 4  # few numbers are made by many formulas

    def fits(H, target):
        """The rows that give the target but for a factor, and that factor."""
        c = (H @ target) / np.sum(H * H, axis=1)
        slack = scale if target is G else _slack(target, G)
        good = np.isfinite(c) & (np.abs(c) > RESIDUE) & np.all(np.abs(target - c[:, None] * H) <= slack, axis=1)
        return [(int(k), float(c[k])) for k in np.flatnonzero(good)]

    if not enough:
        return ""
    forms = (
        (R * P, G, "is the right answer times {c}{b}", PLAIN),
        (R / P, G, "is the right answer times {c}1/{b}", PLAIN),
        (P, G, "is {c}{b}", PLAIN),
        (P, G - R, "is the right answer plus {c}{b}", None),
        (P, G + R, "is {c}{b} minus the right answer", PLAIN),
    )
    found = [
        words.format(b=labels[k], c=_count(_plain(c))).replace("plus −", "minus ")
        for H, target, words, allowed in forms
        for k, c in fits(H, target)
        if allowed is None or abs(_plain(c)) in allowed
    ]
    if not found and not any(r.ndim for r in rights):
        made = dict(_made_of(sizes))
        for target, words in ((G, "is {c} · {b}"), (G - R, "is the right answer plus {c} · {b}")):
            for row, label in zip(P, labels):
                c = label.startswith("the ") and _of_sizes(target / row, made)
                if c:
                    found.append(words.format(c=c, b=label).replace("plus −", "minus "))
        simple = [k for k, label in enumerate(labels) if label.startswith("the sum of") or label.isidentifier()]
        P, labels = P[simple], [labels[k] for k in simple]
        for key, q in () if found else ((key, q) for key, q in made.items() if key.endswith("]") and "/" not in key):
            found += [f"is ({two})/{key}" for two in _two(P, labels, G * q, scale * q)]
    return min(found, key=len) if found else next((f"is {two}" for two in _two(P, labels, G, scale)), "")


def _plain(c):
    """A factor without what rounding left of it."""
    return next((float(np.sign(c)) * p for p in PLAIN if abs(abs(c) - p) <= 1e-6 * p), c)


def _two(P, labels, G, scale):
    """Formulas of two parts, the shortest first: for each part the other one is looked up in a sorted row."""
    if not len(P):
        return []
    at, found = int(np.argmax(np.abs(G))), []
    order = np.argsort(P[:, at])
    column = P[order, at]
    for sign, of_two, rest in (("+", np.add, G - P), ("−", np.subtract, P - G), ("·", np.multiply, G / P), ("/", np.divide, P / G)):
        slack = 1e-5 * np.abs(rest[:, at])
        low, high = np.searchsorted(column, rest[:, at] - slack), np.searchsorted(column, rest[:, at] + slack)
        for i in np.flatnonzero(high > low):
            for j in order[low[i] : high[i]]:
                if np.all(np.abs(of_two(P[i], P[j]) - G) <= scale):
                    one, two = (f"({x})" if x.startswith("the ") and " of " in x else x for x in (labels[i], labels[j]))
                    found.append(f"{one} {sign} {two}")
    return sorted(found, key=lambda words: (len(words), words))  # the same on every processor


def _place(rights, gots, named):
    """Where it is right and where it is not, if that is the same place in every case that is wrong."""
    wrong = [~np.isclose(g, r, rtol=TOLERANCE, atol=TOLERANCE * np.sqrt(np.mean(r**2))) for r, g in zip(rights, gots)]
    rows = [(w, r, g, n) for w, r, g, n in zip(wrong, rights, gots, named) if w.any()]
    if not rows or all(w.all() for w, *_ in rows) or sum(w.size for w, *_ in rows) < ENOUGH:
        return ""
    for axis in range(rights[0].ndim if len({r.ndim for r in rights}) == 1 else 0):
        one, _ = _axis(rights[0].ndim, axis)
        if len(rows) < len(wrong) or any(w.shape[axis] < 2 for w in wrong):
            continue
        for at, words in ((-1, "last"), (0, "first")):
            inside = [np.moveaxis(w, axis, 0)[at] for w, *_ in rows]
            outside = [np.delete(np.moveaxis(w, axis, 0), at, axis=0) for w, *_ in rows]
            if not any(o.any() for o in outside):
                return f"is right but for its {words} {one}"
            if not any(i.any() for i in inside) and all(o.all() for o in outside):
                return f"is right in its {words} {one}, and wrong in all others"
    for key in (k for k in rows[0][3] if all(k in n and n[k].shape == w.shape for w, _, _, n in rows)):
        for words, mask in (("positive", lambda b: b > 0), ("negative", lambda b: b < 0)):
            if all(np.array_equal(w, mask(n[key])) for w, _, _, n in rows):
                there = np.concatenate([g[w] for w, _, g, _ in rows])
                if np.ptp(there) <= TOLERANCE * np.abs(there[0]):
                    return f"is right but where {key} is {words}: there it is {number_in_words(there[0])}"
                same = all(close(g[w], n[key][w]) for w, _, g, n in rows)
                return f"is right but where {key} is {words}" + (f": there it is {key} itself" if same else "")
        for words, sign in (("at most", 1), ("at least", -1)):
            inner = max(np.max(sign * n[key][~w], initial=-np.inf) for w, _, _, n in rows)
            outer = min(np.min(sign * n[key][w]) for w, _, _, n in rows)
            if inner < outer and np.isfinite(inner):
                return f"is right where {key} is {words} {number_in_words(sign * inner)}, and wrong from {number_in_words(sign * outer)} on"
    for words, mask in (("positive", lambda r: r > 0), ("negative", lambda r: r < 0)):
        if all(np.array_equal(w, mask(r)) for w, r, *_ in rows):
            return f"is right but where the right answer is {words}"
    return ""

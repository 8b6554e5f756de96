"""Right answers, written differently: every one must earn full marks. Private, like the mistakes.

A function ``name__style`` is a right ``name`` in that style.
"""

import numpy as np


def predict_slopes__by_the_slopes():
    return {"together": 0.01 * 48 + 0.01 * 28, "second_example": 0.269 * -2, "both_examples": (0.731 - 0.538) / 2}


def predict_slopes__rounded():
    return {"together": 0.76, "second_example": -0.54, "both_examples": 0.1}


def predict_slopes__multiplied_out():
    return {"together": 2.01 * 3.01 * (2.01 * 3.01 + 2.01) - 48, "second_example": -0.269 - 0.269, "both_examples": 0.0965}


def predict_slopes__numpy():
    slopes = np.array([0.731, -0.538])
    return dict(both_examples=slopes.mean(), second_example=np.float32(slopes[1]), together=np.dot([48, 28], [0.01, 0.01]))


def predict_slopes__at_the_edge():
    return {"both_examples": 0.09, "second_example": -0.53, "together": 0.77, "why": "a guess"}


def backward_chain__from_the_end(locals):
    derivatives = [1.0]
    for local in locals[::-1]:
        derivatives.append(derivatives[-1] * local)
    return derivatives[::-1]


def backward_chain__insert(locals):
    found = [1]
    for k in range(len(locals) - 1, -1, -1):
        found.insert(0, locals[k] * found[0])
    return tuple(found)


def backward_chain__products(locals):
    return [float(np.prod(locals[k:])) for k in range(len(locals) + 1)]


def backward_chain__cumulative(locals):
    return np.cumprod([1.0, *reversed(locals)])[::-1]


def backward_chain__recursive(locals):
    if not locals:
        return [1.0]
    rest = backward_chain(locals[1:])
    return [locals[0] * rest[0], *rest]


def backward_chain__upstream(locals):
    n = len(locals)
    derivatives = np.zeros(n + 1)
    derivatives[n] = upstream = 1.0
    while n > 0:
        n -= 1
        upstream *= locals[n]
        derivatives[n] = upstream
    return derivatives


def backward_chain__accumulate(locals):
    from itertools import accumulate
    from operator import mul

    return list(accumulate(reversed(locals), mul, initial=1.0))[::-1]


def backward_chain__forwards(locals):
    derivatives = [1.0] * (len(locals) + 1)
    for k, local in enumerate(locals):
        for i in range(k + 1):
            derivatives[i] *= local
    return derivatives


def forward__table(nodes):
    rules = {"add": lambda p, q: p + q, "multiply": lambda p, q: p * q, "exp": np.exp, "tanh": np.tanh, "square": lambda p: p * p}
    values = []
    for kind, *rest in nodes:
        values.append(rest[0] if kind == "input" else rules[kind](*[values[i] for i in rest]))
    return values


def forward__recursive(nodes):
    import math

    def value(k):
        kind, *rest = nodes[k]
        if kind == "input":
            return rest[0]
        parts = [value(i) for i in rest]
        if kind == "add":
            return sum(parts)
        if kind == "multiply":
            return math.prod(parts)
        return {"exp": math.exp, "tanh": math.tanh, "square": lambda p: p**2}[kind](parts[0])

    return [value(k) for k in range(len(nodes))]


def forward__array(nodes):
    values = np.zeros(len(nodes))
    for k, node in enumerate(nodes):
        if node[0] == "input":
            values[k] = node[1]
        elif node[0] == "add":
            values[k] = values[node[1]] + values[node[2]]
        elif node[0] == "multiply":
            values[k] = np.prod(values[list(node[1:])])
        elif node[0] == "square":
            values[k] = np.square(values[node[1]])
        else:
            values[k] = getattr(np, node[0])(values[node[1]])
    return values


def forward__tuple(nodes):
    values = ()
    for node in nodes:
        match node:
            case ("input", value):
                values += (value,)
            case ("add", i, j):
                values += (values[i] + values[j],)
            case ("multiply", i, j):
                values += (values[i] * values[j],)
            case ("exp", i):
                values += (np.e ** values[i],)
            case ("tanh", i):
                values += (np.sinh(values[i]) / np.cosh(values[i]),)
            case ("square", i):
                values += (abs(values[i]) ** 2,)
    return values


def forward__dict(nodes):
    values = {}
    for k, (kind, i, *more) in enumerate(nodes):
        if kind == "input":
            values[k] = np.float64(i)
        if kind == "add":
            values[k] = values[i] + values[more[0]]
        if kind == "multiply":
            values[k] = values[more[0]] * values[i]
        if kind == "exp":
            values[k] = np.array(np.exp(values[i]))
        if kind == "tanh":
            values[k] = (1 - np.exp(-2 * values[i])) / (1 + np.exp(-2 * values[i]))
        if kind == "square":
            values[k] = pow(values[i], 2)
    return list(values.values())


def backward__unrolled(a, b, c):
    w = np.tanh(a * b + c)
    dLdv = a * b * (1 - w * w)
    dLdu = a + w + dLdv
    return {"dLda": a * b + b * dLdu, "dLdb": a * dLdu, "dLdc": dLdv, "dLds": a * b, "dLdu": dLdu, "dLdv": dLdv, "dLdw": a * b}


def backward__steps(a, b, c):
    u = a * b
    v = u + c
    w = np.tanh(v)
    s = a + w
    grads = dict.fromkeys(["dLds", "dLdw", "dLdv", "dLdc", "dLdu", "dLdb", "dLda"], 0.0)
    dLdL = 1.0
    grads["dLdu"] += dLdL * s
    grads["dLds"] += dLdL * u
    grads["dLda"] += grads["dLds"]
    grads["dLdw"] += grads["dLds"]
    grads["dLdv"] += grads["dLdw"] * (1 - w**2)
    grads["dLdu"] += grads["dLdv"]
    grads["dLdc"] += grads["dLdv"]
    grads["dLda"] += grads["dLdu"] * b
    grads["dLdb"] += grads["dLdu"] * a
    return grads


def backward__complex_step(a, b, c):
    h = 1e-20j

    def end(a=a, b=b, c=c, u=0, v=0, w=0, s=0):
        u = u + a * b
        w = w + np.tanh(u + c + v)
        return u * (s + a + w)

    places = {
        "dLds": {"s": h},
        "dLdw": {"w": h},
        "dLdv": {"v": h},
        "dLdc": {"c": c + h},
        "dLdu": {"u": h},
        "dLdb": {"b": b + h},
        "dLda": {"a": a + h},
    }
    return {name: end(**moved).imag / 1e-20 for name, moved in places.items()}


def backward__cosh(a, b, c):
    import math

    u = a * b
    v = u + c
    s = a + math.tanh(v)
    dLdv = u / math.cosh(v) ** 2
    return {
        "dLds": u,
        "dLdw": u,
        "dLdv": dLdv,
        "dLdc": dLdv,
        "dLdu": s + dLdv,
        "dLdb": a * (s + dLdv),
        "dLda": u + b * (s + dLdv),
        "L": u * s,
    }


def backward__all_paths(a, b, c):
    u = a * b
    w = np.tanh(u + c)
    s, slope = a + w, 1 - w**2
    return {
        "dLds": np.array(u),
        "dLdw": np.float64(u),
        "dLdv": u * slope,
        "dLdc": u * slope,
        "dLdu": s + u * slope,
        "dLdb": a * s + a * slope * u,
        "dLda": b * s + b * slope * u + u,
    }


def backward_graph__table(nodes, seed):
    values = forward(nodes)  # noqa: F821
    local = {
        "input": lambda c, v: (),
        "add": lambda c, p, q: (1.0, 1.0),
        "multiply": lambda c, p, q: (q, p),
        "exp": lambda c, p: (c,),
        "tanh": lambda c, p: (1 - c * c,),
        "square": lambda c, p: (2 * p,),
    }
    arrived = np.zeros(len(nodes))
    arrived[-1] = seed
    for k in range(len(nodes) - 1, -1, -1):
        kind, *rest = nodes[k]
        slopes = () if kind == "input" else local[kind](values[k], *[values[i] for i in rest])
        for i, slope in zip(rest, slopes):
            arrived[i] += arrived[k] * slope
    return arrived


def backward_graph__ask_the_consumers(nodes, seed):
    from functools import cache

    values = forward(nodes)  # noqa: F821

    def share(c, place):
        kind, *rest = nodes[c]
        if kind == "multiply":
            return values[rest[1 - place]]
        return {"add": 1.0, "exp": values[c], "tanh": 1 - values[c] ** 2, "square": 2 * values[rest[0]]}[kind]

    @cache
    def derivative(k):
        total = seed if k == len(nodes) - 1 else 0.0
        for c in range(k + 1, len(nodes)):
            if nodes[c][0] != "input":
                for place, i in enumerate(nodes[c][1:]):
                    if i == k:
                        total += derivative(c) * share(c, place)
        return total

    return tuple(derivative(k) for k in range(len(nodes)))


def backward_graph__every_path(nodes, seed):
    values = forward(nodes)  # noqa: F821
    derivatives = [0] * len(nodes)

    def walk(k, arrives):
        derivatives[k] += arrives
        match nodes[k]:
            case ("add", i, j):
                walk(i, arrives)
                walk(j, arrives)
            case ("multiply", i, j):
                walk(i, arrives * values[j])
                walk(j, arrives * values[i])
            case ("exp", i):
                walk(i, arrives * values[k])
            case ("tanh", i):
                walk(i, arrives * (1 - values[k] ** 2))
            case ("square", i):
                walk(i, arrives * 2 * values[i])

    walk(len(nodes) - 1, seed)
    return derivatives


def backward_graph__forward_mode(nodes, seed):
    values, found = forward(nodes), []  # noqa: F821
    for start in range(len(nodes)):
        moves = []
        for k, (kind, *rest) in enumerate(nodes):
            if kind == "input":
                move = 0.0
            elif kind == "multiply":
                move = moves[rest[0]] * values[rest[1]] + values[rest[0]] * moves[rest[1]]
            elif kind == "add":
                move = moves[rest[0]] + moves[rest[1]]
            elif kind == "square":
                move = 2 * values[rest[0]] * moves[rest[0]]
            else:
                move = moves[rest[0]] * (values[k] if kind == "exp" else 1 / np.cosh(values[rest[0]]) ** 2)
            moves.append(move + (k == start))
        found.append(seed * moves[-1])
    return found


def backward_graph__complex_step(nodes, seed):
    def end(moved):
        values = []
        for k, (kind, *rest) in enumerate(nodes):
            parts = rest if kind == "input" else [values[i] for i in rest]
            value = {
                "input": lambda p: p,
                "add": lambda p, q: p + q,
                "multiply": lambda p, q: p * q,
                "exp": np.exp,
                "tanh": np.tanh,
                "square": lambda p: p**2,
            }[kind](*parts)
            values.append(value + (1e-20j if k == moved else 0))
        return values[-1]

    return [float(np.imag(end(k))) / 1e-20 * seed for k in range(len(nodes))]


def backward_graph__matrix(nodes, seed):
    values = np.array(forward(nodes))  # noqa: F821
    J = np.zeros((len(nodes), len(nodes)))
    for k, (kind, *rest) in enumerate(nodes):
        if kind == "add":
            for i in rest:
                J[k, i] += 1
        elif kind == "multiply":
            J[k, rest[0]] += values[rest[1]]
            J[k, rest[1]] += values[rest[0]]
        elif kind != "input":
            J[k, rest[0]] += {"exp": values[k], "tanh": 1 - values[k] ** 2, "square": 2 * values[rest[0]]}[kind]
    last = np.zeros(len(nodes))
    last[-1] = seed
    return np.linalg.solve(np.eye(len(nodes)) - J.T, last)


def backward_graph__own_forward(nodes, seed):
    import math

    values, derivatives = {}, dict.fromkeys(range(len(nodes)), 0.0)
    for k, node in enumerate(nodes):
        values[k] = (
            node[1]
            if node[0] == "input"
            else values[node[1]] + values[node[2]]
            if node[0] == "add"
            else values[node[1]] * values[node[2]]
            if node[0] == "multiply"
            else math.exp(values[node[1]])
            if node[0] == "exp"
            else math.tanh(values[node[1]])
            if node[0] == "tanh"
            else values[node[1]] ** 2
        )
    derivatives[len(nodes) - 1] = np.float64(seed)
    for k, node in reversed(list(enumerate(nodes))):
        if node[0] in ("add", "multiply"):
            for i, other in ((node[1], node[2]), (node[2], node[1])):
                derivatives[i] = derivatives[i] + derivatives[k] * (1 if node[0] == "add" else values[other])
        elif node[0] != "input":
            i = node[1]
            slope = {"exp": values[k], "tanh": 1 - values[k] ** 2, "square": values[i] + values[i]}[node[0]]
            derivatives[i] = derivatives[i] + derivatives[k] * slope
    return list(derivatives.values())


def forward__ufunc_table(nodes):
    functions = {"add": np.add, "multiply": np.multiply, "exp": np.exp, "tanh": np.tanh, "square": np.square}
    values = np.zeros(len(nodes))
    for k, (kind, *rest) in enumerate(nodes):
        values[k] = rest[0] if kind == "input" else functions[kind](*[values[i] for i in rest])
    return values


def backward_graph__linear_system(nodes, seed):
    values, local = forward(nodes), np.zeros((len(nodes), len(nodes)), order="F")
    for k, (kind, *rest) in enumerate(nodes):
        if kind == "add":
            for i in rest:
                local[k, i] += 1
        elif kind == "multiply":
            local[k, rest[0]] += values[rest[1]]
            local[k, rest[1]] += values[rest[0]]
        elif kind != "input":
            i = rest[0]
            local[k, i] += {"exp": values[k], "tanh": 1 - values[k] ** 2, "square": 2 * values[i]}[kind]
    arriving = np.zeros(len(nodes))
    arriving[-1] = seed
    return np.linalg.solve(np.eye(len(nodes)) - local.T, arriving)


def backward__names_in_an_array(a, b, c):
    u, w = a * b, np.tanh(a * b + c)
    v, s = u * (1 - w * w), a + w
    names = np.array(["dLds", "dLdw", "dLdv", "dLdc", "dLdu", "dLdb", "dLda"])  # their type is NumPy's own
    return dict(zip(names, [u, u, v, v, s + v, a * (s + v), u + b * (s + v)]))


def backward__one_dict_for_all_calls(a, b, c, found={}):
    u, w = a * b, np.tanh(a * b + c)
    found["dLds"] = found["dLdw"] = u
    found["dLdv"] = found["dLdc"] = u * (1 - w * w)
    found["dLdu"] = a + w + found["dLdv"]
    found["dLdb"], found["dLda"] = a * found["dLdu"], u + b * found["dLdu"]
    return found


def backward_power__with_c(a, b, arrived):
    c = a**b
    return arrived * b * c / a, arrived * c * np.log(a)


def backward_power__as_a_graph(a, b, arrived):
    q = np.log(a)
    to_exponent = arrived * np.exp(b * q)
    return to_exponent * b / a, to_exponent * q


def backward_power__numpy_functions(a, b, arrived):
    to_a = np.multiply(arrived, b * np.power(a, b - 1))
    return to_a, np.multiply(arrived, np.power(a, b) * np.log(a))


def backward_power__math(a, b, arrived):
    import math

    return arrived * b * math.pow(a, b - 1), arrived * math.log(a) * math.pow(a, b)


def backward_power__array(a, b, arrived):
    local = np.array([b / a, np.log(a)]) * a**b
    to_a, to_b = arrived * local
    return to_a, to_b

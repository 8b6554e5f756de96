"""How the answers of chapter 1 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws

BINARY = ("add", "multiply")


def _signed(rng, low, high):
    """A number of either sign, away from 0."""
    return float(rng.choice([-1.0, 1.0]) * rng.uniform(low, high))


def _single(rng, kind):
    """One node of a kind, and what it is made from."""
    inputs = [("input", _signed(rng, 0.3, 1.7)) for _ in range(1 + (kind in BINARY))]
    if kind == "exp":  # far enough out to tell e from 2.71828
        inputs = [("input", float(rng.uniform(3.0, 4.0)))]
    return [*inputs, (kind, *range(len(inputs)))]


class _Graph:
    """A graph that grows node by node, with values that stay moderate.

    A node's level says how far out its values may lie: 0 up to about 1, 1 up to about 3, 2 beyond. exp takes level 0 only,
    tanh and square take 0 and 1, so that nothing overflows and no tanh is flat.
    """

    def __init__(self, rng, inputs):
        self.rng, self.nodes, self.level, self.loose = rng, [], [], []
        for _ in range(inputs):
            self.put(("input", _signed(rng, 0.3, 1.2)), 0)

    def put(self, node, level, loose=True):
        """Add a node; one that is not loose is never used."""
        for k in {i for i in node[1:] if node[0] != "input"} & set(self.loose):
            self.loose.remove(k)
        self.nodes.append(node)
        self.level.append(level)
        if loose:
            self.loose.append(len(self.nodes) - 1)
        else:
            self.level[-1] = 99
        return len(self.nodes) - 1

    def pick(self, highest, loose):
        """A node of a level up to the highest: one that nothing uses yet, or one that something does."""
        fitting = [k for k, level in enumerate(self.level) if level <= highest]
        wanted = [k for k in fitting if (k in self.loose) == loose and (loose or self.nodes[k][0] != "input")]
        return int(self.rng.choice(wanted or fitting))

    def grow(self, kind, shared=False, loose=True):
        """Add a node of a kind; with two inputs, the second is one that is used already if shared."""
        i = self.pick({"add": 2, "multiply": 1, "exp": 0, "tanh": 1, "square": 1}[kind], loose=True)
        if kind not in BINARY:
            return self.put((kind, i), {"tanh": 0, "exp": 1}.get(kind, self.level[i] + 1), loose)
        j = self.pick(2 if kind == "add" else 1, loose=not shared)
        pair = (i, j) if self.rng.random() < 0.5 else (j, i)
        return self.put((kind, *pair), min(2, max(self.level[i], self.level[j]) + 1), loose)

    def other(self, p):
        """Another node whose value lies within about 1."""
        return int(self.rng.choice([k for k, level in enumerate(self.level) if level == 0 and k != p]))

    def twice(self, kind):
        """Add a node that uses one node as both its inputs."""
        i = self.pick(1, loose=True)
        return self.put((kind, i, i), self.level[i] + 1)

    def reuse(self, p, q):
        """Use two nodes in every kind, and once more: each kind then finds a share at its inputs on the way back."""
        for kind in self.rng.permutation(["add", "multiply", "exp", "tanh", "square"]):
            places = self.rng.permutation([p, q])[: 1 + (kind in BINARY)].tolist()
            self.put((str(kind), *places), {"tanh": 0}.get(kind, 1))
        self.put((str(self.rng.choice(BINARY)), p, q), 1)

    def finish(self):
        """Join what is loose, so that the last node depends on all but the nodes that are never used."""
        while len(self.loose) > 1:
            i, j = self.loose[:2]
            kind = "multiply" if self.level[i] + self.level[j] <= 2 else "add"
            self.put((kind, i, j), min(2, max(self.level[i], self.level[j]) + 1))
        return self.nodes


def _chain(rng, steps, signs=(-1.0, 1.0)):
    """Local derivatives whose products stay moderate, however many there are."""
    return {"locals": (rng.choice(signs, steps) * rng.uniform(0.5, 1.7, steps)).tolist()}


def short_chain(rng):
    """for a chain of a few steps"""
    return _chain(rng, int(rng.integers(3, 6)))


def long_chain(rng):
    """for a longer chain"""
    return _chain(rng, int(rng.integers(6, 9)))


def _flat(rng, steps, *places):
    """A chain in which some steps do not move at all."""
    locals = _chain(rng, steps)["locals"]
    return {"locals": [0.0 if k in places else local for k, local in enumerate(locals)]}


CHAIN_EDGES = (
    draws.draw("for a chain of one step", _chain, 1),
    draws.draw("for a chain of one node and no step", _chain, 0),
    draws.draw("for a chain of positive slopes", _chain, 4, (1.0,)),
    draws.draw("for a chain with a step whose slope is 0", _flat, 5, 2),
    draws.draw("for a chain whose last step has the slope 0", _flat, 4, 3),
)


def chain_of_floats(function, locals):
    """What `backward_chain` returns; where all of it are whole numbers, as a 1 may be one, as floats."""
    found = function(locals)
    whole = isinstance(found, (list, tuple)) and all(isinstance(one, int) for one in found)
    return [float(one) for one in found] if whole else found


def one_add(rng):
    """for a single add node"""
    return {"nodes": _single(rng, "add")}


def one_multiply(rng):
    """for a single multiply node"""
    return {"nodes": _single(rng, "multiply")}


def one_exp(rng):
    """for a single exp node"""
    return {"nodes": _single(rng, "exp")}


def one_tanh(rng):
    """for a single tanh node"""
    return {"nodes": _single(rng, "tanh")}


def one_square(rng):
    """for a single square node"""
    return {"nodes": _single(rng, "square")}


def chain(rng):
    """for a chain, in which each node is used once"""
    nodes = [
        ("input", _signed(rng, 0.3, 1.2)),
        ("input", _signed(rng, 0.3, 1.2)),
        ("multiply", 0, 1),
        ("exp", 2),
        ("tanh", 3),
        ("input", _signed(rng, 0.3, 1.2)),
        ("add", 4, 5),
        ("square", 6),
    ]
    return {"nodes": nodes}


def shared(rng):
    """for a graph in which nodes are used several times"""
    graph = _Graph(rng, inputs=3)
    p = graph.grow("tanh")
    graph.reuse(p, graph.other(p))
    for kind in BINARY:
        graph.twice(kind)
    return {"nodes": graph.finish()}


def whole(rng):
    """for a larger graph, with nodes that the last one does not depend on"""
    graph = _Graph(rng, inputs=4)
    graph.put(("input", _signed(rng, 0.3, 1.2)), 0, loose=False)
    for kind in BINARY:
        graph.grow(kind)
        graph.twice(kind)
    graph.put(("exp", graph.pick(0, loose=False)), 1, loose=False)
    p = graph.grow("tanh")
    graph.reuse(p, graph.other(p))
    for kind in rng.permutation(["tanh", "exp", "square"]):
        graph.grow(str(kind))
    for kind in rng.permutation(["multiply", "add"]):
        graph.grow(str(kind), shared=True)
    return {"nodes": graph.finish()}


def _with_seed(draw):
    """The same graphs, and what arrives at their last node."""

    def drawn(rng):
        return {**draw(rng), "seed": _signed(rng, 1.3, 2.5)}

    drawn.__doc__ = draw.__doc__
    return drawn


def _numbers(answer):
    """A list or tuple of numbers as an array, so that a function may return any of the three; all else as it is."""
    if not isinstance(answer, (list, tuple)):
        return answer
    for k, part in enumerate(answer):
        if isinstance(part, (list, tuple)) or np.ndim(part) or np.asarray(part).dtype.kind not in "iuf":
            raise TypeError(f"place {k} of what you return should hold one number, and it holds a {type(part).__name__}")
    return np.array(answer)


def forward_by_kind(function, nodes):
    """What `forward` returns, under the name of what it was tried on; the other names hold nothing."""
    kinds = {node[0] for node in nodes} - {"input"}
    name = f"{kinds.pop()} node" if len(kinds) == 1 else "graph"
    return {**dict.fromkeys(FORWARD), name: _numbers(function(nodes))}


def backward_by_kind(function, nodes, seed):
    """What `backward_graph` returns, under the name of what it was tried on; the other names hold nothing."""
    kinds = {node[0] for node in nodes} - {"input"}
    name = (
        f"{kinds.pop()} node"
        if len(kinds) == 1
        else "chain"
        if len(nodes) < 10
        else "branching graph"
        if len(nodes) < 24
        else "larger graph"
    )
    return {**dict.fromkeys(BACKWARD), name: _numbers(function(nodes, seed))}


def small(rng):
    """for small numbers, where tanh is steep"""
    return {"a": _signed(rng, 0.4, 0.9), "b": _signed(rng, 0.4, 0.9), "c": _signed(rng, 0.05, 0.15)}


def larger(rng):
    """for larger numbers, where tanh is flatter"""
    a, b = _signed(rng, 1.2, 2.0), _signed(rng, 1.2, 2.0)
    return {"a": a, "b": b, "c": float(-a * b + np.sign(a * b) * rng.uniform(1.1, 1.6))}


def _negative(rng, kind):
    """One node of a kind, made from negative numbers."""
    inputs = [("input", -float(rng.uniform(0.3, 1.7))) for _ in range(1 + (kind in BINARY))]
    return {"nodes": [*inputs, (kind, *range(len(inputs)))]}


def _of_zero(rng):
    """Every kind, made from 0 and another number."""
    nodes = [("input", 0.0), ("input", _signed(rng, 0.3, 1.2)), ("multiply", 0, 1), ("exp", 2), ("tanh", 0), ("square", 0)]
    return {"nodes": [*nodes, ("add", 3, 4), ("add", 6, 5)]}


def only_an_input(rng):
    """for a graph of one input and nothing else"""
    return {"nodes": [("input", _signed(rng, 0.3, 1.2))]}


GRAPH_EDGES = (
    *(
        draws.draw(f"for {'an' if kind in ('add', 'exp') else 'a'} {kind} node of negative numbers", _negative, kind)
        for kind in (*BINARY, "exp", "tanh", "square")
    ),
    draws.draw("for an input of 0", _of_zero),
    only_an_input,
)


def _abc(rng, a, b, c):
    """Numbers of given signs."""
    return {name: sign * float(rng.uniform(0.3, 0.9)) for name, sign in (("a", a), ("b", b), ("c", c))}


NUMBER_EDGES = tuple(
    draws.draw(title, _abc, *signs)
    for title, signs in (
        ("for three negative numbers", (-1, -1, -1)),
        ("for a negative a", (-1, 1, 1)),
        ("for a negative b", (1, -1, 1)),
        ("for a negative c", (1, 1, -1)),
        ("for c = 0", (1, 1, 0)),
        ("for b = 0", (1, 0, -1)),
    )
)

FORWARD = {"multiply node": 0.25, "exp node": 0.25, "tanh node": 0.25, "square node": 0.25, "graph": 1}
BACKWARD = {
    "add node": 0.5,
    "multiply node": 0.5,
    "exp node": 0.5,
    "tanh node": 0.5,
    "square node": 0.5,
    "chain": 0.5,
    "branching graph": 1.5,
    "larger graph": 1.5,
}


def large_base(rng):
    """for an a above 1"""
    return {"a": float(rng.uniform(1.4, 2.4)), "b": _signed(rng, 1.3, 2.8), "arrived": _signed(rng, 1.3, 2.5)}


def small_base(rng):
    """for an a between 0 and 1"""
    return {"a": float(rng.uniform(0.3, 0.7)), "b": _signed(rng, 0.3, 1.8), "arrived": _signed(rng, 1.3, 2.5)}


def _power(rng, a, b, arrived):
    """Given numbers, each moved a little unless it is whole."""
    return {
        name: value if value == int(value) else value + float(rng.uniform(0.0, 0.1))
        for name, value in (("a", a), ("b", b), ("arrived", arrived))
    }


POWER_EDGES = tuple(
    draws.draw(title, _power, *numbers)
    for title, numbers in (
        ("for negative b and negative arrived", (1.75, -1.25, -1.5)),
        ("for a = b", (2.0, 2.0, 1.5)),
        ("for b = 0", (1.75, 0.0, 1.5)),
        ("for b = 1", (1.75, 1.0, 1.5)),
        ("for a = 1", (1.0, 1.75, 1.5)),
        ("for arrived = 0", (1.75, 1.25, 0.0)),
    )
)

EXERCISES = [
    Exercise(
        "predict_slopes",
        draws=(draws.nothing,),
        points={"together": 0.5, "second_example": 0.5, "both_examples": 0.5},
        near={"together": 0.01, "second_example": 0.01, "both_examples": 0.01},
        read="01-chain-rule#The derivation",
    ),
    Exercise(
        "backward_chain",
        draws=(short_chain, long_chain),
        edges=CHAIN_EDGES,
        call=chain_of_floats,
        points={"backward_chain(locals)": 2},
        read="01-chain-rule#A chain",
    ),
    Exercise(
        "forward",
        draws=(one_multiply, one_exp, one_tanh, one_square, shared, whole),
        edges=GRAPH_EDGES[1:],
        call=forward_by_kind,
        points=FORWARD,
        read="01-chain-rule#The picture",
    ),
    Exercise(
        "backward",
        draws=(small, larger),
        edges=NUMBER_EDGES,
        points={"dLds": 0.25, "dLdw": 0.25, "dLdv": 0.5, "dLdc": 0.5, "dLdu": 1, "dLdb": 0.5, "dLda": 1},
        where={
            "dLdv": "the tanh",
            "dLdc": "the addition v = u + c",
            "dLdu": "u, which is used twice",
            "dLdb": "the product u = a b",
            "dLda": "a, which is used twice",
        },
        read="01-chain-rule#Several paths",
    ),
    Exercise(
        "backward_graph",
        draws=tuple(map(_with_seed, (one_add, one_multiply, one_exp, one_tanh, one_square, chain, shared, whole))),
        edges=tuple(map(_with_seed, GRAPH_EDGES)),
        call=backward_by_kind,
        points=BACKWARD,
        uses=("forward",),
        read="01-chain-rule#The order",
    ),
    Exercise(
        "backward_power",
        draws=(large_base, small_base),
        edges=POWER_EDGES,
        points={"to_a": 1, "to_b": 1},
        returns=("to_a", "to_b"),
        read="01-chain-rule#Local derivatives",
    ),
]

check = Check(__file__, EXERCISES)

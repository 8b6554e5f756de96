"""Which of some functions another one can call, as far as code shows: blame for a wrong answer goes no further."""

import ast
from functools import lru_cache

from backprop.checking.cells import parse

ANYTHING = {
    "globals",
    "locals",
    "vars",
    "eval",
    "exec",
    "getattr",
    "__import__",
    "importlib",
    "sys",
}  # a name can be made with these


def reached(name, sources, of):
    """Those of some names that code reaches from another name, itself or through others.

    Parameters
    ----------
    name : str
    sources : sequence of str
        Cells or definitions.
    of : sequence of str

    Returns
    -------
    list of str
        In the order of `of`; all of them where code does not show what is called.

    >>> reached("back", ["def back(X): return forward(X)", "def forward(X): return X", "def relu(Z): return Z"], ["relu", "forward"])
    ['forward']
    >>> reached("back", ["def back(X): return globals()['forward'](X)"], ["relu", "forward"])
    ['relu', 'forward']
    """
    graph = _graph(tuple(sources))
    if graph is None:
        return list(of)
    seen, left = set(), {name}
    while left:
        seen |= left
        left = set().union(*(graph.get(one, ()) for one in left)) - seen
    return list(of) if name not in graph or seen & ANYTHING else [one for one in of if one in seen]


@lru_cache(maxsize=2)  # of one submission several functions are asked for
def _graph(sources):
    """What each name is made from, directly; None where some code is no Python."""
    graph: dict[str, set[str]] = {}
    for source in sources:
        try:
            tree, _ = parse(source)  # not by IPython, which takes a text's length squared for some
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        for statement in tree.body:
            nodes = list(ast.walk(statement))
            taken = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
            made = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
            made |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
            for one in made:
                graph.setdefault(one, set()).update(taken)
    return graph

"""Which cells the answers need, read from their code: where time is short, of the others only the definitions are made.

A cell is needed where it binds or changes, outside of its definitions, a name that an answer reads, directly or through what
it calls. In doubt it is: code that is no Python, that binds names nobody sees, or that writes files.
"""

import ast
import re
import symtable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from backprop.checking.cells import DEFINITIONS, parse

PARSED = 500_000  # characters of a submission that are parsed, where no sandbox limits what that takes
QUIET = {"autosave", "conda", "config", "load_ext", "matplotlib", "pip", "prun", "reload_ext", "time", "timeit", "autoreload"}
UNSEEN = {"exec", "eval", "setattr", "delattr", "globals", "locals", "vars", "__import__"}
WRITES = {"open", "save", "savez", "savetxt", "write", "write_text", "write_bytes", "dump", "to_csv", "chdir", "mkdir", "makedirs"}
SETS = {"seed", "set_state", "seterr", "seterrcall", "simplefilter", "filterwarnings", "setrecursionlimit", "set_printoptions"}


def needed(cells, names):
    """Numbers of the cells that have to run whole for some functions to answer.

    Parameters
    ----------
    cells : list of (int, str)
        Number and source.
    names : iterable of str
        The functions.
    """
    if sum(len(source) for _, source in cells) > PARSED:
        return {number for number, _ in cells}
    known = {number: _facts(source) for number, source in cells}
    found = {number for number, fact in known.items() if fact is None}
    facts = {number: replace(fact) for number, fact in known.items() if fact}
    effects = {name: fact.effects for fact in facts.values() for name in fact.defines}
    for fact in facts.values():  # who calls a function changes what it changes
        fact.binds = fact.binds.union(*(effects[name] for name in fact.reads - fact.inner if name in effects))
    wanted, before = set(names), None
    while before != (len(wanted), len(found)):
        before = len(wanted), len(found)
        for number, fact in facts.items():
            if fact.binds & wanted:
                found.add(number)
            if number in found:
                wanted |= fact.reads
            if fact.defines & wanted:
                wanted |= fact.inner
    return found


def binds(source, name):
    """Whether a cell binds a name: True or False, or None where that cannot be told."""
    fact = _facts(source) if len(source) <= PARSED else None
    return None if fact is None else name in fact.defines | fact.binds


@dataclass
class _Facts:
    """Names in a cell: defined or imported, bound or changed otherwise, read anywhere, read within definitions, changed there."""

    defines: set = field(default_factory=set)
    binds: set = field(default_factory=set)
    reads: set = field(default_factory=set)
    inner: set = field(default_factory=set)
    effects: set = field(default_factory=set)


@lru_cache(maxsize=256)  # each function that is not there asks again
def _facts(source):
    """What a cell's names are for, or None where that is in doubt."""
    magics = re.findall(r"^[ \t]*+%%?(\w++)", source, re.M)
    if len(source) > PARSED or not QUIET.issuperset(magics):
        return None
    try:
        tree, source = parse(source)
        table = symtable.symtable(source, "<cell>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    fact, modules = _Facts(), {"np", "plt"}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules |= _imported(node)
        elif isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in WRITES | SETS or (isinstance(node.func, ast.Name) and called in UNSEEN):
                return None
    if "*" in modules:
        return None
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            fact.defines |= _imported(statement)
        elif isinstance(statement, DEFINITIONS):
            fact.defines.add(statement.name)
            fact.effects |= _changed(statement, modules)
        else:
            fact.binds |= _changed(statement, modules)
            fact.binds |= {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, (ast.Store, ast.Del))}
    _read(table, fact, top=True)
    return fact


def _imported(statement):
    """Names that an import binds."""
    return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}


def _changed(statement, modules):
    """Names whose objects code may change: by an assignment to a part, by a method, or as a global."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found.add(_root(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= {_root(node.func)} - modules
        elif isinstance(node, ast.Global):
            found |= set(node.names)
    return found


def _root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _read(table, fact, top=False):
    """Add the global names that a scope and those in it read."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            fact.reads.add(symbol.get_name())
            if not top:
                fact.inner.add(symbol.get_name())
    for child in table.get_children():
        _read(child, fact)

"""Run a notebook's cells without a notebook, as Jupyter does: in order, in one namespace, with IPython's own syntax."""

import __future__

import ast
import inspect
import linecache
import re
import sys
import textwrap
import types
import warnings
import zlib

from backprop.checking.shell import AUTOMAGIC, Nothing, Shell, display, no_input, show_help

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def python(source, filename="<unknown>"):
    """The syntax tree of a cell and the text that it was made from: the source itself, or what IPython's transformer makes of it,
    on the same lines as far as it can.

    Raises
    ------
    SyntaxError
        If it is neither.
    """
    source = re.sub(r"\r\n?", "\n", source)
    try:
        return ast.parse(source, filename), source
    except SyntaxError as error:
        try:  # only here: it takes as long as starting Python, and most cells can do without
            from IPython.core.inputtransformer2 import TransformerManager
        except ImportError:
            raise error from None
    blank = re.match(r"(?:[ \t]*\n)*", source)[0].count("\n")  # the transformer drops them
    text = "\n" * blank + TransformerManager().transform_cell(source)
    return ast.parse(text, filename), text


def plain(source):
    """A cell without IPython's own syntax, as Python where that is simple: the code of ``%time`` stays, other such lines go."""
    source = re.sub(r"^([ \t]*+)%(?:time|prun)[ \t]++", r"\1", source, flags=re.M)
    return re.sub(r"^([ \t]*+)[%!?].*$", r"\1pass", source, flags=re.M)


def parse(source):
    """A cell's syntax tree and the text that it was made from: plain, where it is not Python as it stands.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        If it is no Python even so: a null byte is the second, deep nesting the others.
    """
    with warnings.catch_warnings():  # of the student's spelling, as of escapes in strings
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source), source
        except SyntaxError:
            source = plain(source)
            return ast.parse(source), source


def code_of(source):
    """A number for the code of a cell, whatever its spelling, comments and docstrings are; None where it is too deep for Python's tools.

    Raises
    ------
    SyntaxError
    """
    return _code(ast.parse(textwrap.dedent(source)))


def definitions(tree, name):
    """The code of each definition of a function in a cell's syntax tree, as `code_of` gives it."""
    return [_code(ast.Module([node], [])) for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]


def _code(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    try:
        return zlib.crc32(ast.unparse(tree).encode())
    except RecursionError:
        return None


class Kernel:
    """One namespace in which cells run. It is ``__main__`` from then on.

    Parameters
    ----------
    **names
        What the namespace holds besides what Jupyter puts there.
    """

    def __init__(self, **names):
        module = types.ModuleType("__main__")
        self.namespace, self.shell = module.__dict__, Shell(self)
        self.get_ipython = lambda: self.shell
        self.namespace.update(get_ipython=self.get_ipython, display=display, input=no_input, help=show_help)
        self.namespace.update(exit=Nothing(), quit=Nothing(), In=[], Out={}, _="", **names)
        sys.modules["__main__"] = module
        self._flags, self._loop = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, None
        self.filename = self.source = ""
        self.definitions = False

    def run(self, source, number, definitions=False):
        """Run one cell. Where a statement raises, the definitions and imports below it are still made.

        Parameters
        ----------
        source : str
        number : int
        definitions : bool
            Whether to make nothing but definitions and imports, as of a cell that never came to its end.

        Returns
        -------
        dict or None
            The first error: ``type``, ``message`` and ``line``.
        """
        self.filename, self.source, self.definitions = f"<cell {number}>", source.rstrip("\n") + "\n", definitions
        try:
            magic = re.fullmatch(r"\s*(\w+)\b(?!\.|[ \t]*[=,(\[])[ \t]*([^\n]*)\n", self.source)
            if magic and not definitions and magic[1] in AUTOMAGIC and magic[1] not in self.namespace:
                self.shell.run_line_magic(magic[1], magic[2])
            else:
                self.execute(self.source)
        except BaseException as raised:
            return self._error(raised)
        return None

    def execute(self, source, filename=None, namespace=None):
        """Run source that may hold IPython's syntax. Returns the value of the last line, where that is an expression."""
        own, value, failed = filename is None, None, None
        filename = self.filename if own else filename
        tree, text = python(source, filename)
        if own:
            linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
        for statement in tree.body:
            if (self.definitions or failed) and not _defines(statement):
                continue
            try:
                value = self._statement(statement, filename, self.namespace if namespace is None else namespace)
            except BaseException as raised:
                failed = failed or raised
        if failed:
            raise failed
        if value is not None:
            self.namespace["_"] = value
        return value

    def body(self, source):
        """Run the body of a cell magic, which is the rest of its cell: its lines keep their numbers."""
        return self.execute("\n" * max(0, self.source.count("\n") - source.count("\n")) + source)

    def _statement(self, statement, filename, namespace):
        if isinstance(statement, ast.Expr):
            code = compile(ast.Expression(statement.value), filename, "eval", self._flags, dont_inherit=True)
        else:
            code = compile(ast.Module([statement], []), filename, "exec", self._flags, dont_inherit=True)
        self._flags |= code.co_flags & FUTURE
        value = eval(code, namespace)
        if code.co_flags & inspect.CO_COROUTINE:
            value = self._await(value)
        if "IPython" in sys.modules:  # whose own get_ipython knows of no shell
            theirs = getattr(sys.modules["IPython"], "get_ipython", None)
            if theirs is not self.get_ipython:
                sys.modules["IPython"].get_ipython = self.get_ipython
            if namespace.get("get_ipython") is theirs:
                namespace["get_ipython"] = self.get_ipython
        return value

    def _await(self, coroutine):
        if self._loop is None:
            self._loop = _event_loop()
        return self._loop.run_until_complete(coroutine)

    def _error(self, raised):
        step, line = raised.__traceback__, None
        while step is not None:
            if step.tb_frame.f_code.co_filename == self.filename:
                line = step.tb_lineno
            step = step.tb_next
        syntax = isinstance(raised, SyntaxError) and line is None
        try:
            message = str(raised.msg if syntax else raised)[:500]
        except Exception:  # a class of the student's own
            message = ""
        line = raised.lineno if syntax else line
        return {"type": type(raised).__name__[:100], "message": message, "line": line if type(line) is int and line > 0 else None}


def _defines(statement):
    """Whether this makes a function or a class, or imports; or is a cell magic, whose body may."""
    return (
        isinstance(statement, DEFINITIONS)
        or (isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(statement.value, ast.Lambda))
        or (isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("get_ipython().run_cell_magic("))
    )


def _event_loop():
    """An event loop for ``await``; where sockets are refused, one that no other thread can wake."""
    import asyncio
    import socket

    class Alone(asyncio.SelectorEventLoop):
        def _make_self_pipe(self):
            self._ssock = self._csock = None

        def _close_self_pipe(self):
            pass

    try:
        for end in socket.socketpair():
            end.close()
    except OSError:
        return Alone()
    return asyncio.new_event_loop()

"""Runs inside the sandbox: executes a submission's cells and calls its functions when the judge asks.

This file, `observe` and `wire` are all of the course that a submission's process ever sees. Whatever the
submission does to this process, it can only change its own answers: expected values, points and seeds
stay with the judge. Frames are a length of four bytes and then JSON.
"""

import functools
import io
import os
import struct
import sys
import types

MAX_OUTPUT = 10_000  # characters of a cell's output that are kept

HEADER = struct.Struct(">I")


class Tail(io.TextIOBase):
    """Standard output with a limit: what comes after it is counted and dropped."""

    def __init__(self):
        self.parts, self.size = [], 0

    def write(self, text):
        text = str(text)
        room = MAX_OUTPUT - self.size
        if room > 0:
            self.parts.append(text[:room])
        self.size += len(text)
        return len(text)

    def take(self):
        text, size = "".join(self.parts), self.size
        self.parts, self.size = [], 0
        return text + (f"\n[{size - MAX_OUTPUT} more characters dropped]" if size > MAX_OUTPUT else "")


def read_exactly(stream, size):
    data = b""
    while len(data) < size:
        piece = stream.read(size - len(data))
        if not piece:
            os._exit(0)
        data += piece
    return data


def main():
    inbox, outbox = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    sys.path.insert(0, "/course")
    import linecache  # noqa: F401  (before a submission can put another in its place)

    import numpy

    from backprop.checking import observe, wire
    from backprop.checking.cells import run_cell

    sys.stdout = sys.stderr = stdout = Tail()
    module = types.ModuleType("__main__")
    module.__dict__.update({"np": numpy, "get_ipython": lambda: None, "display": print})
    sys.modules["__main__"] = module
    public = types.ModuleType("checks")
    public.check = lambda function: None  # check cells are the judge's business
    sys.modules["checks"] = public
    functions = {}

    def send(identity, body):
        data = wire.dumps({"id": identity, "body": body}).encode()
        outbox.write(HEADER.pack(len(data)) + data)

    def public_functions():
        if not functions:
            import importlib.util

            spec = importlib.util.spec_from_file_location("public_checks", sys.argv[1])
            loaded = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded)
            functions.update({k: v for k, v in vars(loaded).items() if callable(v)})
        return functions

    send("ready", None)
    while True:
        request = wire.loads(read_exactly(inbox, HEADER.unpack(read_exactly(inbox, 4))[0]).decode())
        if request["do"] == "run":
            send(request["id"], run_cell(request["source"], module.__dict__, request["number"], stdout))
            continue
        function = module.__dict__.get(request["name"])
        if not callable(function):
            send(request["id"], "undefined")
            continue
        if request["through"]:
            function = functools.partial(public_functions()[request["through"]], function)
        text = request["arguments"]
        seen = observe.observe(function, wire.loads(text, public_functions() if '"function"' in text else {}))
        stdout.take()
        send(request["id"], seen)


if __name__ == "__main__":
    main()

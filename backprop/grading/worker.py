"""Runs inside the sandbox: executes a submission's cells and calls its functions when the judge asks.

This file, `cells`, `observe` and `wire` are all of the course that a submission's process ever sees. Whatever the
submission does to this process, it can only change its own answers: expected values, points and seeds
stay with the judge. Frames are a length of four bytes and then JSON.

| request | does |
| --- | --- |
| ``files`` | writes the files that were handed in beside the notebook into the working directory |
| ``run`` | runs a cell |
| ``call`` | calls a function of an exercise and records what it does |
"""

import functools
import io
import os
import struct
import sys
import types
from pathlib import Path

MAX_OUTPUT = 10_000  # characters of a cell's output that are kept

HEADER = struct.Struct(">I")


class Tail(io.TextIOBase):
    """Standard output with a limit: what comes after it is counted and dropped."""

    encoding = "utf-8"

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


def put(files):
    """Write files into the working directory, where that is one of the submission's own. Returns whether all of them could be."""
    if os.getcwd() == "/":
        return False
    try:
        for name, content in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.tobytes())
    except OSError:
        return False
    return True


def main():
    inbox, outbox = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    sys.path.insert(0, "/course")
    import linecache  # noqa: F401  (before a submission can put another in its place)

    import numpy

    from backprop.checking import observe, wire
    from backprop.checking.cells import Kernel

    sys.path.insert(0, "")  # as in Jupyter: the working directory
    sys.stdout = sys.stderr = stdout = Tail()
    kernel = Kernel(np=numpy)
    public = types.ModuleType("checks")
    public.check = lambda function: None  # check cells are the judge's business
    public.__getattr__ = lambda name: getattr(public_checks(), name)
    sys.modules["checks"] = public
    loaded = []

    def send(identity, body):
        data = wire.dumps({"id": identity, "body": body}).encode()
        outbox.write(HEADER.pack(len(data)) + data)

    def public_checks():
        if not loaded:
            import importlib.util

            spec = importlib.util.spec_from_file_location("public_checks", sys.argv[1])
            loaded.append(importlib.util.module_from_spec(spec))
            spec.loader.exec_module(loaded[0])
        return loaded[0]

    def public_functions():
        return {k: v for k, v in vars(public_checks()).items() if callable(v)}

    send("ready", None)
    while True:
        request = wire.loads(read_exactly(inbox, HEADER.unpack(read_exactly(inbox, 4))[0]).decode())
        if request["do"] == "files":
            send(request["id"], put(request["files"]))
            continue
        if request["do"] == "run":
            error = kernel.run(request["source"], request["number"], request["definitions"])
            send(request["id"], {"stdout": stdout.take(), "error": error})
            continue
        function = kernel.namespace.get(request["name"])
        if not callable(function):
            send(request["id"], "undefined")
            continue
        if request["through"]:
            function = functools.partial(public_functions()[request["through"]], function)
        text = request["arguments"]
        seen = observe.observe(function, wire.loads(text, public_functions() if '"function"' in text else {}))
        stdout.take()
        seen["value"] = wire.decode(wire.encode(seen["value"]))  # what is too large or too deep goes as what it is
        send(request["id"], seen)


if __name__ == "__main__":
    main()

"""Runs inside the sandbox: executes a submission's cells and calls its functions when the judge asks.

This file, `cells`, `observe`, `standin` and `wire` are all of the course that a submission's process ever sees. Whatever the
submission does to this process, it can only change its own answers: expected values, points and seeds
stay with the judge, and functions that its own are put to stay where they are. Frames are a length of four bytes and then JSON.

| request | does |
| --- | --- |
| ``files`` | writes the files that were handed in beside the notebook into the working directory |
| ``run`` | runs a cell |
| ``call`` | calls a function of an exercise with each of the arguments that follow, a frame each, and records what it does |
| ``hold``, ``ask`` | in a process that runs no submission: has functions, and calls them as their stand-ins are called elsewhere |
"""

import faulthandler
import functools
import gc
import io
import json
import os
import resource
import signal
import struct
import sys
import time
import types
from pathlib import Path

MAX_OUTPUT = 10_000  # characters of a cell's output that are kept

HEADER = struct.Struct(">I")
RECURSION, DIGITS, SWITCH = sys.getrecursionlimit(), sys.get_int_max_str_digits(), sys.getswitchinterval()
MOMENT = 0.005  # seconds for which an answer may wait for the next one, which a call that takes long does not make longer
BEAT = 0.0004  # seconds that an answer to a stand-in takes at least: how long a function itself took says which one it is
AGAIN = "null"  # in the place of arguments: the same objects as before, as the call before has left them


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


class Frames:
    """The two pipes. What is to be read is read ahead, and what is written is sent in one go where it is done within moments."""

    def __init__(self, inbox, outbox):
        self.inbox, self.outbox, self.clock = inbox, outbox, time.monotonic
        self.ahead, self.waiting, self.sent = bytearray(), bytearray(), 0.0

    def read(self):
        while len(self.ahead) < HEADER.size or len(self.ahead) < (end := HEADER.size + HEADER.unpack_from(self.ahead)[0]):
            self.send()
            piece = os.read(self.inbox, 1 << 16)
            if not piece:
                os._exit(0)
            self.ahead += piece
        text = self.ahead[HEADER.size : end].decode()
        del self.ahead[:end]
        return text

    def write(self, body):
        data = json.dumps(body).encode()
        self.waiting += HEADER.pack(len(data)) + data
        if self.clock() - self.sent > MOMENT:
            self.send()

    def send(self):
        while self.waiting:
            del self.waiting[: os.write(self.outbox, self.waiting)]
        self.sent = self.clock()


def settle(limits):
    """Put back timers, hooks and limits that a cell or a call has left: what they cost, they cost where they were set.

    What means in a notebook what it means here stays, such as another directory or NumPy's way with an overflow. A limit that
    cannot be put back ends the process, while it is still known whose it is.
    """
    for which in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(which, 0)
    faulthandler.cancel_dump_traceback_later()
    sys.settrace(None)
    sys.setprofile(None)
    for number in range(6) if hasattr(sys, "monitoring") else ():
        sys.monitoring.free_tool_id(number)
    sys.setrecursionlimit(max(RECURSION, sys.getrecursionlimit()))
    sys.set_int_max_str_digits(DIGITS)
    sys.setswitchinterval(SWITCH)
    gc.callbacks.clear()
    gc.set_debug(0)
    gc.enable()
    for number, (soft, hard) in limits.items():
        if (found := resource.getrlimit(number)) != (soft, hard):
            if found[1] != hard:
                os._exit(0)
            resource.setrlimit(number, (soft, hard))


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
    frames = Frames(os.dup(0), os.dup(1))
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    sys.path.insert(0, "/course")
    import linecache  # noqa: F401  (before a submission can put another in its place)

    import numpy

    from backprop.checking import observe, standin, wire
    from backprop.checking.cells import Kernel

    sys.path.insert(0, "")  # as in Jupyter: the working directory
    sys.stdout = sys.stderr = stdout = Tail()
    kernel = Kernel(np=numpy)
    public = types.ModuleType("checks")
    public.check = lambda function: None  # check cells are the judge's business
    sys.modules["checks"] = public
    loaded, held = [], {}
    limits = {number: resource.getrlimit(number) for name, number in vars(resource).items() if name.startswith("RLIMIT_")}

    def send(identity, **body):
        frames.write({"id": identity, **body})

    def public_checks():
        if not loaded:
            import importlib.util

            spec = importlib.util.spec_from_file_location("public_checks", sys.argv[1])
            loaded.append(importlib.util.module_from_spec(spec))
            spec.loader.exec_module(loaded[0])
        return loaded[0]

    def public_name(name):
        if name == "__path__":  # which `import` asks for: it is no package, and to load all of it takes as long as most cells
            raise AttributeError(name)
        return getattr(public_checks(), name)

    public.__getattr__ = public_name

    def run(request):
        error = kernel.run(request["source"], request["number"], request["definitions"])
        settle(limits)
        return {"stdout": stdout.take(), "error": error}

    def hold(request):
        functions = wire.loads(request["functions"], {**vars(public_checks()), **kernel.namespace})
        held.update(observe.handed(functions))

    def answer(request):
        begun = time.perf_counter()
        text = standin.answer(held[request["name"]], request["question"])
        time.sleep(max(0.0, BEAT + begun - time.perf_counter()))
        return text

    def call(request):
        given = arguments = None

        def ask(name, question):
            send(identity, asked=[name, question])
            return frames.read()

        for turn in range(request["turns"]):
            text, identity = frames.read(), f"{request['id']}.{turn}"
            function = kernel.namespace.get(request["name"])
            if not callable(function):
                send(identity, body=None)
                continue
            if request["through"]:
                function = functools.partial(getattr(public_checks(), request["through"]), function)
            if text != AGAIN:
                arguments = wire.loads(text, standin.StandIns(ask))
                given = observe.handed(arguments)
            seen = observe.observe(function, arguments, given)
            settle(limits)
            stdout.take()
            send(identity, body={**seen, "value": wire.encode(seen["value"])})

    send("ready", body=None)
    while True:
        request = json.loads(frames.read())
        if request["do"] == "call":
            call(request)
        elif request["do"] == "run":
            send(request["id"], body=run(request))
        elif request["do"] == "files":
            send(request["id"], body=put(wire.loads(request["files"])))
        elif request["do"] == "hold":
            send(request["id"], body=hold(request))
        else:
            send(request["id"], body=answer(request))


if __name__ == "__main__":
    main()

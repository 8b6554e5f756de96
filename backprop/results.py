"""Examined submissions, kept by content: what did not change is not run again, and a killed run resumes."""

import hashlib
import json
import os
import threading
from pathlib import Path

from backprop import examine, key
from backprop.course import Chapter
from backprop.sandbox import Limits, available


class Results:
    """The examined submissions of one assignment.

    Parameters
    ----------
    root : path
        The course's root.
    name : str
        The assignment.
    sandboxed : bool
        False only where the instructor has accepted the risk.
    """

    def __init__(self, root, name, sandboxed=True, limits=Limits()):
        self.chapter, self.key, self.limits, self.sandboxed = Chapter(root, name), key.load(), limits, sandboxed
        self.folder = Path(root) / ".backprop" / "results" / name
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.basis = hashlib.sha256(examine.fingerprint(self.chapter).encode() + self.key).hexdigest()
        self._examiner, self._once = None, threading.Lock()

    def of(self, student, cells):
        """The record of one submission, from the store or from a fresh examination, which it then keeps."""
        path = self.path(student, cells)
        return self.stored(path) or self._examine(student, cells)

    def path(self, student, cells):
        """Where the record of this submission is kept: a name made of everything its score depends on."""
        content = json.dumps([self.basis, student, cells]).encode()
        return self.folder / f"{hashlib.sha256(content).hexdigest()}.json"

    def _examine(self, student, cells):
        """Examine a submission afresh and keep the record."""
        with self._once:  # several threads may ask first
            if self._examiner is None:
                if self.sandboxed:
                    available()
                self._examiner = examine.Examiner(self.chapter, self.key, self.limits, self.sandboxed)
        return self.keep(student, cells, self._examiner.examine(student, cells))

    def keep(self, student, cells, record):
        """Store a record. Returns it as it will be read again."""
        path = self.path(student, cells)
        text = json.dumps(record)
        fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, path)
        return _numbered(json.loads(text))

    def stored(self, path):
        """The record kept at a path, or None."""
        try:
            return _numbered(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _numbered(record):
    """Cell numbers as integers again: JSON knows only strings as keys."""
    return {**record, "cells": {int(number): output for number, output in record["cells"].items()}}

"""The functions that a student's function is put to: they live in a sandbox of their own, which never runs a submission.

What is asked of them comes from a submission and may be of any size: what dies of it is that sandbox, and not the judge.
"""

from dataclasses import replace

from backprop.checking import standin
from backprop.grading.sandbox import Died, Worker

SIZE, PARTS = 64 << 20, 2_000_000  # bytes and parts of an answer


class Subjects:
    """Functions of the public ``checks.py`` and of the reference solutions, as one case's arguments name them."""

    def __init__(self, examiner):
        self.examiner, self.worker = examiner, None

    def hold(self, arguments):
        """Have those of a case."""
        if not self.worker:
            limits = replace(self.examiner.limits, frame=SIZE, parts=PARTS)
            self.worker = Worker(limits, self.examiner.checks, self.examiner.sandboxed)
            self.worker.run(0, "\n".join(self.examiner.chapter.sources.values()))
        self.worker.hold({name: value for name, value in arguments.items() if callable(value)})

    def answer(self, name, question):
        """The answer to what a stand-in asks; None where it took too long."""
        try:
            if self.worker:
                return self.worker.ask(name, question, self.examiner.limits.call)
        except Died as error:
            self.worker = None  # until the next case
            if "long" in str(error):
                return None
        return standin.refusal(MemoryError(f"{name} cannot answer that: what it is handed, or what comes of it, is too large"))

    def close(self):
        if self.worker:
            self.worker.close()

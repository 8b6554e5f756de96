"""Which of the known mistakes are worth working out in every case: told by what each does in one."""

from dataclasses import dataclass

from backprop.checking.answers import Seen


@dataclass(frozen=True)
class Telling:
    """The answer of one case, the first that is not right, against which a mistake is held before its other cases are worth computing.

    Parameters
    ----------
    number : int
        Of the case.
    seen : backprop.checking.answers.Seen
    found : dict of str to Finding
        What is wrong with it, by output.
    """

    number: int
    seen: Seen
    found: dict

    def fits(self, theirs):
        """Whether a mistake that leaves this trace of other inputs may explain it: which outputs it spoils and what kind of error
        it raises have to fit, and no numbers."""
        if not self.found or theirs.noise or any(output.noise for output in theirs.outputs.values()):
            return True
        if theirs.error or self.seen.error:
            return bool(theirs.error and self.seen.error) and theirs.error[0] == self.seen.error[0]
        return bool(theirs.structure or self.seen.answer.structure) or any(name in theirs.outputs for name in self.found)

    def may_be(self, result):
        """Whether a mistake that gives this result of the case may explain it, or one of its wrong outputs: told by one number
        of each, as to make a trace takes longer. Not for a mistake that gives nothing but rounding somewhere."""
        if not self.found or result.error or self.seen.error or result.structure or self.seen.answer.structure:
            return True
        return any(self.seen.may_give(name, result.outputs.get(name)) for name in self.found)

    def is_like(self, theirs):
        """Whether a mistake that leaves this trace of the case may explain it, or one of its wrong outputs."""
        if not self.found or theirs.noise or theirs.error or self.seen.error or theirs.structure or self.seen.answer.structure:
            return self.seen.is_trace(theirs, varies=False)
        return any(name in theirs.outputs and self.seen.gives(name, theirs.outputs[name]) for name in self.found)

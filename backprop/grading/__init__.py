"""The instructor's door: release, grade, report.

| what you can do | with |
| --- | --- |
| generate ``exercises/`` from ``solutions/`` | `release.release`, `release.check` |
| grade a class | `run.Grading` (read → mend → examine → record; what need not be done again: `kept`) |
| do one thing with a submission in a process that may die of it | `pool.guarded` (the things: `steps`) |
| say what being late costs | `deadlines.load` (when something was handed in: `timestamp`) |
| grade anew beside what stands, and let nobody fall | `regrade.Regrading` (its log: `changes`; that checks are the released ones: `released`) |
| have nbgrader's own commands do the same | `nbgrader` (named in ``nbgrader_config.py``) |
| examine one submission | `examine.Examiner` (its run: `session`; which cells its answers need: `needs`) |
| run code that may be hostile | `sandbox.Worker`; its process comes from `bubblewrap`; inside run `template` and `worker`, under `filter` |
| show a student's words where they do nothing | `markup` (in `feedback.page`, in formgrader and in the report) |
| write the class report | `report.write` (its template, and that of `feedback`: `pages`) |
| simulate a class, hostile submissions among it | `classroom.simulate`, `hostile.write` |
| find or change the secret behind the random numbers | `key` |
"""

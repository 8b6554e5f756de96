"""The instructor's door: release, collect, grade, report, hand back.

| what you can do | with |
| --- | --- |
| generate ``exercises/`` from ``solutions/`` | `release.release`, `release.check` |
| know who the students are | `roster.take`, `people.names` |
| collect a platform's download (its zip: `download`; whose a file is: `platforms`; which notebook: `hunt`) | `collect.collect` |
| grade a class | `run.Grading` (read → mend → examine → record; what need not be done again: `kept`) |
| do one thing with a submission in a process that may die of it | `pool.guarded` (the things: `steps`) |
| say what being late costs | `deadlines.load` (when something was handed in: `timestamp`) |
| grade anew beside what stands, and let nobody fall | `regrade.Regrading` (its log: `changes`; that checks are the released ones: `released`) |
| have nbgrader's own commands do the same | `nbgrader` (named in ``nbgrader_config.py``) |
| examine one submission | `examine.Examiner` (its run: `session`; which cells its answers need: `needs`) |
| run code that may be hostile | `sandbox.Worker`; its process comes from `bubblewrap`; inside run `template` and `worker`, under `filter` |
| show a student's words where they do nothing | `markup` (in `feedback.page`, in formgrader and in the report) |
| give grades and feedback back to a platform (its tables: `table`) | `export.export`, `handback.handback` |
| write the class report | `report.write` (its template, and that of `feedback`: `pages`) |
| add up what a class misunderstands (the list: `misconceptions`) | `tally.tally`, for a term `term.write` |
| find the same wrong answer in the same rare spelling | `alike.groups` (how code is compared: `spelling`) |
| simulate a class, hostile submissions among it | `classroom.simulate`, `hostile.write` |
| find or change the secret behind the random numbers | `key` |
"""

"""The student's door: what a check needs, with NumPy and nothing else. The same files run in Jupyter, in the sandbox and in a page.

| what you can do | with |
| --- | --- |
| say what a function promises | `Exercise` (`contract`), `draws` |
| say what those of the network promise, which several chapters ask for | `network`; of its training, `epochs` |
| check a student's function in a notebook | `Check` (`check`) |
| name a mistake and where the book explains it | `Mistake`, `place` (`mistakes`) |
| call a function and record what it did | `observe`, `answers` |
| compare an answer with the right one | `compare`, `sketch` |
| give points | `judge` |
| choose the diagnosis | `diagnose`; of mistakes worth working out `telling` |
| show a verdict, formatted in Jupyter | `show` |
| stop a cell whose answer is not right | `failed` |
| say how a wrong answer is made from the right one | `relate` |
| see which functions another one calls | `reach` |
| see that a cell was changed and not run | `saved` |
| say why an error was raised | `errors` |
| read and write the visible results | `visible` |
| have handwritten digits | `digits` |
| send plain data across a pipe | `wire` |
| call a function that lives in another process | `standin` |
| run a notebook's cells as Jupyter does, without Jupyter | `cells`, `shell` |
| check a function that was written in a page of the book | `page`, `floats` |
"""

from backprop.checking import draws, epochs, network
from backprop.checking.check import Check, CheckError, CheckFailed
from backprop.checking.contract import Case, Exercise, Mended
from backprop.checking.mistakes import Mistake, place

__all__ = ["Case", "Check", "CheckError", "CheckFailed", "Exercise", "Mended", "Mistake", "draws", "epochs", "network", "place"]

"""Rosters as schools send them: which pupils are in a table, what was repaired, what is refused and why.

Values in, values out: `check` takes the rows of the sheets (`Grid`), `kehou.lib.sheets.rosters` reads the files.
What is doubtful is refused and never guessed; what was changed is shown.
"""

from kehou.rules.roster.checking import check
from kehou.rules.roster.grid import Grid, Value
from kehou.rules.roster.report import Guardian, Hint, Place, Problem, Pupil, Repair, Report, refused

__all__ = ["Grid", "Guardian", "Hint", "Place", "Problem", "Pupil", "Repair", "Report", "Value", "check", "refused"]

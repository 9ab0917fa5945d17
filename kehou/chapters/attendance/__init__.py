"""Register, marks, leave, release, the day's closing."""

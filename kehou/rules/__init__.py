"""The policy as pure functions: values in, values out.

Nothing in this package knows Django, reads a clock, opens a file or draws a random number that was not passed in.
"""

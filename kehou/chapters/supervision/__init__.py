"""Signals, inspections, rectification: built in its own chapter."""

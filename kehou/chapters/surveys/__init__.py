"""Questionnaires of demand: built in the chapter before the gate."""

"""The draw, placements, waiting places."""

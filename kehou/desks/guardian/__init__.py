"""家长端: a guardian on a phone."""

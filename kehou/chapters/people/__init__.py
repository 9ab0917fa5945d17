"""Accounts, posts, pupils, guardianship, aid, consent, pick-up persons."""

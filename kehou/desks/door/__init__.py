"""Signing in and out, the inbox, the demonstration's people: before anyone sits down at a desk."""

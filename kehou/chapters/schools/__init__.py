"""Schools, homerooms, dismissal times, rooms."""

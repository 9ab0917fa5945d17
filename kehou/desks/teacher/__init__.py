"""教师端: a teacher in a hurry."""

"""What is published, for how long, with which hash."""

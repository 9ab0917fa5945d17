"""Nothing is stored yet: signals and inspections are built in their own chapter."""

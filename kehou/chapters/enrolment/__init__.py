"""Application, class review, agreement, change, exit."""

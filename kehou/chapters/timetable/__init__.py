"""Sessions from table and calendar, their changes, the day's duties."""

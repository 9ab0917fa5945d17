"""The activity table: activities, slots, its publications."""

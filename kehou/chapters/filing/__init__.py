"""The filing pack, its review, the receipt number."""

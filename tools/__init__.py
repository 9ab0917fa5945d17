"""The house's own tools: what `make` runs. Nothing here is imported by the product."""

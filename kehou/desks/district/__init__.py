"""区级端: the district office."""

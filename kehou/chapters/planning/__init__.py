"""Everything before the gate opens, and the clearance that opens it."""

"""Legal basis, dated parameters, terms and school days."""

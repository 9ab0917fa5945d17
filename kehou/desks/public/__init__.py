"""公众: a stranger without a login."""

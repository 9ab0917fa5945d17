"""The gate chain of one school or of all: every step with its evidence, its day, who owes it, what blocks it.

The facts of each step are asked once for all schools: the page of the district costs what that of a school does.
"""

from kehou.chapters.filing.queries.chain.chains import Chain, archive_of, chain_content, chain_of, chains_of

__all__ = ["Chain", "archive_of", "chain_content", "chain_of", "chains_of"]

"""What an activity may not be called and not promise (signal P2-1), and no selling in it (P4-3, P9).

`content.read` answers for teaching, `commerce.read` for money. Both say what they found in the words that stand there,
which clause forbids it and why; both are a question to a person, which the district may answer with a release.
"""

from kehou.rules.lint import commerce, content
from kehou.rules.lint.content import read
from kehou.rules.lint.findings import Finding, Reading

__all__ = ["Finding", "Reading", "commerce", "content", "read"]

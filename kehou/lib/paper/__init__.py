"""Official papers: data in, PDF out, the same bytes for the same data; see README.md for what each template wants."""

from kehou.lib.paper.images import NotASignature, png_of
from kehou.lib.paper.press import Paper, render
from kehou.lib.paper.wording import digest_of, spaced

__all__ = ["NotASignature", "Paper", "digest_of", "png_of", "render", "spaced"]

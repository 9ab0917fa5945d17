"""The one place where a refusal becomes a Chinese sentence.

Each module holds `SENTENCES: dict[str, str]` for one domain: the key is `Refusal.key`, the value a `str.format` template
whose names are the refusal's facts. A sentence says the thing, then what to do; never a word of technology.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from kehou.rules.verdicts import Refusal


def _gathered() -> dict[str, str]:
    sentences: dict[str, str] = {}
    for module in iter_modules(__path__):
        for key, sentence in import_module(f"{__name__}.{module.name}").SENTENCES.items():
            if key in sentences:
                raise ValueError(f"{key} has two sentences")
            sentences[key] = sentence
    return sentences


SENTENCES = _gathered()


def say(refusal: Refusal) -> str:
    """Return the sentence of a refusal in Chinese. :raises KeyError: if nobody has written it"""
    return SENTENCES[refusal.key].format(**dict(refusal.facts))

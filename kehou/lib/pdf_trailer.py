"""Whether a PDF is locked, read where the format says it: in the last trailer, never in its pages.

ISO 32000-1, 7.5: `startxref` names the place of the newest cross-reference section; its dictionary stands after the
word `trailer`, or is that of a cross-reference stream, and holds `/Encrypt` where the document needs a password. The
dictionary itself is never compressed and never encrypted. A later revision repeats the entry: the newest one decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPACE = b"\x00\t\n\x0c\r "
_ENDS_A_NAME = _SPACE + b"()<>[]{}/%"
_STARTXREF = re.compile(rb"startxref[\x00\t\n\x0c\r ]+(\d{1,12})")
_OBJECT = re.compile(rb"\d{1,10}[\x00\t\n\x0c\r ]+\d{1,5}[\x00\t\n\x0c\r ]+obj[\x00\t\n\x0c\r ]*(?=<<)")
_TRAILER = re.compile(rb"trailer[\x00\t\n\x0c\r ]*(?=<<)")
_XREF_STREAM = re.compile(rb"/Type[\x00\t\n\x0c\r ]*/XRef\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_LONGEST = 64 * 1024  # bytes of a trailer's dictionary; real ones have some hundred


def is_encrypted(content: bytes) -> bool:
    """Return whether a PDF is encrypted, by the keys of its newest trailer; False where none can be read."""
    at = _newest(content)
    return at is not None and b"Encrypt" in _keys(content, at)


def _newest(content: bytes) -> int | None:
    """Return where the newest trailer's dictionary begins; searched for where `startxref` leads nowhere."""
    named = list(_STARTXREF.finditer(content, max(0, len(content) - 4096))) or list(_STARTXREF.finditer(content))
    if named:
        start = int(named[-1][1])
        while start < len(content) and content[start] in _SPACE:
            start += 1
        if content.startswith(b"xref", start) and (found := _TRAILER.search(content, start)):
            return found.end()
        if stream := _OBJECT.match(content, start):
            return stream.end()
    return _searched(content)


def _searched(content: bytes) -> int | None:
    """Return the last dictionary that looks like a trailer's, for a file whose offsets are wrong."""
    found, streams = [match.end() for match in _TRAILER.finditer(content)], list(_XREF_STREAM.finditer(content))
    if streams:
        word = streams[-1].start()
        found += [match.end() for match in _OBJECT.finditer(content, max(0, word - _LONGEST), word)][-1:]
    return max(found, default=None)


def _keys(content: bytes, at: int) -> set[bytes]:
    """Return the names that are keys of the dictionary that begins at `at`; those of dictionaries within are not."""
    depth, keys, expects_key = 0, set(), True
    for kind, word in _tokens(content, at):
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
            expects_key = depth == 1  # what was a value has ended
            if depth == 0:
                break
        elif depth == 1 and kind == "name" and expects_key:
            keys.add(word)
            expects_key = False
        elif depth == 1:
            expects_key = True
    return keys


def _tokens(content: bytes, at: int) -> Iterator[tuple[str, bytes]]:
    """Yield names, brackets and everything else (strings, numbers, words) as values, from `at` on."""
    end = min(len(content), at + _LONGEST)
    while at < end:
        sign, two = content[at : at + 1], content[at : at + 2]
        if sign == b"%":
            ends = (content.find(b"\n", at, end), content.find(b"\r", at, end))
            at = min((place for place in ends if place >= 0), default=end)
        elif two in (b"<<", b">>"):
            yield ("open" if two == b"<<" else "close"), two
            at += 2
        elif sign in (b"[", b"]"):
            yield ("open" if sign == b"[" else "close"), sign
            at += 1
        elif sign == b"/":
            word, at = _word(content, at + 1)
            yield "name", _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), word)
        elif sign == b"(":
            at = _after_string(content, at, end)
            yield "value", b""
        elif sign == b"<":
            at = content.find(b">", at, end) + 1 or end
            yield "value", b""
        else:
            word, beyond = _word(content, at)
            if word:
                yield "value", word
            at = max(beyond, at + 1)


def _word(content: bytes, at: int) -> tuple[bytes, int]:
    start = at
    while at < len(content) and content[at] not in _ENDS_A_NAME:
        at += 1
    return content[start:at], at


def _after_string(content: bytes, at: int, end: int) -> int:
    """Return the place after a string in parentheses, which may hold others and escapes."""
    depth = 0
    while at < end:
        sign = content[at : at + 1]
        if sign == b"\\":
            at += 1
        elif sign == b"(":
            depth += 1
        elif sign == b")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return end

"""Files with very long names: a name says nothing here, so it is cut short and no upload fails for it.

Django reads at most 1,024 bytes of what stands before a file, name included, and answers more with a bare 400 that
loses the form; some three hundred Chinese characters are enough. It also takes over the ending of a name, however
long, for the file that it writes meanwhile, which no disk holds.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.files import uploadhandler
from django.http import multipartparser

HEADER_BYTES = 64 * 1024
LONGEST_NAME, LONGEST_ENDING = 120, 12

# Read by the parser while it reads a request; its first use of a handler below comes before that.
multipartparser.MAX_TOTAL_HEADER_SIZE = HEADER_BYTES


def shortened(name: str) -> str:
    """Return the name with at most 120 characters. An ending of a usual length stays; a longer one is none."""
    ending = PurePath(name).suffix
    if len(ending) > LONGEST_ENDING:
        name, ending = name.replace(".", "_"), ""
    return name[: len(name) - len(ending)][: LONGEST_NAME - len(ending)] + ending


class InMemory(uploadhandler.MemoryFileUploadHandler):
    """A small file, kept in memory, under a short name."""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(field_name, shortened(file_name), *args, **kwargs)


class OnDisk(uploadhandler.TemporaryFileUploadHandler):
    """A larger file, kept on the disk while it comes, under a short name."""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(field_name, shortened(file_name), *args, **kwargs)

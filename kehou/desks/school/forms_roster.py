"""The form that takes a roster file."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kehou.lib.sheets.reading import LARGEST_FILE
from kehou.rules.identity import CODE
from kehou.rules.sentences import say
from kehou.rules.verdicts import refuse


class RosterForm(forms.Form):
    """One file; what is in it is judged by reading it, not by its name."""

    file = forms.FileField(
        label="名册文件",
        help_text="学籍系统导出的 .xlsx、.xls，或 .csv、.txt，一次一个，最多 20 MB；更大的请另存为 .xlsx。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            limit = LARGEST_FILE // 1_000_000
            raise forms.ValidationError(say(refuse(CODE, "file_too_big", size=f"超过 {limit}", limit=limit)))
        return file

"""The form that takes a roster file."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

LIMIT_BYTES = 10_000_000  # a school of 3,000 pupils sends 0.5 MB


class RosterForm(forms.Form):
    """One file; what is in it is judged by reading it, not by its name."""

    file = forms.FileField(
        label="名册文件",
        help_text="学籍系统导出的 .xlsx、.xls，或 .csv、.txt，一次一个文件，最多 10 MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LIMIT_BYTES:
            raise forms.ValidationError("文件超过 10 MB。请按年级分成几个文件上传。")
        return file

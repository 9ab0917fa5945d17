"""Forms of the plan: a section, a meeting, an item, a round, an answer to opinions, an amendment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from kehou.chapters.people.models import Account
from kehou.chapters.planning.models import OpinionGroup
from kehou.chapters.surveys.models import Survey
from kehou.desks.school.forms import Day
from kehou.lib.forms import TickedRows
from kehou.lib.templatetags.words import weekday
from kehou.rules.participation import Point
from kehou.rules.planning import SECTIONS, Change, ChangeKind, Decision, Vote
from kehou.rules.planning.sections import LONGEST_SECTION, WRITTEN_LAST

_LOCAL = "%Y-%m-%dT%H:%M"
_SECTIONS = [(one.value, one.label) for one in SECTIONS if one not in WRITTEN_LAST]


def moment_field(label: str, **more: Any) -> forms.DateTimeField:
    """Return a field for a day and an hour, with the browser's own calendar."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[_LOCAL], **more)


class DraftForm(forms.Form):
    """Which survey the first draft rests on."""

    survey = forms.ModelChoiceField(
        label="依据的意向调查", queryset=Survey.objects.none(), help_text="已截止的调查才能引用。"
    )

    def __init__(self, surveys: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survey"].queryset = surveys


class SectionForm(forms.Form):
    """The text of one section over the revision that was opened."""

    body = forms.CharField(
        label="正文", required=False, max_length=LONGEST_SECTION, widget=forms.Textarea(attrs={"rows": 14}),
        help_text="写到调查、台账、项目表里的数字，在句末写上〔注编号〕，编号见下方“依据”。",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AttachmentForm(forms.Form):
    """A paper of the plan."""

    title = forms.CharField(label="名称", max_length=80)
    file = forms.FileField(label="文件", help_text="PDF、JPEG 或 PNG，不超过20兆。")


class MeetingForm(forms.Form):
    """When the committee met, where, who came."""

    held_on = forms.DateField(label="开会日期", widget=Day)
    place = forms.CharField(label="地点", max_length=60)
    chair = forms.CharField(label="主持人", max_length=60, required=False)
    present = TickedRows(label="到会委员", queryset=Account.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, members: list[Account], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = Account.objects.filter(pk__in=[one.pk for one in members]).order_by("name")


class ItemForm(forms.Form):
    """One item of the meeting."""

    title = forms.CharField(label="议题", max_length=80)
    opinion = forms.CharField(
        label="委员意见", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    in_favour = forms.IntegerField(label="赞成", min_value=0, max_value=500, initial=0)
    against = forms.IntegerField(label="反对", min_value=0, max_value=500, initial=0)
    abstained = forms.IntegerField(label="弃权", min_value=0, max_value=500, initial=0)
    answer = forms.CharField(
        label="学校答复", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="有意见或反对票的必须答复。",
    )  # fmt: skip

    def vote(self) -> Vote:
        """Return what was typed, as the action takes it."""
        return Vote(**self.cleaned_data)


class CommentForm(forms.Form):
    """What a member says."""

    section = forms.ChoiceField(label="关于", required=False, choices=[("", "整个方案"), *_SECTIONS])
    words = forms.CharField(label="意见", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RoundForm(forms.Form):
    """When a round ends."""

    closes_at = moment_field("截止时间")

    def __init__(self, *args: Any, earliest: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if earliest:
            self.fields["closes_at"].help_text = f"最早{earliest:%-m月%-d日 %H:%M}；开始后只能延长，不能提前。"


class DecisionForm(forms.Form):
    """The answer to a group of opinions."""

    title = forms.CharField(label="这组意见", max_length=120)
    decision = forms.ChoiceField(label="答复", choices=Decision.choices(), widget=forms.RadioSelect)
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    section = forms.ChoiceField(
        label="改在哪一节", required=False, choices=[("", "没有改"), *_SECTIONS], help_text="采纳、部分采纳的要选。"
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def of(cls, group: OpinionGroup) -> DecisionForm:
        """Return the form with what stands."""
        initial = {name: getattr(group, name) for name in ("title", "decision", "reason", "section")}
        return cls(initial={**initial, "seen": group.revision})


class AmendmentForm(forms.Form):
    """Why, what changes, from when, until when families answer; up to three changes."""

    reason = forms.CharField(label="为什么调整", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    from_on = forms.DateField(label="从哪一天起", widget=Day)
    answer_by = moment_field(
        "家长答复截止", required=False, help_text="时间、收费或地点有变时必填；不答复的家庭按原安排。"
    )
    kind = forms.ChoiceField(label="变的是", choices=ChangeKind.choices())
    what = forms.CharField(label="哪一项", max_length=60, help_text="例如：周三校园足球")
    was = forms.CharField(label="原来", max_length=120)
    becomes = forms.CharField(label="改为", max_length=120)
    more = forms.CharField(
        label="还有别的变化", required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一项：种类|哪一项|原来|改为，例如：地点|周五围棋|科学室|图书室",
    )  # fmt: skip

    def clean_more(self) -> list[Change]:
        """Return the further changes. :raises ValidationError: for a line that cannot be read"""
        titles = {label: ChangeKind(value) for value, label in ChangeKind.choices()}
        found = []
        for line in self.cleaned_data["more"].splitlines():
            parts = [part.strip() for part in line.replace("｜", "|").split("|")]
            if not line.strip():
                continue
            if len(parts) != 4 or parts[0] not in titles or not all(parts):
                raise forms.ValidationError(
                    f"“{line.strip()}”读不懂，请写成：种类|哪一项|原来|改为。种类是{'、'.join(titles)}。"
                )
            found.append(Change(titles[parts[0]], *parts[1:]))
        return found

    def facts(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it."""
        data = self.cleaned_data
        first = Change(ChangeKind(data["kind"]), data["what"], data["was"], data["becomes"])
        named = ("reason", "from_on", "answer_by")
        return {name: data[name] for name in named} | {"changes": (first, *data["more"])}


class ParticipationForm(forms.Form):
    """Where, when and who took part, and what came of it."""

    point = forms.ChoiceField(label="环节", choices=Point.choices())
    held_on = forms.DateField(label="日期", widget=Day)
    members = TickedRows(label="参加的家长代表", queryset=Account.objects.none(), widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(label="做了什么", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, members: list[Account], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = Account.objects.filter(pk__in=[one.pk for one in members]).order_by("name")


class PaperConsentForm(forms.Form):
    """The signed paper of a family that agrees to an amendment."""

    scan = forms.FileField(label="家长签字的同意书", help_text="PDF 或照片，不超过20兆", required=False)


class ScopeForm(forms.Form):
    """Whom an amendment touches: those of some activities, on some weekdays; nothing ticked means all who take part."""

    activity = TickedRows(label="涉及的活动", queryset=None, required=False, widget=forms.CheckboxSelectMultiple)
    weekday = forms.TypedMultipleChoiceField(
        label="涉及的星期", required=False, coerce=int, choices=[(day, weekday(day)) for day in range(1, 8)],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, activities: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = activities

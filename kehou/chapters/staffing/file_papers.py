"""On paper: the papers between school and person, the training certificate and record, the whole file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from kehou.chapters.staffing.models import PaperSignature, SignedPaper, StaffMember, Training
from kehou.chapters.staffing.queries import board_of
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.sentences import say
from kehou.rules.staffing import papers as words
from kehou.rules.staffing.kinds import KINDS, proof_name
from kehou.rules.staffing.questions import TOPICS
from kehou.rules.states import PersonState

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（四）"
PAPER_STATES = {"to_sign": "待签", "signed": "本人已签", "in_force": "已生效", "superseded": "已换新"}


def contents_of(paper: SignedPaper) -> dict[str, Any]:
    """Return the words of a paper with its person's facts in them, as they were drawn up."""
    kept = paper.text.content
    sections = [
        {"title": one["title"], "words": [_filled(word, paper.facts) for word in one["words"]]}
        for one in kept.get("sections", ())
    ]
    return {**kept, "sections": sections}


def _filled(text: str, facts: dict[str, str]) -> str:
    for name, value in facts.items():
        text = text.replace("{" + name + "}", value)
    return text


def staff_paper(paper: SignedPaper, *, address: str) -> Paper:
    """Return one paper of a person as a PDF with its signatures, hash and QR code."""
    content = contents_of(paper)
    by_party = {one.party: one for one in paper.signatures.all()}
    school = paper.member.school
    parties = [_line("本人（签名）", by_party.get("person"))]
    if paper.kind in words.SEALED:
        parties.append(_line("学校（校长签署）", by_party.get("school")))
    return issue(
        "record",
        {
            "opening": content.get("opening", ""),
            "facts": [["姓名", paper.member.name], ["人员类型", KINDS.get(paper.member.kind, "")]],
            "sections": content["sections"],
            "closing": content.get("closing", []),
            "signatures": parties,
            "delivery": {"inbox": "已送达本人档案", "paper": "纸质件已交本人"}.get(paper.delivered_how, ""),
            "retention": content.get("retention", ""),
        },
        title=content.get("title", words.TITLES[paper.kind]),
        number=paper.number,
        school=school.name,
        term=paper.term.name if paper.term else "",
        version=f"{paper.text.version} · {PAPER_STATES[paper.state]}",
        basis=content.get("basis", BASIS),
        issued_at=paper.drawn_up_at,
        verify_url=f"{address.rstrip('/')}/verify/{paper.check_code}/",
    )


def _line(label: str, one: PaperSignature | None) -> dict[str, Any]:
    if one is None:
        return {"label": label}
    line: dict[str, Any] = {"label": label, "name": one.signed_name, "at": one.signed_at}
    if one.method == "finger" and one.image:
        with one.image.open("rb") as file:
            line["png"] = file.read()
    elif one.method == "paper":
        line["name"] = f"{one.signed_name}（见纸质签署件）"
    elif one.method == "seal":
        line["name"] = f"{one.signed_name}（{one.signed_by}）"
    return line


def certificate(training: Training, *, address: str) -> Paper:
    """Return the training certificate, which anybody can check by its QR code."""
    member = training.member
    last = training.valid_until_on - timedelta(days=1)
    return issue(
        "record",
        {
            "opening": f"{member.name}于{_day(training.trained_on)}完成课后服务人员岗前培训，测验合格，准予上岗。",
            "facts": [
                ["姓名", member.name],
                ["人员类型", KINDS.get(member.kind, "")],
                ["测验成绩", f"{training.score}分"],
                ["有效期至", _day(last)],
            ],
            "sections": [
                {"title": "培训主题", "words": ["、".join(TOPICS[key] for key in training.topics if key in TOPICS)]},
                {"title": "说明", "words": ["本证每年复训换发；到期没有复训的，停止排班。扫码可以核验真伪。"]},
            ],
            "signatures": [{"label": "发证学校", "name": member.school.name, "at": training.recorded_at}],
            "retention": "服务结束后三年",
        },
        title="课后服务培训合格证",
        number=training.number,
        school=member.school.name,
        term="",
        version="",
        basis=BASIS,
        issued_at=training.recorded_at,
        verify_url=f"{address.rstrip('/')}/verify/{training.check_code}/",
    )


def training_record(trainings: list[Training], *, at: datetime) -> Paper:
    """Return the training record of a school (document 22): who, when, how, with which result, valid until when."""
    school = trainings[0].member.school
    rows = [
        [
            one.member.name,
            _day(one.trained_on),
            "在线测验" if one.how == "quiz" else f"集中培训 {one.lecturer} {one.minutes}分钟",
            "、".join(TOPICS[key] for key in one.topics if key in TOPICS),
            f"{one.score}分",
            _day(one.valid_until_on - timedelta(days=1)),
        ]
        for one in trainings
    ]
    columns = ["姓名", "日期", "方式、讲师、时长", "主题", "测验结果", "有效期至"]
    table = {"columns": columns, "rows": rows, "widths": [2, 3, 4, 6, 2, 3]}
    return issue(
        "record",
        {"sections": [{"table": table}], "wide": True, "retention": "服务结束后三年"},
        title="课后服务人员培训记录",
        number="",
        school=school.name,
        term="",
        version="",
        basis=BASIS,
        issued_at=at,
        verify_url="",
    )


def file_paper(member: StaffMember, *, at: datetime, led: Sequence[Sequence[Any]] = ()) -> Paper:
    """Return the whole file on paper: identity masked, every step with its evidence, what is missing (2.4-i).

    `led` are the lines of what the person has led: activity, first day, last day, meetings, cancelled.
    """
    row = board_of([member], on=at.date())[0]
    return issue(
        "record",
        {
            "facts": [
                ["姓名", member.name],
                ["人员类型", KINDS.get(member.kind, "") + ("（志愿无酬）" if member.unpaid else "")],
                ["状态", PersonState(member.state).label],
                ["完整度", f"{row.percent}%"],
                ["任教学科", member.subject or "—"],
                ["爱好特长", member.skills or "—"],
                ["加入日期", member.joined_on or "—"],
                ["退出日期", member.left_on or "—"],
            ],
            "sections": [
                {"title": "还缺", "words": [say(no) for no in row.missing] or ["没有缺项。"]},
                {"title": "证明", "table": _proofs(member)},
                {"title": "入职查询（只有结果）", "table": _checks(member)},
                {"title": "协议、责任书和告知", "table": _papers(member)},
                {"title": "培训", "table": _trainings(member)},
                {"title": "带过的活动", "table": _led(led)},
                {"title": "投诉、事故与处分", "table": _incidents(member)},
                {"title": "暂停与退出（含师德事项）", "table": _standing(member)},
            ],
            "retention": "服务结束后五年（查询只保存结果）",
        },
        title="课后服务人员信息档案", number=f"DA-{member.school.code}-{member.pk:06d}", school=member.school.name,
        term="", version="", basis=BASIS, issued_at=at, verify_url="",
    )  # fmt: skip


def _proofs(member: StaffMember) -> dict[str, Any]:
    rows = [
        [
            proof_name(member.kind, one.kind),
            _day(one.valid_until_on - timedelta(days=1)) if one.valid_until_on else "长期",
            "扫描件" if one.scan else "已看原件",
            _day(one.recorded_at.date()),
        ]
        for one in member.proofs.order_by("pk")
    ]
    return {"columns": ["证明", "有效期至", "依据", "登记"], "rows": rows, "empty": "还没有登记"}


def _checks(member: StaffMember) -> dict[str, Any]:
    results = {"asked": "等待答复", "passed": "通过", "failed": "未通过"}
    rows = [
        [_day(one.asked_at.date()), results[one.state], one.reference, _day(one.answered_on)]
        for one in member.checks.order_by("pk")
    ]
    return {"columns": ["提出", "结果", "查询编号", "日期"], "rows": rows, "empty": "还没有查询"}


def _papers(member: StaffMember) -> dict[str, Any]:
    rows = [
        [words.TITLES[one.kind], one.number, PAPER_STATES[one.state], "已送达" if one.delivered_at else "—"]
        for one in member.papers.order_by("pk")
    ]
    return {
        "columns": ["文书", "编号", "状态", "本人一份"],
        "rows": rows,
        "widths": [2, 4, 2, 2],
        "empty": "还没有文书",
    }


def _trainings(member: StaffMember) -> dict[str, Any]:
    rows = [
        [one.number, _day(one.trained_on), f"{one.score}分", _day(one.valid_until_on - timedelta(days=1))]
        for one in member.trainings.order_by("pk")
    ]
    return {
        "columns": ["合格证编号", "日期", "成绩", "有效期至"],
        "rows": rows,
        "widths": [4, 2, 1, 2],
        "empty": "还没有培训",
    }


def _led(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    said = [[name, _day(first), _day(last), f"{held}次", f"{off}次"] for name, first, last, held, off in rows]
    columns = ["活动", "第一次", "最近一次", "已带", "其中取消"]
    return {"columns": columns, "rows": said, "widths": [4, 3, 3, 1, 1], "empty": "还没有带过"}


def _incidents(member: StaffMember) -> dict[str, Any]:
    rows = [
        [str(one), _day(one.on), one.what, one.statement or "—",
         f"{one.state[1]}{'：' + (one.struck_because or one.outcome) if one.struck_because or one.outcome else ''}"]
        for one in member.incidents.order_by("on", "pk")
    ]  # fmt: skip
    columns = ["类别", "日期", "情况", "本人说明", "结论"]
    return {"columns": columns, "rows": rows, "widths": [2, 2, 4, 4, 4], "empty": "没有"}


def _standing(member: StaffMember) -> dict[str, Any]:
    rows = [
        ["暂停", one.reason, _day(one.begun_at.date()), _day(one.ended_at.date()) if one.ended_at else "未恢复"]
        for one in member.suspensions.order_by("pk")
    ]
    if left := getattr(member, "departure", None):
        rows.append(["退出", left.reason, _day(left.on), "—"])
    return {"columns": ["事项", "原因", "日期", "恢复"], "rows": rows, "widths": [1, 4, 2, 2], "empty": "没有"}


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"

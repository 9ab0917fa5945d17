"""The words of the agreement as it is issued (paper 5), clause by clause: the sample that the school files (2.7.3-h).

The form itself is `lib/paper/templates/agreement.typ`; a test reads it and holds these words against it, so that what
the district accepts is what families sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kehou.rules.money import yuan

CHILD = ("我愿意参加我喜欢的活动。", "我会听老师的安全提醒。", "我不开心时可以告诉老师或爸爸妈妈。")
_CLAUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "一、自愿与期限",
        ("是否参加由您和孩子自己决定，不参加的孩子按正常时间放学，不会因此受到不同对待。服务期限：{period}。"
         "您可以在任何时候退出，从下一个服务日起不再计费。",),
    ),
    (
        "二、服务时间、内容和形式",
        ("{service}", "服务形式：{form}。学校不补课、不讲新课、不考试，不把课后服务变成课堂教学。"),
    ),
    (
        "三、收费与结算",
        ("{tiers}。{fee_words}收费只有一个项目、一个账户，学校不收材料费、场地费、平台费。",
         "结算：{settlement}减免：{waiver}退费：{refund}"),
    ),
    (
        "四、学校的责任",
        ("每天点名；到组十分钟仍未见到孩子，老师立即联系值班领导、班主任和您。安排在册、经过查询、签有安全责任书的人员，清点人数、维持秩序，"
         "场地器材事先检查。",
         "孩子只会交给您授权的人；临时换人请在系统里新增或打班主任电话核对。迟到接孩子不收费，学校会安排老师陪到您来，最晚到{latest_pickup}，"
         "届时由值班领导联系社区和派出所协助。",
         "孩子和您的信息只用于编组、点名、联系、交接和结算，专人保管；您随时可以查看、更正、删除或让我们停止使用。",
         "管理制度：{rules}"),
    ),
    (
        "五、监护人的责任",
        ("如实告知孩子的健康和特殊需要；按时接孩子，或者授权他人来接；不来上课时及时请假；联系电话变了及时更改。离校方式：{going_home}。",),
    ),
    (
        "六、请假、变更和意外",
        ("请假与变更：{change}意外处理：{incident}联系顺序：先{contacts}。",),
    ),
    (
        "八、争议与投诉",
        ("有不同意见先与学校协商；也可以向区教委或责任督学反映，可以不留姓名。",),
    ),
)  # fmt: skip


def clauses_of_agreement(content: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the clauses with the values of an agreement's content; lists are said in words."""
    values = {
        **content,
        "tiers": "，".join(f"{label}{yuan(fen)}元／月" for label, fen in content["tiers"]),
        "contacts": "，再".join(content["contacts"]),
        "service": "；".join("　".join(map(str, row)) for row in content["service"]),
    }
    return (
        *((title, tuple(point.format_map(values) for point in points)) for title, points in _CLAUSES),
        ("七、分项同意（都可以不同意，不影响参加）", tuple(words for words, _ in content["consents"])),
        ("我的约定（孩子自己读）", CHILD),
    )


def fixed_words() -> list[str]:
    """Return every stretch of the agreement that holds no value: what the form must say word by word."""
    found = []
    for title, points in _CLAUSES:
        found.append(title.split("、", 1)[1])
        for point in points:
            pieces = point.replace("}", "{").split("{")
            found += [piece for piece in pieces[::2] if len(piece) > 1]
    return [*found, *CHILD]

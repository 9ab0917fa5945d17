"""The notice to guardians (告知书, document 3): four topics in it, and in every family's hands before an agreement."""

from __future__ import annotations

from collections.abc import Mapping

from kehou.rules.planning.sections import Section
from kehou.rules.publication import refusals_of_trade
from kehou.rules.verdicts import Refusal, refuse

# Clause 2.7.2-d names four topics; each is what these sections of the plan say.
NOTICE_SECTIONS: tuple[tuple[str, str, tuple[Section, ...]], ...] = (
    ("time", "服务时间", (Section.TIMES,)),
    ("content", "服务内容", (Section.TABLE,)),
    ("safety", "安全保障", (Section.SAFETY, Section.EMERGENCY)),
    ("rules", "管理制度", (Section.RULES,)),
)
ALSO: tuple[tuple[str, str, tuple[Section, ...]], ...] = (
    ("children", "服务对象", (Section.CHILDREN,)),
    ("people", "人员情况", (Section.PEOPLE,)),
    ("money", "收费、减免与退费", (Section.MONEY,)),
    ("openness", "公开与监督", (Section.OPENNESS,)),
)
NOTICE_WORDS = (
    "家长朋友：本学期学校将在放学后提供课后服务。是否参加由您和孩子自己决定，不参加的孩子按正常时间放学，不会因此受到不同对待。"
    "服务内容、时间、收费和安全安排见下表。收费只有一个项目、一个账户，学校不收材料费、场地费、平台费。脱贫户和低保家庭的孩子由学校"
    "按名单直接减免，不需要您提交证明。若有任何强制、乱收费或推销的情况，请拨打下面任何一个电话，您也可以不留姓名。"
)

# What every notice says beside the plan (domain/06 3.7, paper 3): 信息使用说明.
PRIVACY_WORDS = (
    "孩子的姓名、班级和您的电话只用来编组、点名、联系您和结算费用；不收集照片脸部特征、指纹和定位，不要您填写收入、单位和宗教。"
    "您可以只同意其中几项，也可以改用纸质办理；随时可以查看、改正、删除，或让学校停止使用。"
)

# How a family pays, where the school charges the fee: the same everywhere (2.6.1-e, 2.6.3-a).
PAYING_WORDS = (
    "每月一张缴费单，家长凭单缴入学校登记的教育收费专户：到银行柜台缴，或用网上银行缴到专户，两种都可以。账户名称和账号印在缴费单和收费公示牌上，"
    "缴费以后有收据。没有别的缴法：不要转给个人，也不要扫别人的码。"
)


def refusals_of_notice(topics: Mapping[str, str]) -> list[Refusal]:
    """Return which of the four topics a notice does not speak of (R-NOTI-02, 2.7.2-d), and what it charges or sells
    beside the one fee (P4-3, P9-1, P9-2)."""
    missing = [
        refuse("R-NOTI-02", "topic_missing", topic=title) for key, title, _ in NOTICE_SECTIONS if not topics.get(key)
    ]
    trade = (no for words in topics.values() for no in refusals_of_trade(words or ""))
    return [*missing, *dict.fromkeys(trade)]


def refusal_without_receipt(*, issued: bool, received: bool) -> Refusal | None:
    """Return why a family cannot sign yet: it has not had the notice in its hands (R-NOTI-01, 2.1-e)."""
    if not issued:
        return refuse("R-NOTI-01", "no_notice_yet")
    return None if received else refuse("R-NOTI-01", "notice_not_received")

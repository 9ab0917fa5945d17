"""The leading group of a school (领导小组): its posts, who may head it, what is missing (2.5-a, 2.5-i, 3.1-h, 3.2-g)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class GroupPost:
    """A post of the leading group. `role` is the account role that its holder usually has, empty for none."""

    code: str
    title: str
    duties: str
    role: str = ""


POSTS: tuple[GroupPost, ...] = (
    GroupPost("head", "组长（校长）", "第一责任人。审定方案和制度，签发备案，审批支出和退费，签责任书，每月确认安全。", "principal"),
    GroupPost("deputy_head", "副组长", "统筹教学、德育、后勤与课后服务的衔接，主持处理投诉和突发事件，组长不在时代行职责。", "duty_leader"),
    GroupPost("manager", "课后服务管理员", "摸底、调查、方案、项目表、报名统筹、课次和值班、公示、归档。", "asp_manager"),
    GroupPost("safety", "安全负责人", "场地检查、安全职责矩阵、应急演练、离校秩序，联系派出所。", "duty_leader"),
    GroupPost("aid", "资助负责人", "核对资助名单，落实减免，保护学生隐私。", "aid_officer"),
    GroupPost("finance", "财务负责人", "收费、票据、退费、补助和收支公示，收支两条线，不截留、不提取管理费。", "cashier"),
    GroupPost("quality", "校内督查专人", "对过程和质量督查，按随机名单巡查，不查自己带的组。", "quality_checker"),
    GroupPost("privacy", "个人信息保护负责人", "监督个人信息的收集、使用、保存和删除，受理查阅、更正、撤回。", "asp_manager"),
    GroupPost("committee", "家长委员会代表", "在调查、方案、选课、巡查、公示、评价六个环节参与监督，不经手经费。", "parents_committee"),
)  # fmt: skip
BY_CODE: Mapping[str, GroupPost] = {post.code: post for post in POSTS}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a post on a day. `is_principal` says whether the account holds the principal's post of the school."""

    post: str
    name: str
    is_deputy: bool = False
    is_principal: bool = False


def problems_of_group(holders: Iterable[Holder]) -> tuple[Refusal, ...]:
    """Return every mandatory post that nobody holds (R-ORG-01), and a head who is not the principal (R-ORG-02)."""
    known = [one for one in holders if not one.is_deputy]
    found = [
        refuse("R-ORG-01", "post_unfilled", post=post.title)
        for post in POSTS
        if not any(one.post == post.code for one in known)
    ]
    head = next((one for one in known if one.post == "head"), None)
    if head and not head.is_principal:
        found.append(refuse("R-ORG-02", "head_is_not_principal", name=head.name))
    return tuple(found)


def missing_deputies(holders: Iterable[Holder]) -> tuple[str, ...]:
    """Return the titles of the posts without a deputy: a hint, not a refusal."""
    known = {one.post for one in holders if one.is_deputy}
    return tuple(post.title for post in POSTS if post.code not in known and post.code != "committee")


def refusals_to_appoint(
    post: str, name: str, *, is_deputy: bool, is_principal: bool, from_on: date, holder: str, other: str
) -> tuple[Refusal, ...]:
    """Return why somebody cannot be given a post. `holder` holds it now, `other` is its counterpart (deputy or first).

    The head is the principal and nobody else (3.1-h); nobody is their own deputy.
    """
    known = BY_CODE.get(post)
    if known is None:
        return (refuse("R-ORG-01", "no_such_post"),)
    return tuple(
        one
        for one in (
            None if name.strip() else refuse("R-ORG-01", "without_name", post=known.title),
            refuse("R-ORG-02", "head_is_not_principal", name=name)
            if post == "head" and not is_deputy and not is_principal
            else None,
            refuse("R-ORG-01", "holds_it_already", name=name, post=known.title) if name == holder else None,
            refuse("R-ORG-01", "own_deputy", name=name) if name == other else None,
        )
        if one
    )


def problem_of_letter(
    *, term: str, signed_by: int | None, signed: bool, head: int | None, name: str = ""
) -> Refusal | None:
    """Return why the principal's letter of responsibility does not hold: not signed, or signed by an earlier one."""
    if not signed:
        return refuse("R-ORG-03", "letter_unsigned", term=term)
    if head is not None and signed_by != head:
        return refuse("R-ORG-03", "letter_of_another", name=name)
    return None


def months_to_confirm(first: date, last: date, *, on: date) -> list[date]:
    """Return the months (their first days) of a service whose safety the principal has to have confirmed by a day.

    A month is due when it is over; the last one on the last day of the service.
    """
    found, month = [], first.replace(day=1)
    while month <= last:
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        if on >= following or on > last:
            found.append(month)
        month = following
    return found


LETTER = """我是{school}校长{principal}，是校内课后服务工作的第一责任人。本学期（{term}），我承诺：
一、坚持学生和家长自愿，不强制或者变相强制参加，不因不参加区别对待任何一名学生。
二、备案通过以前不收费、不开课；只收“课后延时服务费”一项，全部纳入专户，不截留、不提取管理费。
三、不把课后服务办成集体教学、集体补课和竞赛培训，不增加学生作业负担。
四、按规定审核每一名服务人员，查询不合格、协议未签、培训未完成的，不让其接触学生。
五、落实每一处场所、每一课时的安全责任人，保证每个服务日有值班领导、门卫、巡查和医务联系人；每月亲自确认一次安全工作。
六、发生突发事件先救人、立即报告，不瞒报、不拖延；每学期至少组织一次演练。
七、公开服务时间、方式、内容、安全措施、收费标准和投诉电话，接受家长和社会监督，认真办理每一件投诉。
八、保护学生个人信息，不公开受助、健康和不参加的情况。
以上责任由我承担，不因分工而免除。"""

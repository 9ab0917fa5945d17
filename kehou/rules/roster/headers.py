"""Which column is what: headers in words or in pinyin initials, in any order, in one row or two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kehou.rules.roster.grid import LONGEST_CELL, Value, plain

_GROWN_UP = "监护|家长|父|母|爸|妈|联系人|家庭成员|家庭主要成员|成员|亲属|紧急|爷爷|奶奶|外公|外婆|祖"
_IGNORED = re.compile(
    r"班主任|教师|老师|校长|辅号|政治|民族|籍贯|户口|户籍|地址|住址|邮编|邮箱|血型|健康|银行|卡号|QQ|微信|曾用名|英文|拼音|备注"
    r"|序号|学号|编号$|座号|单位|职务|职业|学历|本人电话|本人手机|学生手机|学生本人|学校电话|年龄|出生地|国籍|有效期|证件有效|港澳台"
)
_PUPIL: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(shape))
    for name, shape in (
        ("school_code", r"(学校)?标识码|学校(代码|编码|编号)|XXBSM|XXDM"),
        ("school", r"(所在|就读)?学校(名称)?|校名|XXMC"),
        ("document", r"(学生|居民)?(身份证|身份)?(证件|证照)(类型|类别|种类)|SFZJLXM?|ZJLXM?"),
        ("register", r"(全国|国网|国家|学生|个人)?(统一)?学籍(号|号码|编号|主号)|(学籍)?XJH|QGXJH|GJXJH"),
        ("id", r"(学生|本人|居民|公民)?(有效)?(身份证件?|身份)(号码?|编号)?|(学生|本人)?(有效)?证件(号码?|编号)"
               r"|SFZJ?HM?|SFZ|SFZHM|ZJHM?|GMSFH?M?|XSSFZH|IDCARD|IDNUMBER|IDNO\.?"),
        ("sex", r"(学生)?性别(码)?|XBM?|XSXB|SEX|GENDER"),
        ("birth", r"(学生)?(出生)(日期|年月日?|时间|年月日期)|(学生)?生日|CSRQ|CSNYR?|BIRTH(DAY|DATE)?"),
        ("name", r"(学生|学员|中文|孩子|幼儿|本人)?(姓名|名字)(中文)?|XS?XM|XSXM|XM|NAME|STUDENTNAME"),
        ("class", r"(所在|就读|现在?|当前|学生|行政|所属)?(年级)?(与|和)?(班级|班别|班次|班名|行政班|班)(名称|全称)?"
                  r"|年班|BJ|BJMC|NJBJ|CLASS"),
        ("class_code", r"班号|班级(编号|代码|号|序号)|BH|BJBH|BJDM|BJH"),
        ("grade", r"(所在|就读|现|当前|学生|所属)?年级(名称|号)?|年段|级别|届别|入学年级|NJ|NJMC|GRADE"),
        ("boarding", r"就读方式|是否(住校|寄宿|住宿)(生)?|住宿情况|走读住校|JDFSM?"),
        ("commute", r"(上学|上下学|放学|家校|离校|到校|回家)?(路程|距离)(远近)?"),
        ("left_behind", r"(是否)?(为)?留守(儿童)?(类型|情况)?|SFLSET|LSETM?"),
        ("migrant", r"(是否)?(为)?(进城务工人员)?随迁(子女)?(类型)?|(是否)?进城务工人员(随迁)?子女|SFSQZN"
                    r"|SFJCWGRYSQZN"),
    )
)  # fmt: skip
_PINYIN_GUARDIAN = re.compile(
    r"(?P<who>JHR|JZ|FQ|MQ|F|M|CY|LXR|QS|JTCY)(?P<nth>\d?)(?P<what>XM|GX|GXM|DH|LXDH|SJH?M?|SJ|LXFS|YDDH|SJHM)?|(?P<phone>LXDH|DH|SJH?M?|SJ|JTDH|LXFS|YDDH|TEL|PHONE|MOBILE)(?P<nth2>\d?)"
)
_PHONE = re.compile(r"电话|手机|联系方式|联系号码|联络方式")
_RELATION = re.compile(r"关系|称谓|称呼")
_GROWN_UP_NAME = re.compile(
    rf"(?:学生)?(?:第[一二三1-3])?(?:法定)?(?:{_GROWN_UP}|家长或监护人)+[\d一二三]?(?:亲|人)?[\d一二三]?(?:的?(?:姓名|名字))?"
)
_NTH = re.compile(r"(?:成员|监护人|家长|联系人|第)([\d一二三])|([\d一二三])$")
_BRACKETS = re.compile(r"[(\[【<（][^)\]】>）]*[)\]】>）]")
_CLUTTER = re.compile(r"[\s*★☆※#:：;；,，、./\\\-_()\[\]【】<>\"'‘’“”|]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header means: a field of the pupil (`slot` empty), or a field of one grown-up."""

    field: str
    slot: str = ""


@lru_cache(maxsize=4096)
def meaning_of(header: str, group: str = "") -> Meaning | None:
    """Return what a header means, None if the column is not needed. `group` is the label over several columns."""
    if len(header) > LONGEST_CELL:
        return None
    whole = _CLUTTER.sub("", plain(header)).upper()
    short = _CLUTTER.sub("", _BRACKETS.sub("", plain(header))).upper()
    if not whole or len(short) > 24:
        return None
    over = _CLUTTER.sub("", plain(group)).upper()
    if re.search(_GROWN_UP, whole) or (re.search(_GROWN_UP, over) and "学生" not in over):
        return _of_grown_up(short if re.search(_GROWN_UP, short) or not re.search(_GROWN_UP, whole) else whole, over)
    for name, shape in _PUPIL:
        if shape.fullmatch(short):
            return Meaning(name)
    if _IGNORED.search(whole):
        return None
    if found := _PINYIN_GUARDIAN.fullmatch(short):
        return _of_initials(found)
    if _PHONE.search(short):
        return Meaning("phone", _slot(short, over))
    if _RELATION.search(short):
        return Meaning("relation", _slot(short, over))
    return None


def _of_initials(found: re.Match[str]) -> Meaning | None:
    if found["phone"]:
        return Meaning("phone", "guardian" + (found["nth2"] or ""))
    if not found["what"] and found["who"] not in ("JHR", "JZ", "LXR"):
        return None
    slot = {"FQ": "父亲", "F": "父亲", "MQ": "母亲", "M": "母亲", "CY": "member", "JTCY": "member"}.get(
        found["who"], "guardian"
    )
    what = {"XM": "name", "GX": "relation", "GXM": "relation", "": "name"}.get(found["what"] or "", "phone")
    return Meaning(what, slot + (found["nth"] or ""))


def _of_grown_up(text: str, group: str) -> Meaning | None:
    """Return what a column about a grown-up means; ID numbers and employers of parents are not collected."""
    if _PHONE.search(text):
        return Meaning("phone", _slot(text, group))
    if _RELATION.search(text):
        return Meaning("relation", _slot(text, group))
    if re.search(r"身份|证件|单位|地址|学历|职|年龄|民族|政治|户|备注|学校|是否|班主任", text):
        return None
    if _GROWN_UP_NAME.fullmatch(text) or text.endswith(("姓名", "名字")) or text.startswith("姓名"):
        return Meaning("name", _slot(text, group))
    return None


def _slot(text: str, group: str) -> str:
    """Return which grown-up a column speaks of: guardian, guardian2, 父亲, 母亲, member1 …"""
    both = group + text
    for slot, shape in (("父亲", r"父亲|爸|父(?!母)"), ("母亲", r"母亲|妈|(?<!父)母")):
        if re.search(shape, both) and "祖" not in both and "父母" not in both:
            return slot
    nth = next(
        (mark for found in _NTH.finditer(text) for mark in found.groups() if mark),
        next((mark for found in _NTH.finditer(group) for mark in found.groups() if mark), ""),
    )
    nth = {"一": "1", "二": "2", "三": "3"}.get(nth, nth)
    kind = "member" if "成员" in both else "emergency" if "紧急" in both else "guardian"
    return kind + ("" if nth == "1" and kind != "member" else nth)


@dataclass(slots=True)
class Layout:
    """Where the columns of one table stand: field of the pupil → column, and the grown-ups in their order."""

    columns: dict[str, int] = field(default_factory=dict)
    grown_ups: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    rows: int = 1

    @property
    def is_roster(self) -> bool:
        """Say whether this can be a table of pupils: a name and something that tells who it is."""
        others = {"id", "register", "sex", "birth", "class", "class_code", "grade"} & self.columns.keys()
        return "name" in self.columns and bool(others or self.grown_ups)


def layout_of(row: Sequence[Value], groups: Sequence[str] = ()) -> Layout:
    """Return the layout that a header row gives; the first column of each kind counts."""
    layout = Layout()
    for at, value in enumerate(row):
        if not isinstance(value, str) or not value.strip():
            continue
        group = groups[at] if at < len(groups) else ""
        means = meaning_of(value, group)
        if means is None:
            continue
        if means.slot:
            layout.grown_ups.setdefault(means.slot, {}).setdefault(means.field, []).append(at)
        elif means.field in layout.columns:
            _second(layout, means.field, at)
            continue
        else:
            layout.columns[means.field] = at
        layout.labels[at] = label(value)
    return layout


def _second(layout: Layout, name: str, at: int) -> None:
    """Take a second 姓名 right beside a telephone for the guardian's; any other repetition is left alone."""
    if name == "name" and "name" not in layout.grown_ups.get("guardian", {}):
        layout.grown_ups.setdefault("guardian", {}).setdefault("name", []).append(at)


def label(header: str) -> str:
    """Return a header as problems name it: in one line, without stars."""
    return re.sub(r"[\s*★☆※]+", "", plain(header))[:20]


def is_header_cell(value: Value) -> bool:
    """Say whether a cell holds a header that we know."""
    return isinstance(value, str) and 0 < len(value) <= 40 and meaning_of(value) is not None


def halves(row: Sequence[Value]) -> int:
    """Return how many columns one block takes if the same headers stand side by side twice or more, otherwise 0."""
    names = [label(value) if isinstance(value, str) else "" for value in row]
    while names and not names[-1]:
        names.pop()
    at = [column for column, name in enumerate(names) if name and meaning_of(name) == Meaning("name")]
    if len(at) < 2:
        return 0
    width = at[1] - at[0]
    names += [""] * (-len(names) % width)
    return width if width > 1 and all(name == names[column % width] for column, name in enumerate(names)) else 0

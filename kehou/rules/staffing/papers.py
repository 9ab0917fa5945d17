"""The papers between school and person: their words in one place, each with a version (documents 6, 7, 22, 23).

A text is a list of sections; `{name}` is filled with the facts of the person. What was signed is kept word for word,
so a new version changes nothing that was signed under the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "2026-1"

CONSENT, REQUIREMENTS, AGREEMENT, LETTER = "consent", "requirements", "agreement", "letter"
TITLES = {
    CONSENT: "入职查询知情同意书",
    REQUIREMENTS: "岗位要求告知书",
    AGREEMENT: "服务协议",
    LETTER: "安全责任书",
}
SEALED = (AGREEMENT, LETTER)  # the principal signs for the school


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs."""

    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A paper's own words: kind, for which role (empty: everybody), title, opening, sections, closing."""

    kind: str
    role: str
    title: str
    basis: str
    opening: str
    sections: tuple[Section, ...]
    closing: tuple[str, ...] = ()
    retention: str = "服务结束后三年"


_POLICY = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（四）"

_CONSENT = Text(
    CONSENT,
    "",
    "入职查询知情同意书",
    f"{_POLICY}；《中华人民共和国未成年人保护法》第六十二条",
    "我已知道：凡在课后服务时段与学生在一起的成年人，不论是教师、校外人员、志愿者还是门卫，都要先查询、后上岗，以后每年再查一次。",
    (
        Section(
            "一、查询什么",
            (
                "查询本人是否有性侵害、虐待、拐卖、暴力伤害四类违法犯罪记录，以及是否在从业禁止期内。除这四类以外的内容不查询。",
            ),
        ),
        Section("二、由谁查询", ("由学校提出，经区教委转区公安局查询。学校不自行查询，也不委托别人查询。",)),
        Section(
            "三、查询结果怎样使用",
            (
                "学校只得到“通过”或“未通过”、日期和查询编号，看不到任何记录的内容。结果只用于决定能否参加课后服务，不用于考核、评先和其他事情。",
                "结果自得出之日起十二个月内有效，到期前三十天提醒重新查询。",
            ),
        ),
        Section("四、保存多久", ("结果保存到服务结束后五年，到期删除。本同意书随结果一起保存。",)),
        Section(
            "五、有异议怎么办",
            (
                "对结果有异议的，可以向学校书面提出，由区教委请区公安局复核；复核期间不参加课后服务。",
                "我可以不同意查询；不同意的，不能参加课后服务，其他权利不受影响。",
            ),
        ),
    ),
    ("本人已阅读以上内容，同意学校为参加课后服务提出查询。",),
    "服务结束后五年（只保存结果）",
)

_DUTIES = (
    "提前到岗：活动开始前十分钟到场，检查场地和器材；有隐患先停用、再报告。",
    "清点在先：开始、换场、结束各清点一次；到组十分钟还没见到的孩子，立即联系值班领导、班主任和家长。",
    "不离岗：在我负责的时段不离开孩子；必须离开时，由另一位在册的成年人当面接手。",
    "看得见：与孩子单独接触守“可见原则”，开着门、在别人看得见的地方，不带孩子去无人处。",
    "讲清风险：每次活动先说清楚哪里不能去、什么不能碰；有风险的动作亲自示范、亲自保护。",
    "马上报告：受伤、走失、冲突、陌生人进入，立即打电话报告值班领导，三十分钟内在系统登记。",
)
_NEVER = (
    "不体罚、不变相体罚、不用言语侮辱和孤立孩子。",
    "不讲新课、不集体补课、不做竞赛培训、不布置书面家庭作业。",
    "不收费、不收礼、不推销、不介绍任何机构，不索要家长联系方式。",
    "不拍摄、不传播孩子的影像和信息；家长同意的，只用学校设备、只用于同意的用途。",
)

_LETTER = Text(
    LETTER,
    "",
    "课后服务人员安全责任书",
    f"{_POLICY}、三（二）",
    "在我负责的时间和地方，我对孩子的安全负首要的看护责任；看不到孩子、说不清孩子在哪里，就是必须马上报告的事。",
    (
        Section("一、我做到", _DUTIES),
        Section("二、我不做", _NEVER),
        Section(
            "三、离校交接",
            (
                "孩子只交给家长授权的人；拿不准的，打电话向家长核对，核对不了的不交。",
                "最后一个孩子离开、与值班领导交接以后，我才离开。",
            ),
        ),
        Section(
            "四、学校的责任",
            (
                "学校为每一次活动配足人员，提供检查合格的场地、器材和急救物品，组织培训和演练，及时处理报告，依法投保校方责任险。",
            ),
        ),
        Section(
            "五、没有做到的后果",
            (
                "未履行以上责任的，学校先暂停排班并核查；有师德师风问题的报区教委，列入限制名单的不得再参加课后服务；造成伤害的依法承担责任。",
            ),
        ),
    ),
    ("本责任书一式两份，学校和本人各执一份。",),
)

_COMMON_RIGHTS = (
    "参加凭自愿：可以提出愿意的日子和课时，也可以提出退出。",
    "得到培训、安全的场地器材和必要的保险。",
    "查看本人的档案、课时和安排，对有误的内容要求更正；个人信息只用于课后服务的管理、备案和结算。",
)
_COMMON_END = (
    Section(
        "五、个人信息与影像",
        (
            "学校只收集核验身份、资质、健康有效期和联系所需的信息，专人保管，服务结束后按期限删除。活动资料由双方共同署名；涉及孩子的影像，未经家长同意不得使用。",
        ),
    ),
    Section(
        "六、变更与退出",
        (
            "任一方可以提前十个工作日提出变更或退出，学校做好交接。证明到期没有更换的、查询未通过的、在限制名单内的，自即日起停止排班。",
            "退出的原因和日期记入档案；以后再参加，须经区教委同意。",
        ),
    ),
    Section("七、争议", ("先协商；协商不成的，可以向区教委反映，或者依法解决。",)),
)

_STAFF = Text(
    AGREEMENT,
    "teacher",
    "教职工课后服务协议",
    f"{_POLICY}、二（六）2",
    "学校与本人就本学期参加课后服务约定如下。",
    (
        Section(
            "一、服务内容",
            (
                "本人自愿在{period}参加课后服务，岗位：{role}；每周不超过{weekly_cap}课时；愿意的日子：{weekdays}。具体安排以公布的内容项目表和课次为准，调整前先征求本人意见。",
            ),
        ),
        Section(
            "二、本人的权利",
            (
                *_COMMON_RIGHTS,
                "按学校经费管理方案领取补助，按核定的课时逐月结算、本人确认；补助不因家长评价的高低而增减。",
            ),
        ),
        Section(
            "三、本人的义务",
            (
                "不影响本职工作；遵守岗位要求告知书和安全责任书；按名单点名和交接；不有偿补课。",
                "参与情况不作为职称评聘的条件，学校不要求另写台账。",
            ),
        ),
        Section("四、学校的义务", ("不强迫参加；不因不参加而区别对待；提供场地、器材和培训；按时足额发放补助。",)),
        *_COMMON_END,
    ),
    ("本协议一式两份，学校和本人各执一份，自双方签署之日起生效。",),
)

_EXTERNAL = Text(
    AGREEMENT,
    "external",
    "校外人员课后服务协议",
    f"{_POLICY}、二（六）2",
    "学校与本人就本学期入校提供课后服务约定如下。",
    (
        Section(
            "一、服务内容",
            (
                "人员类型：{kind}；查询结果编号：{check}。本人在{period}提供：{skills}；每周不超过{weekly_cap}课时；愿意的日子：{weekdays}。具体安排以公布的内容项目表和课次为准。",
            ),
        ),
        Section(
            "二、本人的权利",
            (*_COMMON_RIGHTS, "报酬：{pay}，按核定的课时逐月结算，只支付到本人账户；依法应缴的税由学校代扣代缴。"),
        ),
        Section(
            "三、本人的义务",
            (
                "不向学生和家长收取任何费用，不推销、不留联系方式、不介绍机构。",
                "佩戴学校发给的证件，经门卫登记进出；不带无关人员入校；遵守岗位要求告知书和安全责任书。",
            ),
        ),
        Section(
            "四、学校的义务", ("安排一名校内人员联系和协助；提供场地、器材和培训；按约定支付报酬；办理必要的保险。",)
        ),
        *_COMMON_END,
    ),
    ("本协议一式两份，学校和本人各执一份，自双方签署之日起生效。",),
)

_VOLUNTEER = Text(
    AGREEMENT,
    "volunteer",
    "志愿者课后服务协议",
    _POLICY,
    "学校与本人就本学期志愿参加课后服务约定如下。",
    (
        Section(
            "一、服务内容",
            (
                "人员类型：{kind}，志愿无酬；查询结果编号：{check}。本人在{period}参加：{skills}；每周不超过{weekly_cap}课时；愿意的日子：{weekdays}。",
            ),
        ),
        Section(
            "二、本人的权利",
            (*_COMMON_RIGHTS, "服务时数如实记录，可以随时要求出具志愿服务证明；不领取补助，也不承担费用。"),
        ),
        Section(
            "三、本人的义务",
            (
                "与其他人员一样先查询、先培训、后上岗。",
                "不向学生和家长收取任何费用，不推销、不留联系方式；佩戴证件，经门卫登记进出；遵守岗位要求告知书和安全责任书。",
            ),
        ),
        Section("四、学校的义务", ("安排一名校内人员在场；提供场地、器材、培训和必要的保险；出具时数证明。",)),
        *_COMMON_END,
    ),
    ("本协议一式两份，学校和本人各执一份，自双方签署之日起生效。",),
)

_SUPPORT = Text(
    AGREEMENT,
    "support",
    "课后服务保障人员协议",
    f"{_POLICY}、三（二）",
    "学校与本人就本学期课后服务时段的工作约定如下。",
    (
        Section(
            "一、服务内容",
            ("本人在{period}的课后服务时段在岗，岗位：{role}；每周不超过{weekly_cap}课时；愿意的日子：{weekdays}。",),
        ),
        Section("二、本人的权利", (*_COMMON_RIGHTS, "延长的工作时间按学校规定计算补助或补休。")),
        Section(
            "三、本人的义务",
            (
                "坚守岗位；校外人员进出逐一核对证件并登记；学生离校按名单放行；不单独带领学生；遵守岗位要求告知书和安全责任书。",
            ),
        ),
        Section("四、学校的义务", ("提供必要的值守条件、通讯和防护器材，组织培训和演练。",)),
        *_COMMON_END,
    ),
    ("本协议一式两份，学校和本人各执一份，自双方签署之日起生效。",),
)

_WANTED = {
    "teacher": (
        "有教师资格，当年师德考核合格，身体健康。",
        "熟悉本组孩子的姓名、离校方式和健康提示；提示只给本组老师看。",
        "按内容项目表开展活动；作业时段只辅导和答疑，孩子做完可以自主阅读。",
    ),
    "external": (
        "有与所带活动相符的资质证明，身体健康；每次到校先经门卫核对登记。",
        "活动内容以公布的项目表为准，不改变、不延伸；材料不向孩子收费。",
        "课堂秩序和突发情况由校内联系人协助；不单独带孩子离开活动场地。",
    ),
    "volunteer": (
        "身体健康，经过同样的查询和培训；每次到校先经门卫核对登记。",
        "协助校内人员开展活动，始终有一名校内人员在场。",
        "时数由学校如实登记，不领补助。",
    ),
    "gatekeeper": (
        "有上岗资格，身体健康；值守时段不饮酒、不离岗。",
        "外来人员一律核对证件、问清来访、登记、通知被访人；没有预约的不放进。",
        "离校时按批次、按名单放行，遇到不认识的接领人请值班领导核对。",
    ),
    "other": ("身体健康，经过同样的查询和培训。", "不单独带领学生；在岗时佩戴证件。", "发现异常立即报告值班领导。"),
}


def _requirements(role: str, title: str) -> Text:
    return Text(
        REQUIREMENTS,
        role,
        "岗位要求告知书",
        _POLICY,
        f"参加课后服务的{title}，应当知道并做到以下要求。",
        (
            Section("一、上岗条件和本岗位要求", _WANTED[role]),
            Section("二、每次活动", _DUTIES),
            Section("三、红线", _NEVER),
            Section(
                "四、准入和退出",
                (
                    "材料齐全、查询通过、签署协议和责任书、培训合格、校长准入、名单备案以后，才能排班。",
                    "证明到期、查询未通过、有师德师风问题的，停止排班；退出的原因记入档案，再次参加须经区教委同意。",
                ),
            ),
        ),
        ("本人已阅读并理解以上要求。",),
    )


_AGREEMENTS = {
    "teacher": _STAFF,
    "external": _EXTERNAL,
    "volunteer": _VOLUNTEER,
    "gatekeeper": _SUPPORT,
    "other": _SUPPORT,
}
_REQUIREMENTS = {
    "teacher": _requirements("teacher", "校内教师"),
    "external": _requirements("external", "校外专业人员"),
    "volunteer": _requirements("volunteer", "志愿者"),
    "gatekeeper": _requirements("gatekeeper", "门卫"),
    "other": _requirements("other", "保障人员"),
}


def text_of(kind: str, role: str) -> Text:
    """Return the present words of a paper for a role (`kinds.role_of`). :raises KeyError: for an unknown kind"""
    fixed = {CONSENT: _CONSENT, LETTER: _LETTER}
    by_role = {AGREEMENT: _AGREEMENTS, REQUIREMENTS: _REQUIREMENTS}
    return fixed[kind] if kind in fixed else by_role[kind][role]


def filled(text: Text, facts: Mapping[str, str]) -> dict[str, object]:
    """Return the words of a paper with a person's facts in them, as plain values for page, press and digest."""
    return {
        "title": text.title,
        "basis": text.basis,
        "opening": text.opening,
        "sections": [
            {"title": one.title, "words": [_fill(word, facts) for word in one.words]} for one in text.sections
        ],
        "closing": list(text.closing),
        "retention": text.retention,
    }


def _fill(words: str, facts: Mapping[str, str]) -> str:
    for name, value in facts.items():
        words = words.replace("{" + name + "}", value)
    return words

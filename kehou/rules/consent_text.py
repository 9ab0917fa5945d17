"""What the two consent papers say (documents 24 and 25 of domain/06 3.7): each purpose apart, and what refusing means.

Sources: PIPL 14 to 17 and 28 to 31, and the rules on children's information (儿童个人信息网络保护规定, 8, 9).
Who, why, what, how, where, how long, what happens then, what if not, how to take it back. A purpose's own words are in
`choice.CONSENTS`.
"""

from __future__ import annotations

from dataclasses import dataclass

INFORMATION, IMAGES = "information", "images"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One paper: title, opening words, purposes by key with (what is used, how and where, how long)."""

    title: str
    opening: str
    purposes: dict[str, tuple[str, str, str]]
    safety: str
    refusing: str
    afterwards: str


_AFTERWARDS = (
    "您随时可以查看、改正、删除，或者收回同意：手机上点“我的”，或者到学校、打班主任电话办理，从办理时起不再使用；"
    "收回以前已经办的事不受影响。对处理办法有意见，可以向学校、区教委投诉，也可以向网信部门举报。"
)

CONSENT_TEXTS = {
    INFORMATION: ConsentText(
        title="儿童个人信息处理单独同意书",
        opening=(
            "我们需要用到孩子的姓名、班级和您的电话，用来编组、点名、联系您和结算费用。我们不收集孩子的照片脸部特征、指纹和"
            "定位，也不要您填写收入、单位和宗教。您可以只同意其中几项；都不同意也可以，改用纸质办理，孩子照样可以参加。"
            "您随时能查看、改正、删除，或让我们停止使用。"
        ),
        purposes={
            "basic": (
                "姓名、班级、家长电话、出勤和缴费记录",
                "本校和区教委的课后服务系统，存放在境内",
                "在校期间，离校后三年",
            ),
            "health": ("您自愿填写的健康提示", "只给本组带组老师看", "本学期，学期结束删除"),
        },
        safety="证件号码加密保存，页面上遮住；谁看过、为什么看，都有记录。到期删除；账目和公示里不留姓名。",
        refusing="不同意不影响参加：改用纸质申请、纸质点名和柜台缴费。不同意健康提示的，带组老师不知道，请您自己当面说明。",
        afterwards=_AFTERWARDS,
    ),
    IMAGES: ConsentText(
        title="影像使用同意书",
        opening="活动中老师可能拍照、录像。用在哪里，由您逐项决定；没有同意的，不用，也不拍孩子的正面。",
        purposes={
            "photo_school": ("活动照片、录像", "校内展板、班级展示", "本学期，学期结束撤下"),
            "photo_public": ("活动照片、录像，不写姓名", "学校公众号", "一学年，到期删除"),
            "photo_district": ("活动照片、录像，不写姓名", "全区展示交流", "一学年，到期删除"),
        },
        safety="原片只存学校的设备，不传给任何培训机构和商家，不做人脸识别。",
        refusing="不同意不影响参加任何活动，也不影响评价。",
        afterwards=_AFTERWARDS,
    ),
}

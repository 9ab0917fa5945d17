"""The question bank of the training (2.4-n): original questions on safety, first aid, conduct, emergency, data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOPICS: dict[str, str] = {
    "safety": "看护与场地安全",
    "first_aid": "急救",
    "conduct": "师德与未成年人保护",
    "emergency": "应急处置",
    "data": "信息保护",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key, topic, words, options, which is right (from 0) and why."""

    key: str
    topic: str
    text: str
    options: tuple[str, ...]
    right: int
    why: str


def _asked(topic: str, *rows: tuple[str, tuple[str, ...], int, str]) -> tuple[Question, ...]:
    """Return the questions of a topic; the bank is written with the right answer in the middle, and turned here."""
    made = []
    for number, (text, options, right, why) in enumerate(rows, 1):
        turn = number % len(options)
        turned = (*options[turn:], *options[:turn])
        made.append(Question(f"{topic}-{number}", topic, text, turned, (right - turn) % len(options), why))
    return tuple(made)


BANK: tuple[Question, ...] = (
    *_asked(
        "safety",
        (
            "到组十分钟，名单上还有一个孩子没见到，应当",
            ("等下课再问", "立即联系值班领导、班主任和家长", "记为请假"),
            1,
            "说不清孩子在哪里，就是必须马上报告的事。",
        ),
        (
            "您要离开活动室接一个急电话，应当",
            ("让大孩子看着", "先找到另一位在册的成人接手再离开", "快去快回"),
            1,
            "在自己负责的时间和地方不离岗。",
        ),
        (
            "活动前发现一张桌子螺丝松动，应当",
            ("坐轻一点", "停用、贴上标记并报告场地保管人", "活动后再说"),
            1,
            "器材和场地先检查后使用。",
        ),
        (
            "一位自称孩子舅舅的人来接，名单上没有他，应当",
            ("孩子认识就交给他", "不交，电话向家长核对并按授权名单办理", "请他写张条子"),
            1,
            "孩子只交给家长授权的人。",
        ),
        (
            "足球活动来了24人，只有您一名成人，应当",
            ("照常开展", "报告值班领导增加成人或分组，够人再开展", "让孩子自己踢"),
            1,
            "球类每名成人最多带20人。",
        ),
        (
            "放学路队中，有孩子说自己先走，应当",
            ("五年级以上都可以", "看名单：登记为自行离校的才可以", "让他签名就走"),
            1,
            "离校方式由家长书面选定。",
        ),
        (
            "雷雨时孩子还在操场，应当",
            ("打伞继续", "马上带进室内并清点人数", "到大树下躲雨"),
            1,
            "雷雨中离开空旷处和树下，清点人数。",
        ),
    ),
    *_asked(
        "first_aid",
        ("孩子流鼻血，应当", ("仰头", "坐着稍低头，捏住鼻翼约十分钟", "塞纸巾后继续跑"), 1, "仰头会让血流进咽喉。"),
        (
            "孩子摔倒后手臂变形、很痛，应当",
            ("把骨头推回去", "不动伤处，固定，通知校医和家长并就医", "揉一揉"),
            1,
            "疑似骨折先固定，不复位。",
        ),
        (
            "孩子被异物噎住、说不出话，应当立即",
            ("喂水", "做腹部冲击法并呼救", "拍照给家长"),
            1,
            "气道阻塞要马上解除并呼救。",
        ),
        ("小面积烫伤，首先", ("涂牙膏", "用流动凉水冲约二十分钟", "挑破水泡"), 1, "先降温，不涂抹，不挑破。"),
        (
            "孩子抽搐，应当",
            ("按住手脚、撬开嘴", "移开硬物、侧卧、计时、呼救", "掐人中直到醒"),
            1,
            "不约束、不往嘴里塞东西。",
        ),
        (
            "孩子倒地没有反应、没有正常呼吸，应当",
            ("等校医来", "呼救、拨打120、开始胸外按压", "先打给家长商量"),
            1,
            "每一分钟都要紧，先呼救并按压。",
        ),
        (
            "孩子说被蜂蜇后喘不上气，应当",
            ("观察半小时", "立即拨打120并告诉校医和家长", "涂清凉油"),
            1,
            "呼吸困难可能是严重过敏。",
        ),
    ),
    *_asked(
        "conduct",
        (
            "孩子作业写错很多，您可以",
            ("罚抄一百遍", "让他说说哪里不懂，单独答疑", "请全组评一评他"),
            1,
            "不体罚，不羞辱。",
        ),
        (
            "与一个孩子单独谈话，应当",
            ("关上门免得打扰", "开着门，在别人看得见的地方", "带到车里"),
            1,
            "一对一接触守“可见原则”。",
        ),
        (
            "家长问能不能私下给孩子补课，应当",
            ("收便宜一点", "谢绝，课后服务人员不得有偿补课", "介绍给朋友"),
            1,
            "不补课，不推销。",
        ),
        (
            "课后服务时间能讲新课吗",
            ("进度落后就可以", "不能，只辅导和答疑", "校长同意就可以"),
            1,
            "不把课后服务变成上课。",
        ),
        (
            "机构请您把宣传单发给孩子，应当",
            ("顺手发了", "拒绝并报告学校", "放在讲台让孩子自己拿"),
            1,
            "课后服务时段不得搭车推销。",
        ),
        (
            "孩子悄悄告诉您有人伤害他，应当",
            ("让他别说出去", "认真听、不追问细节，立即按强制报告制度报告", "先找那个人对质"),
            1,
            "发现侵害未成年人，须立即报告。",
        ),
        ("家长送来一张购物卡表示感谢，应当", ("收下转交同事", "当面谢绝", "登记后收下"), 1, "不收礼品礼金。"),
    ),
    *_asked(
        "emergency",
        (
            "发现陌生人进入校园走向孩子，首先",
            ("拍视频", "把孩子带离、呼叫门卫和值班领导", "上前搜身"),
            1,
            "先让孩子离开危险，再由安保处置。",
        ),
        ("火警响起，应当", ("先收拾书包", "按路线低姿撤离，到集合点清点人数", "乘电梯下楼"), 1, "人先走，到点必清点。"),
        (
            "地震时正在教室，应当",
            ("立刻往楼下跑", "就近蹲在坚固课桌旁护住头颈，震后撤离", "到窗边呼救"),
            1,
            "震时先躲避，震后再撤离。",
        ),
        (
            "发生受伤或走失，多久内在系统登记",
            ("第二天", "电话立即报告，三十分钟内登记", "一周内"),
            1,
            "电话即报，三十分钟内登记。",
        ),
        (
            "系统或停电打不开名单，应当",
            ("凭记忆", "用当天打印的纸质名单点名、交接", "让孩子自己回家"),
            1,
            "每天下午都有纸质备用名单。",
        ),
        (
            "两个孩子打架，一个头部流血，第一步",
            ("先问谁对谁错", "分开、止血、叫校医，另一人看住其他孩子", "让他们握手"),
            1,
            "先救人，再问事。",
        ),
        (
            "三个以上孩子同时呕吐，应当",
            ("各自送回家", "隔离照看、保留食物和呕吐物、报告校医和值班领导", "开窗就行"),
            1,
            "疑似食物或传染病，要隔离、保留、报告。",
        ),
    ),
    *_asked(
        "data",
        (
            "家长群里能发孩子的健康提示吗",
            ("提醒大家注意，可以", "不能，只有本组老师和值班领导能看", "不写姓名就行"),
            1,
            "健康提示是敏感信息。",
        ),
        (
            "您拍了孩子活动的照片，应当",
            ("发朋友圈", "只按家长同意的用途，用学校设备保存", "发给机构做宣传"),
            1,
            "影像只在家长同意的范围内使用。",
        ),
        (
            "同事请您用您的账号替他点名，应当",
            ("告诉他密码", "不能，账号只能本人使用", "帮他点了"),
            1,
            "一人一号，谁做谁负责。",
        ),
        (
            "打印的点名名单用完后",
            ("扔进教室垃圾桶", "交回学校统一保存或销毁", "背面给孩子画画"),
            1,
            "名单上有孩子的信息。",
        ),
        (
            "谁家是低保，带组人",
            ("可以问班主任", "不需要知道，也不打听", "可以让孩子举手"),
            1,
            "资助情况只有办理的人知道。",
        ),
        (
            "陌生来电自称教委要孩子家长电话，应当",
            ("报给他", "不给，请其通过学校办公室联系", "报一部分"),
            1,
            "家长电话不外传。",
        ),
        (
            "手机丢了，里面登录过教师端，应当",
            ("等找到再说", "马上报告学校停用登录并改密码", "换一个手机就行"),
            1,
            "及时报告，防止信息泄露。",
        ),
    ),
)
BY_KEY: Mapping[str, Question] = {one.key: one for one in BANK}


def draw_questions(seed: str, number: int) -> list[Question]:
    """Return the questions of one attempt: the topics in turn, each in an order of the seed; the same seed the same."""

    def place(one: Question) -> str:
        return hashlib.sha256(f"{seed}|{one.key}".encode()).hexdigest()

    rows = [sorted((one for one in BANK if one.topic == topic), key=place) for topic in TOPICS]
    dealt = [one for turn in zip(*rows, strict=True) for one in turn]
    return sorted(dealt[:number], key=lambda one: list(TOPICS).index(one.topic))


def score(keys: Sequence[str], answers: Mapping[str, int]) -> int:
    """Return how much of an attempt is right, in whole percent rounded down; what is not answered is wrong."""
    right = sum(answers.get(key) == BY_KEY[key].right for key in keys)
    return right * 100 // len(keys) if keys else 0

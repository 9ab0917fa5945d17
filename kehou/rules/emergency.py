"""The emergency cards (3.2, 2.5-d): ten scenes, each with the first three minutes, who calls, who stays, where children go.

Cards speak of posts; `filled` puts the names and telephones of today in. Drills: at least one a term (R-SAFE-07).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Card:
    """One scene. `first` are the acts of the first three minutes in their order."""

    code: str
    title: str
    first: tuple[str, ...]
    calls: str
    stays: str
    children: str
    after: str

    @property
    def number(self) -> int:
        """Return its place among the ten."""
        return next(at for at, card in enumerate(CARDS, 1) if card.code == self.code)


CARDS: tuple[Card, ...] = (
    Card(
        "missing", "走失或未接",
        ("清点本组人数，问同组学生最后一次在哪里见到", "一人守住校门只进不出，其余就近找厕所、教室、操场角落",
         "三分钟没有找到，报告值班领导，全校各组停下清点"),
        "{leader}联系班主任和家长；十分钟仍未找到，拨打110和{police}。未接的，依次拨打联系卡上每一个电话。",
        "带组教师留在原组看住其余学生；{gate}守校门，查看监控。",
        "其余学生留在原活动室，不解散；未接学生在{wait}由两名成人陪同。",
        "找到后先安抚，再通知所有被联系的人；当天写明经过，不责备孩子。",
    ),
    Card(
        "injury", "学生受伤",
        ("停下活动，不随意搬动伤者，看清意识、呼吸、出血", "压住伤口止血；头颈、脊柱或骨折疑似的固定原位", "叫最近的成人来，一人看伤者、一人带开其他学生"),
        "{medical}到场处置；意识不清、大出血、骨折立即拨打120；带组教师亲自给家长打电话，{leader}报告校长{principal}。",
        "带组教师或{medical}一直陪着伤者，随车到医院，家长到场后方可离开。",
        "同组学生由邻近组教师带回教室，不围观、不拍照。",
        "三十分钟内登记，保留现场和器材，通知保险，第二天回访家庭。",
    ),
    Card(
        "illness", "突发疾病",
        ("让学生平卧或坐稳，解开衣领，保持通风", "没有呼吸心跳立即做心肺复苏，派人取除颤器", "查看健康提示，过敏、哮喘、癫痫按提示处理，不随意喂药喂水"),
        "{medical}到场；病情危急拨打120并派人到{gate_place}引导；带组教师给家长打电话，联系{hospital}。",
        "{medical}和一名教师不离开患病学生。",
        "其余学生安静离开房间，到邻近教室点名。",
        "记下发病时间和已做处理交给急救人员；疑似传染病的按传染病应急预案办理。",
    ),
    Card(
        "conflict", "打架与欺凌",
        ("大声制止，把双方分到看不见对方的两处", "查看有无受伤，受伤的先救治", "各由一名成人陪同，不当众追问对错"),
        "带组教师报告{leader}；班主任当天分别联系双方家长；有凶器或伤情较重的拨打110、120。",
        "带组教师看住本组；{leader}和班主任分别陪同当事学生。",
        "旁观学生回到座位，活动改为安静阅读。",
        "当天登记；欺凌按制度调查，保护被欺凌学生，安排心理老师。",
    ),
    Card(
        "intruder", "陌生人闯入",
        ("门卫关闭校门，按一键报警，用防护器材保持距离", "广播约定口令，各组立即进最近的房间，锁门、关灯、离开门窗", "教师站在门与学生之间，清点人数，手机调静音"),
        "{gate}一键报警并拨打110；{leader}通知{police}和校长{principal}。",
        "每一组都有教师留在房间里，任何人不开门，直到听到约定的解除口令。",
        "操场学生就近进入体育器材室或最近教室；已到校门的退回校内。",
        "解除后逐组点名，确认无伤；通知家长统一到校接，做心理安抚。",
    ),
    Card(
        "fire", "火灾",
        ("大声呼喊“着火了”，按下报警按钮，切断电源", "教师带队走最近的安全出口，弯腰、捂口鼻、扶墙，不乘电梯", "最后一名教师查看厕所和角落后关门离开"),
        "发现人拨打119，说清学校、楼层、有无被困；{leader}报告校长{principal}。",
        "{leader}在集合点统一点名；{gate}打开所有校门和消防通道，引导消防车。",
        "全部到{assembly}按组集合，就地坐下点名，任何人不得返回取物。",
        "少一人立即告诉消防人员最后位置；有序通知家长接人，封闭现场。",
    ),
    Card(
        "earthquake", "地震",
        ("摇晃时就近躲到桌下或内墙角，护住头颈，不跑、不跳楼", "摇晃停止后，教师喊“撤离”，护头走楼梯靠右快步下楼", "室外的蹲在空旷处，远离楼房、电线、围墙"),
        "撤离后{leader}报告校长{principal}和区教委；有人被埋压拨打119、120。",
        "带组教师走在队尾；{medical}在集合点设临时救护点。",
        "全部到{assembly}，按组坐下点名，余震期间不回楼内。",
        "逐一通知家长；楼房未经检查不得使用；留意学生惊吓反应。",
    ),
    Card(
        "weather", "暴雨、雷电、冰雪",
        ("户外活动立即停止，带学生进室内，不在树下、雨棚下停留", "关闭门窗和电器，检查低洼处、地下通道积水", "清点人数，换掉湿衣物"),
        "{leader}查看预警，报告校长{principal}；需要延迟离校的，{manager}逐一通知家长。",
        "带组教师继续看护，直到家长接走；{gate}在校门口查看道路。",
        "留在楼内二层以上教室；路远和自行离校的学生一律等家长来接。",
        "校车停运的安排留校；雪天撒防滑物；不因迟接收费。",
    ),
    Card(
        "food", "食品安全与传染病",
        ("停止食用、停止活动，问清吃了什么、几点开始不舒服", "不催吐、不乱喂药，把有症状的学生带到通风的观察室", "封存剩余食物、饮水和呕吐物"),
        "{medical}登记症状；同组三人以上立即拨打120，{leader}报告校长{principal}，校长两小时内报区教委和疾控部门。",
        "{medical}和一名教师在观察室陪护，戴口罩。",
        "有症状的在观察室；其余学生留在原组，不串班，洗手。",
        "通知家长就诊并收集结果；场所消毒；需要停课的按预案报批。",
    ),
    Card(
        "blackout", "停电与系统故障",
        ("教师原地安抚，不让学生走动，打开应急灯或手电", "停止使用器材和实验，带学生到有窗、近出口的房间", "拿出当天打印的纸质名单，用纸笔点名"),
        "{leader}联系后勤和供电；{manager}通知各组改用纸质名单和电话核对。",
        "{gate}手动打开校门；带组教师不离开本组。",
        "到光线好的一楼教室或{assembly}；楼梯口各站一名成人。",
        "离校按纸质交接单签字，恢复后当天补录并注明“停电补录”。",
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Card] = {card.code: card for card in CARDS}
OPEN = "（待定）"


def filled(card: Card, facts: Mapping[str, str]) -> Card:
    """Return a card with the names, telephones and places of a school; what is not known reads 待定 in brackets."""
    known = _Known(facts)
    return replace(
        card,
        first=tuple(line.format_map(known) for line in card.first),
        calls=card.calls.format_map(known),
        stays=card.stays.format_map(known),
        children=card.children.format_map(known),
        after=card.after.format_map(known),
    )


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return OPEN

    def __init__(self, facts: Mapping[str, str]) -> None:
        super().__init__({key: value for key, value in facts.items() if value})


def open_places(facts: Mapping[str, str]) -> tuple[str, ...]:
    """Return which facts the cards want and nobody has given, by name."""
    return tuple(name for key, name in PLACES.items() if not facts.get(key, "").strip())


PLACES = {
    "assembly": "紧急集合点", "wait": "等候接领的房间", "gate_place": "急救车进校的校门", "hospital": "联系医院",
    "police": "辖区派出所",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DrillFact:
    """A drill: when it is planned, when it was held."""

    planned_on: date
    held_on: date | None = None


def problem_of_drills(drills: Iterable[DrillFact], *, least: int, on: date, last: date) -> Refusal | None:
    """Return what is missing of a term's drills (R-SAFE-07): enough planned, none overdue, enough held by the end.

    `last` is the last day of the term's service.
    """
    known = list(drills)
    held = sum(one.held_on is not None for one in known)
    if held >= least:
        return None
    waiting = [one for one in known if one.held_on is None]
    if on > last:
        return refuse("R-SAFE-07", "term_without_drill", least=least, held=held)
    if held + len(waiting) < least:
        return refuse("R-SAFE-07", "no_drill_planned", least=least, planned=held + len(waiting))
    if late := [one for one in waiting if one.planned_on < on]:
        first = min(one.planned_on for one in late)
        return refuse("R-SAFE-07", "drill_overdue", day=f"{first.month}月{first.day}日")
    return None


def refusals_of_drill(*, planned_on: date, first: date, last: date, scenario: str) -> tuple[Refusal, ...]:
    """Return why a drill cannot be planned so: a scene of the ten, a day of the term."""
    return tuple(
        one
        for one in (
            None if scenario in BY_CODE else refuse("R-SAFE-07", "no_such_scene"),
            None if first <= planned_on <= last else refuse("R-SAFE-07", "outside_term"),
        )
        if one
    )


NOTICE = (
    "各位家长：{when}，课后服务期间在{place}发生{scene}。学生由老师看护，{state}。"
    "请您保持电话畅通，{ask}。学校联系电话{phone}。情况有变化时我们会再次告知，请不要转发未经核实的消息。"
)  # fmt: skip

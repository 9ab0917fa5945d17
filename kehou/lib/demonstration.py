"""The demonstration's people and moments: who may be tapped on its page, and where its clock can stand.

The seeds give these people their posts and children; the door lists them, in a demonstration only. All names are
invented, the numbers follow a pattern that is never sent to, the schools end with （演示）.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kehou.lib import clock, snapshots
from kehou.lib.jobs import schedule
from kehou.lib.models import DueJob

_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of the story: a name for the bar, and what is going on then."""

    key: str
    title: str
    at: datetime
    saying: str


MOMENTS: tuple[Moment, ...] = (
    Moment("registration", "报名夜", datetime(2026, 9, 3, 20, 30, tzinfo=_ZONE), "家长正在选课，明晚截止"),
    Moment("review", "审核日", datetime(2026, 9, 5, 14, 0, tzinfo=_ZONE), "报名已截止，班主任正在审核申请"),
    Moment("draw", "摇号日", datetime(2026, 9, 6, 10, 0, tzinfo=_ZONE), "报名已截止，学校公布统筹结果"),
    Moment("afternoon", "平常下午", datetime(2026, 11, 18, 16, 25, tzinfo=_ZONE), "各组正在点名"),
    Moment("month_end", "月末", datetime(2026, 11, 30, 17, 0, tzinfo=_ZONE), "十一月的服务结束，等着结算"),
    Moment("term_end", "期末", datetime(2027, 1, 14, 16, 30, tzinfo=_ZONE), "本学期最后一个服务周"),
)
DEFAULT_MOMENT = next(moment for moment in MOMENTS if moment.key == "afternoon")


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the thirty: where they sit, and the story they carry in one line.

    `school` is empty for the district and for families; `role` is one of `kehou.rules.permissions`.
    """

    key: str
    name: str
    role: str
    school: str
    line: str

    @property
    def phone(self) -> str:
        """Return the mobile number: 1990000 and the place in the cast."""
        return f"1990000{CAST_ORDER[self.key]:04d}"


YOUXIANG, HUPAN, JINDAI, ZHUHAI = "2150990001", "2150990002", "2150990003", "2150990004"
PINGJIN, NIANHUA, MINGYUE, GAOLIANG = "2150990005", "2150990006", "3150990001", "3150990002"
YUNLONG, LIYUE, QIMING, XINSHENG = "3150990003", "3150990004", "5150990001", "2150990007"

CAST: tuple[Persona, ...] = (
    Persona("chenxia", "陈霞", "guardian", "", "两个孩子在柚香路小学，哥哥妹妹都想上小机器人"),
    Persona(
        "zhangguifang", "张桂芳", "guardian", "", "留守儿童的奶奶，没有智能手机：报名、签字都办纸质；账号已开长辈版"
    ),
    Persona("liujianjun", "刘建军", "guardian", "", "在东莞务工的父亲，夜里用手机选课、看孩子几点离校"),
    Persona("hejing", "何静", "guardian", "", "双胞胎妈妈，两张账单一次缴清"),
    Persona("liaosuzhen", "廖素珍", "guardian", "", "低保家庭，减免自动生效，没有交过证明"),
    Persona("majun", "马骏", "guardian", "", "选择不参加，孩子按时放学，没有人问为什么"),
    Persona("lishu", "李舒", "teacher", YOUXIANG, "语文教师，带纸飞机与航模组，还有两个孩子没到"),
    Persona("zhouting", "周婷", "homeroom_teacher", YOUXIANG, "三年级1班班主任，审核申请，看不到谁没有参加"),
    Persona("dengqiang", "邓强", "duty_leader", YOUXIANG, "今天的值班领导，守到最后一个孩子离校"),
    Persona("liudayong", "刘大勇", "gatekeeper", YOUXIANG, "门卫，只看今天谁可以进、几点放几批"),
    Persona("chenmin", "陈敏", "asp_manager", YOUXIANG, "课后服务管理员，管项目表、报名、摇号和课次"),
    Persona("zhongyi", "钟毅", "principal", YOUXIANG, "校长，签发备案、公布项目表、批退费"),
    Persona("jiangyun", "蒋芸", "cashier", YOUXIANG, "报账员，出账单、收缴费、记支出"),
    Persona("yuanhui", "袁慧", "aid_officer", YOUXIANG, "资助专员，维护减免和保障名单"),
    Persona(
        "zhaoxin", "赵欣", "quality_checker", YOUXIANG, "校内督查专人，看今天各组的看板和课次；巡查单随督导部分启用"
    ),
    Persona("wangli", "王丽", "parents_committee", YOUXIANG, "家委会主任，看公开的账，不碰钱"),
    Persona("songwei", "宋薇", "principal", HUPAN, "双桂湖畔小学校长，签发备案、公布项目表；案例报告随督导部分启用"),
    Persona(
        "tangrong",
        "唐蓉",
        "asp_manager",
        ZHUHAI,
        "竹海中心小学管理员，带两个教学点，有的家庭办纸质；山里路远，冬季17:10放最后一批",
    ),
    Persona("xujiahui", "徐家惠", "teacher", PINGJIN, "年画传承人，每周三来带学生印年画"),
    Persona("pengshouyi", "彭守义", "teacher", NIANHUA, "退休教师，在村小做志愿者"),
    Persona("gaoliang", "高亮", "asp_manager", MINGYUE, "初中管理员，16:50放学，只能开两课时"),
    Persona(
        "luoping",
        "罗平",
        "cashier",
        GAOLIANG,
        "高梁坝中学报账员：三家在低保名单上却缴了费，一家已退，一家等她退付，一家等校长批",
    ),
    Persona("zhouqiwen", "周启文", "basic_education", "", "区教委基教科，受理备案、看全区"),
    Persona("jianglan", "江岚", "basic_education_head", "", "基教科科长，批准参数修改"),
    Persona("luoming", "罗明", "price", "", "区发改委价格科，提出收费标准"),
    Persona("ranjing", "冉静", "price_head", "", "价格科科长，第二个人批准收费标准"),
    Persona("tanhui", "谭慧", "finance", "", "区财政局，看收缴、减免和拨付"),
    Persona(
        "qinchuan",
        "秦川",
        "inspector",
        "",
        "责任督学，看各校的备案、制度和证明；联系哪几所学校、到校督导随督导部分启用",
    ),
    Persona("leiming", "雷鸣", "police", "", "派出所联络员，只看离校时段和人数"),
    Persona("shijian", "石坚", "audit_admin", "", "审计管理员，核验日志有没有被改过"),
)
CAST_ORDER = {persona.key: number for number, persona in enumerate(CAST, start=1)}


def persona(key: str) -> Persona:
    """Return one of the cast. :raises KeyError: if nobody is called so"""
    return CAST[CAST_ORDER[key] - 1]


def let_pass(days: int, *, daily: bool) -> None:
    """Let so many days pass in the district as it stands: windows end, papers expire; `daily` work is due at once."""
    clock.move_to(clock.now() + timedelta(days=days), key=snapshots.current())
    if daily:
        schedule.prepare()  # a moment that was put back has no schedule of its own
        DueJob.objects.update(due_at=clock.wall())


def visit(moment: Moment) -> bool:
    """Move the demonstration to a moment: the district as it was then, and the clock.

    What the visitor did at the moment they leave is kept for when they come back. Return whether the district moved
    along; where a moment was not kept only the clock moves.
    """
    if here := snapshots.current():
        snapshots.keep(here)
    moved = snapshots.put_back(moment.key)
    clock.move_to(moment.at, key=moment.key)
    return moved

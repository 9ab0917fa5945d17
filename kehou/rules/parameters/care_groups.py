"""The parameters of the afternoons and what follows: safety, staff, surveys, publication, supervision."""

# ruff: noqa: RUF009 (`parameter` returns a dataclass field)
from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import ClassVar

from kehou.rules.parameters.composites import Part, Record, Table
from kehou.rules.parameters.groups import DAYS, PERCENT, WORKING_DAYS
from kehou.rules.parameters.kinds import Chart, Choice, Choices, Clock, Number, Text, Words, YesNo
from kehou.rules.parameters.parameter import parameter
from kehou.rules.staffing.kinds import KINDS, PROOFS, REQUIRED

RISK_CLASSES = {
    "A": "A类（阅读、作业、讲座）",
    "B": "B类（音乐、美术、棋类、编程）",
    "C": "C类（球类、实验、木工）",
    "D": "D类（校外、水边、高处）",
}
OPEN_DAYS = Number(1, 30, "天")
YEARS = Number(1, 100, "年")
CLEANING = "到期清理"


@dataclass(frozen=True)
class Ratio:
    """Adults for pupils."""

    title: ClassVar[str] = "安全配比"
    by_risk: Chart[str, int] = parameter(
        "每名成人最多带",
        Table(RISK_CLASSES, Number(1, 60, "人")),
        Chart({"A": 40, "B": 30, "C": 20, "D": 10}),
        "3.2-b",
        why="文件要求安排足够数量人员；风险越高人数越少",
    )
    min_on_site: int = parameter("在场成人至少", Number(1, 10, "人"), 2, "3.2-b", why="一人处理突发时还有一人看护")


@dataclass(frozen=True)
class Safety:
    """Checks of rooms, grounds and equipment."""

    title: ClassVar[str] = "场地安全"
    check_before_term_days: int = parameter(
        "开学前几天内要检查", Number(1, 60, "天"), 15, "3.2-d", why="开学前逐处检查，没有检查的开学后不能用"
    )
    check_every_days: int = parameter(
        "学期中至少几天检查一次", Number(7, 92, "天"), 31, "3.2-d", why="每月一次；过期的场地不能安排活动"
    )


@dataclass(frozen=True)
class Attendance:
    """Roll call and release."""

    title: ClassVar[str] = "点名与离校"
    alarm_minutes: int = parameter("点名几分钟后提醒", Number(1, 30, "分钟"), 10, "3.2-f", why="还没见到的孩子立即找")
    seal_at: time = parameter("当日记录封存", Clock(), time(21, 0), "3.2-n", why="封存后只能加更正，不能改")
    homework_reports: int = parameter(
        "几户反映有书面作业就提示",
        Number(2, 20, "户"),
        3,
        "2.3-p",
        why="一个班一天达到这个户数才显示，少了谁也看不到是哪一户",
    )


@dataclass(frozen=True)
class Staff:
    """Everyone who serves."""

    title: ClassVar[str] = "服务人员"
    check_validity_days: int = parameter("入职查询有效", DAYS, 365, "2.4-j2", why="未成年人保护法：每年查询")
    check_warn_days: int = parameter("到期前提醒", DAYS, 30, "2.4-j2", why="留出办理时间")
    required_proofs: Chart[str, tuple[str, ...]] = parameter(
        "各类人员必须具备的证明",
        Table(KINDS, Choices(PROOFS)),
        Chart(REQUIRED),
        "2.4-j1",
        "2.4-j3",
        why="文件：对资质、品德、健康等严格把关；师德考核只有在职教职工才有",
    )
    training_validity_days: int = parameter("培训合格有效", DAYS, 365, "2.4-n", why="每年复训")
    quiz_questions: int = parameter("培训测验题数", Number(5, 30, "题"), 10, "2.4-n", why="五个主题每个两题")
    quiz_pass_percent: int = parameter("培训测验合格线", PERCENT, 80, "2.4-n", why="十题答对八题")
    inhouse_share_min: int = parameter("在职教职工课时不低于", PERCENT, 50, "2.4-b", why="文件：主要以在职教职工为主")
    daily_hours: int = parameter("每人每天最多", Number(1, 3, "课时"), 3, "2.4-c", why="一天只有三课时")
    weekly_hours: int = parameter("每人每周最多", Number(1, 15, "课时"), 12, "2.4-c", why="不影响本职工作")
    weekly_warn: int = parameter("每周超过几课时提醒", Number(1, 15, "课时"), 10, "2.4-c", why="先提醒，再核定")
    sign_up_days: int = parameter("教师自愿报名至少开放", OPEN_DAYS, 3, "2.4-c", why="想一想、和家里商量，再自愿答复")


@dataclass(frozen=True)
class Survey:
    """Surveys."""

    title: ClassVar[str] = "调查"
    core_items: tuple[str, ...] = parameter(
        "区定必问项",
        Words(60),
        ("是否需要课后服务", "希望的时长", "希望的离校时间", "最想参加的三类活动", "最担心的事"),
        "2.7.1-d",
        why="全区可比",
    )
    min_response: int = parameter("答复率低于此提醒", PERCENT, 60, "2.1-d", why="太低的调查不能代表需求")
    window_days: int = parameter("意向调查至少开放", OPEN_DAYS, 3, "2.1-d", why="让每家都来得及填，纸质问卷也收得回来")
    warn_days: int = parameter("截止前几天起提醒答复少", OPEN_DAYS, 2, "2.1-d", why="刚开放时答复少是平常的")
    min_cell: int = parameter("最小公布人数", Number(3, 50, "人"), 10, "2.5-r", why="少于此数不公布，免得猜出是谁")


@dataclass(frozen=True)
class Hr:
    """What leaves for personnel files."""

    title: ClassVar[str] = "人事"
    export: bool = parameter(
        "参与情况用于考核",
        YesNo("允许导出", "不导出"),
        False,
        "2.4-c",
        why="不以留痕评价教师；现在没有任何导出",
        later="补助与课时证明",
    )


@dataclass(frozen=True, slots=True)
class PubDeadlines:
    """When money is published, and for how long."""

    money_working_day: int
    shown_days: int


@dataclass(frozen=True)
class Pub:
    """Publication."""

    title: ClassVar[str] = "公示"
    deadlines: PubDeadlines = parameter(
        "公示期限",
        Record(
            PubDeadlines,
            {
                "money_working_day": Part("收支每月第几个工作日前", WORKING_DAYS),
                "shown_days": Part("公示不少于", DAYS),
            },
        ),
        PubDeadlines(10, 7),
        "2.6.3-k",
        why="每月公开，学期末总公开；项目表的天数见报名前的期限",
    )
    items: tuple[str, ...] = parameter(
        "必须公开的事项",
        Words(),
        ("服务时间", "服务方式", "服务内容", "安全保障措施", "收费标准", "投诉电话"),
        "2.5-n",
        why="文件点名四项，加上收费和投诉；现在每份公示固定是这六项",
        later="公示事项增减",
    )
    telephone: str = parameter(
        "区教委监督电话",
        Text(20),
        "12345",
        "2.7.2-d",
        why="印在每份告知书上；没有专线时就是政务服务热线12345",
    )


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a school is inspected."""

    per_term: int
    visits_per_month: int


@dataclass(frozen=True)
class Insp:
    """Inspection."""

    title: ClassVar[str] = "督导"
    frequency: Frequency = parameter(
        "督导频次",
        Record(
            Frequency,
            {
                "per_term": Part("每校每学期督导", Number(0, 10, "次")),
                "visits_per_month": Part("责任督学每校每月到校", Number(0, 10, "次")),
            },
        ),
        Frequency(1, 1),
        "3.4-a",
        "3.4-c",
        why="经常性督导",
        decided_by="SUP",
        later="督导",
    )
    form_version: str = parameter(
        "督导评估表版本", Text(), "2026版", "3.4-d", why="表随文件改，旧记录不变", decided_by="SUP", later="督导"
    )
    random_draw_seed: str = parameter(
        "双随机抽取",
        Choice({"published": "抽前公布摘要，抽后公开种子", "internal": "只存档"}),
        "published",
        "3.4-a",
        why="抽谁、谁去都可以重算",
        decided_by="SUP",
        later="督导",
    )


@dataclass(frozen=True, slots=True)
class Sla:
    """Clocks of a complaint."""

    first_reply: int
    finish: int
    revisit_days: int


@dataclass(frozen=True)
class Complaint:
    """Complaints."""

    title: ClassVar[str] = "投诉"
    sla: Sla = parameter(
        "办理期限",
        Record(
            Sla,
            {
                "first_reply": Part("首次答复", WORKING_DAYS),
                "finish": Part("办结", WORKING_DAYS),
                "revisit_days": Part("回访", DAYS),
            },
        ),
        Sla(2, 15, 30),
        "2.5-o",
        why="学校不能自己结案",
    )


@dataclass(frozen=True)
class Shelf:
    """Policy documents and drills."""

    title: ClassVar[str] = "制度与演练"
    review_months: int = parameter(
        "制度复审周期", Number(1, 60, "个月"), 12, "2.5-b", "2.5-h", why="一年看一遍，人换了、标准变了要跟着改"
    )
    drills_per_term: int = parameter("每学期演练不少于", Number(1, 10, "次"), 1, "2.5-d", why="预案要练过才算数")


@dataclass(frozen=True)
class Retention:
    """How long records are kept."""

    title: ClassVar[str] = "保存期限"
    gate_years: int = parameter("门卫与来访登记", YEARS, 1, "3.2-e", why="过后无用即删", later=CLEANING)
    attendance_years: int = parameter("点名与离校记录", YEARS, 3, "3.2-f", why="诉讼时效三年；公开页告诉家长")
    agreement_years: int = parameter("协议结束后", YEARS, 3, "2.7.3-g", why="诉讼时效三年", later=CLEANING)
    consent_years: int = parameter("同意书失效后", YEARS, 3, "3.1-m", why="证明当时得到过同意", later=CLEANING)
    complaint_years: int = parameter("投诉", YEARS, 5, "2.5-o", why="便于核查重复问题", later=CLEANING)
    log_months: int = parameter(
        "系统日志", Number(6, 120, "个月"), 12, "1-a", why="网络安全法不少于六个月", later=CLEANING
    )
    receipt_years: int = parameter(
        "票据存根", YEARS, 5, "2.6.3-a", why="财政票据规定", decided_by="FIN", later=CLEANING
    )
    accounting_years: int = parameter(
        "会计凭证与账簿", YEARS, 30, "2.6.3-k", why="会计档案管理办法；公开页告诉家长", decided_by="FIN"
    )


@dataclass(frozen=True, slots=True)
class Mask:
    """How many characters stay readable."""

    id_tail: int
    phone_head: int
    phone_tail: int


@dataclass(frozen=True)
class Privacy:
    """What is masked."""

    title: ClassVar[str] = "信息保护"
    mask_rules: Mask = parameter(
        "打码规则",
        Record(
            Mask,
            {
                "id_tail": Part("证件号露出末几位", Number(0, 4, "位")),
                "phone_head": Part("手机号露出前几位", Number(0, 3, "位")),
                "phone_tail": Part("手机号露出末几位", Number(0, 4, "位")),
            },
        ),
        Mask(4, 3, 4),
        "2.1-k",
        why="每一页上的证件号和手机号都照此打码；够核对，不够冒用",
    )

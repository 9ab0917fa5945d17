"""The catalogue of official papers: how each is numbered, how long it is kept, how it reaches its readers.

The numbers 1 to 27 are those of domain/06 3.7, whose common header every paper carries; papers that the catalogue does
not count (the chain, the ledger, the leading group) stand beside them. What has no entry is a record of the school's.

Kept: what money moved on for 30 years (会计档案管理办法); what names a child or an adult as long as the register keeps
them and three years more; what an inspector reads of a term for good.
"""

from __future__ import annotations

from dataclasses import dataclass

BOTH = "线上、纸质"
FOR_GOOD = "长期"
OF_MONEY = "30年"
OF_CHILDREN = "离校后三年"
OF_ADULTS = "服务结束后三年"
OF_A_TERM = "学期结束后三年"


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of paper. `mark` begins its number where nothing else gives one; `no` is its place in the catalogue."""

    title: str
    mark: str
    retention: str
    no: int | None = None
    delivery: str = BOTH

    def number(self, digits: str) -> str:
        """Return the number of a paper whose content has this hash (hex digits): the same content, the same number."""
        return f"{self.mark}-{digits[:8].upper()}"


_OTHER = Document("", "WS", OF_A_TERM)

DOCUMENTS = (
    Document("学生意向调查表", "DC", OF_A_TERM, 1),
    Document("征求意见表", "YJ", OF_A_TERM, 2),
    Document("课后服务告知书", "GZ", FOR_GOOD, 3),
    Document("告知书签收表", "GZ", OF_A_TERM, 3),
    Document("课后服务自愿申请表", "SQ", OF_CHILDREN, 4),
    Document("课后服务协议书", "XY", OF_CHILDREN, 5),
    Document("服务人员安全责任书", "ZR", OF_ADULTS, 6),
    Document("校外人员服务协议", "WX", OF_ADULTS, 7),
    Document("课后服务经费管理方案", "JF", OF_MONEY, 8),
    Document("课后服务实施方案", "FA", FOR_GOOD, 9),
    Document("意见采纳情况表", "CN", FOR_GOOD, 9),
    Document("门卫登记", "MW", OF_A_TERM, 13, "纸质"),
    Document("离校交接单", "LX", OF_CHILDREN, 14, "纸质"),
    Document("收支公示", "SZ", OF_MONEY, 16, "线上、公示栏"),
    Document("课后延时服务费缴费收据", "SJ", OF_MONEY),
    Document("志愿服务证明", "ZY", OF_ADULTS, 20),
    Document("家长委员会研讨纪要", "JY", FOR_GOOD, 21),
    Document("课后服务人员培训记录", "PX", OF_ADULTS, 22),
    Document("课后服务培训合格证", "PX", OF_ADULTS, 22),
    Document("入职查询知情同意书", "CX", OF_ADULTS, 23),
    Document("儿童个人信息处理单独同意书", "XX", OF_CHILDREN, 24),
    Document("影像使用同意书", "YX", OF_CHILDREN, 25),
    Document("收费公示牌", "SF", OF_A_TERM, 26, "线上、公示栏"),
    Document("学生课后服务内容项目表", "XM", FOR_GOOD, delivery="线上、公示栏"),
    Document("课后服务摇号结果公示", "YH", FOR_GOOD, delivery="线上、公示栏"),
    Document("课后服务补选结果公示", "YH", FOR_GOOD, delivery="线上、公示栏"),
    Document("课后服务资源台账", "TZ", FOR_GOOD),
    Document("场地设备安全检查表", "JC", FOR_GOOD),
    Document("课后服务备案回执", "BA", FOR_GOOD),
    Document("课后服务闸门链", "ZM", FOR_GOOD),
    Document("全区课后服务闸门链", "ZM", FOR_GOOD),
    Document("管理制度目录及文本", "ZD", FOR_GOOD),
    Document("课后服务工作领导小组", "LD", FOR_GOOD),
    Document("课后服务校长责任书", "ZR", FOR_GOOD),
    Document("安全职责矩阵", "ZZ", FOR_GOOD),
    Document("应急卡", "YJK", OF_A_TERM, delivery="纸质，张贴在场地"),
    Document("应急演练计划与记录", "YL", FOR_GOOD),
    Document("警校联系与交通研判记录", "JX", FOR_GOOD),
    Document("家长代表全过程参与情况表", "CY", FOR_GOOD),
    Document("家校课后服务安全联系责任表", "LX", FOR_GOOD),
    Document("课后服务教师自愿报名表", "BM", OF_ADULTS),
    Document("师资不足说明", "BZ", FOR_GOOD),
    Document("服务人员构成", "RY", FOR_GOOD),
    Document("课后服务人员信息档案", "DA", OF_ADULTS),
)
_BY_TITLE = {one.title: one for one in DOCUMENTS}


def document_of(title: str) -> Document:
    """Return the kind of a paper by its title, before or behind which a school or a month may stand."""
    if title in _BY_TITLE:
        return _BY_TITLE[title]
    return max((one for one in DOCUMENTS if one.title in title), key=lambda one: len(one.title), default=_OTHER)

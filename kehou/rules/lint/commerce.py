"""Read texts that families see, and say whether something is sold or charged in them (signals P4-3, P9-1, P9-2).

The service has one item and one account. A price, a second fee, a seller or a payment code in what a child is asked to
bring is a second charge by another way.
"""

from __future__ import annotations

import re

from kehou.rules.lint.context import is_denied
from kehou.rules.lint.findings import Finding, Reading, apart
from kehou.rules.lint.plain import plain
from kehou.rules.verdicts import Refusal, refuse

CHARGE, TRADE = "3.3-d", "3.3-i"
# As long as a sum can be and no longer: where digits never end, each would be tried up to the end.
_FIGURE = "(?:\\d{1,9}(?:\\.\\d{1,9})?|[一二两三四五六七八九十百千]{1,9})"
_MONEY = f"(?:{_FIGURE} ?(?:元|块钱?|rmb|圆)|[¥￥]\\d{1, 9})"
_ITEMS = (
    "材料|服装|演出服?|平台|保险|点心|餐|水果|空调|场地|资料|教材|讲义|器材|乐器|道具|制作|考级|报名|培训|课程|学|会员|租赁|租金|租|押金|管理|水电"
    "|打印|书|簿|画材|交通|车|门票|游览|活动|聘请|外聘|教练|班|加时|延时看管|看管|午休|晚托|早托|损耗"
)

# clause, code, why, patterns
_TABLE: tuple[tuple[str, str, str, re.Pattern[str]], ...] = tuple(
    (clause, code, why, re.compile("|".join(patterns)))
    for clause, code, why, *patterns in (
        (
            CHARGE, "P4-3", "price",
            "(?:每[人生套份组期节次月]|另?收|另?交|缴|付|需|购买?|买|价格?|只要|仅|售|费用?|成本|自费|共|约|预付|定金)"
            f"[^,;!?。\\n]{{0,8}}?{_MONEY}",
            f"{_MONEY}(?: ?(?:每|一|1)?(?:人|套|份|件|期|节|次|本|盒|月|学期)|以?内?的?(?:材料|套装|自备|购买)|左右)",
        ),
        (
            CHARGE, "P4-3", "second_item",
            f"(?:{_ITEMS})(?:费用?|押金)(?!力|心|尽|劲|时)",
            "押金|自费|费用自理|有偿|另行?收费|aa制|凑钱|班费|补差价|预付|转账|打款",
        ),
        (
            TRADE, "P9-2", "bound_purchase",
            "(?:指定|统一|集体|必须|须|务必|定点|统|代)(?:在.{1,10})?(?:购买|采购|代购|订购|选购|购置|定制|征订|买)",
            "代购|团购|拼单|接龙购|指定(?:商家|门店|店铺|品牌|供应商|型号)|统一(?:款式)?(?:服装|套装|乐器)(?=由|在|从)",
        ),
        (
            TRADE, "P9-1", "seller",
            "淘宝|天猫|京东|拼多多|抖音|快手|微店|闲鱼|旗舰店|专卖店|琴行|文具店|商城|直播间|小店|专营店",
            "培训学校|培训中心|俱乐部校区|校外校区|校区报名|赞助|冠名|独家|代言",
            "[\\u4e00-\\u9fff]{2,8}(?:公司|琴行|画室|工作室|机构|商店|超市)"
            "(?=购|买|提供|赞助|供|领|报|优惠|下单|冠名|授权|独家)",
        ),
        (
            TRADE, "P9-1", "payment_code",
            "扫(?:一?扫)?.{0,4}(?:码|二维码)|二维码|收款码|付款码|加(?:我|老师|教练)?(?:微信|vx|v信|qq)|支付宝",
            "(?<!设计)(?<!制作)(?<!开发)(?<!做)(?<!编)(?<!一个)小程序(?!设计|制作|开发|编)",
            "微信号?:? ?[a-z0-9_]{5,}|(?<!\\d)1[3-9]\\d{9}(?!\\d)|https?:|www",
        ),
        (
            TRADE, "P9-1", "promotion",
            "(?:免费)?(?:体验课|试听课?|公开体验)|优惠(?:券|价|名额|报名)?|打?[一二三四五六七八九\\d]折|折扣|满减",
            "续费|续班|正价课|会员(?:卡|价)|抢购|促销|早鸟|拼团|名片|引流|推荐报名|校外(?:课程|班)报名|转介绍",
        ),
    )
)  # fmt: skip
_FREE = re.compile(
    "免费(?!体验|试听|公开)|学校(?:承担|提供|出)|不(?:再|另|得|会)?(?:收|需|交|缴|用)|无需|免收|(?<!\\d)0元(?!\\d)"
)


def read(**fields: str) -> Reading:
    """Return what is charged or sold in texts, by the names of their fields: `read(kit="……")`."""
    return Reading(tuple(finding for field, written in fields.items() for finding in _findings(field, written)))


def refusals(reading: Reading) -> list[tuple[str, Refusal]]:
    """Return (field, refusal) of a reading: one for each field and kind, with the words that were written."""
    codes = {why: code for _, code, why, _ in _TABLE}
    return [(field, refuse(codes[why], why, terms=written)) for (field, _, why), written in reading.by_kind.items()]


def _findings(field: str, written: str) -> list[Finding]:
    text = plain(written)
    return apart(
        [
            (match.start(), match.end(), Finding(match[0], text.quote(*match.span()), field, clause, why))
            for clause, _, why, pattern in _TABLE
            for match in pattern.finditer(text.text)
            if not is_denied(text.text, *match.span()) and not _is_free(text.text, *match.span())
        ]
    )


def _is_free(text: str, start: int, end: int) -> bool:
    """Return whether the words around say that nothing is asked: 免费提供, 学校承担, 不收."""
    return _FREE.search(text, max(0, start - 6), end + 6) is not None

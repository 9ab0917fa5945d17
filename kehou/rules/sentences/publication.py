"""Why something may not be shown to everybody."""

SENTENCES = {
    "R-PRIV-02:names_a_pupil": "里面写着学生姓名（{names}），公开的内容不能出现学生姓名，请删去。",
    "R-PRIV-02:aid_words": "里面写着“{words}”，公开的内容不能让人猜出谁受资助，请改写。",
    "R-PRIV-02:id_number": "里面有证件号码，请删去。",
    "R-PRIV-02:phone_number": "里面有电话号码（{phone}），只能写学校登记的咨询和投诉电话。",
    "R-PRIV-02:foreign_address": "里面有网址（{word}），公开的内容不放外部链接，请删去。",
    "R-FEE-05:code_to_scan": "里面写着“{word}”：缴费只走登记的专户，公开的内容不放二维码和收款码，请删去。",
    "R-FEE-04:selling_words": "里面写着“{word}”：课后服务只收一项费用，不推销、不代购，请删去。",
    "R-PUB-02:place_missing": "请写张贴在哪里，例如“校门口公示栏”。",
    "R-PUB-02:posted_in_the_future": "张贴的日子还没有到，贴好以后再登记。",
    "R-PUB-02:posted_before_published": "这份公示{day.month}月{day.day}日才公布，张贴不能早于公布。",
    "R-PUB-02:withdrawn_is_taken_down": "这份公示已经撤回，墙上的请取下，换上新的一版。",
    "R-PUB-01:items_missing": "必须公开的事项还缺：{items}。",
    "R-PUB-01:kind_unknown": "没有“{kind}”这一种公示。",
    "R-PUB-01:without_title": "请写标题。",
    "R-PUB-04:late": "{title}应在{day.month}月{day.day}日前公布，还没有公布。",
    "R-PUB-05:shown_too_short": "公示至少{days}天，最早到{least.month}月{least.day}日。",
    "R-PUB-05:withdraw_reason": "请写明为什么撤回（至少四个字），原因会一起留存。",
    "R-PUB-05:withdrawn_already": "这份公示已经撤回。",
}

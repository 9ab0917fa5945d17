"""Why a line of the aid office's list cannot be taken."""

SENTENCES = {
    "R-WAIV-01:child_unknown": "名册里没有“{name}”，请核对姓名，或等转入手续办好。",
    "R-WAIV-01:child_not_clear": "名册里有{count}名“{name}”，请写明班级。",
    "R-WAIV-01:child_gone": "名单核对以后，有{count}名学生已不在本校，整份没有写入；请把名单重新上传核对。",
    "R-WAIV-01:day_unreadable": "日期“{given}”看不懂，请写成2026-09-01。",
    "R-WAIV-01:ends_before_it_begins": "结束日期要在起始日期之后。",
    "R-WAIV-01:list_without_header": "没有找到表头，表头至少要有：{names}。",
    "R-WAIV-01:list_empty": "表头下面没有内容。",
    "R-WAIV-01:list_too_long": "一次最多{most}行，请分开上传。",
    "R-WAIV-01:nobody_chosen": "没有可以写入的行。",
}

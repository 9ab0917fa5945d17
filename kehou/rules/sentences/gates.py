"""Why a later step may not begin: the gate chain from consultation to filing."""

SENTENCES = {
    "R-GATE-00:activity_not_filed": "“{name}”是备案通过以后新增的活动，还没有备案，不安排课次；请报变更备案，区教委通过后再排。",
    "R-GATE-00:change_not_filed": "“{name}”的{what}和备案通过的项目表不一样，课次按备案的安排；请报变更备案，区教委通过后再调整。",
    "R-GATE-00:changes_not_accepted": "备案通过以后的变化（{what}）已报变更备案，等区教委答复。通过以前按原备案执行。",
    "R-GATE-00:changes_not_filed": "备案通过以后又有变化，还没有报变更备案：{what}。通过以前按原备案执行。",
    "R-GATE-00:bill_before_filing": "本学期备案还没有通过，不能开缴费单；备案通过后再收费。",
    "R-GATE-01:nobody_asked": "还没有征求家长意见，不能开放报名；请先开一轮征求意见。",
    "R-GATE-01:round_still_open": "征求意见要到{closes}才截止，截止后再开放报名。",
    "R-GATE-03:no_first_round": "还没有开第一轮征求意见。",
    "R-GATE-03:first_round_too_short": "第一轮征求意见只开了{days}天，至少要{least}天，请延长。",
    "R-GATE-04:no_second_round": "还没有再次征求意见，方案不能定稿。",
    "R-GATE-04:second_before_first": "第二轮征求意见应在第一轮截止之后。",
    "R-GATE-04:second_round_too_short": "第二轮征求意见只开了{days}天，至少要{least}天，请延长。",
    "R-GATE-04:one_kind_of_party": "第二轮至少要有两类人参加（如家长、教师、社区），请再邀请。",
    "R-GATE-05:opinions_unanswered": "还有{missing}组意见没有答复，逐条答复后方案才能定稿。",
}

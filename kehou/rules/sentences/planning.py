"""The master gate: nothing begins before the district has accepted the school's filing."""

SENTENCES = {
    "R-GATE-00:sessions_before_filing": "本学期备案还没有通过，不能安排课次；备案通过后再排。",
    "R-GATE-00:nothing_before_filing": "本学期备案还没有通过，课后服务还不能开始。",
    "R-GATE-00:cleared_already": "{school}本学期备案已经通过，编号{number}。",
    "R-GATE-00:not_cleared": "{school}本学期备案没有通过，不能撤回。",
    "R-GATE-00:without_number": "备案编号没有填，请补上。",
}

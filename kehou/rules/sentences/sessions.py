"""What is refused when sessions are made, moved, cancelled or given to somebody else."""

SENTENCES = {
    "R-TIME-01:session_over": "{day}的“{name}”已经开始或结束，不能再调整。",
    "R-TIME-01:session_cancelled": "{day}的“{name}”已经取消，请先恢复。",
    "R-TIME-01:session_not_cancelled": "{day}的“{name}”没有取消，不用恢复。",
    "R-TIME-01:moves_nowhere": "新的日期、时间和地点与原来一样，没有可调整的。",
    "R-TIME-01:meets_already_that_day": "“{name}”{day}本来就有一次，请换一天。",
    "R-TIME-01:day_in_the_past": "{day}已经过去，请选以后的日子。",
    "R-TIME-01:reason_missing": "请写明原因，家长会在通知里看到。",
    "R-TIME-01:restored_elsewhere": "停课还没有解除，{day}不能恢复。",
    "R-GRP-01:room_too_small_that_day": "{room}最多容{holds}人，这一组有{children}人，请换一个地方。",
    "R-GATE-02:table_not_public": "项目表还没有公布，或正在修改；公布后才能安排课次。",
}

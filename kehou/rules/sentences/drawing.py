"""What is said around a draw: planning, freezing, drawing, publishing, changing."""

SENTENCES = {
    "R-ALLOC-02:draw_stands_already": "本次报名已经定过摇号办法，要重来请先作废上一次并写明原因。",
    "R-ALLOC-01:method_differs": "摇号办法要与报名开始前公布的一致，不能临时改。",
    "R-ALLOC-02:randomness_not_named": "请先写明用哪一期公开开奖或哪几位见证人的数，再让家长知道。",
    "R-ALLOC-02:named_after_deadline": "用什么随机数要在报名截止（{closes}）之前定下，截止后再定没有人会信。",
    "R-FLOW-01:give_up_is_an_exit_now": "协议已经生效，不能再放弃；要离开请办理“退出”，从下一个服务日起不再计费。",
    "R-FLOW-01:reviews_open": "还有{count}份申请没有经过班级审核，审核完才能封存志愿。",
    "R-ALLOC-02:nobody_to_place": "没有通过班级审核、要安排的申请，不需要摇号。",
    "R-ALLOC-02:second_person_missing": "公开结果要由两个人各录一遍，现在有{count}人录过。",
    "R-ALLOC-02:entries_differ": "两个人录的结果不一样，请对照公布的原件，录错的人重录。",
    "R-ALLOC-02:results_before_publishing": "结果还没有公布。",
    "R-GRP-01:no_seat_left": "“{activity}”的{seats}个位置已经满了，可以排候补。",
    "R-GRP-01:not_open_to_grade": "“{activity}”不招这个年级。",
    "R-GRP-01:not_offered_here": "这个活动不在本校公布的项目表里，请从列表里选一个。",
    "R-GRP-01:hours_overlap": "“{activity}”与已有的安排时间重叠，请先说明换下哪一个。",
    "R-ALLOC-02:say_why_by_hand": "手工调整要写明原因（至少四个字），原因会随结果公开。",
    "R-ALLOC-02:offer_answered_already": "这个名额已经答复过了。",
    "R-ALLOC-02:offer_has_expired": "答复时间到{until}为止，名额已转给下一位。",
    "R-ALLOC-02:seat_has_ended": "这个安排已经结束，不能再改。",
}

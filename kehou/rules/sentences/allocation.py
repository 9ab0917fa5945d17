"""What the draw says when a round is not in order."""

SENTENCES = {
    "R-PRIO-01:not_published_yet": "分配结果还没有公布，公布以后才能另外提供名额。",
    "R-PRIO-01:not_waiting_that_day": "这名学生这一天已有位置或没有要这一天，不用另外提供。",
    "R-PRIO-01:others_wait_there": "“{activity}”还有人排在候补，名额要按顺序给，请另选一项。",
    "R-PRIO-01:offered_already": "这一天已经提供了一项，正在等家长答复。",
    "R-ALLOC-01:no_sections": "这一轮还没有可报的课程，请先把课程和名额放进来，再摇号。",
    "R-ALLOC-01:rules_version_unknown": "规则版本“{version}”不认识，本系统按“{known}”摇号，请改用这一版规则。",
    "R-ALLOC-01:guarantee_not_with_priorities": "按优先次序录取时，保障名额只能先留出来（“预留名额”），请改用这一种或自动。",
    "R-ALLOC-02:round_id_unfit": "轮次编号“{id}”不合用：不能空，不超过 64 个字，不含空格、竖线和引号，请换一个。",
    "R-ALLOC-02:no_requests": "这一轮还没有人报名，没有号可摇。请等报名截止后再来。",
    "R-ALLOC-02:section_twice": "课程编号“{section}”出现了两次，请合并或改号后再摇。",
    "R-ALLOC-02:pupil_twice": "学生“{pid}”出现了两次，每名学生只能有一个号，请删去重复的一条。",
    "R-ALLOC-02:request_twice": "学生“{pid}”在星期{day}有两份志愿，请只留一份。",
    "R-ALLOC-02:id_unfit": "编号“{id}”不合用：不能空，不超过 64 个字，不含空格、竖线和引号，请换一个。",
    "R-ALLOC-02:family_is_a_pupil": "家庭编号“{family}”与一名学生的编号相同，请换一个家庭编号。",
    "R-ALLOC-02:grade_unknown": "学生“{pid}”的年级写成了{grade}，只能是一至九年级，请更正。",
    "R-ALLOC-02:too_many_days": "学生“{pid}”报了{days}天，一轮最多报{most}天，请分轮报名。",
    "R-ALLOC-02:pupil_unknown": "志愿里的学生“{pid}”不在名单上，请先补上名单或删去这份志愿。",
    "R-ALLOC-02:nothing_wished": "学生“{pid}”星期{day}的志愿是空的，也没有勾选“哪里都行”，请填写或撤回。",
    "R-ALLOC-02:hours_malformed": "学生“{pid}”星期{day}的在校课时没有填对，请选第一至第三课时中的至少一个。",
    "R-ALLOC-02:empty_tier": "学生“{pid}”星期{day}有一档志愿是空的，请删去这一档。",
    "R-ALLOC-02:wish_for_closed_section": "学生“{pid}”星期{day}填了“{section}”，这天没有开这门课，请改填。",
    "R-ALLOC-02:wished_twice": "学生“{pid}”星期{day}把“{section}”填了两次，请只留一次。",
    "R-ALLOC-02:wish_not_open_to_pupil": "学生“{pid}”星期{day}填的“{section}”不招该年级或该校区，请改填。",
    "R-ALLOC-02:seed_part_with_bar": "摇号用的公开数里不能有竖线“|”，请照公布的原样重新录入。",
    "R-ALLOC-02:beacon_unknown_kind": "不认识“{kind}”这种公开随机数，请用双色球、大乐透、公共信标或现场摇号。",
    "R-ALLOC-02:beacon_malformed": "公开随机数“{text}”的写法不对，应写成“{example}”，请照公布结果重录。",
    "R-ALLOC-02:reveal_mismatch": "第{place}位见证人公开的数与事先封存的不符，本次摇号不能进行，请核对原件。",
    "R-ALLOC-02:too_few_witnesses": "现场摇号至少要{least}位见证人，现在只有{count}位，请补足。",
    "R-GRP-01:section_without_seats": "“{section}”没有名额，请填上名额，或先把它撤下。",
    "R-GRP-01:minimum_above_seats": "“{section}”的最低开班人数{minimum}比名额{seats}还多，请改正其一。",
    "R-GRP-01:section_malformed": "“{section}”的课时、年级或最低人数没有填对，请核对。",
    "R-PRIO-01:guarantee_short_of_seats": (
        "星期{day}：{campuses}的{grades}年级有{pupils}名应保障的学生，能去的只有{seats}个位置，还缺{missing}个。"
        "请先增加托管名额，再摇号。"
    ),
}

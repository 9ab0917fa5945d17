"""What the ledger of rooms and the timetable of dismissals refuse."""

SENTENCES = {
    "R-ELIG-01:grade_not_of_this_school": "{kind}没有{grade}年级，请改年级，或先更正学校类型。",
    "R-ELIG-01:homeroom_twice": "{grade}年级{number}班已经有了，请换一个班号。",
    "R-ORG-01:school_code_taken": "学校代码{given}已有学校使用，请核对十位代码。",
    "R-ORG-01:school_name_taken": "已有学校叫“{name}”，请写全称加以区别。",
    "R-ORG-01:school_code_malformed": "学校代码应为十位数字，现在是“{given}”。",
    "R-ORG-01:school_kind_unknown": "学校类型没有选对，请选小学、初级中学、九年一贯制学校或特殊教育学校。",
    "R-TIME-05:seasons_overlap": "“{name}”与“{other}”的日期重叠，一天只能用一个作息，请改日期。",
    "R-TIME-05:season_without_days": "作息的结束日期要在开始日期之后。",
    "R-TIME-02:dismissal_not_in_the_afternoon": "{grade}年级{weekday}的放学时间{at:%H:%M}不在下午，请核对。",
    "R-TIME-02:grade_not_of_this_school": "本校没有{grade}年级，放学时间表里请去掉这一行。",
    "R-TIME-03:exception_off": "现行规则不受理延时例外，结束时间不能晚于18:30。",
    "R-TIME-03:exception_without_reason": "延时例外要写明理由和批文号，请补上。",
    "R-TIME-03:exception_not_later": "例外的结束时间应晚于18:30，否则不必申请。",
    "R-TIME-03:exception_without_days": "例外要有起止日期，结束日期在开始日期之后。",
    "R-GRP-01:room_without_places": "这个场地最多容纳的人数至少是1人，请填写。",
    "R-GRP-01:room_takes_more_than_its_seats": "课后服务最多{capacity}人，超过了{seats}个座位，请改小。",
    "R-RES-02:room_code_taken": "编号{given}已用于“{name}”，请换一个编号。",
    "R-RES-02:room_retired": "“{name}”已停用，不能再改；需要时请重新登记。",
    "R-RES-02:room_in_use": "“{name}”还有{activities}在用，请先给这些活动换场地，再停用。",
    "R-RES-02:rain_room_is_itself": "雨天改去的地方不能是它自己，请另选一处。",
}

"""What is said about keeping last term's seat before the round."""

SENTENCES = {
    "R-ALLOC-01:renewal_stands_already": "本学期已经征询过续报，不能再开一次。",
    "R-ALLOC-01:renewal_without_group": "请至少选一个上学期延续下来的组。",
    "R-ALLOC-01:renewal_after_opening": "{opens}已经开放报名，续报要在报名之前办完，大家才知道还剩多少名额。",
    "R-ALLOC-01:renewal_closes_in_the_past": "截止时间要晚于现在，请改晚。",
    "R-ALLOC-01:renewal_closes_too_late": "续报要在开放报名（{opens}）之前截止，请改早。",
    "R-ALLOC-01:renewal_nobody_to_ask": "“{activity}”没有上学期留到期末、年级仍合适的学生，不用征询。",
    "R-ALLOC-01:renewal_more_than_seats": "“{activity}”可以续报的有{members}人，名额只有{seats}个，不能都保留。请先改名额，或让大家一起摇号。",
    "R-ALLOC-01:renewal_is_over": "续报到{until}为止。没有答复的不保留，可以和大家一起报名摇号。",
    "R-ALLOC-01:renewal_overlaps": "“{activity}”和已经保留的“{other}”时间冲突，请先放弃一个。",
    "R-ALLOC-01:renewal_needs_scan": "照纸质答复录入，要附上监护人签过字的扫描件。",
    "R-ALLOC-01:renewal_answer_unknown": "请选“保留”或“不保留”。",
}

"""What the activity table refuses, and what it asks the school to look at."""

SENTENCES = {
    "R-CONT-06:table_empty": "项目表里还没有活动，请先添加。",
    "R-CONT-06:name_twice": "已经有一项活动叫“{name}”，请换一个名称，家长才分得清。",
    "R-CONT-06:activity_withdrawn": "“{name}”已经撤下，不能再改；需要时请重新添加。",
    "R-CONT-06:grade_not_taught": "本校没有{grade}年级，请改年级。",
    "R-CONT-03:aim_without_the_words": "目标要写明发展学生的兴趣、特长、视野或实践中的哪一样。",
    "R-GATE-02:published_already": "项目表已于{day}公布（第{version}版），要改请先重新打开。",
    "R-GATE-02:not_published": "项目表还没有公布。",
    "R-GATE-02:nothing_changed": "项目表与第{version}版完全一样，不必再公布。",
    "R-GATE-02:reason_missing": "请写明为什么要重新打开，家长会看到前后两版的差别。",
    "R-GATE-02:table_open_already": "项目表本来就在编辑中。",
    "R-VEN-02:room_retired": "“{room}”已停用，请另选场地。",
    "R-VEN-02:room_of_another_school": "所选场地不在本校台账里，请重新选择。",
    "R-VEN-02:classroom_without_class": "本校这些年级没有班级，无法在本班教室开展，请另选场地。",
}

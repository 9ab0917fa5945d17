"""Sentences about people: who somebody is, whom to call, what is not shown."""

SENTENCES = {
    "R-ACC-01:role_sits_elsewhere": "“{role}”不属于这里：学校岗位须选学校，区级岗位不选学校。",
    "R-ACC-01:homeroom_teacher_has_a_homeroom": "班主任岗位须选定班级，其他岗位不选班级。",
    "R-ACC-01:homeroom_of_another_school": "所选班级不是这所学校的班级。",
    "R-ELIG-01:already_here": "{name}的证件号码已在本校名册上，不能重复登记；如需修改请在名册里更正。",
    "R-ELIG-01:on_another_register": "{name}的证件号码在另一所学校的名册上；请先由原学校办理转出。",
    "R-ELIG-01:has_left_already": "{name}已登记离校，不能再办一次。",
    "R-ELIG-01:leaves_in_the_future": "{name}的离校日期还没有到，请到那一天再登记。",
    "R-TIME-04:commute_unknown": "请选近、中、远之一。",
    "R-SAFE-02:last_guardian": "{name}只剩这一位监护人，不能解除；请先登记另一位。",
    "R-SAFE-02:two_contacts": "请留至少两个不同的紧急联系电话，现在只有{given}个。",
    "R-PRIV-01:say_why": "查看证件号码须写明理由（至少四个字），理由会记入日志。",
    "R-PRIV-01:none_kept": "{name}没有登记证件号码。",
    "R-PRIO-03:unknown_category": "“{category}”不在保障类别表里；类别表由区教委维护。",
    "R-PRIO-03:ended_already": "这条记录已经终止。",
    "R-WAIV-02:list_is_not_the_ground": "区里定的减免依据是家庭提交的证明，不能整份名单写入。请看过证明，逐人登记。",
    "R-WAIV-02:no_source": "请写明名单来源（如“区资助中心2026年秋季名单”），没有依据不能减免。",
}

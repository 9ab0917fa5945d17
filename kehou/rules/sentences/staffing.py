"""What is refused, and what is warned of, about the people who serve."""

SENTENCES = {
    "R-STAF-01:kind_unknown": "人员类型没有选对，请选：{kinds}。",
    "R-STAF-01:without_name": "姓名没有填，请补上。",
    "R-STAF-01:already_on_the_list": "{name}已在名单上，请直接修改那一条。",
    "R-STAF-01:has_left": "{name}已经离开服务队伍，不能再改；重新参加请重新登记。",
    "R-STAF-01:still_leads": "{name}还带着{activities}，请先给这些活动换带组人。",
    "R-STAF-02:too_few_in_service": "在职教职工只承担{percent}%的课时，不到{least}%，文件要求主要以在职教职工为主。",
    "R-STAF-03:leader_busy": "{name}{day}{span}已带“{other}”，请换一个人。",
    "R-STAF-03:leader_has_left": "{name}已离开服务队伍，请换一个带组人。",
    "R-STAF-03:leader_of_another_school": "带组人不在本校名单上，请重新选择。",
    "R-STAF-03:leads_already": "{name}本来就带这一次，不用代课。",
    "R-STAF-04:cap_out_of_range": "每周愿意承担的课时应在0到{most}之间。",
    "R-STAF-04:more_than_offered": "{name}每周{hours}课时，超过本人愿意承担的{cap}课时，请先征得本人同意。",
    "R-STAF-05:day_not_offered": "{name}没有报名{weekday}，请先征得本人同意。",
    "R-STAF-07:duty_open": "还缺{missing}，每个服务日四个岗位都要有人。",
    "R-STAF-07:kind_unknown": "值班岗位没有选对，请选值班领导、门卫、巡查或医务联系人。",
    "R-STAF-07:no_service_day": "{day}没有课后服务，不用排班。",
    "R-SAFE-04:too_few_adults": "{risk}类活动每名成人最多带{ratio}人，{pupils}人要{needed}名成人，现在{adults}名，请增加助教或减少人数。",
    "R-ACC-01:nobody_of_this_school": "{name}在本校没有岗位，请先登记教师岗位。",
    "R-ACC-01:password_is_their_own": "{name}还有其他岗位或家长身份，密码只能本人用手机号找回。",
    "R-ACC-01:post_not_given_here": "这个岗位由区教委指定，学校不能自行给予。",
}

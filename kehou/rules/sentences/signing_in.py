"""Why the door stays shut. None of them says whether a number has an account."""

SENTENCES = {
    "R-ACC-01:not_a_mobile_number": "请填写11位手机号码。",
    "R-ACC-01:wrong_password": "手机号码或密码不对。忘记密码请联系学校管理员重新发放。",
    "R-ACC-01:wrong_code": "验证码不对，请核对最新收到的一条。",
    "R-ACC-01:code_over": "验证码已经失效，请重新获取。",
    "R-ACC-01:staff_use_password": "您有工作岗位，请用密码登录。",
    "R-ACC-01:code_just_sent": "验证码刚刚发出，请在{until:%H:%M:%S}以后再获取。",
    "R-ACC-01:codes_too_often": "这个号码一小时内获取验证码已满{most}次，请在{until:%H:%M}以后再试。",
    "R-ACC-01:tries_too_often": "已经连续输错{most}次，为保护账号，请在{until:%H:%M}以后再试。",
    "R-ACC-01:address_too_often": "这个网络尝试得太频繁，请在{until:%H:%M}以后再试。",
    "R-ACC-01:old_password_wrong": "现在的密码不对，没有修改。",
    "R-ACC-01:new_password_weak": "新密码不够安全：{reasons}请换一个。",
    "R-ACC-01:not_oneself": "不能停用自己的账号，请由另一位安全管理员办理。",
    "R-ACC-01:name_empty": "请填写姓名。",
    "R-ACC-01:second_factor_wrong": "动态码不对，请核对手机上的6位数字；也可以填写一个恢复码。",
    "R-ACC-01:second_factor_not_begun": "二次验证还没有开始设置，请重新扫码。",
    "R-ACC-01:no_way_to_send": "本区还没有开通短信。请向班主任或学校管理员领取登录密码。",
}

"""Why the fund does not pay something."""

SENTENCES = {
    "R-FEE-03:surplus_refund": "结余{left}元，占收入{share}%，超过{percent}%：课后服务不营利，超出的{over}元应退还家长。",
    "R-FEE-03:surplus_lower_price": "结余{left}元，占收入{share}%，超过{percent}%：课后服务不营利，超出的{over}元应在下学期降价用完。",
    "R-FUND-02:more_than_appropriated": "要支出{amount}元，财政拨付的款项只剩{available}元；收入不能直接支出，请等拨付到账。",
    "R-FUND-03:use_not_permitted": "“{use}”不在允许的用途里；只能用于教师补助、外聘人员补助、水电费、购买器材、耗材补充和其他直接支出。",
    "R-FUND-03:say_what_for": "请写明这笔钱用在哪里（至少四个字）。",
    "R-FUND-03:without_voucher": "请填写凭证号。",
    "R-FUND-03:voucher_twice": "凭证“{voucher}”已经登记过一笔支出，不能再用。",
    "R-FUND-03:no_amount": "请填写大于0的金额。",
    "R-FUND-06:held_back": "{month}月收的费到现在还有{amount}元没有拨付给学校，已过{days}天（期限{limit}天）；收费不得截留，请拨付。",
    "R-FUND-06:source_unknown": "请选拨付的来源：专户收入，还是减免补偿。",
    "R-FUND-07:management_fee": "写着“{word}”：课后服务费不得提取管理费，也不得按比例抽取，不能登记。",
    "R-FUND-08:unrelated_cost": "写着“{word}”：课后服务费不得列支与课后服务无关的费用，不能登记。",
}

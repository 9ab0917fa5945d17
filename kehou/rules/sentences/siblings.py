"""What is said about brothers and sisters who share a number of the draw."""

SENTENCES = {
    "R-ALLOC-02:only_child": "在校的孩子只有一个，用不着同一个号。",
    "R-ALLOC-02:too_few_siblings": "至少要选{least}个孩子，才谈得上用同一个号。",
    "R-ALLOC-02:sibling_of_another_family": "{name}登记的监护人不是同一位，不能用同一个号。登记有误请先请学校更正。",
    "R-ALLOC-02:sibling_at_another_school": "{name}在另一所学校，各校分别摇号，不能用同一个号。",
    "R-ALLOC-02:sibling_not_in_the_round": "{name}还没有提交参加的申请。请先提交，再来选同一个号。",
    "R-ALLOC-02:siblings_not_linked": "这几个孩子现在没有用同一个号，不用取消。",
    "R-ALLOC-02:siblings_changed_meanwhile": "同一时刻有人改过，请看一眼现在的样子再选。",
    "R-ALLOC-02:siblings_need_scan": "照纸质申请录入同一个号，要附上监护人签过字的扫描件。",
}

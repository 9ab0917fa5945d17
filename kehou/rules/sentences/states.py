"""Why a thing cannot go where somebody wants it."""

SENTENCES = {
    "R-FLOW-01:no_such_move": "{thing}现在是“{here}”，不能直接到“{to}”；下一步可以是：{allowed}。",
    "R-FLOW-01:final_state": "{thing}已经“{here}”，不能再改。",
    "R-FLOW-01:moved_meanwhile": "刚刚有人先办了这一步，{thing}的状态已经变化，请刷新后再看。",
}

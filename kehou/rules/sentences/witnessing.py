"""What is said about witnesses who seal a word and show it in the hall."""

SENTENCES = {
    "R-ALLOC-02:witnesses_are_named": "见证人已经定下并公布，不能再加或换。",
    "R-ALLOC-02:witness_without_name": "请选身份，并写上见证人的姓名（最多二十个字）。",
    "R-ALLOC-02:witness_not_sealed": "还没有封好：请见证人写一句只有自己知道的话（至少{least}个字符），或填别处算好的64位校验码。",
    "R-ALLOC-02:witness_word_taken": "这句话和另一位见证人的一样，请换一句只有自己知道的。",
    "R-ALLOC-02:witnesses_too_many": "见证人最多{most}位。",
    "R-ALLOC-02:witness_of_families_missing": "见证人里要有家长委员会的代表。",
    "R-ALLOC-02:witness_shows_after_freezing": "志愿封存以后才能揭开：先揭开，就有人能挑志愿了。",
    "R-ALLOC-02:witness_draw_is_over": "这次摇号已经用过或作废，不用再揭开。",
    "R-ALLOC-02:witness_shown_already": "{name}已经揭开，不能再改。",
    "R-ALLOC-02:witness_word_differs": "和{name}事先封好的对不上：一个字、一个空格都要一样，大小写也要一样。请再写一遍。",
    "R-ALLOC-02:witnesses_hidden": "{names}还没有揭开。",
    "R-ALLOC-02:all_have_shown": "见证人都揭开了，不需要作废。",
    "R-ALLOC-02:ceremony_after_deadline": "作废以后重来，只能用还没有开奖的双色球或大乐透：再请见证人，别人会疑心是在挑结果。",
}

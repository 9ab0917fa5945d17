"""What stands around a word and changes its meaning: a subject, a sport, a negation, talk about the thing itself."""

from __future__ import annotations

import re

from kehou.rules.lint.plain import ENDS

# A subject that is examined; followed by play it is not one (数学游戏, 英语角, 语文实践).
SUBJECT = re.compile(
    "(?:数学|语文|英语|英文|物理|化学|理化|语数外?英?|数英|数外|政史|史地|生地|地生|道法|学科|文化课|主科|文科|理科)"
    "(?!类?(?:游戏|文化|家|绘本|故事|步道|魔术|实验|日记|手抄报|趣|桌游|拼图|折纸|角|歌|儿歌|戏剧|短剧|小品|配音|电影|动画"
    "|节|画|小报|诗|童谣|手工|创意|乐园|之美|史|嘉年华|阅读|广播|表演|剧|组长|老师|教师|活动|实践|探秘|之旅|谜|变化|现象|反应))"
    "|课文|作文|阅读理解|语法|单词|词汇|应用题|口算|竖式|计算题|方程|几何题|压轴|教材|试题|知识点|重难点|考点"
)
HOBBY = re.compile(
    "足球|篮球|排球|羽毛球|乒乓|网球|棒球|垒球|手球|橄榄球|门球|毽|曲棍|冰壶|轮滑|滑板|滑冰|骑行|田径|短跑|长跑|跑步|赛跑|冲刺跑|百米|\\d米|接力"
    "|起跑|跳远|跳高|跳绳|铅球|实心球|游泳|泳|体育|运动|体能|体操|体适能|健身|武术|太极|拳|跆拳道|柔道|摔跤|击剑|射箭|拔河|定向|攀岩"
    "|啦啦操|健美操|韵律操|舞|合唱|声乐|唱|歌|乐队|管乐|民乐|弦乐|鼓|锣|笛|二胡|古筝|琴|葫芦丝|陶笛|吉他|音乐|钢琴|乐器"
    "|书法|书写|硬笔|软笔|毛笔|篆刻|绘画|国画|水彩|油画|素描|速写|版画|年画|漫画|美术|剪纸|陶艺|泥塑|黏土|手工|编织|竹编|刺绣|扎染|摄影|动画"
    "|戏|剧|话剧|表演|演出|相声|快板|朗诵|主持|播音|演讲|辩论|讲解员|影评|电影|作品|时事|新闻|报纸|读报"
    "|棋|魔方|数独|桥牌|桌游|拼图|积木|航模|车模|船模|模型|无人机|机器人|无线电|测向|3d打印|编程|创客|科创|航天|航空|科技|剪辑|竞技|白名单|科普|科学|发明|天文|气象|观鸟|自然"
    "|种植|园艺|养殖|农|烹饪|烘焙|厨|木工|劳动|收纳|急救|消防|安全|法治|法律|党史|禁毒|环保|垃圾|非遗|民俗|茶艺|仪仗|升旗|队列|童子军|少先队|鼓号"
    "|校队|区运会|市运会|运动会|艺术|奥运|电竞|演练|心理|知识抢答"
)
# What may lie between a negation and what it negates. The longest is tried first and only once:
# no text is slow.
_BETWEEN = sorted(
    """
    讲授 讲解 讲评 讲 上 教授 教 做 搞 进行 组织 开展 安排 开设 设置 涉及 含 包含 包括 是 成为 变成 演变为
    演变成 变为 变相 异化为 沦为 搞成 当成 等于 以 为 将 把 用 任何 一切 各种 各类 所有 形式 性质 的 集中 集体
    统一 额外 布置 发放 发 考 提前 超前 学习 学 有 参加 举办 打着 旗号 名义 所谓 等 和 与 或者 或 及 以及 、
    任务 内容 活动 班 课 类 式 全班 教学 进度 培训 辅导 训练 题 练习 作业 书面 背诵 默写 听写 排名 打分 评比
    批改 批阅 抄写 语文 数学 英语 学科 学科类 文化课 拼音 识字 计算 作文 书 本 新课 新授课 新知 新知识 新内容
    课文 补课 补习 复习课 复习 预习 奥数 奥赛 竞赛 学科竞赛 试卷 卷子 做卷 考试 测试 测验 小测 检测 刷题 题海
    培优 提优 冲刺 应试 提分 成绩 家庭 延伸 学生 孩子 利用 借 时间 学校 课堂 超纲 小升初 中考
    """.split(),
    key=len,
    reverse=True,
)
_NEGATION = re.compile(
    "(?:不(?![仅只但光单同断少限妨过错停懂会足够落间等管论如])(?:得|准|许|能|再|应|会|允许|可以|要|搞)?"
    "|禁止|严禁|杜绝|拒绝|防止|避免|反对|抵制|远离|告别|取消"
    "|代替|替代|取代|区别于|有别于|不同于|无(?![论限忧线敌穷人私])|没有(?![讲学上听掌弄])|非(?![常遗凡洲])|勿|绝不|决不|从不|绝无|零)"
    f"(?>{'|'.join(_BETWEEN)})*+$"
)
_DENIED_AFTER = re.compile(
    "(?:培训|辅导|教学|活动|类|等|内容|班|性质的?|、|和|或|及|集体|补课|补习|考试|竞赛|刷题|新课)*"
    "(?:(?:一律|绝|均|都|坚决|统统|概|全部|一概)(?:不|禁止|严禁|取消|拒绝|免|无)|严禁|禁止(?!词)|杜绝|除外|零容忍|说不|不在此列|不得)"
)
# Talk about the thing: how parents deal with the fear of it is not the thing.
_ABOUT = re.compile(
    "(?:培训)?(?:的)?(?:前|后|期间|时)?(?:的)?"
    "(?:误区|焦虑|陷阱|危害|乱象|骗局|压力|之害|减压|放松|心理|情绪|志愿|政策|那点事|完的)"
)


REACH = 120  # signs that a clause is read to either side: who never ends one makes no text slow


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause begins and ends in which something stands, at most `REACH` signs from it."""
    earliest, latest = max(start - REACH, 0), min(end + REACH, len(text))
    first = max(earliest - 1, *(text.rfind(sign, earliest, start) for sign in ENDS)) + 1
    ends = [place for sign in ENDS if (place := text.find(sign, end, latest)) >= 0]
    return first, min(ends, default=latest)


def is_denied(text: str, start: int, end: int) -> bool:
    """Return whether what stands at `start:end` is negated, forbidden, or only talked about."""
    first, last = clause_around(text, start, end)
    before, after = text[first:start], text[end:last]
    return bool(_NEGATION.search(before) or _DENIED_AFTER.match(after) or _ABOUT.match(after))


def names_subject(text: str) -> bool:
    """Return whether a text names a subject that is examined."""
    return SUBJECT.search(text) is not None


def names_hobby(text: str) -> bool:
    """Return whether a text names a sport, an art, a craft or popular science."""
    return HOBBY.search(text) is not None

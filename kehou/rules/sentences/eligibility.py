"""Why a pupil cannot take part."""

SENTENCES = {
    "R-ELIG-01:stage_not_served": "课后服务只面向义务教育阶段，{stage}不在范围内。",
    "R-ELIG-01:private_not_served": "本区规定民办学校不纳入课后服务。",
    "R-ELIG-01:boarders_not_served": "本区规定住校生不参加课后服务。",
}

"""Who may serve, and what each kind of person must prove (2.4-a, 2.4-f, 2.4-j1…j3). No imports: parameters read it."""

from __future__ import annotations

from collections.abc import Mapping

# 2.4-a and 2.4-f: in-service staff first, then the seven outsiders the policy names, in its words, then everybody else
# who is with pupils in the slot: the same entry check for all adults (domain/09 row 34).
KINDS: dict[str, str] = {
    "in_service": "在职教职工",
    "parent": "学生家长",
    "retired_teacher": "退休教师",
    "sports_arts": "文体工作者",
    "folk_artist": "民间艺人",
    "craftsman": "能工巧匠",
    "heritage_inheritor": "非物质文化传承人",
    "enterprise": "企事业人才",
    "volunteer": "志愿者",
    "gatekeeper": "门卫保安",
    "other": "其他在场人员",
}
LEADS_NO_GROUP = ("gatekeeper",)  # at the gate, never alone with a group

PROOFS: dict[str, str] = {
    "identity": "身份核验",
    "qualification": "资质证明",
    "health": "健康证明",
    "assessment": "师德考核",
}
WITH_END = ("health", "assessment")  # what always ends on a day
WITHOUT_SCAN = ("identity", "health")  # valid-until only, no number in a picture: minimal data (2.4-j3)

# What proves that somebody of this kind can do what they offer (R-EXT-02).
QUALIFICATIONS: dict[str, str] = {
    "in_service": "教师资格证",
    "parent": "特长说明或从业证明",
    "retired_teacher": "退休证和教师资格证",
    "sports_arts": "专业资格或任职证明",
    "folk_artist": "文化站或村（社区）出具的从艺证明",
    "craftsman": "技能等级证书或从业证明",
    "heritage_inheritor": "非遗代表性传承人证书",
    "enterprise": "单位介绍信和专业资格证明",
    "volunteer": "志愿者注册证明",
    "gatekeeper": "保安员证",
    "other": "单位或社区出具的证明",
}

REQUIRED: dict[str, tuple[str, ...]] = {
    kind: tuple(PROOFS) if kind == "in_service" else ("identity", "qualification", "health") for kind in KINDS
}

ROLES: dict[str, str] = {
    "teacher": "校内带组教师",
    "external": "校外专业人员",
    "volunteer": "志愿者",
    "gatekeeper": "门卫",
    "other": "其他在场人员",
}


def role_of(kind: str, *, unpaid: bool) -> str:
    """Return whose requirement sheet and agreement somebody gets: any external kind may serve unpaid (2.4-g)."""
    if kind in ("in_service", "gatekeeper", "other"):
        return "teacher" if kind == "in_service" else kind
    return "volunteer" if unpaid or kind == "volunteer" else "external"


def required_of(kind: str, required: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return which proofs a kind must hold under the district's parameter; an unknown kind must hold them all."""
    return required.get(kind, tuple(PROOFS))


def proof_name(kind: str, proof: str) -> str:
    """Return what a proof is called for this kind of person: 教师资格证, not 资质证明."""
    return QUALIFICATIONS.get(kind, PROOFS[proof]) if proof == "qualification" else PROOFS[proof]

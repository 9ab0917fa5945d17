"""The personnel file: what is missing, how far somebody is on the path, until which day they are fit, whether they may
be scheduled (2.4-i…2.4-p, 2.5-g). Days come in, refusals go out; each says its step in the reader's words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kehou.rules.staffing.kinds import proof_name, required_of
from kehou.rules.states.before import PersonState
from kehou.rules.verdicts import Refusal, refuse

ALWAYS = date(9999, 12, 31)  # the end of what does not end


@dataclass(frozen=True, slots=True)
class Terms:
    """What the district decided about files: the parameters a file is judged by."""

    required: Mapping[str, tuple[str, ...]]
    check_days: int = 365
    warn_days: int = 30


@dataclass(frozen=True, slots=True)
class Check:
    """The last answer to an entry check: passed or not, and the day of the answer. Nothing of what was found."""

    passed: bool
    on: date

    def until(self, days: int) -> date:
        """Return the first day on which it no longer holds (R-FILE-03)."""
        return self.on + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class File:
    """What a file says about one person; a day is the first on which a thing no longer holds, None: absent."""

    name: str
    kind: str
    state: str
    proofs: Mapping[str, date] = field(default_factory=dict)
    consented: bool = False
    asked: bool = False  # a check is under way
    check: Check | None = None
    restricted_by: str = ""  # the basis of the district's list, empty: not on it
    requirements: bool = False  # the present version, acknowledged
    agreement: date | None = None
    letter: date | None = None
    person_signed: frozenset[str] = frozenset()  # of agreement and letter: signed by the person, not yet by the school
    copies: bool = False
    training: date | None = None
    needs_district: bool = False  # came back after leaving, and the district has not agreed (R-EXT-04)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path: its key, its title, and what is missing on a day."""

    key: str
    title: str
    reaches: str
    missing: Callable[[File, Terms, date], list[Refusal]]


def _proofs(one: File, terms: Terms, on: date) -> list[Refusal]:
    found = []
    for proof in required_of(one.kind, terms.required):
        until, facts = one.proofs.get(proof), {"name": one.name, "proof": proof_name(one.kind, proof)}
        code = _CODE_OF_PROOF[proof]
        if until is None:
            outside = proof == "qualification" and one.kind != "in_service"
            found.append(refuse("R-EXT-02" if outside else code, "proof_missing", **facts))
        elif until <= on:
            found.append(refuse(code, "proof_expired", **facts, day=_day(until - timedelta(days=1))))
    return found


_CODE_OF_PROOF = {
    "identity": "R-FILE-01",
    "qualification": "R-FILE-02",
    "assessment": "R-FILE-03",
    "health": "R-FILE-04",
}


def _check(one: File, terms: Terms, on: date) -> list[Refusal]:
    if one.restricted_by:
        return [refuse("R-FILE-03", "on_conduct_list", name=one.name, basis=one.restricted_by)]
    if one.check is not None and not one.check.passed:
        return [refuse("R-FILE-03", "check_failed", name=one.name)]
    if one.check is not None and one.check.until(terms.check_days) > on:
        return []
    if one.asked:
        return [refuse("R-FILE-03", "check_waits", name=one.name)]
    if one.check is not None:
        day = _day(one.check.until(terms.check_days) - timedelta(days=1))
        return [refuse("R-FILE-03", "check_expired", name=one.name, day=day)]
    return [refuse("R-FILE-03", "check_absent" if one.consented else "consent_absent", name=one.name)]


def _papers(one: File, terms: Terms, on: date) -> list[Refusal]:
    found = [] if one.requirements else [refuse("R-FILE-05", "requirements_not_read", name=one.name)]
    for kind, code in (("agreement", "R-FILE-06"), ("letter", "R-FILE-07")):
        until = one.agreement if kind == "agreement" else one.letter
        if until is None:
            why = f"{kind}_waits_for_school" if kind in one.person_signed else f"{kind}_not_signed"
            found.append(refuse(code, why, name=one.name))
        elif until <= on:
            found.append(refuse(code, f"{kind}_expired", name=one.name, day=_day(until - timedelta(days=1))))
    if not found and not one.copies:
        found.append(refuse("R-FILE-09", "copy_not_delivered", name=one.name))
    return found


def _training(one: File, terms: Terms, on: date) -> list[Refusal]:
    if one.training is None:
        return [refuse("R-FILE-08", "not_trained", name=one.name)]
    if one.training <= on:
        return [refuse("R-FILE-08", "training_expired", name=one.name, day=_day(one.training - timedelta(days=1)))]
    return []


_P = PersonState
STEPS = (
    Step("papers", "材料", _P.PAPERS, _proofs),
    Step("check", "入职查询", _P.CHECKED, _check),
    Step("bound", "协议与责任书", _P.BOUND, _papers),
    Step("trained", "培训", _P.TRAINED, _training),
)
_ON_THE_WAY = [_P.PROPOSED, *(step.reaches for step in STEPS)]


def missing(one: File, terms: Terms, on: date) -> list[Refusal]:
    """Return everything that the file lacks on a day, in the order of the path (R-FILE-01…09, R-EXT-02, R-EXT-04)."""
    found = [refusal for step in STEPS for refusal in step.missing(one, terms, on)]
    if one.needs_district:
        found.append(refuse("R-EXT-04", "came_back", name=one.name))
    return found


def failing(one: File, terms: Terms, on: date) -> tuple[str, ...]:
    """Return the titles of what somebody is not through with on a day: the steps, the district's yes (R-FILING-01)."""
    found = tuple(step.title for step in STEPS if step.missing(one, terms, on))
    return (*found, ENDS["district"]) if one.needs_district else found


def completeness(one: File, terms: Terms, on: date) -> int:
    """Return how complete a file is, in whole percent of what this person's kind must hold (R-FILE-01)."""
    whole = (
        len(required_of(one.kind, terms.required)) + 7
    )  # consent, check, requirements, agreement, letter, copy, training
    lacks = len(_proofs(one, terms, on)) + len(_training(one, terms, on))
    lacks += sum(refusal.code != "R-FILE-09" for refusal in _papers(one, terms, on))
    lacks += 0 if one.copies else 1
    lacks += bool(_check(one, terms, on)) + (not one.consented)
    return (whole - lacks) * 100 // whole


def reached(one: File, terms: Terms, on: date) -> str:
    """Return the state that the file itself has earned: the last step before the first that lacks something."""
    state: str = _P.PROPOSED
    for step in STEPS:
        if step.missing(one, terms, on):
            break
        state = step.reaches
    return state


def path_to(here: str, to: str) -> list[str]:
    """Return the states that lie ahead from `here` up to `to`; empty when it is not ahead: nobody is moved back."""
    if here not in _ON_THE_WAY or to not in _ON_THE_WAY:
        return []
    return [str(state) for state in _ON_THE_WAY[_ON_THE_WAY.index(here) + 1 : _ON_THE_WAY.index(to) + 1]]


def fit_until(one: File, terms: Terms) -> tuple[date | None, str]:
    """Return the first day on which something required no longer holds, and which: `health`, `check`, `training` …

    None with the first thing that is not there at all.
    """
    passed = one.check is not None and one.check.passed and not one.restricted_by
    ends: list[tuple[date | None, str]] = [
        *((one.proofs.get(proof), proof) for proof in required_of(one.kind, terms.required)),
        (one.check.until(terms.check_days) if passed and one.check else None, "check"),
        (one.agreement, "agreement"),
        (one.letter, "letter"),
        (one.training, "training"),
        (ALWAYS if one.requirements else None, "requirements"),
        (ALWAYS if one.copies else None, "copies"),
        (None if one.needs_district else ALWAYS, "district"),
    ]
    day, what = min(ends, key=lambda pair: pair[0] or date.min)
    return day, what


ENDS = {
    "identity": "身份核验", "qualification": "资质证明", "health": "健康证明", "assessment": "师德考核",
    "check": "入职查询", "agreement": "服务协议", "letter": "安全责任书", "training": "培训合格证",
    "requirements": "岗位要求", "copies": "协议送达", "district": "区教委同意",
}  # fmt: skip


def warning_of_end(name: str, *, until: date | None, what: str, on: date, days: int) -> Refusal | None:
    """Return the warning that something required ends soon; the last day it holds is said (domain/05: 30 days)."""
    if until is None or until <= on or (until - on).days > days:
        return None
    last = until - timedelta(days=1)
    left = (until - on).days
    return refuse("R-FILE-01", "ends_soon", name=name, what=ENDS.get(what, what), day=_day(last), days=left)


def refusal_to_schedule(
    name: str, *, state: str, fit_until: date | None, what: str, on: date, filed: bool | None
) -> Refusal | None:
    """Return why somebody cannot be scheduled for a day: not 在用, something ended by then, not on the accepted roster.

    `filed` is None where the school has no accepted roster in this term yet and only a draft is written (P8-1).
    """
    if state == PersonState.LEFT:
        return refuse("R-STAF-03", "leader_has_left", name=name)
    if state != PersonState.IN_USE:
        return refuse("R-EXT-04", "not_in_use", name=name, state=PersonState(state).label)
    if fit_until is None or fit_until <= on:
        last = _day(fit_until - timedelta(days=1)) if fit_until else ""
        why = "ended" if last else "incomplete"
        return refuse("R-FILE-01", why, name=name, what=ENDS.get(what, "档案"), day=last)
    if filed is False:
        return refuse("R-FILING-01", "not_on_accepted_roster", name=name)
    return None


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

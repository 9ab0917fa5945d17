#!/usr/bin/env python3
"""Check the public record of a draw or refill round by repeating it. One file, Python 3.10 or later, nothing else.

    python verifier.py RECORD.json [--receipt RECEIPT.json] [--root HEX]

docs/reference/draw-formats.md describes record and rule. Exit code 0: right. 1: wrong, and why. 2: unreadable.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
from bisect import insort
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from functools import wraps
from itertools import islice

PROTOCOL, RECORD, REFILL, RECEIPT = "sunlot-v1", "sunlot-record-1", "sunlot-refill-1", "sunlot-receipt-1"
SCALE, CLOSED, TIGHT = 60 << 64, -1, -2  # in place of free seats: nobody gets in; nobody till a kept place is freed
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
CHANGE = ("n", "on", "kind", "pid", "day", "from", "to", "by", "reason")
KINDS = ("hand", "offer", "swap", "refill", "cancelled", "left")


def sha(data, *values):
    """Return the hash of bytes, followed by values in compact JSON."""
    return hashlib.sha256(data + b"".join([ENCODER.encode(value).encode() for value in values])).digest()


def root_of(leaves):
    level = [hashlib.sha256(b"\0" + ENCODER.encode(leaf).encode()).digest() for leaf in leaves]
    while len(level) > 1:
        nodes = [sha(b"\1" + left + right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = nodes + level[len(level) & -2 :]  # an odd node moves up as it is
    return level[0].hex()


def numbers_of(seed, pupils, lottery, before=()):
    inner, outer = (hashlib.sha256(bytes(b ^ pad for b in seed.ljust(64, b"\0"))).copy for pad in (0x36, 0x5C))

    def mac(message):  # HMAC-SHA256 with its two blocks hashed once: `hmac.digest` takes more than twice as long
        (first := inner()).update(message.encode())
        (second := outer()).update(first.digest())
        return second.digest()

    found, is_balanced = {}, lottery in ("balanced", "reversed")
    for pid, _, _, family, asked in pupils:
        ticket, days = family or pid, [request[0] for request in asked]
        if is_balanced and len(days) > 1:
            days = [day for _, day in sorted([(mac(f"{ticket}|{day}"), day) for day in days])]
        for rank, day in enumerate(days):
            value = int.from_bytes(mac(f"{ticket}|{'week' if lottery == 'single' else day}|v")[:8], "big")
            number = ((rank << 64) + value) * (60 // len(days)) if is_balanced else value * 60
            found.setdefault(day, {})[pid] = number
    for pid, day, _, number, keeps in before:  # a refill round: the earlier number, turned round
        if number is not None:
            found[day][pid] = int(number) if keeps else SCALE - 1 - int(number)
    return found


class Day:  # the state of one day: free seats, and how many holders of each option set sit in each section
    def __init__(self, sections, aside, shut):
        self.rows = sorted((s for s in sections if s[0] not in shut), key=lambda s: (s[7] != "care", s[8], s[0]))
        self.free = {s[0]: CLOSED if s[0] in shut else s[2] - aside.get(s[0], 0) for s in sections}
        self.held = {s[0]: {} for s in sections}  # section → number of an option set → holders
        self.sets, self.ids, self.kept, self.cut, self.near, self.open, self.tight = [], {}, Counter(), {}, {}, {}, []
        self.members = defaultdict(list)  # number of an option set → pids, in order of turns

    def anywhere(self, campus, grade, hours=7):
        if campus not in self.near:
            self.near[campus] = [s for s in self.rows if s[7] != "series" and (not s[6] or campus in s[6])]
        if (key := (campus, grade, hours)) not in self.open:
            self.open[key] = tuple(s[0] for s in self.near[campus] if s[5] >> grade - 1 & 1 and not s[4] & ~hours)
        return self.open[key]

    def numbered(self, options):
        if (number := self.ids.setdefault(options := tuple(options), len(self.sets))) == len(self.sets):
            self.sets.append(options)
        return number

    def move(self, section, number, step):
        held = self.held[section]
        held[number] = held.get(number, 0) + step
        if not held[number]:
            del held[number]

    def make_room(self, options, turn):  # moves others; the section of `options` that has a seat now, or None
        free, held, sets = self.free, self.held, self.sets
        if not (queue := [section for section in options if not free[section]]):
            return None
        came, seen, leaning = dict.fromkeys(queue), set(), any(free[section] == TIGHT for section in options)
        for section in queue:
            for number in held[section]:
                for other in () if number in seen else sets[number]:
                    if free[other] > 0:
                        came[other] = (section, number)
                        free[other] -= 1
                        while came[other]:
                            end, (other, number) = other, came[other]
                            self.move(other, number, -1)
                            self.move(end, number, 1)
                        free[other] += 1
                        return other
                    if not free[other] and other not in came:
                        came[other] = (section, number)
                        queue.append(other)
                    leaning = leaning or free[other] == TIGHT
                seen.add(number)
        shut = leaning or any(self.kept[number] for number in seen)
        self.tight += queue if shut else []
        free.update(dict.fromkeys(queue, TIGHT if shut else CLOSED))
        self.cut.update({} if shut else dict.fromkeys(queue, turn))

    def keep(self, classes):  # a place for each pupil of each (campus, grade); whether all found one
        for campus, grade in sorted(classes):
            number = self.numbered(options := self.anywhere(campus, grade))
            for _ in range(classes[campus, grade]):
                if section := next((s for s in options if self.free[s] > 0), None) or self.make_room(options, 0):
                    self.free[section] -= 1
                    self.move(section, number, 1)
                    self.kept[number] += 1
        self.free.update(dict.fromkeys([*self.tight, *self.cut], 0))
        self.tight, self.cut = [], {}
        return self.kept.total() == classes.total()

    def release(self, options):
        self.kept[number := self.numbered(options)] -= 1
        section = next(s for s in options if number in self.held[s])
        self.move(section, number, -1)
        freed, self.tight = (self.tight, []) if self.free[section] == TIGHT else ([], self.tight)
        self.free.update(dict.fromkeys(freed, 0))
        self.free[section] += 1


def run_gsd(sections, aside, shut, order, wish, assured, _priority=None):
    """Return (seat by pid, tier by pid, cut by section) of the main rule."""
    day, seat, tier_of = Day(sections, aside, shut), {}, {}
    if not day.keep(Counter(wish[pid][:2] for pid in assured)):
        return None
    free, held, members = day.free, day.held, day.members
    for turn, pid in enumerate(order, 1):
        campus, grade, tiers, anywhere, hours = wish[pid]
        tries = [*tiers, day.anywhere(campus, grade, hours)] if anywhere else tiers
        if pid in assured:
            tries = [*tries, day.anywhere(campus, grade)]
            day.release(tries[-1])
        for tier, options in enumerate(tries, 1):
            for section in options:
                if free[section] > 0:
                    break
            else:
                if (section := day.make_room(options, turn)) is None:
                    continue
            free[section] -= 1
            seat[pid], tier_of[pid], there = section, tier if tier <= len(tiers) else 0, held[section]
            if len(options) > 1:
                members[number := day.numbered(options)].append(pid)
                there[number] = there.get(number, 0) + 1
            break
    for number, pids in members.items():
        seat.update(zip(pids, [s for s in day.sets[number] for _ in range(held[s].get(number, 0))], strict=True))
    return seat, tier_of, day.cut


def run_da(sections, aside, shut, order, wish, _assured, priority):
    """Return what deferred acceptance gives: a section prefers the higher class, then the earlier turn."""
    day, lists, inside, refused = Day(sections, aside, shut), {}, {s[0]: [] for s in sections if s[0] not in shut}, {}
    for pid in order:
        campus, grade, tiers, anywhere, hours = wish[pid]
        wanted = [(s, t) for t, tier in enumerate(tiers, 1) for s in tier if s in inside]
        lists[pid] = iter(wanted + [(s, 0) for s in day.anywhere(campus, grade, hours) if anywhere])
    free = list(enumerate(order))[::-1]
    while free:
        turn, pid = free.pop()
        for section, tier in islice(lists[pid], 1):
            insort(there := inside[section], (-priority.get((section, pid), 0), turn, pid, tier))
            if len(there) > day.free[section]:
                kept = priority.get((section, None), len(there))  # so many seats go by class first, the others by turn
                there.remove(worst := max(there[kept:] or there[-1:], key=lambda row: row[1]))
                refused[section] = min(refused.get(section, worst), worst)
                free.append(worst[1:3])
    seat = {pid: section for section, held in inside.items() for _, _, pid, _ in held}
    tier_of = {pid: tier for held in inside.values() for _, _, pid, tier in held}
    return seat, tier_of, {section: worst[1] + 1 for section, worst in refused.items()}


def run_stated(sections, aside, shut, order, wish, assured, turns):
    """Return an optimised day as stated, less what nobody may hold; `certificate.check_prices` checks its prices."""
    day, seat, tier_of = Day(sections, aside, shut), {}, {}
    for pid, _, section, tier, _ in turns:
        campus, grade, tiers, anywhere, hours = wish[pid]
        unlisted = day.anywhere(campus, grade, 7 if pid in assured else hours) if anywhere or pid in assured else ()
        if section in (tiers[tier - 1] if tier else unlisted) and day.free[section] > 0:
            day.free[section] -= 1
            seat[pid], tier_of[pid] = section, tier
    return (seat, tier_of, {}) if assured <= set(seat) else None


def replay(record, wish, number, day):
    """Return the day of the record as it should be; None if the kept places do not suffice."""
    head, rules, stated = record["head"], record["head"][2], record["days"][str(day)]
    sections, aside = [s for s in record["sections"] if s[1] == day], dict(map(tuple, head[4]))
    teams = {s[0] for s in sections if s[7] == "series"}
    mine = {s[0]: [[part]] for s in record["sections"] if s[9:] for part in s[9] if part in teams}
    for pid, _, team, *_ in record["days"]["0"]["turns"] if mine else ():  # a member asks for the team, nothing else
        wish.update({pid: (*wish[pid][:2], mine[team], False, wish[pid][4])} if team in mine else {})
    order = sorted(number, key=number.__getitem__)  # pupils come by pid, so equal numbers go by pid
    flagged = {pid for pid, guaranteed, _ in record.get("sealed", {}).get("flags", ()) if guaranteed}
    sure = order if head[3] == "everyone" else flagged.intersection(order) if head[3] == "flagged" else ()
    assured = {pid for pid in sure if not teams.intersection(*wish[pid][2][:1] or [()])}
    extra = {(s, p): k for s, p, k in record.get("priorities", ())}
    extra.update({(s, p): 1 for p, _, s, *_ in record.get("before", ())})
    rule, closed, spared, prices = {"gsd": run_gsd, "da": run_da, "mcf": run_stated}[rules[0]], [], set(), []
    if rules[0] == "mcf":
        closed, spared, prices, extra = stated["closed"], set(stated["spared"]), stated["prices"], stated["turns"]
    result = rule(sections, aside, closed, order, wish, assured, extra)
    while result and rules[3] == "close-worst":
        filled = Counter(result[0].values())
        small = [s for s in sections if 0 < filled[s[0]] < s[3] and s[0] not in aside and s[0] not in spared]
        first = {result[0].get(pid): -turn for turn, pid in reversed(list(enumerate(order if small else ())))}
        worst = min(((Fraction(filled[s[0]], s[3]), first[s[0]], s[0]) for s in small), default=[None])[-1]
        if worst is None:
            break
        again = rules[0] != "mcf" and rule(sections, aside, [*closed, worst], order, wish, assured, extra)
        spared |= {worst} if again is None else set()
        closed, result = (closed, result) if again is None else ([*closed, worst], again)
    if not result:
        return None
    seat, tier, cut = result[0], result[1], sorted(map(list, result[2].items()))
    care = fill_hours(sections, aside, closed, order, wish, seat)
    turns = [[p, str(number[p]), seat.get(p), tier.get(p), care.get(p, [])] for p in order]
    return {"closed": closed, "spared": sorted(spared), "cut": cut, "prices": prices, "turns": turns}


def fill_hours(sections, aside, closed, order, wish, seat):
    """Return the base care by pid for the hours that a section leaves free: the longest that fits, with seats left."""
    hours_of, filled, found, near = {s[0]: s[4] for s in sections}, Counter(seat.values()), {}, {}
    left = {s[0]: s[2] - aside.get(s[0], 0) - filled[s[0]] for s in sections}
    care = [s for s in sections if s[7] == "care" and s[0] not in closed and left[s[0]] > 0]
    care.sort(key=lambda s: (-bin(s[4]).count("1"), s[0]))
    for pid in order if care and any(s[4] != 7 for s in sections) else ():
        campus, grade, _, _, stays = wish[pid]
        hours = stays & ~hours_of.get(seat.get(pid), 7)
        if hours and (campus, grade) not in near:
            near[campus, grade] = [s for s in care if s[5] >> (grade - 1) & 1 and (not s[6] or campus in s[6])]
        for section in near[campus, grade] if hours else ():
            if left[section[0]] > 0 and not section[4] & ~hours:
                hours &= ~section[4]
                left[section[0]] -= 1
                found.setdefault(pid, []).append(section[0])
    return found


def listed(check):
    def checked(*values):
        try:
            return list(check(*values))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            return [f"this is malformed: {type(error).__name__}: {error}"]

    return wraps(check)(checked)


def commitment_violations(record):
    head, root, pupils, drawn = record["head"], record["root"], record["pupils"], record["randomness"] or {}
    pids, sealed = [pupil[0] for pupil in pupils], record.get("sealed")
    beacon, reveals, rehearsal = drawn.get("beacon", ""), drawn.get("reveals", []), record["randomness"] is None
    seal = sha(f"\2{sealed['salt']}|".encode(), sealed["flags"]).hex() if sealed and sealed["salt"] else None
    named = [part.partition("ceremony:")[::2] for part in (head[8] or "").split(",")]  # (a draw, a sealed word)
    draws, words = [draw for draw, word in named if draw], [word for _, word in named if word]
    told = [result.rpartition(":")[0] for result in beacon.split(",") if draws]
    as_named = told == draws and [sha(reveal.encode()).hex() for reveal in reveals] == words
    text, refill = "|".join([PROTOCOL, head[1], root, beacon, *reveals]), record["format"] == REFILL
    follows = text.count("|") == 3 + len(reveals) and sha(text.encode()).hex() == record["seed"]
    ranks = sha(b"", record.get("before" if refill else "priorities")).hex()
    wrong = {
        "the pupils are not in order or not complete": pids != sorted(set(pids)) or record["leaves"] != len(pids) + 1,
        "the applications do not add up to the committed root": root_of([head, *pupils]) != root,
        "the section table is not the committed one": sha(b"", record["sections"]).hex() != head[5],
        "the priorities are not the committed ones": head[2][0] == "da" and ranks != head[6],
        "the guarantees are not the sealed ones": sealed is not None and seal != head[7],
        "the seed does not follow from the root and the published randomness": not (follows or rehearsal),
        "the randomness is not the one named before the deadline": head[8] and not as_named,
        "the results are missing": record["days"] is None and head[3] != "flagged",
    }
    return [said for said, is_so in wrong.items() if is_so]


@listed
def verify(record):
    """Return every reason why a record is not right; an empty list says that it is."""
    head, pupils = record["head"], record["pupils"]
    kind = REFILL if head[2][:4] == ["da", "reversed", "off", "report"] and len(head) == 10 else RECORD
    if record["format"] != kind or head[0] != PROTOCOL or (kind == RECORD and head[2][1] == "reversed"):
        raise ValueError(f"this program knows {RECORD} and {REFILL} of {PROTOCOL}")
    yield from commitment_violations(record)
    yield from change_violations(record)
    yield from refill_violations(record) if kind == REFILL else ()
    if record["days"] is None:
        return
    numbers = numbers_of(bytes.fromhex(record["seed"]), pupils, head[2][1], record.get("before", ()))
    wishes = {day: {} for day in {s[1] for s in record["sections"]} | set(numbers)}
    if set(record["days"]) != set(map(str, wishes)):
        raise ValueError("the days of the results are not the days of the round")
    for pid, campus, grade, _, asked in pupils:
        for day, *wish in asked:
            wishes[day][pid] = (campus, grade, *wish)
    for day in sorted(wishes):
        stated, expected = record["days"][str(day)], replay(record, wishes[day], numbers.get(day, {}), day)
        if expected is None:
            yield f"day {day}: the kept places do not suffice, or a section is open below its minimum"
        for name, right in expected.items() if expected else ():
            if (said := stated[name]) != right:
                n = next(n for n in range(max(len(said), len(right))) if said[n : n + 1] != right[n : n + 1])
                yield f"day {day}, {name.rstrip('s')} {n + 1}: says {said[n : n + 1]}, should be {right[n : n + 1]}"


def held_in(record, wanted=None):
    """Return {(pid, day): sections held} as drawn; only of `wanted`, if given."""
    turns = [((t[0], int(day)), {t[2], *t[4]}) for day, there in record["days"].items() for t in there["turns"]]
    return {key: seats for key, seats in turns if wanted is None or key in wanted}


def change_violations(record):
    """Follow the log of what was changed after the draw: every line is sealed to the one before."""
    seal, log, last = bytes.fromhex(record["root"]), record["changes"], ""
    held = held_in(record, {(line["pid"], line["day"]) for line in log}) if log else {}
    for n, line in enumerate(log, 1):
        row = number, on, kind, pid, day, left, taken, by, reason = [line[name] for name in CHANGE]
        seal, mine = sha(b"\3" + seal, row), held.get((pid, day), set())
        there = {s[0] for s in record["sections"] if s[1] == day} | {None}
        right = number == n and last <= on and date.fromisoformat(on) and kind in KINDS and by and left != taken
        right = right and (reason or kind != "hand") and len(line) == len(CHANGE) and {left, taken} <= there
        if not right or left not in mine | {None} or taken in mine - {None}:
            yield f"change {n} is not in order: {line}"
        held[pid, day], last = mine - {left} | {taken}, on
    if record["changes_seal"] != (seal.hex() if log else None):
        yield "the log of changes is not the sealed one"


def refill_violations(record):
    """In a refill round a row stands behind each request, each list ends at the seat held, and nobody loses it."""
    asked, got = {(p[0], wish[0]): wish for p in record["pupils"] for wish in p[4]}, held_in(record)
    if [(row[0], row[1]) for row in record["before"]] != sorted(asked):
        yield "the rows of what was held are not those of the requests"
    for pid, day, seat, _, _ in record["before"]:
        if seat is not None and (asked[pid, day][2] or asked[pid, day][1][-1] != [seat] or got[pid, day] == {None}):
            yield f"day {day}: {pid} may lose {seat}"


@listed
def verify_receipt(record, receipt):
    """Return every reason why a family's receipt does not agree with a record."""
    node, index, size = sha(b"\0", receipt["leaf"]), receipt["index"], receipt["size"]
    path = [bytes.fromhex(step) for step in receipt["path"]]
    while size > 1 and (path or index ^ 1 >= size):
        if index ^ 1 < size:
            other = path.pop(0)
            node = sha(b"\1" + (other + node if index & 1 else node + other))
        index, size = index // 2, (size + 1) // 2
    if path or size > 1 or node.hex() != receipt["root"]:
        yield "the receipt does not lead to the committed root"
    if receipt["format"] != RECEIPT or receipt["root"] != record["root"]:
        yield "the receipt belongs to another draw"
    if receipt["leaf"] != record["pupils"][receipt["index"] - 1]:
        yield "the application in the record is not the one on the receipt"


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit code."""
    options, found = dict(zip(arguments[1::2], arguments[2::2], strict=False)), []
    if len(arguments) % 2 == 0 or not set(options) <= {"--receipt", "--root"}:
        print(__doc__.split("\n\n")[1])
        return 2
    try:
        for path in filter(None, (arguments[0], options.get("--receipt"))):
            with open(path, encoding="utf-8") as file:
                found.append(json.load(file))
        record, *receipts = found
        wrong = sum([verify_receipt(record, receipt) for receipt in receipts], verify(record))
        wrong += ["the root is not the one you were given"] * (options.get("--root", record["root"]) != record["root"])
        said = [" ".join(["CHANGED 更改:", *(str(line[name]) for name in CHANGE)]) for line in record["changes"]]
        said += ["NOTE 注意: a rehearsal, no public randomness 这是演练"] * (record["randomness"] is None)
        said += ["NOTE 注意: the bureau holds the results 结果在教育局"] * (record["days"] is None)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot read: {error}")
        return 2
    right = f"RIGHT 相符: {len(record['pupils'])} pupils, root {record['root']}"
    print(*said, *([f"WRONG 不符: {violation}" for violation in wrong] or [right]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    gc.disable()  # nothing here is cyclic, and large records are read three times as fast
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Check the public record of a draw (`sunlot-record-1`) by repeating it. One file, Python 3.10 or later, nothing else.

    python verifier.py RECORD.json [--receipt RECEIPT.json] [--root HEX]

It imports nothing of the program that made the draw; docs/reference/draw-formats.md describes record and rule.
Exit code 0: the record is right. 1: it is not, and why is printed. 2: the file could not be read.
"""

# mypy: ignore-errors
from __future__ import annotations

import gc
import hashlib
import json
import sys
from collections import Counter
from fractions import Fraction
from itertools import zip_longest

PROTOCOL, RECORD, RECEIPT = "sunlot-v1", "sunlot-record-1", "sunlot-receipt-1"
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact(value):
    return ENCODER.encode(value).encode()


def sha(data):
    return hashlib.sha256(data).digest()


def root_of(leaves):
    level = [sha(b"\0" + compact(leaf)) for leaf in leaves]
    while len(level) > 1:
        pairs = [sha(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0].hex()


def as_named(named, beacon, reveals):
    """Return whether beacon and reveals are results of exactly the draws and witnesses named beforehand."""
    draws = [part for part in named.split(",") if not part.startswith("ceremony:")]
    sealed = [part[9:] for part in named.split(",") if part.startswith("ceremony:")]
    told = [result.rpartition(":")[0] for result in beacon.split(",")] if draws else []
    return told == draws and [sha(reveal.encode()).hex() for reveal in reveals] == sealed


def numbers_of(seed, pupils, lottery):
    """Return {day: {pid: number}}."""
    inner, outer = (hashlib.sha256(bytes(b ^ pad for b in seed.ljust(64, b"\0"))) for pad in (0x36, 0x5C))

    def mac(message):
        first, second = inner.copy(), outer.copy()
        first.update(message.encode())
        second.update(first.digest())
        return second.digest()

    found = {}
    for pid, _, _, family, asked in pupils:
        ticket, days = family or pid, [request[0] for request in asked]
        if lottery == "balanced" and len(days) > 1:
            days = [day for _, day in sorted([(mac(f"{ticket}|{day}"), day) for day in days])]
        for rank, day in enumerate(days):
            word = f"{ticket}|week|v" if lottery == "single" else f"{ticket}|{day}|v"
            value = int.from_bytes(mac(word)[:8], "big")
            number = ((rank << 64) + value) * (60 // len(days)) if lottery == "balanced" else value * 60
            found.setdefault(day, {})[pid] = number
    return found


def admits(section: list, campus: str, grade: int) -> bool:
    return bool(section[5] >> (grade - 1) & 1) and (not section[6] or campus in section[6])


class Day:
    """The state of one day: free seats, and how many holders of each option set sit in each section."""

    def __init__(self, sections, aside, shut):
        self.rows = [s for s in sections if s[0] not in shut]
        self.rows.sort(key=lambda s: (s[7] != "care", s[8], s[0]))
        self.free = {s[0]: 0 if s[0] in shut else s[2] - aside.get(s[0], 0) for s in sections}
        self.held = {s[0]: {} for s in sections}
        self.kept, self.cut, self.eligible = {}, {}, {}
        self.closed, self.tight = set(shut), set()

    def anywhere(self, campus, grade, hours=7):
        key = (campus, grade, hours)
        if key not in self.eligible:
            rows = (s for s in self.rows if admits(s, campus, grade) and not s[4] & ~hours)
            self.eligible[key] = tuple(s[0] for s in rows)
        return self.eligible[key]

    def move(self, section, options, step):
        held = self.held[section]
        held[options] = held.get(options, 0) + step
        if not held[options]:
            del held[options]

    def take(self, options, turn, keep=False):
        """Give one holder a seat in `options`, moving others if need be; return the section, or None."""
        free = self.free
        for section in options:
            if free[section]:
                break
        else:
            section = None if self.closed.issuperset(options) else self.make_room(options, turn)
            if section is None:
                return None
        free[section] -= 1
        if keep or len(options) > 1:
            self.move(section, tuple(options), 1)
        return section

    def make_room(self, options, turn):
        free, closed, tight = self.free, self.closed, self.tight
        queue = [section for section in options if section not in closed and section not in tight]
        came, seen, leaning = dict.fromkeys(queue), set(), not tight.isdisjoint(options)
        for section in queue:
            for holders in self.held[section]:
                for other in () if holders in seen else holders:
                    if other in tight:
                        leaning = True
                    elif other not in came and other not in closed:
                        came[other] = (section, holders)
                        if free[other]:
                            return self.shift(other, came)
                        queue.append(other)
                seen.add(holders)
        if leaning or any(self.kept.get(holders) for holders in seen):
            tight.update(queue)
        else:
            closed.update(queue)
            self.cut.update(dict.fromkeys(queue, turn))
        return None

    def shift(self, section, came):
        self.free[section] -= 1
        while came[section]:
            end, (section, holders) = section, came[section]
            self.move(section, holders, -1)
            self.move(end, holders, 1)
        self.free[section] += 1
        return section

    def keep(self, classes):
        """Keep a place for each pupil of each (campus, grade); return whether all found one."""
        enough = True
        for campus, grade in sorted(classes):
            options = self.anywhere(campus, grade)
            seats = [self.take(options, 0, keep=True) for _ in range(classes[campus, grade])]
            self.kept[options] = self.kept.get(options, 0) + len(seats) - seats.count(None)
            enough = enough and None not in seats
        self.closed.difference_update(self.cut)
        self.tight, self.cut = set(), {}
        return enough

    def release(self, options):
        self.kept[options] -= 1
        section = next(s for s in options if options in self.held[s])
        self.move(section, options, -1)
        if section in self.tight:
            self.tight.clear()
        self.free[section] += 1


def run_gsd(sections, aside, shut, order, wish, assured, _priority=None):
    """Return (seat by pid, tier by pid, cut by section) of the main rule."""
    day, seat, tier_of, members = Day(sections, aside, shut), {}, {}, {}
    if not day.keep(Counter(wish[pid][:2] for pid in assured)):
        return None
    for turn, pid in enumerate(order, 1):
        campus, grade, tiers, anywhere, hours = wish[pid]
        tries = [*tiers, day.anywhere(campus, grade, hours)] if anywhere else tiers
        if pid in assured:
            tries = [*tries, day.anywhere(campus, grade)]
            day.release(tries[-1])
        for number, options in enumerate(tries, 1):
            section = day.take(options, turn)
            if section is not None:
                seat[pid], tier_of[pid] = section, number if number <= len(tiers) else 0
                if len(options) > 1:
                    members.setdefault(tuple(options), []).append(pid)
                break
    for options, pids in members.items():
        seats = [s for s in options for _ in range(day.held[s].get(options, 0))]
        seat.update(zip(pids, seats, strict=True))
    return seat, tier_of, day.cut


def run_da(sections, aside, shut, order, wish, _assured, priority):
    """Return what deferred acceptance gives: a section prefers the higher class, then the earlier turn."""
    day, table = Day(sections, aside, shut), {s[0] for s in sections if s[0] not in shut}
    turn = {pid: i for i, pid in enumerate(order)}
    lists, inside, refused = {}, {s: [] for s in table}, {}
    for pid in order:
        campus, grade, tiers, anywhere, hours = wish[pid]
        wanted = [(s, t) for t, tier in enumerate(tiers, 1) for s in tier if s in table]
        lists[pid] = wanted + [(s, 0) for s in day.anywhere(campus, grade, hours) if anywhere]
    free = list(reversed(order))
    while free:
        pid = free.pop()
        if lists[pid]:
            section, tier = lists[pid].pop(0)
            inside[section].append((-priority.get((section, pid), 0), turn[pid], pid, tier))
            if len(inside[section]) > day.free[section]:
                worst = max(inside[section])
                inside[section].remove(worst)
                refused[section] = min(refused.get(section, worst), worst)
                free.append(worst[2])
    seat = {pid: section for section, held in inside.items() for _, _, pid, _ in held}
    tier_of = {pid: tier for held in inside.values() for _, _, pid, tier in held}
    return seat, tier_of, {section: worst[1] + 1 for section, worst in refused.items()}


def run_stated(sections, aside, shut, order, wish, assured, turns):
    """Return an optimised day as stated, less what nobody may hold; its prices are for `certificate.check_prices`."""
    day, seat, tier_of = Day(sections, aside, shut), {}, {}
    for pid, _, section, tier, _ in turns:
        campus, grade, tiers, anywhere, hours = wish[pid]
        unlisted = day.anywhere(campus, grade, 7 if pid in assured else hours) if anywhere or pid in assured else ()
        if section in (tiers[tier - 1] if tier else unlisted) and day.free[section]:
            day.free[section] -= 1
            seat[pid], tier_of[pid] = section, tier
    return (seat, tier_of, {}) if assured <= set(seat) else None


def replay(record, wish, number, day):
    """Return the day of the record as it should be; None if the kept places do not suffice."""
    head, rules, stated = record["head"], record["head"][2], record["days"][str(day)]
    sections = [s for s in record["sections"] if s[1] == day]
    order = sorted(number, key=number.__getitem__)  # pupils come by pid, so equal numbers go by pid
    aside = dict(map(tuple, head[4]))
    flagged = {pid for pid, guaranteed, _ in record.get("sealed", {}).get("flags", ()) if guaranteed}
    assured = set(order) if head[3] == "everyone" else flagged & set(order) if head[3] == "flagged" else set()
    priority = {(section, pid): klass for section, pid, klass in record.get("priorities", ())}
    rule, closed, spared, prices = {"gsd": run_gsd, "da": run_da, "mcf": run_stated}[rules[0]], [], set(), []
    if rules[0] == "mcf":
        closed, spared, prices, priority = stated["closed"], set(stated["spared"]), stated["prices"], stated["turns"]
    result = rule(sections, aside, closed, order, wish, assured, priority)
    while rules[3] == "close-worst" and result and (worst := worst_filled(sections, aside, spared, order, result[0])):
        again = rules[0] != "mcf" and rule(sections, aside, [*closed, worst], order, wish, assured, priority)
        if again is None:
            spared.add(worst)
        else:
            closed, result = [*closed, worst], again
    if not result:
        return None
    seat, tier, cut = result
    care = fill_hours(sections, aside, closed, order, wish, seat)
    turns = [[p, str(number[p]), seat.get(p), tier.get(p), care.get(p, [])] for p in order]
    result = {"closed": closed, "spared": sorted(spared), "cut": sorted(map(list, cut.items()))}
    return {**result, "prices": prices, "turns": turns}


def worst_filled(sections, aside, spared, order, seat):
    filled = Counter(seat.values())
    first = {seat[pid]: turn for turn, pid in reversed(list(enumerate(order))) if pid in seat}
    short = [
        (Fraction(filled[s[0]], s[3]), -first[s[0]], s[0])
        for s in sections
        if 0 < filled.get(s[0], 0) < s[3] and s[0] not in aside and s[0] not in spared
    ]
    return min(short)[2] if short else None


def fill_hours(sections, aside, closed, order, wish, seat):
    table = {s[0]: s for s in sections}
    left = {s[0]: s[2] - aside.get(s[0], 0) for s in sections}
    for section in seat.values():
        left[section] -= 1
    care, found = [s for s in sections if s[7] == "care" and s[0] not in closed], {}
    for pid in order if any(left[s[0]] > 0 for s in care) else ():
        if pid in seat:
            campus, grade, _, _, stays = wish[pid]
            hours = stays & ~table[seat[pid]][4]
            while fits := [s for s in care if left[s[0]] > 0 and not s[4] & ~hours and admits(s, campus, grade)]:
                best = min(fits, key=lambda s: (-bin(s[4]).count("1"), s[0]))
                hours &= ~best[4]
                left[best[0]] -= 1
                found.setdefault(pid, []).append(best[0])
    return found


def verify(record: dict) -> list[str]:
    """Return every reason why a record is not right; an empty list says that it is."""
    return guarded(_violations, record)


def verify_receipt(record: dict, receipt: dict) -> list[str]:
    """Return every reason why a family's receipt does not agree with a record."""
    return guarded(_receipt, record, receipt)


def guarded(check, *values):
    try:
        return list(check(*values))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        return [f"this is malformed: {type(error).__name__}: {error}"]


def _violations(record):
    head, root, pupils, randomness = record["head"], record["root"], record["pupils"], record["randomness"]
    if record["format"] != RECORD or head[0] != PROTOCOL:
        raise ValueError(f"this program knows {RECORD} of {PROTOCOL}")
    if (pids := [pupil[0] for pupil in pupils]) != sorted(set(pids)):
        yield "the pupils are not in order, or one is there twice"
    if record["leaves"] != len(pupils) + 1 or root_of([head, *pupils]) != root:
        yield "the applications do not add up to the committed root"
    if sha(compact(record["sections"])).hex() != head[5]:
        yield "the section table is not the committed one"
    if head[2][0] == "da" and sha(compact(record["priorities"])).hex() != head[6]:
        yield "the priorities are not the committed ones"
    sealed = record.get("sealed", {"salt": ""})
    if sealed["salt"] and sha(f"\2{sealed['salt']}|".encode() + compact(sealed["flags"])).hex() != head[7]:
        yield "the guarantees are not the sealed ones"
    if randomness is not None:
        parts = [PROTOCOL, head[1], root, randomness["beacon"], *randomness["reveals"]]
        if any("|" in part for part in parts) or sha("|".join(parts).encode()).hex() != record["seed"]:
            yield "the seed does not follow from the root and the published randomness"
    if head[8] and not (randomness and as_named(head[8], randomness["beacon"], randomness["reveals"])):
        yield "the randomness is not the one named before the deadline"
    if record["days"] is None:
        if head[3] != "flagged":
            yield "the results are missing"
        return
    numbers = numbers_of(bytes.fromhex(record["seed"]), pupils, head[2][1])
    days = {s[1] for s in record["sections"]} | set(numbers)
    if set(record["days"]) != set(map(str, days)):
        raise ValueError("the days of the results are not the days of the round")
    wishes = {day: {} for day in days}
    for pid, campus, grade, _, asked in pupils:
        for day, *wish in asked:
            wishes[day][pid] = (campus, grade, *wish)
    for day in sorted(days):
        yield from _day(record, wishes[day], numbers.get(day, {}), day)


def _day(record, wish, number, day):
    stated, expected = record["days"][str(day)], replay(record, wish, number, day)
    if expected is None:
        yield f"day {day}: the kept places do not suffice, or a section is open below its minimum"
        return
    for name in ("closed", "spared", "cut", "prices"):
        if stated[name] != expected[name]:
            yield f"day {day}: {name} should be {expected[name]}"
    if stated["turns"] != expected["turns"]:
        pairs = enumerate(zip_longest(stated["turns"], expected["turns"]), 1)
        yield next(
            f"day {day}, turn {n}: says {said}, should be {right}" for n, (said, right) in pairs if said != right
        )


def _receipt(record, receipt):
    node, index, size = sha(b"\0" + compact(receipt["leaf"])), receipt["index"], receipt["size"]
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
    options = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    if len(arguments) % 2 == 0 or not set(options) <= {"--receipt", "--root"}:
        print(__doc__.split("\n\n")[1])
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            record = json.load(file)
        violations = verify(record)
        if "--receipt" in options:
            with open(options["--receipt"], encoding="utf-8") as file:
                violations += verify_receipt(record, json.load(file))
        if options.get("--root", record["root"]) != record["root"]:
            violations.append("the root is not the one you were given")
        if record["randomness"] is None:
            print("NOTE 注意: no public randomness was used; this was a rehearsal 这是演练")
        if record["days"] is None:
            print("NOTE 注意: the results are kept back; the bureau holds the full record 完整记录在教育局")
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot read: {error}")
        return 2
    for violation in violations or [f"RIGHT 相符: {len(record['pupils'])} pupils, root {record['root']}"]:
        print(("WRONG 不符: " if violations else "") + violation)
    return 1 if violations else 0


if __name__ == "__main__":
    gc.disable()  # nothing here is cyclic, and large records are read three times as fast
    sys.exit(main(sys.argv[1:]))

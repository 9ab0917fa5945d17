#!/usr/bin/env python3
"""Check the public record of a draw (`sunlot-record-1`) by repeating it. One file, Python 3.10 or later, nothing else.

    python verifier.py RECORD.json [--receipt RECEIPT.json] [--root HEX]

It imports nothing of the program that made the draw. Exit code 0: the record is right. 1: it is not, and why is
printed. 2: the file could not be read. Record and rule are described in docs/reference/draw-formats.md.
"""

from __future__ import annotations

import hashlib
import json
import sys
from fractions import Fraction

PROTOCOL, RECORD, RECEIPT = "sunlot-v1", "sunlot-record-1", "sunlot-receipt-1"


Violation = str  # one reason why a record is not right


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sha(data):
    return hashlib.sha256(data).digest()


def root_of(leaves):
    level = [sha(b"\0" + compact(leaf)) for leaf in leaves]
    while len(level) > 1:
        pairs = [sha(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0].hex()


def receipt_leads_to_root(receipt):
    node, index, size = sha(b"\0" + compact(receipt["leaf"])), receipt["index"], receipt["size"]
    path = [bytes.fromhex(step) for step in receipt["path"]]
    while size > 1:
        if index ^ 1 < size:
            if not path:
                return False
            other = path.pop(0)
            node = sha(b"\1" + (other + node if index & 1 else node + other))
        index, size = index // 2, (size + 1) // 2
    return not path and node.hex() == receipt["root"]


def as_named(named, beacon, reveals):
    """Return whether beacon and reveals are results of exactly the draws and witnesses named beforehand."""
    parts = named.split(",")
    draws = [part for part in parts if not part.startswith("ceremony:")]
    sealed = [part[9:] for part in parts if part.startswith("ceremony:")]
    results = beacon.split(",") if draws else []
    told = [result.rpartition(":")[0] for result in results]
    return told == draws and [sha(reveal.encode()).hex() for reveal in reveals] == sealed


def keyed(seed):
    block = seed.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block))
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in block))

    def mac(message):
        first = inner.copy()
        first.update(message.encode())
        second = outer.copy()
        second.update(first.digest())
        return second.digest()

    return mac


def numbers_of(seed, pupils, lottery):
    """Return {day: {pid: number}}."""
    mac, found = keyed(seed), {}
    for pid, _, _, family, asked in pupils:
        ticket, days = family or pid, [request[0] for request in asked]
        if lottery == "balanced" and len(days) > 1:
            days.sort(key=lambda day: (mac(f"{ticket}|{day}"), day))
        for rank, day in enumerate(days):
            word = f"{ticket}|week|v" if lottery == "single" else f"{ticket}|{day}|v"
            value = int.from_bytes(mac(word)[:8], "big")
            number = ((rank << 64) + value) * (60 // len(days)) if lottery == "balanced" else value * 60
            found.setdefault(day, {})[pid] = number
    return found


def admits(section, campus, grade):
    return section[5] >> (grade - 1) & 1 and (not section[6] or campus in section[6])


class Day:
    """The state of one day: free seats, and how many holders of each option set sit in each section."""

    def __init__(self, sections, aside, shut):
        rows = [s for s in sections if s[0] not in shut]
        self.rows = sorted(rows, key=lambda s: (s[7] != "care", s[8], s[0]))
        self.free = {s[0]: s[2] - aside.get(s[0], 0) for s in rows}
        self.held = {s[0]: {} for s in rows}
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

    def room(self, options, turn):
        """Find or make a free seat in `options`; None if no chain of moves leads to one, and shut what was reached."""
        free, closed, tight = self.free, self.closed, self.tight
        for section in options:
            if section not in closed and free[section]:
                return section
        leaning = any(section in tight for section in options)
        queue = [section for section in options if section not in closed and section not in tight]
        came, seen = dict.fromkeys(queue), set()
        for section in queue:
            for holders in self.held[section]:
                if holders in seen:
                    continue
                seen.add(holders)
                for other in holders:
                    if other in came or other in closed:
                        continue
                    if other in tight:
                        leaning = True
                        continue
                    came[other] = (section, holders)
                    if free[other]:
                        return self.shift(other, came)
                    queue.append(other)
        if leaning or any(self.kept.get(holders) for holders in seen):
            tight.update(queue)
        else:
            closed.update(queue)
            for section in queue:
                self.cut[section] = turn
        return None

    def shift(self, section, came):
        self.free[section] -= 1
        while came[section]:
            origin, holders = came[section]
            self.move(origin, holders, -1)
            self.move(section, holders, 1)
            section = origin
        self.free[section] += 1
        return section

    def take(self, options, turn):
        section = self.room(options, turn)
        if section is not None:
            self.free[section] -= 1
            if len(options) > 1:
                self.move(section, options, 1)
        return section

    def keep(self, classes):
        """Keep a place for each pupil of each (campus, grade); return whether all found one."""
        enough = True
        for campus, grade in sorted(classes):
            options, left = self.anywhere(campus, grade), classes[campus, grade]
            self.kept.setdefault(options, 0)
            while left and (section := self.room(options, 0)) is not None:
                self.free[section] -= 1
                self.move(section, options, 1)
                self.kept[options] += 1
                left -= 1
            enough = enough and not left
        self.closed.difference_update(self.cut)
        self.tight.clear()
        self.cut.clear()
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
    if not day.keep(count(wish[pid][:2] for pid in assured)):
        return None
    for turn, pid in enumerate(order, 1):
        campus, grade, tiers, anywhere, hours = wish[pid]
        tries = [(tuple(tier), number) for number, tier in enumerate(tiers, 1)]
        if anywhere:
            tries.append((day.anywhere(campus, grade, hours), 0))
        if pid in assured:
            everywhere = day.anywhere(campus, grade)
            day.release(everywhere)
            if not (anywhere and hours == 7):
                tries.append((everywhere, 0))
        for options, number in tries:
            section = day.take(options, turn)
            if section is not None:
                tier_of[pid] = number
                if len(options) == 1:
                    seat[pid] = section
                else:
                    members.setdefault(options, []).append(pid)
                break
    for options, pids in members.items():
        seats = [s for s in options if s in day.held for _ in range(day.held[s].get(options, 0))]
        seat.update(zip(pids, seats, strict=True))
    return seat, tier_of, day.cut


def count(things):
    found = {}
    for thing in things:
        found[thing] = found.get(thing, 0) + 1
    return found


def run_da(sections, aside, shut, order, wish, _assured, priority):
    """Return what deferred acceptance gives: a section prefers the higher class, then the earlier turn."""
    table = {s[0]: s for s in sections if s[0] not in shut}
    day = Day(sections, aside, shut)
    turn = {pid: i for i, pid in enumerate(order)}
    lists, number_of = {}, {}
    for pid in order:
        campus, grade, tiers, anywhere, hours = wish[pid]
        wanted = [(s, t) for t, tier in enumerate(tiers, 1) for s in tier]
        if anywhere:
            wanted += [(s, 0) for s in day.anywhere(campus, grade, hours)]
        number_of[pid] = {}
        for section, number in wanted:
            if section in table:
                number_of[pid].setdefault(section, number)
        lists[pid] = list(number_of[pid])
    inside, free, refused = {s: [] for s in table}, list(reversed(order)), {}
    while free:
        pid = free.pop()
        if not lists[pid]:
            continue
        section = lists[pid].pop(0)
        classes = priority.get(section, {})
        inside[section].append((-classes.get(pid, 0), turn[pid], pid))
        if len(inside[section]) > day.free[section]:
            worst = max(inside[section])
            inside[section].remove(worst)
            refused[section] = min(refused.get(section, worst), worst)
            free.append(worst[2])
    seat = {pid: section for section, held in inside.items() for _, _, pid in held}
    return seat, {p: number_of[p][s] for p, s in seat.items()}, {s: w[1] + 1 for s, w in refused.items()}


def run_stated(sections, aside, shut, order, wish, assured, turns):
    """Return an optimised day as stated, less what nobody may hold; its prices are for `certificate.check_prices`."""
    day, seat, tier_of = Day(sections, aside, shut), {}, {}
    for pid, _, section, tier, _ in turns:
        campus, grade, tiers, anywhere, hours = wish[pid]
        unlisted = day.anywhere(campus, grade, 7 if pid in assured else hours) if anywhere or pid in assured else ()
        if section is not None and section in (tiers[tier - 1] if tier else unlisted) and day.free.get(section, 0) > 0:
            day.free[section] -= 1
            seat[pid], tier_of[pid] = section, tier
    return (seat, tier_of, {}) if assured <= set(seat) else None


def replay(record, number, day):
    """Return the day of the record as it should be; None if the kept places do not suffice."""
    head, rules, stated = record["head"], record["head"][2], record["days"][str(day)]
    sections = [s for s in record["sections"] if s[1] == day]
    wish = {p[0]: (p[1], p[2], *r[1:]) for p in record["pupils"] for r in p[4] if r[0] == day}
    order = [pid for _, pid in sorted((u, pid) for pid, u in number.items())]
    aside, flagged = dict(map(tuple, head[4])), flagged_in(record)
    assured = set(order) if head[3] == "everyone" else flagged & set(order) if head[3] == "flagged" else set()
    priority = {}
    for section, pid, klass in record.get("priorities", ()):
        priority.setdefault(section, {})[pid] = klass
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
    cut = sorted(map(list, cut.items()))
    return {"closed": closed, "spared": sorted(spared), "cut": cut, "prices": prices, "turns": turns}


def flagged_in(record):
    return {pid for pid, guaranteed, _ in record.get("sealed", {}).get("flags", ()) if guaranteed}


def worst_filled(sections, aside, spared, order, seat):
    filled, first = count(seat.values()), {}
    for turn, pid in enumerate(order):
        if pid in seat:
            first.setdefault(seat[pid], turn)
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
        if pid not in seat:
            continue
        campus, grade, _, _, stays = wish[pid]
        hours, taken = stays & ~table[seat[pid]][4], []
        while hours:
            fits = [s for s in care if left[s[0]] > 0 and not s[4] & ~hours and admits(s, campus, grade)]
            if not fits:
                break
            best = min(fits, key=lambda s: (-bin(s[4]).count("1"), s[0]))
            hours &= ~best[4]
            left[best[0]] -= 1
            taken.append(best[0])
        if taken:
            found[pid] = taken
    return found


def verify(record):
    """Return every reason why a record is not right; an empty list says that it is."""
    return guarded(_violations, record)


def verify_receipt(record, receipt):
    """Return every reason why a family's receipt does not agree with a record."""
    return guarded(_receipt, record, receipt)


def guarded(check, *values):
    found = []
    try:
        found += check(*values)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        found.append(Violation(f"this is malformed: {type(error).__name__}: {error}"))
    return found


def _violations(record):
    if record["format"] != RECORD or record["head"][0] != PROTOCOL:
        yield Violation(f"unknown format: this program knows {RECORD} of {PROTOCOL}")
        return
    yield from _commitment(record)
    seed, randomness = bytes.fromhex(record["seed"]), record["randomness"]
    if randomness is not None:
        parts = [PROTOCOL, record["head"][1], record["root"], randomness["beacon"], *randomness["reveals"]]
        if any("|" in part for part in parts) or sha("|".join(parts).encode()) != seed:
            yield Violation("the seed does not follow from the root and the published randomness")
        if record["head"][8] and not as_named(record["head"][8], randomness["beacon"], randomness["reveals"]):
            yield Violation("the randomness is not the one named before the deadline")
    if record["days"] is None:
        if record["head"][3] != "flagged":
            yield Violation("the results are missing")
        return
    numbers = numbers_of(seed, record["pupils"], record["head"][2][1])
    days = {s[1] for s in record["sections"]} | set(numbers)
    if set(record["days"]) != set(map(str, days)):
        yield Violation("the days of the results are not the days of the round")
        return
    for day in sorted(days):
        yield from _day(record, numbers.get(day, {}), day)


def _commitment(record):
    head, pupils = record["head"], record["pupils"]
    pids = [pupil[0] for pupil in pupils]
    if pids != sorted(set(pids)):
        yield Violation("the pupils are not in order, or one is there twice")
    if record["leaves"] != len(pupils) + 1 or root_of([head, *pupils]) != record["root"]:
        yield Violation("the applications do not add up to the committed root")
    if sha(compact(record["sections"])).hex() != head[5]:
        yield Violation("the section table is not the committed one")
    if head[2][0] == "da" and sha(compact(record["priorities"])).hex() != head[6]:
        yield Violation("the priorities are not the committed ones")
    sealed = record.get("sealed")
    if sealed and sealed["salt"]:
        seal = sha(b"\2" + sealed["salt"].encode() + b"|" + compact(sealed["flags"]))
        if seal.hex() != head[7]:
            yield Violation("the guarantees are not the sealed ones")


def _day(record, number, day):
    stated, expected = record["days"][str(day)], replay(record, number, day)
    if expected is None:
        yield Violation(f"day {day}: the kept places do not suffice")
        return
    for name in ("closed", "spared", "cut", "prices"):
        if stated[name] != expected[name]:
            yield Violation(f"day {day}: {name} should be {expected[name]}")
    if len(stated["turns"]) != len(expected["turns"]):
        yield Violation(f"day {day}: {len(stated['turns'])} turns, should be {len(expected['turns'])}")
    for turn, (said, right) in enumerate(zip(stated["turns"], expected["turns"], strict=False), 1):
        if said != right:
            yield Violation(f"day {day}, turn {turn}: says {said}, should be {right}")
            return


def _receipt(record, receipt):
    if receipt["format"] != RECEIPT or receipt["root"] != record["root"]:
        yield Violation("the receipt belongs to another draw")
    if not receipt_leads_to_root(receipt):
        yield Violation("the receipt does not lead to the committed root")
    if receipt["leaf"] != record["pupils"][receipt["index"] - 1]:
        yield Violation("the application in the record is not the one on the receipt")


def main(arguments):
    """Run the command line; return the exit code."""
    options = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    if len(arguments) % 2 == 0 or not set(options) <= {"--receipt", "--root"}:
        print(__doc__.split("\n\n")[1])
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            record = json.load(file)
        violations = verify(record)
        if options.get("--root", record["root"]) != record["root"]:
            violations.append(Violation("the root is not the one you were given"))
        if "--receipt" in options:
            with open(options["--receipt"], encoding="utf-8") as file:
                violations += verify_receipt(record, json.load(file))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot read: {error}")
        return 2
    for violation in violations:
        print("WRONG 不符: " + violation)
    if record["randomness"] is None:
        print("NOTE 注意: no public randomness was named; this was a rehearsal 这是演练")
    if record["days"] is None:
        print("NOTE 注意: the results are kept back; the bureau holds the full record 完整记录在教育局")
    if not violations:
        print(f"RIGHT 相符: {len(record['pupils'])} pupils, root {record['root']}")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

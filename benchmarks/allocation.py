"""The draw at the size of a district and of a school, beside PyPI `matching` and the figures published for OneGov.

`python -m benchmarks.allocation [district|school|matching|verify|optimised …]` runs only some parts. Each part has a
process of its own, so that its memory is its own. The best of three counts; what is random is drawn from fixed seeds.
"""

from __future__ import annotations

import gc
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.allocation_rounds import made_up
from kehou.rules.allocation import Round, Rules, allocate, numbers, preview, seed
from kehou.rules.allocation import verifier as verifier_module

ONEGOV_RANKED, ONEGOV_MEMORY = 64.1, 1502  # s, MB; measured by us on two cores for 1.6 million wishes (core at f702cfc)
BEACON = b"ssq:2026134:03-07-12-19-25-31+08"
VERIFIER = Path(verifier_module.__file__)


def best(run: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Return the least wall-clock seconds of some runs, and the last result."""
    least, result = float("inf"), None
    for _ in range(times):
        result = None
        gc.collect()
        began = time.perf_counter()
        result = run()
        least = min(least, time.perf_counter() - began)
    return least, result


def memory() -> int:
    """Return the peak of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def prepared(round: Round):
    """Return the numbers of a round, with everything that is looked up once already looked up."""
    drawn = numbers(b"x" * 32, round.students, round.requests)
    _ = drawn.order, round.requests_on, round.student, round.section, round.sections_on, round.lists_on
    return drawn


def district() -> None:
    """100,000 pupils, five days, 1.6 million wishes."""
    kept = {"guaranteed": 0.2, "care": 0.3}
    in_own_process("one_district", "strict lists", "{}", "auto", "1.0")
    in_own_process("one_district", "tiers of two", json.dumps({"tiered": True}), "auto", "1.0")
    in_own_process("one_district", "20 % guaranteed", json.dumps(kept), "flagged", "2.0")
    in_own_process("one_district", "tiers, 20 % guaranteed", json.dumps({"tiered": True, **kept}), "flagged", "2.0")


def one_district(name: str, arguments: str, guarantee: str, aim: str) -> None:
    """Print the figures of one kind of round beside its aim in seconds."""
    rules = Rules(minimum="report", guarantee=guarantee)  # type: ignore[arg-type]
    round = made_up(100_000, rules=rules, **json.loads(arguments))
    wishes = sum(len(tier) for r in round.requests for tier in r.tiers)
    spent, _ = best(lambda: numbers(b"x" * 32, round.students, round.requests), 1)
    drawn = prepared(round)
    seconds, outcome = best(lambda: allocate(round, drawn))
    counted, stats = best(outcome.stats)
    whole = seconds + counted
    print(
        f"  {name:<23} {wishes:>9,} wishes: draw {seconds:4.2f} + counts {counted:4.2f} s = {whole:4.2f} s"
        f" (aim {aim} s), {memory()} MB (aim 350);"
        f" first {stats['all']['first'] / stats['all']['requests']:.1%}; numbers {spent:4.2f} s; OneGov ranked ÷ ours"
        f" {ONEGOV_RANKED / whole:.0f}× in time, {ONEGOV_MEMORY / memory():.1f}× in memory",
        flush=True,
    )


def school() -> None:
    """1,000 pupils: draw, closing, counts, explanations; preview of 50 draws."""
    round = made_up(1000, tiered=True, guaranteed=0.1, care=0.3, any_place=0.6, tightness=1.2, minimum=8, rules=Rules())

    def everything():
        drawn = numbers(b"x" * 32, round.students, round.requests)
        outcome = allocate(round, drawn)
        return outcome, outcome.stats(), [outcome.explain(r.pid, r.day) for r in round.requests]

    seconds, (outcome, *_) = best(everything)
    print(f"  numbers, draw, {len(outcome.closed)} closings, counts, 5,000 explanations: {seconds:.3f} s (aim 0.2 s)")
    seconds, _ = best(lambda: preview(round, Rules(), Rules(lottery="single"), 50), 1)
    print(f"  preview, 50 draws of two rules: {seconds:.2f} s (aim 8 s)")


def matching() -> None:
    """Strict lists, one day: PyPI `matching`, an independent program with the same result."""
    from matching.games import HospitalResident

    sys.setrecursionlimit(1_000_000)  # it copies its players recursively
    for pupils in (1_000, 3_000, 10_000):
        lists, seats, round = one_day(pupils)
        order = {DAY: {pid: n for n, pid in enumerate(lists)}}
        drawn = prepared_as(round, order)
        ours, outcome = best(lambda r=round, d=drawn: allocate(r, d), 25)
        wanted: dict[str, list[str]] = {s: [] for s in seats}
        for pid, listed in lists.items():
            for section in listed:
                wanted[section].append(pid)

        def theirs(lists=lists, wanted=wanted, seats=seats):
            game = HospitalResident.create_from_dictionaries(lists, wanted, seats)
            return game.solve(optimal="resident")

        spent, solution = best(theirs, 1)
        same = {(r.name, DAY): h.name for h, rs in solution.items() for r in rs} == dict(outcome.seat)
        print(
            f"  {pupils:>6,}: ours {ours * 1e3:6.2f} ms, theirs {spent:6.2f} s: {spent / ours:5.0f}×"
            f"{' (aim 700×)' if pupils == 10_000 else ''}, identical: {same}"
        )


DAY = 1


def one_day(pupils: int):
    """Return strict lists, seats and the round of the first day of a made-up week."""
    week = made_up(pupils, rules=Rules(minimum="report"))
    requests = [replace(r, any_place=False) for r in week.requests if r.day == DAY]
    round = replace(week, sections=[s for s in week.sections if s.day == DAY], requests=requests)
    lists = {r.pid: [s for (s,) in r.tiers] for r in sorted(requests, key=lambda r: r.pid)}
    wished = {s for listed in lists.values() for s in listed}
    return lists, {s.id: s.cap for s in round.sections if s.id in wished}, round


def prepared_as(round: Round, value: dict[int, dict[str, int]]):
    """Return given numbers, looked up once."""
    from kehou.rules.allocation import Numbers

    drawn = Numbers(value)
    _ = drawn.order, round.requests_on, round.student, round.section, round.sections_on, round.lists_on
    return drawn


def verify() -> None:
    """The verifier as anyone runs it: one file, one core, parsing included; then in JavaScript."""
    with tempfile.TemporaryDirectory() as folder:
        for pupils in (100_000, 2_000):
            round = made_up(pupils, tiered=True, any_place=0.5, care=0.2)
            root = round.commitment().root
            outcome = allocate(round, numbers(seed(round.id, root, BEACON), round.students, round.requests))
            path = Path(folder) / "record.json"
            path.write_text(json.dumps(outcome.to_record(beacon=BEACON), ensure_ascii=False, separators=(",", ":")))
            del round, outcome
            gc.collect()
            command = [sys.executable, str(VERIFIER), str(path)]
            seconds, done = best(lambda c=command: subprocess.run(c, capture_output=True, text=True, check=False), 2)
            size, said = path.stat().st_size / 1e6, done.stdout.split(":")[0]
            print(f"  {pupils:>7,} pupils, Python: {seconds:5.2f} s (aim 5 s), {size:.0f} MB: {said}", flush=True)
        (Path(folder) / "package.json").write_text('{"type": "module"}')
        for name in ("verify.js", "draw-rules.js", "sha256.js"):
            shutil.copy(VERIFIER.parents[2] / "static" / "js" / name, folder)
        command = ["node", "--input-type=module", "-e", TWIN, folder, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(f"    2,000 pupils, JavaScript (Node): {done.stdout.strip() or done.stderr[-200:]} (aim 2 s)")


TWIN = """
import { readFileSync as read } from "node:fs";
const twin = await import("file://" + process.argv[1] + "/verify.js");
const began = performance.now(), found = twin.verify(JSON.parse(read(process.argv[2], "utf8"))).length;
console.log(((performance.now() - began) / 1000).toFixed(2) + " s, " + found + " violations");
"""


def optimised() -> None:
    """The optimised mode, proven optimal, with its prices."""
    for objective in ("borda", "maxcard", "fair"):
        in_own_process("one_optimised", objective)


def one_optimised(objective: str) -> None:
    """Print the figures of one objective."""
    round = made_up(100_000, rules=Rules("mcf", minimum="report", objective=objective))  # type: ignore[arg-type]
    drawn = prepared(round)
    seconds, outcome = best(lambda: allocate(round, drawn), 1)
    counts = outcome.stats()["all"]
    first, nothing = counts["first"] / counts["requests"], counts["none"] / counts["requests"]
    print(
        f"  {objective:<8} {seconds:5.2f} s (aim 10 s), {memory()} MB; first {first:.1%}, nothing {nothing:.1%}",
        flush=True,
    )


def in_own_process(part: str, *arguments: object) -> None:
    """Run one part in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.allocation", part, *map(str, arguments)]
    subprocess.run(command, check=True, cwd=Path(__file__).resolve().parents[1])


PARTS = {"district": district, "school": school, "matching": matching, "verify": verify, "optimised": optimised}
INNER = {"one_district": one_district, "one_optimised": one_optimised}


def main(arguments: list[str]) -> None:
    """Run the parts that were asked for, or all."""
    if arguments and arguments[0] in INNER:
        INNER[arguments[0]](*arguments[1:])
        return
    threading.stack_size(512 << 20)
    for name in arguments or PARTS:
        print(f"{name}: {PARTS[name].__doc__}", flush=True)
        part = threading.Thread(target=PARTS[name])
        part.start()
        part.join()


if __name__ == "__main__":
    main(sys.argv[1:])

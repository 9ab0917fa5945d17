"""Draw and verify from the command line, without Django or a database.

    python -m kehou.rules.allocation draw ROUND.json --seed HEX [--out RECORD.json]
    python -m kehou.rules.allocation draw ROUND.json --beacon TEXT [--reveal TEXT ...] [--out RECORD.json]
    python -m kehou.rules.allocation commit ROUND.json [--receipts FILE]
    python -m kehou.rules.allocation receipt ROUND.json PID
    python -m kehou.rules.allocation check ROUND.json
    python -m kehou.rules.allocation verify RECORD.json [--receipt RECEIPT.json]

Exit code 0: done. 1: refused or wrong, with the reasons. 2: unreadable or misused.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from typing import Any

from kehou.rules.allocation import allocate, numbers, seed, verifier
from kehou.rules.allocation.formats import round_from
from kehou.rules.allocation.model import Round
from kehou.rules.allocation.randomness import (
    CEREMONY_ONLY,
    LEAST_WITNESSES,
    refusal_to_draw,
    refusal_to_name,
    sealed_word,
)
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal, refuse

UNREADABLE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.command == "verify":
        receipt = ["--receipt", options.receipt] if options.receipt else []
        return verifier.main([options.record, *receipt])
    try:
        with open(options.round, encoding="utf-8") as file:
            round = round_from(json.load(file))
    except (OSError, ValueError) as error:
        print(f"cannot read {options.round}: {error}", file=sys.stderr)
        return 2
    problems = round.check()
    for problem in problems:
        print(f"{problem.code}: {say(problem)}", file=sys.stderr)
    if problems:
        return 1
    commands = {"draw": _draw, "commit": _commit, "receipt": _receipt}
    return commands[options.command](round, options) if options.command in commands else 0


def _draw(round: Round, options: argparse.Namespace) -> int:
    reveals = tuple(text.encode() for text in options.reveal)
    if options.beacon is not None and (no := _refusal_to_draw(round.randomness, options.beacon, options.reveal)):
        print(f"{no.code}: {say(no)}", file=sys.stderr)
        return 1
    if options.seed is not None:
        randomness: dict[str, Any] = {"seed": options.seed}
        key = options.seed
    else:
        randomness = {"beacon": options.beacon.encode(), "reveals": reveals}
        try:
            key = seed(round.id, round.commitment().root, randomness["beacon"], reveals)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 2
    drawn = numbers(key, round.students, round.requests, rules=round.rules, before=round.before)
    outcome = allocate(round, drawn)
    _write(outcome.to_record(for_bureau=options.for_bureau, **randomness), options.out)
    counts = outcome.stats()["all"]
    print(f"{counts['placed']} of {counts['requests']} requests placed, {counts['first']} in tier 1", file=sys.stderr)
    return 0


def _refusal_to_draw(named: str, beacon: str, reveals: list[str]) -> Refusal | None:
    """Return why a beacon is of the wrong form; where the round names none, the beacon's own names are taken."""
    if not named:
        own = [result.rpartition(":")[0] for result in beacon.split(",") if result != CEREMONY_ONLY]
        named = ",".join([*own, *map(sealed_word, reveals)])
        if not named:
            return refuse("R-ALLOC-02", "too_few_witnesses", least=LEAST_WITNESSES, count=0)
    return refusal_to_name(named) or refusal_to_draw(named, beacon, reveals)


def _commit(round: Round, options: argparse.Namespace) -> int:
    commitment = round.commitment()
    if options.receipts:
        pids = sorted({request.pid for request in round.requests})
        _write({pid: commitment.receipt(pid).to_dict() for pid in pids}, options.receipts)
    posted = {"round": round.id, "root": commitment.root, "leaves": commitment.leaves}
    _write({**posted, "sections": commitment.section_hash, "sealed": commitment.sealed}, None)
    return 0


def _receipt(round: Round, options: argparse.Namespace) -> int:
    try:
        _write(round.commitment().receipt(options.pid).to_dict(), None)
    except KeyError:
        print(f"{options.pid} asks for nothing in this round", file=sys.stderr)
        return 2
    return 0


def _write(value: Any, path: str | None) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    if path is None:
        sys.stdout.write(text)
        return
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        print(f"cannot write {path}: {error}", file=sys.stderr)
        raise SystemExit(UNREADABLE) from error


def _seed(text: str) -> bytes:
    found = bytes.fromhex(text)
    if not 0 < len(found) <= 64:
        raise argparse.ArgumentTypeError("a seed has 2 to 128 hexadecimal digits, usually 64")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kehou.rules.allocation", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="draw a round and write its record")
    draw.add_argument("round")
    source = draw.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--seed", type=_seed, help="hexadecimal digits, usually 64; a rehearsal, since nothing binds it"
    )
    source.add_argument("--beacon", help="the public randomness that was named before the deadline")
    draw.add_argument("--reveal", action="append", default=[], help="what a witness reveals, in order")
    draw.add_argument("--out", help="where to write the record (default: standard output)")
    draw.add_argument("--for-bureau", action="store_true", help="with the guarantees: not to be published")
    commit = commands.add_parser("commit", help="print what is posted at the deadline")
    commit.add_argument("round")
    commit.add_argument("--receipts", metavar="FILE", help="write the receipts of all families, by pid")
    receipt = commands.add_parser("receipt", help="print the receipt of one family")
    receipt.add_argument("round")
    receipt.add_argument("pid")
    commands.add_parser("check", help="say what is not in order").add_argument("round")
    verify = commands.add_parser("verify", help="check a record by repeating the draw")
    verify.add_argument("record")
    verify.add_argument("--receipt")
    return parser


if __name__ == "__main__":
    gc.disable()  # nothing here is cyclic, and large rounds are read three times as fast
    sys.exit(main())

"""Draw and verify from the command line, without Django or a database.

    python -m kehou.rules.allocation draw ROUND.json --seed HEX [--out RECORD.json]
    python -m kehou.rules.allocation draw ROUND.json --beacon TEXT [--reveal TEXT ...] [--out RECORD.json]
    python -m kehou.rules.allocation commit ROUND.json [--receipts FOLDER]
    python -m kehou.rules.allocation check ROUND.json
    python -m kehou.rules.allocation verify RECORD.json [--receipt RECEIPT.json]

Exit code 0: done. 1: refused or wrong, with the reasons. 2: unreadable or misused.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from pathlib import Path
from typing import Any

from kehou.rules.allocation import allocate, numbers, seed, verifier
from kehou.rules.allocation.formats import round_from
from kehou.rules.allocation.model import Round
from kehou.rules.sentences import say


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.command == "verify":
        receipt = ["--receipt", str(options.receipt)] if options.receipt else []
        return verifier.main([str(options.record), *receipt])
    try:
        round = round_from(json.loads(options.round.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        print(f"cannot read {options.round}: {error}", file=sys.stderr)
        return 2
    problems = round.check()
    for problem in problems:
        print(f"{problem.code}: {say(problem)}", file=sys.stderr)
    if problems:
        return 1
    return {"draw": _draw, "commit": _commit, "check": lambda *_: 0}[options.command](round, options)


def _draw(round: Round, options: argparse.Namespace) -> int:
    reveals = tuple(text.encode() for text in options.reveal)
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
    outcome = allocate(round, numbers(key, round.students, round.requests, rules=round.rules))
    _write(outcome.to_record(for_bureau=options.for_bureau, **randomness), options.out)
    counts = outcome.stats()["all"]
    print(f"{counts['placed']} of {counts['requests']} requests placed, {counts['first']} in tier 1", file=sys.stderr)
    return 0


def _commit(round: Round, options: argparse.Namespace) -> int:
    commitment = round.commitment()
    if options.receipts:
        options.receipts.mkdir(parents=True, exist_ok=True)
        for pid in {request.pid for request in round.requests}:
            _write(commitment.receipt(pid).to_dict(), options.receipts / f"{pid.replace('/', '_')}.json")
    posted = {"round": round.id, "root": commitment.root, "leaves": commitment.leaves}
    _write({**posted, "sections": commitment.section_hash, "sealed": commitment.sealed}, None)
    return 0


def _write(value: Any, path: Path | None) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    if path is None:
        sys.stdout.write(text)
    else:
        path.write_text(text, encoding="utf-8")


def _seed(text: str) -> bytes:
    found = bytes.fromhex(text)
    if not 0 < len(found) <= 64:
        raise argparse.ArgumentTypeError("a seed has 2 to 128 hexadecimal digits, usually 64")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kehou.rules.allocation", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="draw a round and write its record")
    draw.add_argument("round", type=Path)
    source = draw.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--seed", type=_seed, help="hexadecimal digits, usually 64; a rehearsal, since nothing binds it"
    )
    source.add_argument("--beacon", help="the public randomness that was named before the deadline")
    draw.add_argument("--reveal", action="append", default=[], help="what a witness reveals, in order")
    draw.add_argument("--out", type=Path, help="where to write the record (default: standard output)")
    draw.add_argument("--for-bureau", action="store_true", help="with the guarantees: not to be published")
    commit = commands.add_parser("commit", help="print what is posted at the deadline")
    commit.add_argument("round", type=Path)
    commit.add_argument("--receipts", type=Path, help="a folder for the receipts of all families")
    commands.add_parser("check", help="say what is not in order").add_argument("round", type=Path)
    verify = commands.add_parser("verify", help="check a record by repeating the draw")
    verify.add_argument("record", type=Path)
    verify.add_argument("--receipt", type=Path)
    return parser


if __name__ == "__main__":
    gc.disable()  # nothing here is cyclic, and large rounds are read three times as fast
    sys.exit(main())

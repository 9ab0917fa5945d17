"""The JavaScript verifier, run by Node for the tests: many records in one process."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

MODULE = Path(__file__).resolve().parents[3] / "kehou" / "static" / "js" / "verify.js"

_RUN = """
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
const source = readFileSync(process.argv[1], "utf8");
const twin = await import("data:text/javascript;base64," + Buffer.from(source).toString("base64"));
for await (const line of createInterface({ input: process.stdin })) {
  const { call, values } = JSON.parse(line);
  const answer = call === "numbersOf"
    ? Object.fromEntries([...twin.numbersOf(twin.bytesOf(values[0]), values[1], values[2])]
        .map(([day, there]) => [day, Object.fromEntries([...there].map(([p, n]) => [p, String(n)]))]))
    : call === "sha256" ? twin.hex(twin.digest(twin.utf8(values[0]))) : twin[call](...values);
  console.log(JSON.stringify(answer));
}
"""


def ask(call: str, questions: list[list[Any]]) -> list[Any]:
    """Return what the module's function `call` answers to each list of values; skip the test where Node is missing."""
    node = shutil.which("node")
    if not node:
        pytest.skip("Node is not installed")
    lines = "\n".join(json.dumps({"call": call, "values": values}) for values in questions)
    command = [node, "--input-type=module", "-e", _RUN, str(MODULE)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]

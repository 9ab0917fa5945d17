"""The JavaScript verifier, run by Node for the tests: many records in one process."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "kehou" / "static" / "js"

_RUN = """
import { createInterface } from "node:readline";
const twin = await import("file://" + process.argv[1] + "/verify.js");
for await (const line of createInterface({ input: process.stdin })) {
  const { call, values } = JSON.parse(line);
  const answer = call === "numbersOf"
    ? Object.fromEntries([...twin.numbersOf(twin.bytesOf(values[0]), ...values.slice(1))]
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
    with TemporaryDirectory() as folder:  # Node takes .js for modules only beside such a package.json
        (Path(folder) / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        for name in ("verify.js", "draw-rules.js", "sha256.js"):
            shutil.copy(FOLDER / name, folder)
        command = [node, "--input-type=module", "-e", _RUN, folder]
        done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]

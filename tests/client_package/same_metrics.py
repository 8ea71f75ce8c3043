#!/usr/bin/env python3
"""Whether two pages in the text format show the same: families, samples and values, in any order.

Usage: same_metrics.py PAGE PAGE
Of what an exposer tells of itself (exposer_*) the values differ, and are not compared. A quantile of
no observations may be left out.
"""

import math
import re
import sys

LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')


def read(path):
    samples, types = {}, {}
    page = ""
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line == "# stock":
            page = "/stock"
        if line.startswith("# TYPE"):
            name, kind = line.split()[2:]
            types[page, name] = kind
        if not line or line.startswith("#"):
            continue
        series, value = line.rsplit(" ", 1)
        name, _, labels = series.partition("{")
        # A bound may be written as 1 or as 1.0.
        pairs = [(k, repr(float(v)) if k in ("le", "quantile") else v) for k, v in LABEL.findall(labels)]
        samples[page, name, tuple(sorted(pairs))] = float(value)
    return samples, types


def main():
    (left, left_types), (right, right_types) = read(sys.argv[1]), read(sys.argv[2])
    faults = [f"type of {name}" for name in left_types.keys() | right_types.keys()
              if left_types.get(name) != right_types.get(name)]
    faults += [f"only on one side: {series}" for series in left.keys() ^ right.keys()]
    for series in left.keys() & right.keys():
        a, b = left[series], right[series]
        # Theirs have 16 digits.
        if not series[1].startswith("exposer_") and not math.isclose(a, b, rel_tol=1e-14):
            faults.append(f"{series}: {a} and {b}")
    print("\n".join(faults) or f"{len(left)} samples are the same")
    return 1 if faults or len(left) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())

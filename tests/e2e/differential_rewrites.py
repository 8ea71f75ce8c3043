"""What 3.14 can say and 3.5.3 cannot: for 3.5.3 the same is said in other words.

A text holds both forms between marks; `for_ours` and `for_theirs` take one of them out.
"""

import re

BEGIN, BETWEEN, END = "\x01", "\x02", "\x03"
INNERMOST = re.compile("\x01([^\x01-\x03]*)\x02([^\x01-\x03]*)\x03")


def either(ours, theirs):
    return f"{BEGIN}{ours}{BETWEEN}{theirs}{END}"


def take(text, side):
    while BEGIN in text:
        text = INNERMOST.sub(lambda found: found[side], text)
    return text


def for_ours(text):
    return take(text, 1)


def for_theirs(text):
    return take(text, 2)


class Rewrites:
    """`start`, `end` and `step` of the query in seconds; `maker` makes vectors, matrices and numbers."""

    def __init__(self, source, maker):
        self.random, self.maker = source, maker
        self.start = self.end = self.step = 0

    def scalar(self):
        kind = self.random.randrange(6)
        if kind < 4:
            name, value = (("start", self.start), ("end", self.end), ("step", self.step), ("range", self.end - self.start))[kind]
            return either(f"{name}()", f"({value})")
        name = ("max_of", "min_of")[kind - 4]
        one, other = (self.random.choice(("0", "-1", "2.5", "1e3", "-Inf", "Inf")) for _ in range(2))  # max() leaves NaN out
        both = f'vector({one}) or label_replace(vector({other}), "second", "1", "", "")'
        return either(f"{name}({one}, {other})", f"scalar({name[:3]}({both}))")

    def range(self):
        """In brackets."""
        factor = self.random.choice(("2", "3", "1"))
        kind = self.random.randrange(4)
        if kind == 0 and self.step:
            return either(f"step() * {factor} + 7s", f"{self.step * float(factor) + 7}")
        if kind == 1 and self.end > self.start:
            return either("range() + 1m", f"{self.end - self.start + 60}")
        if kind == 2:
            return either(f"max_of(30s, {factor}m)", f"{max(30, 60 * float(factor))}")
        return either(f"min_of(90s, {factor}m)", f"{min(90, 60 * float(factor))}")

    def vector(self, depth):
        return self.random.choice((self.filled, self.filled, self.quantiles))(depth)

    def filled(self, depth):
        """`a + fill(1) b` is a + b, and a + 1 of what has no partner, and 1 + b likewise."""
        source = self.random
        label = source.choice(("instance", "job", "mode", "type"))
        # No histograms: with some operators these stay without a result, and what was not computed has found no partner.
        one, other = (f"{source.choice(('max', 'count'))} by ({label}) ({self.maker.vector(depth - 1)})" for _ in range(2))
        operator = source.choice((*self.maker.arithmetic, "> bool", "== bool", "!= bool"))
        match = source.choice(("", f" on ({label})", " ignoring (none)"))
        left, right = source.choice(("0", "1", "2.5", "NaN")), source.choice(("0", "3", "Inf"))
        both = f"{one} {operator}{match} {other}"
        without_right = f"(({one} unless{match} {other}) {operator} {right})"
        without_left = f"({left} {operator} ({other} unless{match} {one}))"
        kind = source.randrange(4)
        if kind == 0:
            fill, theirs = f"fill_right({right})", f"({both}) or {without_right}"
        elif kind == 1:
            fill, theirs = f"fill_left({left})", f"({both}) or {without_left}"
        elif kind == 2:
            fill = source.choice((f"fill_left({left}) fill_right({right})", f"fill_right({right}) fill_left({left})"))
            theirs = f"({both}) or {without_right} or {without_left}"
        else:
            fill, theirs = f"fill({right})", f"({both}) or {without_right} or ({right} {operator} ({other} unless{match} {one}))"
        return either(f"({one} {operator}{match} {fill} {other})", f"({theirs})")

    def quantiles(self, depth):
        vector = self.maker.histograms(depth - 1)
        numbers = self.random.sample(("0.5", "0.9", "0", "1", "0.25", "NaN", "2"), self.random.choice((1, 2, 3)))
        each = (f'label_replace(histogram_quantile({number}, {vector}), "q", "{shown(number)}", "", "")' for number in numbers)
        return either(f'histogram_quantiles({vector}, "q", {", ".join(numbers)})', f"({' or '.join(each)})")


def shown(number):
    """As a label tells it."""
    return {"0": "0.0", "1": "1.0", "2": "2.0"}.get(number, number)

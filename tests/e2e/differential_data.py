"""The data that two servers are compared on: shaped like three instances of a demo service, and what is odd.

Everything hangs on a seed and on fixed times, so that a difference can be looked at again.
"""

import math
import random
import struct

from write_request import STALE, field, series_v1, snappy, varint, zigzag

START = 1_700_000_100  # seconds; a time that is no multiple of an hour
STEP = 5
COUNT = 480  # forty minutes
END = START + STEP * (COUNT - 1)
INSTANCES = ("demo.example.com:10000", "demo.example.com:10001", "demo.example.com:10002")
BOUNDS = ("0.0001", "0.001", "0.005", "0.025", "0.1", "0.5", "2.5", "10", "+Inf")
GAP = range(200, 290)  # steps at which the second instance is away
NAN, INF = float("nan"), float("inf")


class Series:
    """Labels, and a value, a histogram or nothing (None) for each step."""

    def __init__(self, name, labels, values, offset_ms=0):
        self.labels = {"__name__": name, **labels}
        self.values = values
        self.offset_ms = offset_ms

    def messages(self, steps):
        floats, histograms = [], []
        for step in steps:
            value = self.values[step]
            at = (START + step * STEP) * 1000 + self.offset_ms
            if isinstance(value, Histogram):
                histograms.append(value.message(at))
            elif value is not None:
                floats.append((at, value))
        return series_v1(self.labels, floats, histograms) if floats or histograms else b""


class Histogram:
    """A native histogram of floats."""

    def __init__(self, schema, zero_threshold, zero, positive, negative=None, custom=(), gauge=False):
        self.schema, self.zero_threshold, self.zero = schema, zero_threshold, zero
        self.positive, self.negative = positive, negative or {}  # index -> count
        self.custom, self.gauge = custom, gauge

    def message(self, at):
        counts = [self.zero, *self.positive.values(), *self.negative.values()]
        out = field(2, float(sum(counts))) + field(3, self.sum()) + varint(4 << 3) + zigzag(self.schema)
        out += field(5, float(self.zero_threshold)) + field(7, float(self.zero))
        for buckets, spans_field, counts_field in ((self.negative, 8, 10), (self.positive, 11, 13)):
            if buckets:
                out += b"".join(field(spans_field, varint(1 << 3) + zigzag(offset) + field(2, length))
                                for offset, length in spans(sorted(buckets)))
                packed = b"".join(struct.pack("<d", buckets[index]) for index in sorted(buckets))
                out += field(counts_field, packed)
        out += field(14, 3 if self.gauge else 0) + field(15, at)
        if self.custom:
            out += field(16, b"".join(struct.pack("<d", bound) for bound in self.custom))
        return out

    def sum(self):
        """Not exact: no function looks at how it fits the buckets."""
        total = sum(count * 1.5 ** index for index, count in self.positive.items())
        return float(total - sum(count * 1.5 ** index for index, count in self.negative.items()))


def spans(indexes):
    """[(offset, length)] of ascending bucket indexes."""
    out, end = [], 0
    for index in indexes:
        if out and index == end:
            out[-1][1] += 1
        else:
            out.append([index - end, 1])
        end = index + 1
    return out


def counter(source, speed, reset_at=()):
    values, value = [], 0.0
    for step in range(COUNT):
        value = 0.0 if step in reset_at else value + source.random() * speed
        values.append(value)
    return values


def gauge(source, level, swing):
    return [level + swing * math.sin(step / (7 + level % 5)) + source.random() * swing / 4 for step in range(COUNT)]


def away(values):
    """The second instance is gone for a while: a marker, then nothing."""
    return [STALE if step == GAP[0] else None if step in GAP else value for step, value in enumerate(values)]


def of_instance(source, number):
    """What one instance shows."""
    all_series = []
    base = {"instance": INSTANCES[number], "job": "demo"}
    resets = [set(), {150, 380}, {40}][number]

    def add(name, values, **labels):
        all_series.append(Series(name, {**base, **labels}, away(values) if number == 1 else values,
                                 offset_ms=(0, 137, 2501)[number]))

    add("up", [1.0] * COUNT)
    add("demo_num_cpus", [float(2 + number)] * COUNT)
    for mode in ("idle", "user", "system"):
        add("demo_cpu_usage_seconds_total", counter(source, 5, resets), mode=mode)
    for kind in ("free", "used", "cached", "buffers"):
        add("demo_memory_usage_bytes", gauge(source, 1e8 * (1 + len(kind)), 3e7), type=kind)
    add("demo_disk_usage_bytes", gauge(source, 5e10, 1e9))
    add("demo_disk_total_bytes", [1e11] * COUNT)
    add("demo_batch_last_success_timestamp_seconds", [float(START + step // 50 * 250) for step in range(COUNT)])
    add("demo_items_shipped_total", counter(source, 3, resets))
    add("demo_info", [1.0] * COUNT, version=f"1.{number % 2}", zone="ab"[number % 2])
    # What info() joins: labels that change within the time, for the third instance none at the end.
    add("target_info", [1.0 if step < 300 else STALE if step == 300 else None for step in range(COUNT)], version="1", data="one")
    if number < 2:
        add("target_info", [1.0 if step > 300 else None for step in range(COUNT)], version="2", data="two")
    for method, path, status in (("GET", "/api/foo", "200"), ("GET", "/api/bar", "500"), ("POST", "/api/foo", "200")):
        labels = {"method": method, "path": path, "status": status}
        rows = [counter(source, 1, resets) for _ in BOUNDS]
        for index, bound in enumerate(BOUNDS):
            add("demo_api_request_duration_seconds_bucket",
                [sum(rows[i][step] for i in range(index + 1)) for step in range(COUNT)], le=bound, **labels)
        add("demo_api_request_duration_seconds_count", [sum(row[step] for row in rows) for step in range(COUNT)], **labels)
        add("demo_api_request_duration_seconds_sum", counter(source, 2, resets), **labels)
    return all_series


def odd(source):
    """Values and shapes that evaluation has rules of its own for."""
    specials = [1.0, NAN, INF, -INF, 0.0, -0.0, 1e300, -1e300, 5e-324, 1e-9]
    labels = {"job": "odd"}
    out = [
        Series("odd_intermittent", {**labels, "instance": "a"},
               [STALE if step % 40 == 20 else None if step % 40 > 20 else float(step) for step in range(COUNT)]),
        Series("odd_sparse", {**labels, "instance": "a"}, [float(step) if step % 70 == 0 else None for step in range(COUNT)]),
        Series("odd_once", labels, [7.5 if step == 240 else None for step in range(COUNT)]),
        Series("odd_late", {**labels, "instance": "b"}, [float(step) if step > 300 else None for step in range(COUNT)], 999),
    ]
    for index, name in enumerate(("nan", "posinf", "neginf")):
        out.append(Series("odd_special", {**labels, "kind": name}, [specials[1 + index]] * COUNT))
    out.append(Series("odd_special", {**labels, "kind": "mixed"}, [source.choice(specials) for _ in range(COUNT)]))
    out.append(Series("odd_special", {**labels, "kind": "seldom"},
                      [INF if step == 100 else NAN if step == 200 else float(step % 9) for step in range(COUNT)]))
    out.append(Series("odd_negative_total", labels, [-float(step % 50) for step in range(COUNT)]))
    out.append(Series("odd_ints", {**labels, "dst": "x-1"}, [float(step % 13) for step in range(COUNT)]))
    out.append(Series("odd_ints", {**labels, "dst": "x-22"}, [float(step % 17) for step in range(COUNT)]))
    out.append(Series("odd_ints", {**labels, "dst": "y"}, [float(step % 19) for step in range(COUNT)]))
    out.append(Series("odd.näme", {"job": "odd", "läbel.x": "é"}, [float(step) for step in range(COUNT)]))
    # Buckets without +Inf, that fall, that are no numbers.
    for bound, speed in (("1", 4), ("2", 3), ("4", 9), ("huge", 1)):
        out.append(Series("odd_bucket", {**labels, "le": bound}, counter(source, speed)))
    for bound, level in (("0.1", 5), ("1", 4.5), ("+Inf", 9)):
        out.append(Series("odd_falling_bucket", {**labels, "le": bound}, [level * step for step in range(COUNT)]))
    return out


def native(source):
    """Native histograms: a counter with resets, a gauge, another schema, custom buckets, floats in between."""
    def grow(schema, indexes, resets=(), **options):
        counts, out = {index: 0.0 for index in indexes}, []
        for step in range(COUNT):
            for index in counts:
                counts[index] = 0.0 if step in resets else counts[index] + source.randrange(0, 4)
            out.append(Histogram(schema, 0.001, float(step % 50) if options.get("gauge") else float(step),
                                 dict(counts), {-1: float(step)} if schema == 3 else {}, gauge=options.get("gauge", False)))
        return out

    def custom(bounds=(0.1, 1.0, 5.0), resets=()):
        counts, out = {index: 0.0 for index in range(len(bounds) + 1)}, []
        for step in range(COUNT):
            for index in counts:
                counts[index] = 0.0 if step in resets else counts[index] + source.randrange(0, 3)
            out.append(Histogram(-53, 0, 0.0, dict(counts), custom=bounds))
        return out

    labels = {"job": "native"}
    mixed = [value if step % 60 < 40 else float(step) for step, value in enumerate(grow(1, range(0, 3)))]
    gaps = [STALE if step == 100 else None if 100 < step < 150 else value
            for step, value in enumerate(grow(0, range(-2, 3), (250,)))]
    return [
        Series("native_seconds", {**labels, "instance": "a"}, grow(3, (-2, -1, 0, 1, 4, 5), (160, 333))),
        Series("native_seconds", {**labels, "instance": "b"}, gaps, 250),
        Series("native_gauge", {**labels, "instance": "a"}, grow(2, (0, 1, 2, 7), gauge=True)),
        Series("native_custom", {**labels, "instance": "a"}, custom()),
        Series("native_mixed", {**labels, "instance": "a"}, mixed),
        Series("native_custom", {**labels, "instance": "b"}, away(custom(resets=(120, 121, 350))), 77),
        Series("native_bounds", {**labels, "instance": "a"}, custom((0.5, 1.0, 2.0, 5.0), (200,))),
    ]


def requests(seed, with_histograms):
    """Compressed bodies of remote write, in order of time."""
    source = random.Random(seed)
    all_series = [series for number in range(3) for series in of_instance(source, number)] + odd(source)
    if with_histograms:
        all_series += native(source)
    # A request has one kind of samples of a series: Prometheus takes floats first, then histograms.
    for begin in range(0, COUNT, 20):
        yield snappy(b"".join(series.messages(range(begin, min(begin + 20, COUNT))) for series in all_series))

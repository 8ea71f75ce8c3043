"""Random queries that cover the grammar, by seed."""

import random
import re

from differential_data import END, START
from differential_durations import Durations
from differential_rewrites import Rewrites, either, for_ours, for_theirs
from differential_ties import Pick
from differential_wounds import Wounds

COUNTERS = ("demo_cpu_usage_seconds_total", "demo_items_shipped_total", "demo_api_request_duration_seconds_count",
            "demo_api_request_duration_seconds_sum", "demo_api_request_duration_seconds_bucket", "odd_negative_total")
GAUGES = ("demo_memory_usage_bytes", "demo_num_cpus", "demo_disk_usage_bytes", "demo_disk_total_bytes", "demo_info", "up",
          "demo_batch_last_success_timestamp_seconds", "odd_intermittent", "odd_sparse", "odd_once", "odd_late",
          "odd_special", "odd_ints", "nonexistent_metric")
HISTOGRAMS = ("native_seconds", "native_gauge", "native_custom", "native_mixed")
HISTOGRAMS_OF_BOUNDS = ("native_custom", "native_custom", "native_bounds")
LABELS = ("instance", "job", "mode", "type", "method", "path", "status", "le", "kind", "dst", "version", "__name__", "none")
MATCHERS = ('job="demo"', 'job!="demo"', 'instance=~".*:10000"', 'instance!~".*1"', 'mode="idle"', 'mode!="idle"',
            'type=~"free|used"', 'type!=""', 'type=""', 'le="0.1"', 'le!="+Inf"', 'method=~"GET|POST"', 'status=~"[45].."',
            'path="/api/foo"', 'none=""', 'none="x"', 'kind=~".+"', 'dst=~"x-.*"', "version='1.0'", "instance=`a`")
RATES = ("rate", "increase", "irate", "delta", "idelta", "deriv", "changes", "resets")
OVER_TIME = ("avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time", "stddev_over_time",
             "stdvar_over_time", "last_over_time", "present_over_time", "absent_over_time")
EXPERIMENTAL_OVER_TIME = ("mad_over_time", "ts_of_min_over_time", "ts_of_max_over_time", "ts_of_last_over_time")
REPLACEMENTS = (('(.*)', '$1'), ('.*:(\\\\d+)', 'port-$1'), ('(?P<a>.).*', '${a}x'), ('x', ''), ('(', 'x'), ('demo', 'other'),
                ('(.*)', '$2-$1-$$'), ('(.*)', ''), ('', 'x'), ('()', '$1y'), ('(?i)(DEMO|ODD)', '<$1>'), ('(.)(.)?.*', '$2$1$3'),
                ('.*', '$0'), ('(.+)', '${1}_$1_x'), ('([a-z]+)', '$1\\xff'), ('(?P<x>o)?.*', '[$x]'), ('.+', '$'), ('.+', '${1'))
MATH = ("abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "acos", "acosh", "asin", "asinh", "atan",
        "atanh", "cos", "cosh", "sin", "sinh", "tan", "tanh", "deg", "rad")
DATES = ("minute", "hour", "day_of_month", "day_of_week", "day_of_year", "days_in_month", "month", "year")
AGGREGATIONS = ("sum", "avg", "min", "max", "count", "group", "stddev", "stdvar")
ARITHMETIC = ("+", "-", "*", "/", "%", "^", "atan2")
COMPARISONS = ("==", "!=", "<", ">", "<=", ">=")
SETS = ("and", "or", "unless")
HISTOGRAM_FUNCTIONS = ("histogram_count", "histogram_sum", "histogram_avg", "histogram_stddev", "histogram_stdvar")
DURATIONS = ("5s", "7s", "30s", "1m", "90s", "2m", "5m", "10m", "1h", "1m30s", "500ms", "23")
NUMBERS = ("0", "1", "2", "-1", "0.5", "3.14", "1e3", "-2.5", "100", "0x1F", "1e-3", "Inf", "-Inf", "NaN", "5", "1_000")


SIGNED_GROUP = re.compile(r"offset *[-+]\(")


class Generator:
    def __init__(self, seed, with_histograms=False):
        self.random = random.Random(seed)
        self.with_histograms = with_histograms
        self.durations = Durations(self.random)
        self.wounds = Wounds(self.random, lambda depth: for_theirs(self.vector(depth)))
        self.rewrites = Rewrites(self.random, self)
        self.picks = []  # of the last query
        self.has_info, self.arithmetic = True, ARITHMETIC

    def query(self):
        """(path, parameters for theirs, parameters for ours): they differ where only ours has words for it."""
        self.picks = []
        path, parameters = self.request()
        theirs, ours = ({**parameters, "query": side(parameters["query"])} for side in (for_theirs, for_ours))
        return path, theirs, ours

    def request(self):
        source = self.random
        # Remainders of powers that are no longer exact are anything: Go and C round the powers differently.
        left_out = source.choice("^%")
        self.arithmetic = tuple(operator for operator in ARITHMETIC if operator != left_out)
        is_instant = source.random() < 0.4
        start = self.time() if is_instant else START + source.randrange(-60, 2300)
        step = source.choice((1, 5, 7, 15, 30, 60, 61, 300, 2.5))
        end = min(start + step * source.choice((0, 1, 5, 20, 60)), END + 600)
        self.rewrites.start = start
        self.rewrites.end, self.rewrites.step = (start, 0) if is_instant else (max(start, end), step)
        expression = self.expression()
        if is_instant:
            if source.random() < 0.05:
                expression = self.matrix(1)
            return "query", {"query": expression, "time": str(start)}
        return "query_range", {"query": expression, "start": str(start), "end": str(max(start, end)), "step": str(step)}

    def expression(self):
        kind = self.random.random()
        if kind < 0.06:
            return self.wounds.query()
        if kind < 0.09:
            return self.scalar(2)
        return self.text() if kind < 0.1 else self.vector(self.random.choice((1, 2, 2, 3, 3, 4)))

    def time(self):
        at = START + self.random.randrange(-10, END - START + 400)
        return at + self.random.choice((0, 0, 0.5, 0.137, 0.999))

    def pick(self, *options):
        """One of (weight, function)."""
        return self.random.choices([one[1] for one in options], [one[0] for one in options])[0]()

    # Selectors.
    def selector(self, names=None):
        source = self.random
        if names is None:
            names = COUNTERS + GAUGES + (HISTOGRAMS * 2 if self.with_histograms else ())
        name = source.choice(names)
        # Mostly those that many series pass: an empty result tells little.
        count = source.choice((0, 0, 0, 0, 1, 2))
        matchers = source.sample(MATCHERS if source.random() < 0.3 else MATCHERS[:4], count)
        form = source.random()
        if form < 0.06:
            return "{" + ",".join([f'__name__="{name}"', *matchers]) + "}"
        if form < 0.10:
            return "{" + ",".join([f'"{name}"', *matchers]) + "}"
        if form < 0.14:
            return "{" + ",".join([f'__name__=~"{name[:-2]}.*"', *matchers]) + "}"
        return name + ("{" + ", ".join(matchers) + "}" if matchers or form > 0.95 else "")

    def shifted(self, text):
        """A selector with what may stand behind it."""
        shift = self.shift()
        # 3.5.3 takes operators behind such an offset for a part of it.
        return either(text + shift, f"({text}{shift})") if SIGNED_GROUP.search(shift) else text + shift

    def shift(self):
        source = self.random
        parts = []
        if source.random() < 0.12:
            parts.append("offset " + self.durations.offset())
        if source.random() < 0.1:
            parts.append("@ " + source.choice(("start()", "end()", str(START + source.randrange(0, 2400)), "-5", "+1e9",
                                               f"{START + source.randrange(0, 2400)}.5")))
        if parts and source.random() < 0.02:
            parts.append(source.choice(parts))
        source.shuffle(parts)
        return "".join(" " + part for part in parts)

    def range(self):
        return self.rewrites.range() if self.random.random() < 0.03 else self.durations.range()

    def matrix(self, depth, names=None):
        source = self.random
        if depth > 0 and source.random() < 0.25:
            step = "" if source.random() < 0.3 else source.choice(("5s", "10s", "1m", "17s", self.range()))
            # The steps of a subquery cannot be asked for one by one.
            has_info, self.has_info = self.has_info, False
            operand = self.operand(depth - 1)
            self.has_info = has_info
            return self.shifted(f"{operand}[{self.range()}:{step}]")
        return self.shifted(f"{self.selector(names)}[{self.range()}]")

    # Instant vectors.
    def operand(self, depth):
        """A vector that binds as tightly as a selector."""
        text = self.vector(depth)
        return f"({text})" if self.random.random() < 0.9 else text

    def vector(self, depth):
        if depth <= 0:
            return self.shifted(self.selector())
        options = [
            (20, lambda: self.shifted(self.selector())), (18, lambda: self.rate(depth)),
            (14, lambda: self.over_time(depth)), (20, lambda: self.aggregation(depth)), (20, lambda: self.binary(depth)),
            (7, lambda: f"{self.random.choice(MATH)}({self.vector(depth - 1)})"), (5, lambda: self.clamp(depth)),
            (5, lambda: self.quantile_of_buckets(depth)), (4, lambda: self.labels(depth)), (3, lambda: self.absent(depth)),
            (3, lambda: self.date(depth)), (3, lambda: f"vector({self.scalar(depth - 1)})"),
            (3, lambda: f"timestamp({self.vector(depth - 1)})"), (3, lambda: self.sort(depth)),
            (4, lambda: self.random.choice(("-", "+", "")) + f"({self.vector(depth - 1)})")]
        options += [(3 if self.has_info else 0, lambda: self.info(depth)), (4, lambda: self.rewrites.vector(depth))]
        if self.with_histograms:
            options.append((16, lambda: self.of_histogram(depth)))
        return self.pick(*options)

    def rate(self, depth):
        names = COUNTERS + (HISTOGRAMS if self.with_histograms else ())
        names = names if self.random.random() < 0.7 else None
        kind = self.random.random()
        if kind < 0.08:
            return f"predict_linear({self.matrix(depth - 1, names)}, {self.scalar(0)})"
        if kind < 0.14:
            factors = (self.random.choice(("0.1", "0.5", "0.9", "0", "1", "1.5")) for _ in range(2))
            return f"double_exponential_smoothing({self.matrix(depth - 1, names)}, {', '.join(factors)})"
        return f"{self.random.choice(RATES)}({self.matrix(depth - 1, names)})"

    def over_time(self, depth):
        kind = self.random.random()
        if kind < 0.12:
            return f"quantile_over_time({self.scalar(0)}, {self.matrix(depth - 1)})"
        names = OVER_TIME if kind < 0.85 else EXPERIMENTAL_OVER_TIME
        return f"{self.random.choice(names)}({self.matrix(depth - 1)})"

    def grouping(self):
        labels = self.random.sample(LABELS, self.random.choice((0, 1, 1, 2, 3)))
        return f"({', '.join(labels)}{',' if labels and self.random.random() < 0.05 else ''})"

    def aggregation(self, depth):
        source = self.random
        by = source.choice(("", "", " by " + self.grouping(), " without " + self.grouping()))
        kind, vector = source.random(), self.vector(depth - 1)
        count = ""
        if kind < 0.66:
            operation, parameters = source.choice(AGGREGATIONS), vector
        elif kind < 0.78:
            operation, count = source.choice(("topk", "bottomk")), source.choice(("1", "2", "3", "5", self.scalar(0)))
            parameters = f"{count}, {vector}"
        elif kind < 0.86:
            operation, parameters = "quantile", f"{self.scalar(0)}, {vector}"
        elif kind < 0.92:
            operation, parameters = "count_values", f'"{source.choice(("value", "job", "x_y", "bad-name", "le", "__name__"))}", {vector}'
        elif kind < 0.97:
            operation, count = "limitk", source.choice(("0", "1", "2", "1000", "-1", "1.9", self.scalar(0)))
            parameters = f"{count}, {vector}"
        else:
            operation, parameters = "limit_ratio", f"{source.choice(('0', '1', '-1', '2', '-3', '0.5', '-0.25', '0.9'))}, {vector}"
        text = f"{operation}({parameters}){by}" if source.random() < 0.3 else f"{operation}{by} ({parameters})"
        if count:
            self.picks.append(Pick(operation, count, vector, by, text))
        return text

    def matching(self, is_set):
        source = self.random
        kind = source.random()
        if kind < 0.35:
            return ""
        text = source.choice((" on ", " ignoring ")) + self.grouping()
        if not is_set and kind > 0.65:
            text += source.choice((" group_left", " group_right")) + source.choice(("", "()", "(version)", "(mode)", "(zone, none)"))
        return text

    def binary(self, depth):
        source = self.random
        kind = source.random()
        if kind < 0.2:
            return f"{self.operand(depth - 1)} {source.choice(SETS)}{self.matching(True)} {self.operand(depth - 1)}"
        operator = source.choice(self.arithmetic if kind < 0.65 else COMPARISONS)
        if operator in COMPARISONS and source.random() < 0.4:
            operator += " bool"
        if source.random() < 0.45:
            sides = [self.operand(depth - 1), self.scalar(depth - 1)]
            source.shuffle(sides)
            return f"{sides[0]} {operator} {sides[1]}"
        if source.random() < 0.5:
            # Two vectors that have a good chance to match.
            one = self.selector()
            other = one if source.random() < 0.4 else f"{source.choice(AGGREGATIONS)} by (instance, job) ({one})"
            sides = [one, other]
            source.shuffle(sides)
            match = self.matching(False) if other == one else source.choice(
                ("", " on (instance, job) " + ("group_left" if sides[0] == one else "group_right"), " on (instance)",
                 " ignoring (mode, type) " + ("group_left" if sides[0] == one else "group_right")))
            return f"{sides[0]} {operator}{match} {sides[1]}"
        return f"{self.operand(depth - 1)} {operator}{self.matching(False)} {self.operand(depth - 1)}"

    def clamp(self, depth):
        name = self.random.choice(("clamp", "clamp_min", "clamp_max", "round", "round"))
        if name == "clamp":
            return f"clamp({self.vector(depth - 1)}, {self.scalar(0)}, {self.scalar(0)})"
        if name == "round" and self.random.random() < 0.5:
            return f"round({self.vector(depth - 1)})"
        return f"{name}({self.vector(depth - 1)}, {self.scalar(0)})"

    def quantile_of_buckets(self, depth):
        source = self.random
        buckets = source.choice(("demo_api_request_duration_seconds_bucket", "odd_bucket", "odd_falling_bucket"))
        of = source.choice((buckets, f"rate({buckets}[{source.choice(DURATIONS)}])",
                            f"sum by (le{source.choice(('', ', instance', ', method, path'))}) (rate({buckets}[1m]))",
                            self.vector(depth - 1)))
        if source.random() < 0.25:
            return f"histogram_fraction({self.scalar(0)}, {self.scalar(0)}, {of})"
        return f"histogram_quantile({source.choice(('0.9', '0.5', '0', '1', self.scalar(0)))}, {of})"

    def labels(self, depth):
        source = self.random
        vector = self.vector(depth - 1)
        target = source.choice(("new", "job", "instance", "__name__", "bad-name", "mode", "le", ""))
        if source.random() < 0.5:
            pattern, replacement = source.choice(REPLACEMENTS)
            origin = source.choice(LABELS)
            return f'label_replace({vector}, "{target}", "{replacement}", "{origin}", "{pattern}")'
        origins = "".join(f', "{label}"' for label in source.sample(LABELS, source.choice((0, 1, 2, 3))))
        return f'label_join({vector}, "{target}", "{source.choice(("-", "", ", ", "é"))}"{origins})'

    def info(self, depth):
        """Labels of target_info beside those of a vector."""
        source = self.random
        vector = source.choice((self.selector(), f"rate({self.selector(COUNTERS)}[2m])", self.vector(depth - 1)))
        selector = source.choice(("", "", ', {data=~".+"}', ', {version=~".+"}', ', {data="one"}', ', {none=~".*"}', ', {data!="one"}',
                                  ', {__name__="target_info"}', ', {__name__=~".+_info", data=~".+"}', ', {__name__="demo_info"}'))
        return f"info({vector}{selector})"

    def histograms(self, depth):
        """What quantiles are taken of."""
        source = self.random
        buckets = source.choice(("demo_api_request_duration_seconds_bucket", "odd_bucket"))
        options = [buckets, f"rate({buckets}[1m])", f"sum by (le, instance) (rate({buckets}[1m]))"]
        if self.with_histograms:
            options += [self.selector(HISTOGRAMS), f"sum by (job) (rate({self.selector(HISTOGRAMS)}[1m]))"]
        return source.choice(options)

    def absent(self, depth):
        return f"absent({self.vector(depth - 1)})" if self.random.random() < 0.6 else f"absent_over_time({self.matrix(depth - 1)})"

    def date(self, depth):
        vector = self.random.choice(("", f"vector(time() - {self.random.randrange(10 ** 8)})", self.vector(depth - 1)))
        return f"{self.random.choice(DATES)}({vector})"

    def sort(self, depth):
        name = self.random.choice(("sort", "sort_desc", "sort_by_label", "sort_by_label_desc"))
        labels = f', "{self.random.choice(LABELS)}", "instance"' if "label" in name else ""
        return f"{name}({self.vector(depth - 1)}{labels})"

    def of_histogram(self, depth):
        source = self.random
        histogram = source.choice((self.selector(HISTOGRAMS), f"rate({self.selector(HISTOGRAMS)}[{source.choice(DURATIONS)}])",
                                   f"sum by (job) ({self.selector(HISTOGRAMS)})", self.vector(depth - 1)))
        kind = source.random()
        if kind < 0.25:
            return f"histogram_quantile({self.scalar(0)}, {histogram})"
        if kind < 0.4:
            return f"histogram_fraction({self.scalar(0)}, {self.scalar(0)}, {histogram})"
        if kind < 0.5:
            return self.of_bounds()
        return f"{source.choice(HISTOGRAM_FUNCTIONS)}({histogram})" if kind < 0.9 else histogram

    def of_bounds(self):
        """Histograms whose buckets have bounds of their own."""
        source = self.random
        one, other = (self.selector(HISTOGRAMS_OF_BOUNDS) for _ in range(2))
        ranged = f"{source.choice((*RATES, *OVER_TIME))}({self.shifted(f'{one}[{self.range()}]')})"
        whole = source.choice((one, ranged, ranged, f"{one} {source.choice(('+', '-', '==', '!=', '*', '/'))} {other}",
                               f"{source.choice(AGGREGATIONS)} by (job) ({one})", f"-{one}", f"{one} * {self.scalar(0)}",
                               f'count_values("value", {one})'))
        return source.choice((whole, f"histogram_quantile({self.scalar(0)}, {whole})", f"{source.choice(HISTOGRAM_FUNCTIONS)}({whole})",
                              f"histogram_fraction({self.scalar(0)}, {self.scalar(0)}, {whole})"))

    # Scalars and strings.
    def scalar(self, depth):
        source = self.random
        if depth <= 0 or source.random() < 0.6:
            return source.choice(NUMBERS)
        return self.pick(
            (3, lambda: "time()"), (1, lambda: "pi()"), (1, self.rewrites.scalar), (3, lambda: f"scalar({self.vector(depth - 1)})"),
            (3, lambda: f"({self.scalar(depth - 1)} {source.choice(self.arithmetic)} {self.scalar(depth - 1)})"),
            (2, lambda: f"({self.scalar(depth - 1)} {source.choice(COMPARISONS)} bool {self.scalar(depth - 1)})"),
            (1, lambda: f"-({self.scalar(depth - 1)})"))

    def text(self):
        return self.random.choice(('"text"', "'it\\'s'", "`raw\\n`", '"\\u00e9\\x41"', '("paren")'))

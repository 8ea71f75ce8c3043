"""Every function, aggregation and operator with every kind of operand."""

from differential_data import END, START

VECTORS = (
    "native_seconds", "native_gauge", "native_custom", "native_mixed", "native_bounds", '{__name__=~"native_.*"}',
    "demo_num_cpus", "demo_api_request_duration_seconds_bucket", "odd_special", "odd_intermittent", "odd_once", "odd_negative_total",
    "odd_bucket", "odd_falling_bucket", "nonexistent_metric", '{__name__=~"native_seconds|odd_ints|up"}', '{"odd.näme"}',
    "-native_seconds", "(native_seconds * 0)", "(native_custom / 0)", "rate(native_seconds[2m])", "(up * NaN)", "(up * -0)", "vector(-Inf)")
PLAIN = (
    "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos",
    "cosh", "sin", "sinh", "tan", "tanh", "deg", "rad", "minute", "hour", "day_of_month", "day_of_week", "day_of_year", "days_in_month",
    "month", "year", "timestamp", "histogram_count", "histogram_sum", "histogram_avg", "histogram_stddev", "histogram_stdvar", "absent",
    "sort", "sort_desc", "round", "sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "-", "+", "sum by (instance)",
    "avg without (instance)", "count by (job, none)", "stddev by (job)", "group without ()")
WITH_MORE = (
    "vector(scalar({}))", 'sort_by_label({}, "job", "le")', 'sort_by_label_desc({}, "instance")', "clamp({}, 1, 3)", "clamp({}, 3, 1)",
    "clamp_min({}, NaN)", "clamp_max({}, -0)", "round({}, 0.3)", "round({}, -2)", "round({}, NaN)", 'label_replace({}, "x", "$1", "job", "(.).*")',
    'label_replace({}, "__name__", "renamed", "job", ".*")', 'label_join({}, "é", "-", "job", "instance")', "histogram_quantile(0.5, {})",
    "histogram_quantile(-1, {})", "histogram_quantile(1, {})", "histogram_quantile(1.5, {})", "histogram_quantile(NaN, {})",
    "histogram_fraction(0, 1, {})", "histogram_fraction(-Inf, 0.5, {})", "histogram_fraction(2, 1, {})", "histogram_fraction(NaN, 1, {})",
    'count_values("v", {})', 'count_values by (job) ("instance", {})', "quantile(0.5, {})", "quantile(-1, {})", "quantile(NaN, {})",
    "quantile by (job) (2, {})", "limit_ratio(0.5, {})", "limit_ratio(-0.5, {})", "limit_ratio(2, {})", "{} == {}", "{} != {}", "{} and {}",
    "{} unless {}", "{} or {}", "{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} ^ {}", "{} atan2 {}", "{} % {}", "{} > bool {}", "{} == bool {}",
    "{} + 1", "1 - {}", "{} * 2", "2 * {}", "{} / 2", "2 / {}", "{} * NaN", "{} / -2", "{} > 1", "1 > {}", "{} == bool 1", "{} != 1", "{} ^ 2",
    "{} + on (job) group_left up", "up * on () group_right {}", "{} and on (job) up", "up unless ignoring (instance) {}")
RANGED = (
    "rate", "increase", "irate", "delta", "idelta", "deriv", "changes", "resets", "avg_over_time", "min_over_time", "max_over_time",
    "sum_over_time", "count_over_time", "stddev_over_time", "stdvar_over_time", "last_over_time", "present_over_time",
    "absent_over_time", "mad_over_time", "ts_of_min_over_time", "ts_of_max_over_time", "ts_of_last_over_time")
RANGED_WITH_MORE = (
    "quantile_over_time(0.5, {})", "quantile_over_time(-1, {})", "quantile_over_time(NaN, {})", "predict_linear({}, 60)",
    "double_exponential_smoothing({}, 0.5, 0.5)")
WINDOWS = ("[5m]", "[11s]", "[4s]", "[3m:20s]", "[2m] offset 30s")


def expressions():
    for vector in VECTORS:
        for function in PLAIN:
            yield f"{function}({vector})"
        for form in WITH_MORE:
            yield form.replace("{}", vector)
        for window in WINDOWS:
            if ":" not in window and vector[0] in "-(" or vector.startswith(("rate", "vector")) and ":" not in window:
                continue
            for function in RANGED:
                yield f"{function}({vector}{window})"
            for form in RANGED_WITH_MORE:
                yield form.replace("{}", vector + window)


def queries():
    for expression in expressions():
        yield "query", {"query": expression, "time": str(START + 803)}
        yield "query_range", {"query": expression, "start": str(START + 1000), "end": str(END + 400), "step": "290"}

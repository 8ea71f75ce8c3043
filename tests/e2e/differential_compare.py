"""Whether two answers to one query are the same."""

import math
import re

TOLERANCE = 1e-12  # relative

# What 3.14 says otherwise than 3.5.3 in notes that are the same for the rest (ANN-002, ANN-003): it names a metric only
# where names are removed late, and tells where monotonicity was forced.
POSITION = re.compile(r" \(\d+:\d+\)$")
NAMED = re.compile(r' for metric name "[^"]*"(?= \()')
REWORDED = ((NAMED, ""),
            (re.compile(r", from buckets .* over \d+ samples from .* to .*(?= \()"), ""))
# What 3.5.3 does not say at all.
NEW = re.compile(r"sort is ineffective for range queries")


def number(text):
    return float(text.replace("Inf", "inf"))


def same_number(one, other):
    if one == other:
        return True
    a, b = number(one), number(other)
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or abs(a - b) <= TOLERANCE * max(abs(a), abs(b))


def relative(one, other):
    a, b = number(one), number(other)
    return abs(a - b) / max(abs(a), abs(b)) if a == a and b == b else math.nan


def same_shape(one, other):
    """Whether two histograms are the same but for one factor."""
    if number(one["count"]) == 0 or number(other["count"]) == 0:
        return False
    factor = number(other["count"]) / number(one["count"])
    pairs = [(one["sum"], other["sum"])]
    buckets, others = one.get("buckets", []), other.get("buckets", [])
    pairs += [(a[3], b[3]) for a, b in zip(buckets, others)]
    return [a[:3] for a in buckets] == [b[:3] for b in others] and all(
        math.isclose(number(a) * factor, number(b), rel_tol=1e-9) for a, b in pairs)


def difference_of_histograms(one, other):
    if not same_number(one["count"], other["count"]) and same_shape(one, other):
        is_less = abs(number(other["count"])) < abs(number(one["count"]))
        return f"all {'smaller' if is_less else 'larger'} by one factor"
    for key in ("count", "sum"):
        if not same_number(one[key], other[key]):
            return f"{key}: {one[key]} and {other[key]}"
    buckets, others = one.get("buckets", []), other.get("buckets", [])
    same = len(buckets) == len(others) and all(
        a[0] == b[0] and all(same_number(x, y) for x, y in zip(a[1:], b[1:])) for a, b in zip(buckets, others))
    return "" if same else f"buckets: {buckets} and {others}"


def difference_of_samples(one, other):
    if [sample[0] for sample in one] != [sample[0] for sample in other]:
        return f"times: {[sample[0] for sample in one]} and {[sample[0] for sample in other]}"
    for (at, value), (_, other_value) in zip(one, other):
        if isinstance(value, dict) != isinstance(other_value, dict):
            return f"at {at}: {value} and {other_value}"
        if isinstance(value, dict):
            difference = difference_of_histograms(value, other_value)
            if difference:
                return f"at {at}: {difference}"
        elif not same_number(value, other_value):
            return f"at {at}: {value} and {other_value}, off by {relative(value, other_value):.0e}"
    return ""


def series_of(result):
    return [tuple(sorted(series["metric"].items())) for series in result]


def samples_by_series(result):
    found = {}
    for key, series in zip(series_of(result), result):
        found[key] = {kind: [series[name]] if name in ("value", "histogram") else series[name]
                      for name, kind in (("value", "floats"), ("values", "floats"),
                                         ("histogram", "histograms"), ("histograms", "histograms")) if name in series}
    return found


def difference_of_data(one, other):
    if one["resultType"] != other["resultType"]:
        return f"type {one['resultType']} and {other['resultType']}"
    if one["resultType"] in ("scalar", "string"):
        return difference_of_samples([one["result"]], [other["result"]])
    for who, keys in (("theirs", series_of(one["result"])), ("ours", series_of(other["result"]))):
        if len(keys) != len(set(keys)):
            return f"{who} tells a series twice: {sorted(key for key in set(keys) if keys.count(key) > 1)[:3]}"
    first, second = samples_by_series(one["result"]), samples_by_series(other["result"])
    if set(first) != set(second):
        return f"series: only {sorted(set(first) - set(second))[:3]}, only {sorted(set(second) - set(first))[:3]}"
    for key, samples in first.items():
        if set(samples) != set(second[key]):
            return f"{dict(key)}: {set(samples)} and {set(second[key])}"
        for kind in samples:
            difference = difference_of_samples(samples[kind], second[key][kind])
            if difference:
                return f"{dict(key)}: {difference}"
    return ""


def comparable(notes):
    """Notes as a set, without what is known to differ; None if some were left out, for they are any."""
    if any(note.endswith("annotations omitted") for note in notes):
        return None
    found = set()
    for note in notes:
        if not NEW.search(note):
            for pattern, replacement in REWORDED:
                note = pattern.sub(replacement, note)
            found.add(note)
    return found


def without_repeats(notes, others, told):
    """Without those that 3.5.3 told of another metric at another place: unnamed they are one, at one place (ANN-001)."""
    def text(note):
        return POSITION.sub("", note)
    named = {text(NAMED.sub("", note)) for note in told if NAMED.search(note)}
    return {note for note in notes
            if note in others or text(note) not in named or not any(text(note) == text(other) for other in notes & others)}


def difference_of_order(one, other):
    """What differs in the order of two sorted vectors."""
    values, others = ([series["value"][1] for series in answer["data"]["result"] if "value" in series]
                      for answer in (one, other))
    if len(values) == len(others) and all(map(same_number, values, others)):
        return ""
    return f"{values} and {others}"


def difference(one, other):
    """What differs between two answers, (status, JSON): (kind, text); None where nothing does."""
    (status, answer), (other_status, other_answer) = one, other
    if status != other_status or answer["status"] != other_answer["status"]:
        return "outcome", f"{status} {answer.get('error')} and {other_status} {other_answer.get('error')}"
    if answer["status"] == "error":
        for key in ("errorType", "error"):
            if answer[key] != other_answer[key]:
                return key, f"{answer[key]} and {other_answer[key]}"
        return None
    text = difference_of_data(answer["data"], other_answer["data"])
    if text:
        return "value", text
    for key in ("warnings", "infos"):
        notes, others = comparable(answer.get(key, [])), comparable(other_answer.get(key, []))
        if notes != others and notes is not None and others is not None:
            notes = without_repeats(notes, others, answer.get(key, []))
        if notes != others and notes is not None and others is not None:
            return key, f"only {sorted(notes - others)}, only {sorted(others - notes)}"
    return None

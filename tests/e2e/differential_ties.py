"""Aggregations that take some elements of many: where several are equal, which one is taken hangs on the order in the store."""

import collections
import re

from differential_compare import number, same_number
from differential_data import END, START
from differential_rewrites import for_theirs

GROUPING = re.compile(r"(by|without) *\((.*)\)")


class Pick:
    """topk, bottomk or limitk as a query has it."""

    def __init__(self, operation, count, vector, grouping, text):
        self.operation, self.count, self.vector, self.text = operation, for_theirs(count), for_theirs(vector), for_theirs(text)
        self.keyword, labels = (GROUPING.search(grouping).groups() if grouping else ("by", ""))
        self.labels = {label.strip() for label in labels.split(",")}

    def key(self, metric):
        """Of the group of an element."""
        if self.keyword == "by":
            return tuple(sorted(pair for pair in metric.items() if pair[0] in self.labels))
        return tuple(sorted(pair for pair in metric.items() if pair[0] not in self.labels | {"__name__"}))

    def groups(self, answer):
        """{(time, group): [values of those that may be taken]} of an answer."""
        found = collections.defaultdict(list)
        kinds = ("value", "histogram") if self.operation == "limitk" else ("value",)
        for series in answer["data"]["result"]:
            for kind in kinds:
                for at, value in series.get(f"{kind}s", [series[kind]] if kind in series else []):
                    found[at, self.key(series["metric"])].append(value)
        return found

    def is_tied(self, values, count):
        """Whether there is a choice."""
        if not 0 < count < len(values):
            return False
        if self.operation == "limitk":
            return True
        numbers = [number(value) for value in values]
        sign = -1 if self.operation == "topk" else 1
        ranks = sorted(sign * value for value in numbers if value == value) + [None] * sum(v != v for v in numbers)
        return ranks[count - 1] == ranks[count]


def counts(answer):
    """{time: number of elements} that a scalar says; those that are no such number are errors, and no matter here."""
    result = answer["data"]["result"]
    pairs = [result] if answer["data"]["resultType"] == "scalar" else result[0]["values"] if result else []
    return {at: int(number(value)) if abs(number(value)) < 1e9 else 0 for at, value in pairs}


class Ties:
    """`ask` gives the answer of the server that ours is compared with."""

    def __init__(self, ask):
        self.ask = ask

    def has_choice(self, pick, path, parameters):
        """Whether `pick` had to choose between equal elements at a time of the request."""
        wide = ("query_range", {"start": START - 600, "end": END + 900, "step": 10})
        asked = [(path, parameters)]
        if ":" in parameters["query"]:
            asked.append(wide)  # it may stand in a subquery
        for to, times in asked:
            answers = [self.ask(to, {**times, "query": query})[1] for query in (pick.vector, pick.count)]
            if any(answer["status"] != "success" for answer in answers):
                continue
            wanted = counts(answers[1])
            if any(pick.is_tied(values, wanted.get(at, 0)) for (at, _), values in pick.groups(answers[0]).items()):
                return True
        return False


def same_values(pick, theirs, ours):
    """Whether two answers of `pick` have as many elements of the same values in each group at each time."""
    groups, others = pick.groups(theirs), pick.groups(ours)
    if {key: len(values) for key, values in groups.items()} != {key: len(values) for key, values in others.items()}:
        return False
    if pick.operation == "limitk":
        return True
    return all(same_number(a, b) for key, values in groups.items() for a, b in zip(ordered(values), ordered(others[key])))


def ordered(values):
    """What is no number at the end."""
    return sorted(values, key=lambda value: (number(value) != number(value), number(value)))

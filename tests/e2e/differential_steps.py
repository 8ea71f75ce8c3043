"""A range query put together from instant ones."""

import re

PLACES = re.compile(r"@ *(start|end) *\( *\)")


def by_steps(ask, parameters):
    """The answer (status, JSON) that a query over a range has if each of its steps is asked for alone."""
    start, end, step = (float(parameters[name]) for name in ("start", "end", "step"))
    query = PLACES.sub(lambda found: f"@ {parameters[found[1]]}", parameters["query"])
    rows, notes, count = {}, {"warnings": set(), "infos": set()}, int((end - start) / step + 1e-9) + 1
    for index in range(count):
        status, answer = ask("query", {"query": query, "time": str(start + index * step)})
        if answer["status"] == "error":
            return status, answer
        for kind, known in notes.items():
            known.update(answer.get(kind, []))
        data = answer["data"]
        for series in data["result"] if data["resultType"] == "vector" else [{"metric": {}, "value": data["result"]}]:
            row = rows.setdefault(tuple(sorted(series["metric"].items())), {"metric": series["metric"]})
            for one, all_of_it in (("value", "values"), ("histogram", "histograms")):
                if one in series:
                    row.setdefault(all_of_it, []).append(series[one])
    return 200, {"status": "success", "data": {"resultType": "matrix", "result": list(rows.values())},
                 **{kind: sorted(known) for kind, known in notes.items()}}

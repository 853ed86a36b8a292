"""From rows to figures: medians of repetitions, speeds at equal recall, tables."""
import math
import statistics
from collections import defaultdict

LATENCY_AT = 0.95  # The recall at which latencies are reported.


def points(rows, speed):
    """(set, name) -> [(recall, speed)] by ef: medians over the repetitions."""
    samples = defaultdict(list)
    for row in rows:
        if row["command"] == "search" and speed in row:
            samples[row["set"], row["name"], row["ef"]].append((row["recall"], row[speed]))
    curves = defaultdict(list)
    for (data_set, name, _), values in sorted(samples.items(), key=lambda item: item[0]):
        recalls, speeds = zip(*values)
        curves[data_set, name].append((statistics.median(recalls), statistics.median(speeds)))
    return {key: sorted(curve) for key, curve in curves.items()}


def speed_at(curve, recall):
    """Interpolates between two measured points, linear in log speed. None outside the curve."""
    for (low, fast), (high, slow) in zip(curve, curve[1:]):
        if low <= recall <= high and high > low:
            part = (recall - low) / (high - low)
            return math.exp(math.log(fast) * (1 - part) + math.log(slow) * part)
    return None


def median_of(rows, command, key, **match):
    values = [
        row[key]
        for row in rows
        if row["command"] == command
        and key in row
        and all(row.get(name) == value for name, value in match.items())
    ]
    return statistics.median(values) if values else None


def cell(value, form="{:.3g}"):
    return "-" if value is None else form.format(value)


def table(head, lines):
    """In Markdown, without lines that have no figure but the name before them, and without columns
    that nobody has a figure for. "" when there is nothing left."""
    lines = [line for line in lines if any(cell != "-" for cell in line[1:])]
    if not lines:
        return ""
    kept = [i for i in range(len(head)) if any(line[i] != "-" for line in lines)]
    head, *lines = [[line[i] for i in kept] for line in [head, *lines]]
    return "\n".join(
        ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
        + ["| " + " | ".join(line) + " |" for line in lines]
    )


def names_of(rows, data_set):
    return list(dict.fromkeys(row["name"] for row in rows if row["set"] == data_set))


def build_speed(speed):
    """The key of a build's rows that corresponds to `speed` of a search's."""
    return {"qps": "rows_per_second", "cpu_qps": "rows_per_cpu_second"}[speed]


def speed_table(rows, data_set, recalls, anchor, speed):
    curves = points(rows, speed)
    lines = []
    for name in names_of(rows, data_set):
        line = [name]
        for recall in recalls:
            own = speed_at(curves.get((data_set, name), []), recall)
            other = speed_at(curves.get((data_set, anchor), []), recall)
            ratio = f" ({own / other:.2f})" if own and other else ""
            line.append(cell(own, "{:,.0f}") + ratio)
        for key in ("p50_us", "p99_us"):
            known = key == "p50_us" or speed == "qps"  # On a busy machine others make the tail.
            latencies = points(rows, key).get((data_set, name), []) if known else []
            line.append(cell(speed_at(latencies, LATENCY_AT), "{:.0f}"))
        match = {"set": data_set, "name": name}
        line.append(cell(median_of(rows, "build", build_speed(speed), **match), "{:,.0f}"))
        line.append(cell(median_of(rows, "build", "anonymous_bytes_per_row", **match), "{:.0f}"))
        line.append(cell(median_of(rows, "load", "seconds", **match), "{:.3f}"))
        lines.append(line)
    head = ["peer", *(f"queries/s at {recall:.2f}" for recall in recalls)]
    head += [f"p50 us at {LATENCY_AT}", "p99 us"]
    return table([*head, "rows/s built", "bytes a row", "load s"], lines)


def default_line(rows, data_set, speed):
    """A sentence about a search without options."""
    recall, rate, p50 = (
        median_of(rows, "default_search", key, set=data_set) for key in ("recall", speed, "p50_us")
    )
    if recall is None:
        return ""
    return f"VexFS at its default: recall {recall:.4f}, {rate:,.0f} queries/s, p50 {p50:.0f} us."


def filter_table(rows, data_set, speed):
    lines = []
    busy = speed != "qps"  # On a busy machine the tail is that of other programs.
    for name in names_of(rows, data_set):
        match = {"set": data_set, "name": name}
        whole = median_of(rows, "filtered", "p99_us", percent=100, **match)
        percents = sorted({r["percent"] for r in rows if r["command"] == "filtered"})
        for percent in percents:
            values = {**match, "percent": percent}
            p99 = median_of(rows, "filtered", "p99_us", **values)
            if p99 is None or whole is None:
                continue
            lines.append(
                [
                    name,
                    f"{percent:g} %",
                    cell(median_of(rows, "filtered", "recall", **values), "{:.4f}"),
                    cell(median_of(rows, "filtered", "returned_min", **values), "{:.0f}"),
                    cell(median_of(rows, "filtered", speed, **values), "{:,.0f}"),
                    cell(median_of(rows, "filtered", "p50_us", **values), "{:.0f}"),
                    "-" if busy else cell(p99, "{:.0f}"),
                    "-" if busy else f"{p99 / whole:.2f}",
                ]
            )
    head = ["peer", "may be found", "recall", "fewest found", "queries/s", "p50 us", "p99 us"]
    return table([*head, "p99 / unfiltered"], lines)


def churn_table(rows, data_set):
    lines = []
    for name in names_of(rows, data_set):
        match = {"set": data_set, "name": name}
        rounds = [
            r["round"]
            for r in rows
            if r["command"] == "churn_insert" and (r["set"], r["name"]) == (data_set, name)
        ]
        if not rounds:
            continue
        last = max(rounds)
        before = median_of(rows, "churn_search", "recall", round=0, **match)
        after = median_of(rows, "churn_search", "recall", round=last, step="", **match)
        fresh = median_of(rows, "churn_build", "anonymous_bytes_per_row", **match)
        used = median_of(rows, "churn_insert", "anonymous_bytes_per_row", round=last, **match)
        lines.append(
            [
                name,
                str(last),
                cell(before, "{:.4f}"),
                cell(after, "{:.4f}"),
                cell(fresh, "{:.0f}"),
                cell(used, "{:.0f}"),
                cell(median_of(rows, "churn_erase", "us_per_row", **match), "{:.1f}"),
                cell(median_of(rows, "churn_insert", "us_per_row", **match), "{:.1f}"),
            ]
        )
    head = ["peer", "rounds", "recall fresh", "recall after", "bytes a row fresh", "after"]
    return table([*head, "us a row erased", "us a row inserted"], lines)


def build_table(rows, data_set, anchor, speed):
    lines = []
    for name in names_of(rows, data_set):
        line = [name]
        for threads in (1, 2):
            own, other = (
                median_of(
                    rows, "build_rate", build_speed(speed), threads=threads, set=data_set, name=peer
                )
                for peer in (name, anchor)
            )
            ratio = f" ({own / other:.2f})" if own and other else ""
            line.append(cell(own, "{:,.0f}") + ratio)
        lines.append(line)
    return table(["peer", "rows/s, 1 thread", "rows/s, 2 threads"], lines)


def markdown(rows, arguments):
    """All tables for which there are rows."""
    text = []
    commands = {row["command"] for row in rows}
    for data_set in dict.fromkeys(row["set"] for row in rows):
        text.append(f"#### {data_set}")
        if "search" in commands:
            at = (arguments.recalls, arguments.anchor, arguments.speed)
            text.append(speed_table(rows, data_set, *at))
            text.append(default_line(rows, data_set, arguments.speed))
        if "build_rate" in commands:
            text.append(build_table(rows, data_set, arguments.anchor, arguments.speed))
        if "filtered" in commands:
            text.append(filter_table(rows, data_set, arguments.speed))
        if "churn_insert" in commands:
            text.append(churn_table(rows, data_set))
    return "\n\n".join(part for part in text if part) + "\n"


MARKS = ("<!-- begin vector search -->", "<!-- end vector search -->")


def put_into(path, tables):
    """Replaces what stands between the marks of a page."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    begin, end = (page.index(mark) for mark in MARKS)
    with open(path, "w", encoding="utf-8") as file:
        file.write(page[: begin + len(MARKS[0])] + "\n\n" + tables + "\n" + page[end:])

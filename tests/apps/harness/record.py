"""What an application says about its run, and how two runs are compared.

An application appends lines to the file named by $APPS_RECORD, three tab-separated fields:

    check <name> pass | fail: <why>           must pass everywhere; failing on the plain directory
                                              means the test or the machine is broken
    probe <name> pass | skip | fail: <why>    what passes on the plain directory must pass on the
                                              mount
                                              mount; there the value may also be
                                              limit: <why no mount can do it>
    same  <name> <value>                      must be equal in both places

A name used twice is an error of the test: the later line would hide the earlier one.
"""

from dataclasses import dataclass, field

KINDS = ("check", "probe", "same")


@dataclass
class Run:
    """One application in one place."""

    records: dict = field(default_factory=dict)  # (kind, name) -> value
    problems: list = field(default_factory=list)  # Exit code, timeout, health: always a failure.


@dataclass
class Verdict:
    failures: list
    passed: int  # Records that passed in every place that was tried.
    skipped: int  # Probes that do not pass on the plain directory either, or are a known limit.

    @property
    def ok(self):
        return not self.failures


def parse(text):
    run = Run()
    for line in text.splitlines():
        parts = line.split("\t", 2)
        if len(parts) != 3 or parts[0] not in KINDS:
            run.problems.append(f"unreadable record {line!r}")
            continue
        key = (parts[0], parts[1])
        if key in run.records:
            run.problems.append(f"{parts[0]} {parts[1]} was recorded twice")
        run.records[key] = parts[2]
    if not run.records:
        run.problems.append("nothing was recorded")
    return run


def judge(runs):
    """Compares the runs, a dict of place name ("plain", "mount") to Run. One place alone is judged
    by itself: its checks, its problems, and its probes."""
    failures = [f"{place}: {p}" for place, run in runs.items() for p in run.problems]
    passed = skipped = 0
    keys = _keys_in_every(runs, failures)
    for key in keys:
        found = _judge_one(key, {place: run.records[key] for place, run in runs.items()})
        if found is None:
            passed += 1
        elif found == "":
            skipped += 1
        else:
            failures.append(f"{key[1]}: {found}")
    return Verdict(failures, passed, skipped)


def _keys_in_every(runs, failures):
    """What was recorded everywhere; one failure for each place which ended before the others."""
    keys = list(dict.fromkeys(key for run in runs.values() for key in run.records))
    for place, run in runs.items():
        missing = [key[1] for key in keys if key not in run.records]
        if missing:
            more = f" nor {len(missing) - 1} more" if len(missing) > 1 else ""
            failures.append(f"{place}: {missing[0]} was not recorded{more}")
    return [key for key in keys if all(key in run.records for run in runs.values())]


def _judge_one(key, values):
    """None if it passed, "" if it counts for nothing, otherwise why it failed."""
    kind, _ = key
    if kind == "same":
        if len(set(values.values())) == 1:
            return None
        return ", ".join(f"{place} {value}" for place, value in values.items())
    if kind == "probe" and "plain" in values and values["plain"] != "pass":
        return ""
    if kind == "probe" and values.get("mount", "").startswith("limit: "):
        return ""
    bad = [f"{place} {value}" for place, value in values.items() if value != "pass"]
    if kind == "probe" and "plain" not in values and bad:
        return "" if values["mount"] == "skip" else bad[0]
    return ", ".join(bad) or None

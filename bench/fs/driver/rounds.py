"""Sections and rounds: every row is measured on all targets before the next row starts."""
import contextlib
import dataclasses
import fnmatch
import os
import sys

from driver import applications, machine
from driver.rows import DATA_ROWS, METADATA_ROWS, RowFailed, run_bench_fs


@dataclasses.dataclass
class Section:
    group: str
    backing: str
    rows: list


def sections(arguments):
    kinds = {"both": ("tmpfs", "ext4")}.get(arguments.backing, (arguments.backing,))
    patterns = arguments.rows.split(",")
    for group, rows in (
        ("data", DATA_ROWS),
        ("metadata", METADATA_ROWS),
        ("applications", applications.APPLICATION_ROWS),
    ):
        rows = [
            row for row in rows if any(fnmatch.fnmatch(row.name, pattern) for pattern in patterns)
        ]
        if group in arguments.groups and rows:
            for kind in kinds if group == "data" else kinds[-1:]:
                yield Section(group, kind, rows)


def run_section(section, targets, scratch, arguments, output):
    per_target = (arguments.file_mib << 20) + (1 << 30)
    with machine.backing(section.backing, scratch, per_target * len(targets)) as backing:
        mounts = contextlib.ExitStack()
        for target in targets:
            target.place(backing, scratch)
            mounts.callback(target.unmount)
        with mounts:
            prepare(section, targets, scratch, arguments)
            output.begin(section, targets)
            for number in range(arguments.rounds):
                where = f"{section.group} on {section.backing}"
                progress(f"{where}, round {number + 1} of {arguments.rounds}")
                run_round(section, targets, number, arguments, output)
    output.end(section)


def prepare(section, targets, scratch, arguments):
    if section.group == "applications":
        arguments.archive = os.path.join(scratch, "tree.tar")
        applications.make_archive(arguments, arguments.archive)
    for target in targets:
        if section.group == "applications":
            applications.prepare(target, arguments.archive)
        elif section.group == "data":
            run_bench_fs(
                arguments,
                "prepare",
                "rand_read",
                target.source,
                "--file-bytes",
                arguments.file_mib << 20,
            )
            target.mount()


def run_round(section, targets, number, arguments, output):
    # Another target goes first each time, so that the order decides nothing.
    for index, row in enumerate(section.rows):
        first = (number + index) % len(targets)
        for target in targets[first:] + targets[:first]:
            try:
                output.add(section, row, target, number, row.measure(target, arguments))
            except RowFailed as failure:
                output.add_failure(section, row, target, str(failure))


def progress(text):
    print(text, file=sys.stderr, flush=True)

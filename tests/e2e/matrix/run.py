#!/usr/bin/env python3
"""Runs test programs over every kind of mount: one line for each cell, exit 1 if any failed.

    run.py [--quick | --full] [--only PATTERN] [--bin DIR] [PROGRAM...] [-- ARGUMENT...]

A program is a name in --bin or a path. It finds its directory in VEXFS_TEST_DIR, the same
directory behind the mount in VEXFS_BACKING_DIR, and the mount in VEXFS_MOUNT;
VEXFS_TEST_UNPRIVILEGED=1 says that the caller is a plain user. Arguments after -- go to the
programs, e.g. --gtest_filter. Logs of failed cells are kept, and their place is printed.
"""

import argparse
import fnmatch
import os
import re
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from matrix import cells, execute  # noqa: E402
from support_py import sandbox  # noqa: E402

PROGRAMS = ["posix_test", "surface_test"]
REPOSITORY = HERE.parent.parent.parent


def parse(argv):
    own, rest = argv, []
    if "--" in argv:
        own, rest = argv[: argv.index("--")], argv[argv.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--quick", action="store_true", help="representative cells (the default)")
    which.add_argument("--full", action="store_true", help="every cell")
    parser.add_argument("--only", metavar="PATTERN", help="cells of this name, e.g. 'xfs/*/root'")
    parser.add_argument("--mounts", action="store_true", help="no cells of plain directories")
    parser.add_argument("--list", action="store_true", help="print the cells and stop")
    parser.add_argument("--bin", default=REPOSITORY / "build" / "release" / "bin", type=Path)
    parser.add_argument("--timeout", default=600, type=int, help="seconds for one program")
    parser.add_argument("programs", nargs="*", default=PROGRAMS)
    options = parser.parse_args(own)
    options.arguments = rest
    return options


def chosen_cells(options):
    # A pattern chooses among all cells unless --quick is said as well.
    every = options.full or (options.only and not options.quick)
    pattern = options.only or "*"
    cells_ = cells.full() if every else cells.quick()
    return [cell for cell in cells_ if fnmatch.fnmatch(str(cell), pattern)
            and (cell.way.mounted or not options.mounts)]


def keep_log(directory, cell, name, text):
    file = directory / (re.sub(r"\W+", "-", f"{cell}-{name}") + ".log")
    file.write_text(text)
    return file


def main():
    options = parse(sys.argv[1:])
    chosen = chosen_cells(options)
    if options.list:
        print("\n".join(map(str, chosen)))
        return 0
    if not chosen:
        sys.exit("no such cell; --list --full shows them all")
    binaries = [p if "/" in p else str(options.bin / p) for p in options.programs]
    for binary in [*binaries, str(options.bin / "vexfs")]:
        if not os.access(binary, os.X_OK):
            sys.exit(f"no program at {binary}")
    os.environ["VEXFS_BIN"] = str(options.bin.resolve() / "vexfs")
    sandbox.enter()
    return run(chosen, binaries, options)


def run(chosen, binaries, options):
    counts = {"ok": 0, "FAILED": 0, "skipped": 0}
    logs = None
    for cell in chosen:
        for binary in binaries:
            name = os.path.basename(binary)
            outcome = execute.execute(
                cell, os.path.realpath(binary), options.arguments, options.timeout
            )
            counts[outcome.verdict] += 1
            print(f"{outcome.verdict:7} {str(cell):38} {name}: {outcome.detail}", flush=True)
            if outcome.verdict == "FAILED":
                logs = logs or Path(tempfile.mkdtemp(prefix="vexfs-matrix-logs-"))
                for failure in execute.failures(outcome.log):
                    print(f"        {failure}")
                print(f"        log: {keep_log(logs, cell, name, outcome.log)}", flush=True)
    print(", ".join(f"{number} {verdict}" for verdict, number in counts.items()))
    if counts["FAILED"]:
        return 1
    return 0 if counts["ok"] else sandbox.SKIPPED


if __name__ == "__main__":
    sys.exit(main())

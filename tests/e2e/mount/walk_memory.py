#!/usr/bin/env python3
"""What a walk over many files costs the daemon: walk_memory.py [--files N] [--user]

Makes N small files on a tmpfs, walks them through a mount, and prints memory and descriptors of the
daemon before and after, and once the kernel has forgotten the files. Exit 1 if a bound is broken:
64 MiB for the walk, no descriptor kept per file, and the memory given back.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import backing, mount, process, sandbox, wait  # noqa: E402

FILES_PER_DIRECTORY = 1000
MIB = 1024 * 1024
WALK_BYTES_MAX = 64 * MIB
# Cached directories and the like; nothing that grows with the number of files.
DESCRIPTORS_KEPT_MAX = 2048
# What may stay of the growth, in parts of it, once all is forgotten; and what never goes. Names,
# which are kept where there are no handles, leave holes in the heap.
KEPT_SHARE_MAX = {"handles": 0.25, "paths": 0.75}
KEPT_BYTES_MAX = 4 * MIB
WALK_SECONDS_MAX = 600


@dataclass
class Figures:
    files: int
    idle_bytes: int
    walked_bytes: int
    peak_bytes: int
    forgotten_bytes: int
    idle_descriptors: int
    walked_descriptors: int
    identity: str

    def __str__(self):
        sizes = [self.idle_bytes, self.walked_bytes, self.peak_bytes, self.forgotten_bytes]
        idle, walked, peak, forgotten = (f"{size / MIB:.1f}" for size in sizes)
        return (
            f"{self.files} files by {self.identity}: RSS {idle} MiB idle, {walked} after the walk, "
            f"{peak} at most, {forgotten} when forgotten; descriptors {self.idle_descriptors} "
            f"idle, {self.walked_descriptors} after the walk"
        )

    def broken_bounds(self):
        grown = self.walked_bytes - self.idle_bytes
        kept = self.forgotten_bytes - self.idle_bytes
        checks = {
            f"more than {WALK_BYTES_MAX // MIB} MiB": self.walked_bytes > WALK_BYTES_MAX,
            "descriptors kept": self.walked_descriptors > DESCRIPTORS_KEPT_MAX,
            "memory kept": kept > KEPT_BYTES_MAX + KEPT_SHARE_MAX[self.identity] * grown,
        }
        return [what for what, broken in checks.items() if broken]


def make_files(source, count):
    for start in range(0, count, FILES_PER_DIRECTORY):
        directory = os.path.join(source, f"d{start // FILES_PER_DIRECTORY:05}")
        os.mkdir(directory)
        parent = os.open(directory, os.O_RDONLY)
        for number in range(start, min(start + FILES_PER_DIRECTORY, count)):
            os.mknod(f"file-{number:07}", 0o644, dir_fd=parent)
        os.close(parent)


def walk(path, uid=None):
    """Stats every file and returns how many there were."""
    command = ["find", path, "-type", "f", "-size", "-1", "-printf", "."]
    return len(process.check(command, uid=uid, timeout=WALK_SECONDS_MAX).stdout)


def make_kernel_forget(mounted):
    """Drops the kernel's inodes until the daemon knows next to none."""

    def few_left():
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("2")
        return mounted.status()["inodes"] < 1000

    wait.until(few_left, seconds=WALK_SECONDS_MAX, what="FORGET of the files")


def measure(count, user=False):
    """Inside the sandbox, as root."""
    uid = process.UNPRIVILEGED_ID if user else None
    point = tempfile.mkdtemp(prefix="walk-", dir=sandbox.scratch())
    os.chown(point, uid if user else 0, -1)
    with backing.make("tmpfs", options=["nr_inodes=0"]) as source:
        make_files(source, count)
        with mount.Mount(source, point, uid=uid) as mounted:
            identity = mounted.status()["identity"]
            idle, idle_descriptors = mounted.memory(), mounted.descriptors()
            found = walk(point, uid)
            if found != count:
                raise AssertionError(f"the walk saw {found} files of {count}")
            walked, descriptors = mounted.memory(), mounted.descriptors()
            make_kernel_forget(mounted)
            return Figures(
                files=count,
                idle_bytes=idle,
                walked_bytes=walked,
                peak_bytes=max(walked, mounted.memory("VmHWM")),
                forgotten_bytes=mounted.memory(),
                idle_descriptors=idle_descriptors,
                walked_descriptors=descriptors,
                identity=identity,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=1000000)
    parser.add_argument("--user", action="store_true", help="a plain user's mount")
    options = parser.parse_args()
    sandbox.enter()
    if not sandbox.is_root():
        print("skipped: needs root, for the tmpfs and to drop the kernel's caches")
        return sandbox.SKIPPED
    figures = measure(options.files, options.user)
    print(figures)
    for what in figures.broken_bounds():
        print(f"BROKEN: {what}")
    return 1 if figures.broken_bounds() else 0


if __name__ == "__main__":
    sys.exit(main())

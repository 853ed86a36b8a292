"""The rows that bench_fs measures, and the sample that every row gives."""
import dataclasses
import json
import subprocess

from driver import machine


@dataclasses.dataclass
class Sample:
    rate: float  # Operations a second; higher is better.
    details: dict


def typical(measure, seconds_wanted, times_max):
    """Short measurements are repeated, and the median is the round's sample."""
    samples, seconds = [], 0
    while not samples or (seconds < seconds_wanted and len(samples) < times_max):
        samples.append(measure())
        seconds += samples[-1].details["seconds"]
    return sorted(samples, key=lambda sample: sample.rate)[len(samples) // 2]


class RowFailed(Exception):
    """The target cannot do what the row asks, for example an xattr."""


def run_bench_fs(arguments, step, op, directory, *options):
    command = [
        arguments.bench_fs,
        "--op",
        op,
        "--only",
        step,
        "--dir",
        directory,
        *map(str, options),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RowFailed(
            done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "bench_fs failed"
        )
    return json.loads(done.stdout) if step == "measure" else None


@dataclasses.dataclass
class MetadataRow:
    """Rows that are measured on a fresh mount of files that were made behind it."""

    name: str
    op: str
    clients: int = 1

    def measure(self, target, arguments):
        return typical(lambda: self.measure_once(target, arguments), 0.03, 3)

    def measure_once(self, target, arguments):
        size = ["--clients", self.clients, "--count", max(1, arguments.count // self.clients)]
        run_bench_fs(arguments, "prepare", self.op, target.source, *size)
        try:
            if arguments.cold == "drop":
                machine.settle(target.source)
                machine.drop_dentries_and_inodes()
            target.mount()
            daemon = ["--daemon", target.pid] if target.pid else []
            found = run_bench_fs(
                arguments, "measure", self.op, target.path, "--total", "--json", *size, *daemon
            )
        finally:
            target.unmount()
            run_bench_fs(arguments, "clean", self.op, target.source)
        return Sample(found["per_second"], found)


METADATA_ROWS = [
    MetadataRow("create (empty)", "create"),
    MetadataRow("create + write + close", "create_write"),
    MetadataRow("stat, cold", "stat"),
    MetadataRow("stat, warm", "stat_warm"),
    MetadataRow("stat of a missing name", "stat_missing"),
    MetadataRow("open + read + close", "open_read"),
    MetadataRow("readdir, cold", "readdir"),
    MetadataRow("readdirplus (ls -l), cold", "readdirplus"),
    MetadataRow("rename", "rename"),
    MetadataRow("unlink", "unlink"),
    MetadataRow("mkdir", "mkdir"),
    MetadataRow("rmdir", "rmdir"),
    MetadataRow("symlink + readlink", "symlink"),
    MetadataRow("link", "link"),
    MetadataRow("chmod", "chmod"),
    MetadataRow("utimens", "utimens"),
    MetadataRow("getxattr", "getxattr"),
    MetadataRow("setxattr", "setxattr"),
    MetadataRow("listxattr", "listxattr"),
    MetadataRow("statfs", "statfs"),
    MetadataRow("stat, cold, 4 clients", "stat", 4),
    MetadataRow("create (empty), 4 clients", "create", 4),
]


SECONDS_MAX = 2  # One measurement of a data row ends after this; its speed is known by then.


@dataclasses.dataclass
class DataRow:
    """Rows on one file that is warm in the backing cache; the mount's own cache is dropped."""

    name: str
    op: str
    unit: int
    passes: float = 1  # The bytes moved, in sizes of the file.

    def measure(self, target, arguments):
        target.revive()
        first, before = target.requests(), target.requests()  # Asking costs a few READs itself.
        sample = typical(lambda: self.measure_once(target, arguments), 0.25, 5)
        after = target.requests()
        if after is not None:
            asking = {op: before[op] - first[op] for op in after}
            reached = {op: after[op] - before[op] - asking[op] for op in after}
            sample.details["requests"] = reached
        return sample

    def measure_once(self, target, arguments):
        machine.settle(target.source)
        file_bytes = arguments.file_mib << 20
        options = ["--total", "--json", "--file-bytes", file_bytes, "--seconds", SECONDS_MAX]
        options += ["--count", int(file_bytes * self.passes) // self.unit]
        if target.mounts:
            options.append("--drop-file-cache")
        found = run_bench_fs(arguments, "measure", self.op, target.path, *options)
        return Sample(found["per_second"], found)


DATA_ROWS = [
    DataRow("4k random read", "rand_read", 4096, 0.25),
    DataRow("4k random write", "rand_write", 4096, 0.25),
    DataRow("1M sequential read", "seq_read", 1 << 20),
    DataRow("1M sequential write", "seq_write", 1 << 20),
    DataRow("4k read, cached", "cached_read", 4096, 4),
    DataRow("mmap read", "mmap_read", 4096),
    DataRow("mmap write", "mmap_write", 4096),
]

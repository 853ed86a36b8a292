"""The programs under measurement and the conversation with them (bench/ann/README.md)."""
import json
import os
import subprocess


class PeerError(Exception):
    """A peer ended, or answered with an error."""


class Peer:
    """One running program. Its answers are rows: the answer, the peer and the data set."""

    def __init__(self, name, command, data_set, arguments):
        self.name = name
        self.data_set = data_set
        variant = ["--variant", arguments.variants[name]] if name in arguments.variants else []
        command = [
            *command,
            *("--base", data_set.path("base.fbin"), "--queries", data_set.path("query.fbin")),
            *("--truth", data_set.path("gt"), "--metric", data_set.metric),
            *("--k", str(arguments.k), "--m", str(arguments.m)),
            *("--ef-construction", str(arguments.ef_construction), "--cpu", str(arguments.cpu)),
            *variant,
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, command, **values):
        """The answer as a row, or PeerError."""
        words = [command, *(f"{key}={value}" for key, value in values.items())]
        try:
            self.process.stdin.write(" ".join(words) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # The program has ended; reading its answer will say so.
        line = self.process.stdout.readline()
        if not line:
            raise PeerError(f"{self.name} ended, exit {self.process.wait()}")
        row = {"name": self.name, "set": self.data_set.name, **json.loads(line)}
        if "error" in row:
            raise PeerError(f"{self.name}: {command}: {row['error']}")
        return row

    def end(self):
        try:
            self.process.stdin.write("quit\n")
            self.process.stdin.close()
        except (BrokenPipeError, ValueError):
            pass
        self.process.stdout.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def programs(arguments):
    """name -> command, ours first; a library that is missing leaves its peer out."""
    found = {}
    for name in arguments.peers:
        path = os.path.join(arguments.bin, "ann_" + name)
        if os.access(path, os.X_OK):
            found[name] = [path]
        else:
            print(f"run: no {path}: {name} is left out (build the target bench_ann)")
    for name, path in arguments.extra_program:
        found[name] = [os.path.abspath(path)]
    return found

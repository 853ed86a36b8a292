"""What the makers share: progress, the tool, and files that appear whole or not at all."""
import os
import struct
import subprocess
import sys
import time


class Steps:
    def __init__(self, name, folder, tool):
        self.name = name
        self.folder = folder
        self.tool = tool

    def path(self, suffix):
        return os.path.join(self.folder, f"{self.name}.{suffix}")

    def say(self, text):
        print(f"{self.name}: {text}", flush=True)

    def run(self, command, what, **options):
        """Runs a program; what it prints is shown only when it fails."""
        begun = time.monotonic()
        self.say(what)
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options
        )
        if done.returncode != 0:
            sys.stderr.buffer.write(done.stdout)
            raise SystemExit(f"{self.name}: {command[0]} failed ({what})")
        self.say(f"{what}: {time.monotonic() - begun:.1f} s")

    def keep(self, rows):
        """Leaves only the first rows of the base."""
        with open(self.path("base.fbin"), "r+b") as file:
            there, dim = struct.unpack("<II", file.read(8))
            rows = min(rows, there)
            file.seek(0)
            file.write(struct.pack("<II", rows, dim))
            file.truncate(8 + rows * dim * 4)
        self.say(f"kept {rows} rows of {there}")

    def truth(self, metric):
        threads = str(os.cpu_count())
        files = [self.path("base.fbin"), self.path("query.fbin"), self.path("gt")]
        self.run([self.tool, "truth", *files, metric, threads], "finding the exact neighbours")

"""Programs that people run, timed from start to end on a tree of real files."""
import dataclasses
import os
import subprocess
import tarfile
import time

from driver import machine
from driver.rows import RowFailed, Sample

C_FILES = 12
MAKEFILE = """objects := $(patsubst %.c,%.o,$(wildcard *.c))
program: $(objects)
\t$(CC) -o $@ $^
%.o: %.c common.h
\t$(CC) -O1 -c -o $@ $<
"""
GIT_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",  # status must not refresh the index: every round meets the same one.
    "GIT_CEILING_DIRECTORIES": "/",
    "LC_ALL": "C",
}


def make_archive(arguments, path):
    """The first `tree_files` regular files under the tree, in order of their names."""
    files = []
    for directory, subdirectories, names in os.walk(arguments.tree):
        subdirectories.sort()
        files += [os.path.join(directory, name) for name in sorted(names)]
        if len(files) > 2 * arguments.tree_files:
            break
    files = [file for file in files if os.path.isfile(file) and not os.path.islink(file)]
    files = files[: arguments.tree_files]
    with tarfile.open(path, "w") as archive:
        for file in files:
            archive.add(file, arcname=os.path.relpath(file, arguments.tree))
    return len(files)


def call(command, directory):
    done = subprocess.run(
        command,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **GIT_ENVIRONMENT},
        text=True,
    )
    if done.returncode != 0:
        raise RowFailed(f"{' '.join(command)}: {done.stderr.strip()[-200:]}")


def prepare(target, archive):
    """Makes a git repository, a tree to read, and a C project, once and behind the mount."""
    for name in ("repo", "tree"):
        os.mkdir(os.path.join(target.source, name))
        call(["tar", "-xf", archive], os.path.join(target.source, name))
    repo = os.path.join(target.source, "repo")
    call(["git", "init", "-q"], repo)
    call(["git", "add", "-A"], repo)
    call(
        [
            "git",
            "-c",
            "user.name=bench",
            "-c",
            "user.email=bench@localhost",
            "commit",
            "-q",
            "-m",
            "tree",
        ],
        repo,
    )
    write_c_project(os.path.join(target.source, "project"))


def write_c_project(path):
    os.mkdir(path)
    files = {
        "Makefile": MAKEFILE,
        "common.h": "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n",
    }
    for i in range(C_FILES):
        files[
            f"part{i}.c"
        ] = f'#include "common.h"\nint part{i}(int x) {{ return printf("%d\\n", x); }}\n'
    files["main.c"] = "int main(void) { return 0; }\n"
    for name, text in files.items():
        with open(os.path.join(path, name), "w", encoding="utf-8") as file:
            file.write(text)


@dataclasses.dataclass
class ApplicationRow:
    name: str
    command: list
    directory: str = "."  # The directory in which it runs, below the mount.
    fresh: bool = True  # It runs on a fresh mount; otherwise on the one of the row before.
    makes: str = ""  # A directory that is made for it, behind the mount.
    before: list = None  # A command that runs first behind the mount, untimed.

    def measure(self, target, arguments):
        command = [arguments.archive if word == "ARCHIVE" else word for word in self.command]
        if self.makes:
            os.mkdir(os.path.join(target.source, self.makes))
        if self.before:
            call(self.before, os.path.join(target.source, self.directory))
        if self.fresh:
            target.unmount()
            machine.settle(target.source)
            if arguments.cold == "drop":
                machine.drop_dentries_and_inodes()
            target.mount()
        begun = time.perf_counter()
        call(command, os.path.join(target.path, self.directory))
        seconds = time.perf_counter() - begun
        return Sample(1 / seconds, {"seconds": seconds})


APPLICATION_ROWS = [
    ApplicationRow("untar", ["tar", "-xf", "ARCHIVE"], "new", makes="new"),
    ApplicationRow("git status, fresh mount", ["git", "status", "--porcelain"], "repo"),
    ApplicationRow("git status, warm", ["git", "status", "--porcelain"], "repo", fresh=False),
    ApplicationRow("grep -r", ["grep", "-r", "-c", "include", "."], "tree"),
    ApplicationRow("find -ls", ["find", ".", "-ls"], "tree"),
    ApplicationRow("cp -a", ["cp", "-a", "tree", "copy"]),
    ApplicationRow("rm -rf", ["rm", "-rf", "copy"]),
    ApplicationRow(
        "make -j2, small C project",
        ["make", "-s", "-j2", "program"],
        "project",
        before=["rm", "-rf", "program"]
        + [f"part{i}.o" for i in range(C_FILES)]
        + ["main.o", "../new"],
    ),
]

#!/usr/bin/env python3
"""fsync_writer.py DIRECTORY SEED: writes files until an error, and says what it has fsynced.

Each file holds its own name, over and over. New files are written and fsynced under a temporary
name, renamed, and their directory is fsynced; then "NAME SIZE" goes to standard output. The end is
the first error of the filesystem, which is what a dying mount gives: exit 0 for ENOTCONN and
ECONNABORTED, else 1.
"""

import errno
import os
import random
import sys

EXPECTED = (errno.ENOTCONN, errno.ECONNABORTED)


def write_files(directory, seed):
    chosen = random.Random(seed)
    parent = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    number = 0
    while True:
        name = f"{seed:02}-{number:06}"
        size = len(name) * chosen.choice((1, 100, 1000, 10000))
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        file = os.open(f"{name}.tmp", flags, 0o644, dir_fd=parent)
        content = name.encode() * (size // len(name))
        while content:
            content = content[os.write(file, content) :]
        os.fsync(file)
        os.close(file)
        os.rename(f"{name}.tmp", name, src_dir_fd=parent, dst_dir_fd=parent)
        os.fsync(parent)
        os.write(1, f"{name} {size}\n".encode())
        number += 1


if __name__ == "__main__":
    try:
        write_files(sys.argv[1], int(sys.argv[2]))
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(0 if error.errno in EXPECTED else 1)

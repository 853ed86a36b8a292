#!/usr/bin/env python3
"""kill_worker.py MOUNT SEED: changes vectors and names at random until the mount dies.

Tells on its standard output what it is about to do and what was done, a JSON object a line:
  {"about": [FILE, VALUE or null]}  the vector of FILE is about to be set, or removed
  {"synced": true}                  fsync returned: all that was said before is durable
FILE is the content of the file, which is its own for each: inode numbers are used again. Names are
not told: whoever checks reads them from the tree. Exit 0 at the error that a dying mount
gives, else 1.
"""

import errno
import json
import os
import random
import shutil
import struct
import sys

EXPECTED = (errno.ENOTCONN, errno.ECONNABORTED)
ATTRIBUTE = "user.vexfs.vector.e2e"
FILES_MAX = 60


class Worker:
    def __init__(self, top, seed):
        self.top = top
        self.random = random.Random(seed)
        self.number = 0

    def say(self, **what):
        os.write(1, json.dumps(what).encode() + b"\n")

    def value(self):
        return [float(self.random.randrange(-1000, 1000)) for _ in range(4)]

    def new_name(self):
        self.number += 1
        directories = self.directories()
        return f"{self.random.choice(directories)}/{self.random.getrandbits(48):012x}"

    def walk(self):
        def fail(error):
            raise error

        return os.walk(self.top, onerror=fail)

    def directories(self):
        return [where for where, _, _ in self.walk()]

    def files(self):
        return [os.path.join(where, name) for where, _, names in self.walk() for name in names]

    def set(self, path, value):
        with open(path, encoding="ascii") as file:
            self.say(about=[file.read(), value])
        if value is None:
            os.removexattr(path, ATTRIBUTE)
        else:
            os.setxattr(path, ATTRIBUTE, struct.pack("<4f", *value))

    def get(self, path):
        if ATTRIBUTE not in os.listxattr(path):
            return None
        return list(struct.unpack("<4f", os.getxattr(path, ATTRIBUTE)))

    def give(self, path):
        self.set(path, self.value())

    def make(self):
        path = self.new_name()
        with open(path, "w", encoding="ascii") as file:
            file.write(f"{self.random.getrandbits(64):016x}")
        return path

    def create(self):
        self.give(self.make())

    def remove_vector(self):
        path = self.random.choice(self.files())
        if self.get(path) is not None:
            self.set(path, None)

    def copy(self):
        path = self.random.choice(self.files())
        value = self.get(path)
        target = self.make()
        with open(target, encoding="ascii") as file:
            self.say(about=[file.read(), value])
        shutil.copystat(path, target)

    def exchange(self):
        import ctypes
        files = self.files()
        one, other = (path.encode() for path in self.random.sample(files, 2))
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.renameat2(-100, one, -100, other, 2) != 0:
            raise OSError(ctypes.get_errno(), "renameat2")

    def unlink_open(self):
        path = self.random.choice(self.files())
        file = os.open(path, os.O_RDONLY)
        os.unlink(path)
        os.listxattr(file)
        os.close(file)

    def move_directory(self):
        movable = [path for path in self.directories() if path != self.top]
        if not movable:
            return
        moved = self.random.choice(movable)
        target = self.new_name()
        if not (target + "/").startswith(moved + "/"):
            os.rename(moved, target)

    def sync(self):
        file = os.open(self.top, os.O_RDONLY)
        os.fsync(file)
        os.close(file)
        self.say(synced=True)

    def step(self):
        files = self.files()
        if len(files) < 3:
            return self.create()
        if len(files) > FILES_MAX:
            return os.unlink(self.random.choice(files))
        return self.random.choice((
            self.create, self.create, self.create,
            lambda: self.give(self.random.choice(files)),
            lambda: self.give(self.random.choice(files)),
            self.remove_vector,
            self.copy,
            lambda: os.rename(self.random.choice(files), self.new_name()),
            lambda: os.rename(*self.random.sample(files, 2)),
            lambda: os.link(self.random.choice(files), self.new_name()),
            lambda: os.unlink(self.random.choice(files)),
            self.exchange,
            self.unlink_open,
            lambda: os.mkdir(self.new_name()),
            self.move_directory,
            self.sync,
        ))()


if __name__ == "__main__":
    worker = Worker(sys.argv[1], int(sys.argv[2]))
    try:
        while True:
            worker.step()
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(0 if error.errno in EXPECTED else 1)

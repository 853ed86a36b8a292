#!/usr/bin/env python3
"""Memory and descriptors of the daemon: idle, after a walk, with many files open."""

import os
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import walk_memory  # noqa: E402
from support_py import backing, mount, program  # noqa: E402
from support_py.case import MountCase, write  # noqa: E402

# The product's own aim is 6 MB. The test leaves room for another libc, and prints the figure.
IDLE_BYTES_MAX = 8 * 1000 * 1000
WALK_FILES = 100000
OPEN_FILES = 3000
USUAL_LIMIT = 1024


class Memory(MountCase):
    def setUp(self):
        super().setUp()
        self.sanitized = mount.sanitized()

    def test_idle(self):
        mounted = self.mount(self.backing(), self.directory())
        mounted.status()
        size = mounted.memory()
        print(f"idle: {size / 1e6:.2f} MB RSS, {mounted.descriptors()} descriptors")
        if not self.sanitized:
            self.assertLessEqual(size, IDLE_BYTES_MAX)

    def check_walk(self, user):
        if self.sanitized:
            self.skipTest("a sanitizer's memory says nothing of ours")
        figures = walk_memory.measure(WALK_FILES, user)
        print(figures)
        self.assertEqual(figures.broken_bounds(), [])

    @program.needs_root
    def test_walk(self):
        self.check_walk(user=False)

    @program.needs_root
    def test_walk_of_a_users_mount(self):
        self.check_walk(user=True)

    def test_many_open_files(self):
        for options in ([], ["passthrough=off"]):
            with self.subTest(options=options):
                source = self.backing()
                mounted = self.mount(source, self.directory(), options)
                # The daemon has started with the usual limit of 1,024, and must have raised it.
                set_soft_limit(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
                before = mounted.descriptors()
                files = []
                try:
                    for number in range(OPEN_FILES):
                        flags = os.O_RDWR | os.O_CREAT
                        files.append(os.open(f"{mounted.path}/{number}", flags, 0o644))
                        os.write(files[-1], str(number).encode())
                    # Two descriptors a file at most: one to serve it, one that the kernel holds.
                    self.assertLessEqual(mounted.descriptors(), before + 2 * OPEN_FILES + 100)
                    for number, file in enumerate(files):
                        self.assertEqual(os.pread(file, 10, 0), str(number).encode())
                finally:
                    for file in files:
                        os.close(file)
                mounted.unmount()
                self.assertEqual(len(os.listdir(source)), OPEN_FILES)
                set_soft_limit(USUAL_LIMIT)

    def test_descriptors_come_back(self):
        mounted = self.mount(self.backing("directory"), self.directory())
        write(f"{mounted.path}/file", b"x" * backing.MIB)
        for _ in range(3):
            before = mounted.descriptors()
            for _ in range(2000):
                with open(f"{mounted.path}/file", "rb") as file:
                    file.read(1)
                os.listdir(mounted.path)
            self.assertLess(mounted.descriptors(), before + 200)


def set_soft_limit(descriptors):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(descriptors, hard), hard))


if __name__ == "__main__":
    set_soft_limit(USUAL_LIMIT)
    program.main()

#!/usr/bin/env python3
"""user.vexfs.state and the vectors of the embedder: to be read, not to be copied or changed."""

import errno
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import process, program, wait  # noqa: E402
from support_py.case import write  # noqa: E402
from support_py.text import STATE, TextCase, state  # noqa: E402

VECTORS = "user.vexfs.vector.text"


class State(TextCase):
    def setUp(self):
        super().setUp()
        self.mount_with_texts({"soup.txt": "Carrots and lentils.\n"})
        self.path = f"{self.top}/soup.txt"

    def test_before_anything_is_indexed(self):
        self.assert_errno(errno.ENODATA, os.getxattr, self.path, STATE)

    def test_of_files(self):
        write(f"{self.top}/program", b"\x7fELF\x02\x01\x01\0\0\0\0\0\xff\xfe\0\0")
        write(f"{self.top}/.gitignore", b"*.tmp\n")
        write(f"{self.top}/draft.tmp", b"words\n")
        self.settle()
        self.assertEqual(state(self.path), "fresh")
        self.assertRegex(state(f"{self.top}/program"), "^skipped: .")
        self.assert_errno(errno.ENODATA, os.getxattr, f"{self.top}/draft.tmp", STATE)
        self.assert_errno(errno.ENODATA, os.getxattr, self.top, STATE)
        write(self.path, b"Other words.\n")
        self.assertIn(state(self.path), ("pending", "fresh"))
        wait.until(lambda: state(self.path) == "fresh", what="the file")

    def test_is_not_listed_and_not_set(self):
        self.settle()
        self.assertEqual(os.listxattr(self.path), [])
        for name in (STATE, VECTORS, "user.vexfs.other", "user.vexfs."):
            with self.subTest(name=name):
                self.assert_errno(errno.EPERM, os.setxattr, self.path, name, b"1234")
                self.assert_errno(errno.EPERM, os.removexattr, self.path, name)
        self.assertEqual(len(os.getxattr(self.path, VECTORS)) % 4, 0)
        self.assertGreater(len(os.getxattr(self.path, VECTORS)), 0)

    def test_sizes(self):
        self.settle()
        process.check(["getfattr", "-n", STATE, self.path])
        process.check(["getfattr", "-e", "hex", "-n", VECTORS, self.path])

    def test_copies_are_not_hindered(self):
        self.settle()
        process.check(["cp", "-a", self.path, f"{self.top}/copy"])
        process.check(["cp", "-a", self.path, self.directory()])


if __name__ == "__main__":
    program.main()

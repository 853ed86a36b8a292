#!/usr/bin/env python3
"""What is changed through the mount is found as it is now, however it was changed."""

import ctypes
import mmap
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import process, program, wait  # noqa: E402
from support_py.case import write  # noqa: E402
from support_py.text import TextCase, found  # noqa: E402

WORD = "passport mode:lexical fold:no"


class Content(TextCase):
    def setUp(self):
        super().setUp()
        self.mount_with_texts({"soup.txt": "Carrots and lentils.\n"})
        self.settle()
        self.assertEqual(found(self.top, WORD), [])

    def wait_for(self, *names, query=WORD):
        try:
            wait.until(lambda: sorted(found(self.top, query)) == sorted(names), what=str(names))
        except TimeoutError:
            self.fail(f"{names} are to be found, and {found(self.top, query)} are")

    def path(self, name):
        return f"{self.top}/{name}"

    def test_written_and_closed(self):
        write(self.path("new"), b"a passport\n")
        self.wait_for("new")
        write(self.path("new"), b"a cup of tea\n")
        self.wait_for()

    def test_written_in_place(self):
        fd = os.open(self.path("soup.txt"), os.O_WRONLY)
        os.pwrite(fd, b"passport ", 0)
        os.close(fd)
        self.wait_for("soup.txt")

    def test_written_in_place_with_old_times(self):
        status = os.stat(self.path("soup.txt"))
        fd = os.open(self.path("soup.txt"), os.O_WRONLY)
        os.pwrite(fd, b"passport and", 0)
        os.utime(fd, ns=(status.st_atime_ns, status.st_mtime_ns - 1_000_000_000))
        os.close(fd)
        self.wait_for("soup.txt")

    def test_the_last_writer_tells(self):
        first = os.open(self.path("new"), os.O_WRONLY | os.O_CREAT)
        second = os.open(self.path("new"), os.O_WRONLY)
        os.write(first, b"a passport\n")
        os.close(first)
        os.close(second)
        self.wait_for("new")

    def test_synced_and_still_open(self):
        fd = os.open(self.path("log"), os.O_WRONLY | os.O_CREAT)
        try:
            os.write(fd, b"a passport\n")
            os.fsync(fd)
            self.wait_for("log")
        finally:
            os.close(fd)

    def test_mapped(self):
        with open(self.path("soup.txt"), "r+b") as file:
            with mmap.mmap(file.fileno(), 0) as mapped:
                mapped[0:9] = b"passport "
        self.wait_for("soup.txt")

    def test_truncated(self):
        write(self.path("new"), b"a passport\n")
        self.wait_for("new")
        os.truncate(self.path("new"), 1)
        self.wait_for()

    def test_renamed_over(self):
        write(self.path("soup.txt.tmp"), b"a passport\n")
        os.rename(self.path("soup.txt.tmp"), self.path("soup.txt"))
        self.wait_for("soup.txt")
        self.wait_for(query="carrots mode:lexical")

    def test_exchanged(self):
        write(self.path("new"), b"a passport\n")
        self.wait_for("new")
        exchange = 2  # RENAME_EXCHANGE.
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
        result = renameat2(-100, os.fsencode(self.path("new")), -100,
                           os.fsencode(self.path("soup.txt")), exchange)
        self.assertEqual(result, 0, os.strerror(ctypes.get_errno()))
        self.wait_for("soup.txt")

    def test_a_file_without_a_name_gets_one(self):
        fd = os.open(self.top, os.O_TMPFILE | os.O_WRONLY)
        os.write(fd, b"a passport\n")
        # Only with a directory does Python follow the link.
        os.link(f"/proc/self/fd/{fd}", self.path("linked"), src_dir_fd=fd)
        os.close(fd)
        self.wait_for("linked")

    def test_copied_in_the_kernel(self):
        write(self.path("new"), b"a passport\n")
        source = os.open(self.path("new"), os.O_RDONLY)
        target = os.open(self.path("copy"), os.O_WRONLY | os.O_CREAT)
        os.copy_file_range(source, target, 100)
        os.close(source)
        os.close(target)
        self.wait_for("new", "copy")

    def test_zeros_in_the_middle(self):
        write(self.path("new"), b"a passport\n")
        self.wait_for("new")
        process.check(["fallocate", "-z", "-o", "0", "-l", "10", self.path("new")])
        self.wait_for()

    def test_deleted(self):
        write(self.path("new"), b"a passport\n")
        self.wait_for("new")
        os.unlink(self.path("new"))
        self.wait_for()

    def test_tools(self):
        process.check(["sh", "-c", f"echo a passport > {self.path('a')}; "
                                   f"cp -p {self.path('a')} {self.path('b')}; "
                                   f"sed -i s/lentils/passport/ {self.path('soup.txt')}; "
                                   f"install -m 600 {self.path('a')} {self.path('c')}; "
                                   f"mkdir {self.path('d')}; mv {self.path('a')} {self.path('d')}"])
        self.wait_for("b", "c", "d/a", "soup.txt")

    def test_only_read(self):
        """What was only opened is not looked at again."""
        fd = os.open(self.path("soup.txt"), os.O_RDWR)
        os.close(fd)
        self.assertEqual(os.getxattr(self.path("soup.txt"), "user.vexfs.state"), b"fresh")


if __name__ == "__main__":
    program.main()

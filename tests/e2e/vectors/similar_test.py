#!/usr/bin/env python3
"""similar/NAME/: files like NAME, as ranked symlinks that any tool can follow."""

import errno
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import process, program, wait  # noqa: E402
from support_py.case import NOBODY, read  # noqa: E402
from support_py.vectors import EAST, NEAR_EAST, NORTH, VectorCase, search  # noqa: E402

OTHER = 1234  # Another user than NOBODY.


class Similar(VectorCase):
    def setUp(self):
        super().setUp()
        self.top = self.mount_with_space()
        os.makedirs(f"{self.top}/a/b")
        self.file(f"{self.top}/east", EAST, b"east")
        self.file(f"{self.top}/a/near.txt", NEAR_EAST, b"near")
        self.file(f"{self.top}/a/b/north", NORTH, b"north")
        self.file(f"{self.top}/none")

    def results(self, name, directory=""):
        return f"{self.top}/{directory}/.vexfs/similar/{name}"

    def test_entries_are_ranked_links_to_the_files(self):
        results = self.results("east")
        names = sorted(os.listdir(results))
        self.assertEqual(names, ["01_0.99_near.txt", "02_0.00_north"])
        self.assertEqual(os.readlink(f"{results}/{names[0]}"), "../../../a/near.txt")
        self.assertEqual([read(f"{results}/{name}") for name in names], [b"near", b"north"])
        self.assertTrue(os.path.samefile(f"{results}/{names[1]}", f"{self.top}/a/b/north"))

    def test_of_a_directory_below(self):
        results = self.results("near.txt", "a")
        self.assertEqual(len(os.listdir(results)), 1)
        (name,) = os.listdir(results)
        self.assertRegex(name, r"^01_0\.\d\d_north$")
        self.assertEqual(os.readlink(f"{results}/{name}"), "../../../b/north")
        self.assertEqual(read(f"{results}/{name}"), b"north")

    def test_tools(self):
        results = self.results("east")
        listing = process.check(["ls", "-l", results + "/"]).stdout
        self.assertEqual(len(re.findall(r"^l.* -> \.\./", listing, re.MULTILINE)), 2, listing)
        target = self.directory()
        process.check(["cp", "-rL", results, f"{target}/copy"])
        self.assertEqual(read(f"{target}/copy/01_0.99_near.txt"), b"near")
        os.chmod(f"{target}/copy", 0o755)
        found = process.check(["find", "-L", results, "-type", "f"]).stdout.split()
        self.assertEqual(len(found), 2)
        self.assertEqual(process.check(["cat", found[0]]).returncode, 0)
        process.check(["tar", "-chf", "/dev/null", "-C", results, "."])
        os.stat(f"{results}/01_0.99_near.txt", follow_symlinks=False)

    def test_what_there_is_none_of(self):
        self.assert_errno(errno.ENOENT, os.listdir, self.results("nothing"))
        self.assert_errno(errno.ENODATA, os.listdir, self.results("none"))
        self.assertEqual(os.listdir(f"{self.top}/.vexfs/similar"), [])
        self.assert_errno(errno.ENOENT, os.lstat, f"{self.results('east')}/01_0.99_other")
        self.assert_errno(errno.ENOENT, os.lstat, f"{self.results('east')}/03_0.99_near.txt")

    def test_changes_show_at_once(self):
        results = self.results("east")
        self.assertEqual(len(os.listdir(results)), 2)
        # The kernel reports a closed directory a moment later; until then it keeps its entries.
        os.rename(f"{self.top}/a", f"{self.top}/c")
        link = f"{results}/01_0.99_near.txt"
        wait.until(lambda: os.readlink(link) == "../../../c/near.txt", what="the new target")
        os.unlink(f"{self.top}/c/near.txt")
        wait.until(lambda: os.listdir(results) == ["01_0.00_north"], what="what is left")
        self.file(f"{self.top}/new", EAST)
        both = ["01_1.00_new", "02_0.00_north"]
        wait.until(lambda: sorted(os.listdir(results)) == both, what="the new file")

    def test_an_open_directory_keeps_its_entries(self):
        results = self.results("east")
        fd = os.open(results, os.O_RDONLY | os.O_DIRECTORY)
        try:
            before = sorted(os.listdir(fd))
            os.unlink(f"{self.top}/a/near.txt")
            self.assertEqual(sorted(os.listdir(fd)), before)
            self.assertEqual(os.readlink(before[0], dir_fd=fd), "../../../a/near.txt")
        finally:
            os.close(fd)

    def test_long_names(self):
        name = "é" * 125 + ".txt"  # 254 bytes.
        self.file(f"{self.top}/{name}", EAST)
        (first, *_) = sorted(os.listdir(self.results("east")))
        self.assertLessEqual(len(first.encode()), 255)
        self.assertTrue(first.startswith("01_1.00_é") and first.endswith("é.txt"), first)
        self.assertEqual(os.readlink(f"{self.results('east')}/{first}"), f"../../../{name}")
        self.assertEqual(len(os.listdir(self.results(name))), 3)

    def test_nothing_in_it_changes(self):
        results = self.results("east")
        entry = f"{results}/01_0.99_near.txt"
        for call, arguments in ((os.unlink, (entry,)), (os.mkdir, (f"{results}/new",)),
                                (os.rename, (entry, f"{self.top}/taken")),
                                (os.symlink, ("x", f"{results}/new")), (os.rmdir, (results,)),
                                (os.mkdir, (f"{self.top}/.vexfs/similar/new",))):
            with self.subTest(call=call.__name__), self.assertRaises(OSError) as caught:
                call(*arguments)
            self.assertIn(caught.exception.errno, (errno.EPERM, errno.EACCES, errno.EEXIST))

    def test_more_directories_of_results_than_are_kept(self):
        count = 300
        for number in range(count):
            self.file(f"{self.top}/a/{number}", (1.0, number / count, 0, 0))
        for number in range(count):
            self.assertGreater(len(os.listdir(self.results(str(number), "a"))), 1)
        entries = os.listdir(self.results("0", "a"))
        self.assertEqual(len(entries), 20)
        for entry in entries:
            os.stat(f"{self.results('0', 'a')}/{entry}")

    @program.needs_root
    def test_each_caller_has_its_own(self):
        os.chmod(f"{self.top}/a/near.txt", 0o600)
        os.chown(f"{self.top}/a/near.txt", NOBODY, NOBODY)
        results = self.results("east")

        def listed(uid):
            return process.check(["ls", results], uid=uid).stdout.split()

        for _ in range(3):  # In turns: what one was shown is not kept for the other.
            self.assertEqual(listed(NOBODY), ["01_0.99_near.txt", "02_0.00_north"])
            self.assertEqual(listed(OTHER), ["01_0.00_north"])
            self.assertEqual(listed(None), ["01_0.99_near.txt", "02_0.00_north"])
        os.chmod(f"{self.top}/a/b/north", 0o600)
        self.assertEqual(listed(OTHER), [])
        os.chmod(f"{self.top}/east", 0o600)
        self.assertEqual(process.run(["ls", results], uid=OTHER).returncode, 2)
        self.assertEqual(search(self.top, EAST, k=1), ["east"])


if __name__ == "__main__":
    program.main()

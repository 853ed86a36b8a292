#!/usr/bin/env python3
"""search/QUERY/: a directory like any other, whatever walks through it and whatever changes."""

import errno
import os
import re
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, process, program, wait  # noqa: E402
from support_py.case import NOBODY, read, write  # noqa: E402
from support_py.text import TextCase, found  # noqa: E402

OTHER = 1234  # Another user than NOBODY.

TEXTS = {
    "travel/passport.md": "# Passport renewal\n\nBring the old passport and two photographs.\n",
    "travel/visa.txt": "The embassy wants a passport that is valid for six months.\n",
    "kitchen/bread.md": "Knead the dough, let it rise, bake the bread for forty minutes.\n",
    "kitchen/soup.txt": "Simmer carrots and lentils for a thick soup.\n",
}


class Search(TextCase):
    def setUp(self):
        super().setUp()
        self.mount_with_texts(TEXTS)
        self.settle()

    def results(self, query, directory=""):
        return f"{self.top}/{directory}/.vexfs/search/{query}"

    def test_entries_are_ranked_links_to_the_files(self):
        results = self.results("passport renewal")
        names = sorted(os.listdir(results))
        self.assertRegex(names[0], r"^01_\d\.\d\d_passport\.md$")
        self.assertEqual(os.readlink(f"{results}/{names[0]}"), "../../../travel/passport.md")
        self.assertEqual(read(f"{results}/{names[0]}"), TEXTS["travel/passport.md"].encode())
        self.assertEqual(found(self.top, "dough bread")[0], "kitchen/bread.md")

    def test_of_a_directory_below(self):
        self.assertEqual(found(f"{self.top}/kitchen", "passport soup")[0], "soup.txt")
        for name in found(f"{self.top}/kitchen", "passport"):
            self.assertIn(name, ("bread.md", "soup.txt"))

    def test_qualifiers(self):
        self.assertEqual(len(found(self.top, "passport k:1")), 1)
        self.assertEqual(found(self.top, "passport type:txt mode:lexical"), ["travel/visa.txt"])
        self.assertEqual(found(self.top, "passport path:kitchen mode:lexical"), [])
        self.assertEqual(found(self.top, "passport after:2100-01-01"), [])

    def test_names_that_ask_nothing(self):
        for name in ("k:5", " ", "type:md k:3", "passport k:0", "passport k:many",
                     "passport after:yesterday", "passport mode:telepathy",
                     "passport space:none"):
            with self.subTest(name=name):
                self.assert_errno(errno.EINVAL, os.listdir, self.results(name))
        # These are names of every directory, and no queries.
        self.assertTrue(os.path.samefile(self.results(".."), f"{self.top}/.vexfs"))
        self.assertTrue(os.path.samefile(self.results("."), f"{self.top}/.vexfs/search"))
        self.assertEqual(os.listdir(self.results("")), [])

    def test_long_and_odd_names(self):
        for name in ("passport " * 28 + "ab", "é" * 127, "..passport", "-rf", "*", "passport\n",
                     "\x01\x02 passport", "a:b passport", "パスポート", "passport " + "\\" * 9):
            with self.subTest(name=name):
                self.assertLessEqual(len(name.encode()), 255)
                os.listdir(self.results(name))
        raw = f"{self.results('')}".encode() + b"passport \xff\xfe"
        try:
            os.listdir(raw)
        except OSError as error:
            self.assertEqual(error.errno, errno.EINVAL)

    def test_tools(self):
        results = self.results("passport renewal")
        listing = process.check(["ls", "-l", results + "/"]).stdout
        links = re.findall(r"^l.* -> \.\./", listing, re.MULTILINE)
        self.assertGreaterEqual(len(links), 2, listing)
        self.assertIn("passport.md", process.check(["ls", results]).stdout)
        target = self.directory()
        process.check(["cp", "-rL", results, f"{target}/copy"])
        (copied,) = [name for name in os.listdir(f"{target}/copy") if "passport.md" in name]
        self.assertEqual(read(f"{target}/copy/{copied}"), TEXTS["travel/passport.md"].encode())
        os.chmod(f"{target}/copy", 0o755)
        files = process.check(["find", "-L", results, "-type", "f"]).stdout.splitlines()
        self.assertEqual(len(files), len(os.listdir(results)))
        process.check(["tar", "-chf", "/dev/null", "-C", results, "."])
        self.assertIn("photographs", process.check(["grep", "-r", "-h", "photographs",
                                                    *files]).stdout)
        process.check(["du", "-sL", results])

    def test_a_storm_of_lookups(self):
        """As a file manager does it: list, stat all, list again, from several threads."""
        failures = []

        def storm(query):
            try:
                for _ in range(30):
                    with os.scandir(self.results(query)) as entries:
                        for entry in entries:
                            entry.stat(follow_symlinks=False)
                            os.stat(entry.path)
                    os.stat(self.results(query))
            except OSError as error:
                failures.append(error)

        threads = [threading.Thread(target=storm, args=(query,))
                   for query in ("passport", "soup", "passport", "bread soup k:3")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_what_was_listed_can_be_opened_while_results_change(self):
        results = self.results("passport renewal")
        before = sorted(os.listdir(results))
        for number in range(5):
            write(f"{self.top}/travel/new{number}.md", b"passport renewal passport renewal\n")
        wait.until(lambda: "new0.md" in " ".join(os.listdir(results)), what="the new files")
        for name in before:
            self.assertTrue(os.path.lexists(f"{results}/{name}"), name)

    def test_renames_and_deletes_under_it(self):
        results = self.results("passport renewal mode:lexical")
        os.rename(f"{self.top}/travel", f"{self.top}/journeys")
        link = f"{results}/{sorted(os.listdir(results))[0]}"
        wait.until(lambda: "../../../journeys/" in os.readlink(
            f"{results}/{sorted(os.listdir(results))[0]}"), what="the new path")
        fd = os.open(results, os.O_RDONLY | os.O_DIRECTORY)
        try:
            before = sorted(os.listdir(fd))
            os.unlink(f"{self.top}/journeys/passport.md")
            self.assertEqual(sorted(os.listdir(fd)), before)
            self.assertEqual(os.readlink(before[0], dir_fd=fd), "../../../journeys/passport.md")
        finally:
            os.close(fd)
        wait.until(lambda: found(self.top, "passport renewal mode:lexical")
                   == ["journeys/visa.txt"], what="what is left")
        self.assertFalse(os.path.exists(link))

    def test_nothing_in_it_changes(self):
        results = self.results("passport")
        entry = f"{results}/{os.listdir(results)[0]}"
        for call, arguments in ((os.unlink, (entry,)), (os.mkdir, (f"{results}/new",)),
                                (os.rename, (entry, f"{self.top}/taken")),
                                (os.symlink, ("x", f"{results}/new")), (os.rmdir, (results,)),
                                (os.mkdir, (f"{self.top}/.vexfs/search/new",))):
            with self.subTest(call=call.__name__), self.assertRaises(OSError) as caught:
                call(*arguments)
            self.assertIn(caught.exception.errno, (errno.EPERM, errno.EACCES, errno.EEXIST))

    def test_many_queries_leave_nothing_behind(self):
        def ask_all(first):
            for number in range(first, first + 1000):
                os.listdir(self.results(f"passport question number {number}"))

        ask_all(0)
        memory, descriptors = self.mounted.memory(), self.mounted.descriptors()
        ask_all(1000)
        self.assertLessEqual(self.mounted.descriptors(), descriptors + 4)
        if not mount.sanitized():
            self.assertLess(self.mounted.memory() - memory, 4 << 20)
        self.assertEqual(found(self.top, "passport renewal k:1"), ["travel/passport.md"])

    @program.needs_root
    def test_each_caller_has_its_own(self):
        os.chmod(f"{self.top}/travel/passport.md", 0o600)
        os.chown(f"{self.top}/travel/passport.md", NOBODY, NOBODY)
        results = self.results("passport mode:lexical")

        def listed(uid):
            names = process.check(["ls", results], uid=uid).stdout.split()
            return sorted(name[8:] for name in names)

        for _ in range(3):  # In turns: what one was shown is not kept for the other.
            self.assertEqual(listed(NOBODY), ["passport.md", "visa.txt"])
            self.assertEqual(listed(OTHER), ["visa.txt"])
            self.assertEqual(listed(None), ["passport.md", "visa.txt"])
        os.chmod(f"{self.top}/travel", 0o700)
        self.assertEqual(listed(OTHER), [])

    @program.needs_root
    def test_two_callers_at_once(self):
        os.chmod(f"{self.top}/travel/passport.md", 0o600)
        os.chown(f"{self.top}/travel/passport.md", NOBODY, NOBODY)
        results = self.results("passport mode:lexical")
        script = (f"for i in $(seq 40); do ls '{results}' || exit 1; done"
                  " | cut -c 9- | sort | uniq -c")
        outputs = {}

        def loop(uid):
            outputs[uid] = process.check(["sh", "-c", script], uid=uid).stdout.split()

        threads = [threading.Thread(target=loop, args=(uid,)) for uid in (NOBODY, OTHER)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(outputs[NOBODY], ["40", "passport.md", "40", "visa.txt"])
        self.assertEqual(outputs[OTHER], ["40", "visa.txt"])


if __name__ == "__main__":
    program.main()

#!/usr/bin/env python3
"""saved/NAME/: searches with a name, which follow the data and wake who waits for them."""

import errno
import os
import select
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import process, program, wait  # noqa: E402
from support_py.case import NOBODY, write  # noqa: E402
from support_py.text import TextCase  # noqa: E402

OTHER = 1234  # Another user than NOBODY.
SECONDS = 30


def names(directory):
    """The names of the files that a saved search finds, without rank and score."""
    return sorted(entry[8:] for entry in os.listdir(directory))


def attribute(name):
    return f"user.vexfs.saved.{name}"


class Saved(TextCase):
    def setUp(self):
        super().setUp()
        self.mount_with_texts({"travel/passport.md": "Passport renewal\n",
                               "travel/visa.txt": "An embassy wants a passport.\n",
                               "soup.txt": "Carrots and lentils.\n"})
        self.settle()
        self.saved = f"{self.top}/.vexfs/saved"

    def test_made_listed_renamed_removed(self):
        self.assertEqual(os.listdir(self.saved), [])
        os.mkdir(f"{self.saved}/passport mode:lexical")
        self.assertEqual(os.listdir(self.saved), ["passport mode:lexical"])
        self.assertEqual(names(f"{self.saved}/passport mode:lexical"), ["passport.md", "visa.txt"])
        os.rename(f"{self.saved}/passport mode:lexical", f"{self.saved}/papers")
        self.assertEqual(os.listdir(self.saved), ["papers"])
        self.assertEqual(names(f"{self.saved}/papers"), ["passport.md", "visa.txt"])
        self.assert_errno(errno.ENOENT, os.listdir, f"{self.saved}/passport mode:lexical")
        self.assert_errno(errno.EEXIST, os.mkdir, f"{self.saved}/papers")
        os.rmdir(f"{self.saved}/papers")
        self.assertEqual(os.listdir(self.saved), [])
        self.assert_errno(errno.ENOENT, os.rmdir, f"{self.saved}/papers")
        self.assert_errno(errno.ENOENT, os.listdir, f"{self.saved}/papers")

    def test_is_an_attribute_of_its_directory(self):
        os.setxattr(f"{self.top}/travel", attribute("papers"), b"passport mode:lexical")
        papers = f"{self.top}/travel/.vexfs/saved/papers"
        self.assertEqual(names(papers), ["passport.md", "visa.txt"])
        self.assertEqual(os.listxattr(f"{self.top}/travel"), [attribute("papers")])
        os.setxattr(f"{self.top}/travel", attribute("papers"), b"embassy mode:lexical")
        self.assertEqual(names(papers), ["visa.txt"])
        os.rename(f"{self.top}/travel", f"{self.top}/journeys")
        self.assertEqual(os.listdir(f"{self.top}/journeys/.vexfs/saved"), ["papers"])
        os.removexattr(f"{self.top}/journeys", attribute("papers"))
        self.assertEqual(os.listdir(f"{self.top}/journeys/.vexfs/saved"), [])
        self.assert_errno(errno.EPERM, os.setxattr, f"{self.top}/soup.txt", attribute("x"), b"x")
        self.assert_errno(errno.EINVAL, os.setxattr, self.top, attribute("a/b"), b"x")
        self.assert_errno(errno.EINVAL, os.setxattr, self.top, attribute(".."), b"x")
        self.assert_errno(errno.E2BIG, os.setxattr, self.top, attribute("x"), b"x" * 5000)

    def test_survives_a_remount_and_a_copy(self):
        os.mkdir(f"{self.top}/travel/.vexfs/saved/embassy mode:lexical")
        process.check(["cp", "-a", f"{self.top}/travel", f"{self.top}/copy"])
        self.mounted.unmount()
        self.mounted = self.mount(self.source, None)
        for directory in ("travel", "copy"):
            saved = f"{self.top}/{directory}/.vexfs/saved/embassy mode:lexical"
            wait.until(lambda: names(saved) == ["visa.txt"], what=f"the search in {directory}")

    def test_what_cannot_be_saved(self):
        for name, number in (("k:5", errno.EINVAL), (" ", errno.EINVAL),
                             ("a" * 239, errno.ENAMETOOLONG)):
            self.assert_errno(number, os.mkdir, f"{self.saved}/{name}")
        os.mkdir(f"{self.saved}/{'a' * 238}")
        os.mkdir(f"{self.saved}/passport")
        self.assert_errno(errno.EEXIST, os.rename, f"{self.saved}/passport",
                          f"{self.saved}/{'a' * 238}")
        for target in (f"{self.top}/passport", f"{self.top}/.vexfs/search/passport"):
            with self.assertRaises(OSError):
                os.rename(f"{self.saved}/passport", target)
        with self.assertRaises(OSError):
            os.mkdir(f"{self.saved}/passport/inner")
        with self.assertRaises(OSError):
            write(f"{self.saved}/file")
        self.assertEqual(sorted(os.listdir(self.saved)), ["a" * 238, "passport"])

    def test_tools(self):
        process.check(["mkdir", f"{self.saved}/passport mode:lexical"])
        process.check(["ls", "-lR", self.saved])
        process.check(["find", "-L", self.saved])
        process.check(["cp", "-rL", f"{self.saved}/passport mode:lexical", self.directory()])
        process.check(["mv", f"{self.saved}/passport mode:lexical", f"{self.saved}/papers"])
        process.check(["rmdir", f"{self.saved}/papers"])

    @program.needs_root
    def test_the_rights_are_those_of_the_directory(self):
        os.chown(f"{self.top}/travel", NOBODY, NOBODY)
        os.chmod(f"{self.top}/travel", 0o755)
        saved = f"{self.top}/travel/.vexfs/saved"
        self.assertNotEqual(process.run(["mkdir", f"{saved}/passport"], uid=OTHER).returncode, 0)
        process.check(["mkdir", f"{saved}/passport"], uid=NOBODY)
        process.check(["ls", f"{saved}/passport"], uid=OTHER)
        self.assertNotEqual(process.run(["rmdir", f"{saved}/passport"], uid=OTHER).returncode, 0)
        os.chmod(f"{self.top}/travel", 0o1777)
        self.assertNotEqual(process.run(["mkdir", f"{saved}/embassy"], uid=OTHER).returncode, 0)
        os.chmod(f"{self.top}/travel", 0o777)
        process.check(["mkdir", f"{saved}/embassy"], uid=OTHER)
        process.check(["rmdir", f"{saved}/passport"], uid=OTHER)
        os.chmod(f"{self.top}/travel", 0o700)
        self.assertNotEqual(process.run(["ls", saved], uid=OTHER).returncode, 0)

    @program.needs_root
    def test_each_caller_sees_its_own(self):
        os.mkdir(f"{self.saved}/passport mode:lexical")
        os.chmod(f"{self.top}/travel/visa.txt", 0o600)
        saved = f"{self.saved}/passport mode:lexical"
        for _ in range(2):
            self.assertEqual(process.check(["ls", saved], uid=OTHER).stdout.count("\n"), 1)
            self.assertEqual(len(os.listdir(saved)), 2)

    def test_entries_follow_the_data(self):
        saved = f"{self.saved}/passport mode:lexical"
        os.mkdir(saved)
        write(f"{self.top}/new.md", b"Another passport\n")
        wait.until(lambda: "new.md" in names(saved), what="the new file")
        os.unlink(f"{self.top}/travel/visa.txt")
        wait.until(lambda: names(saved) == ["new.md", "passport.md"], what="one file less")

    def test_who_waits_is_woken(self):
        saved = f"{self.saved}/passport mode:lexical"
        os.mkdir(saved)
        fd = os.open(f"{saved}/.changes", os.O_RDONLY)
        try:
            poll = select.poll()
            poll.register(fd, select.POLLIN)
            self.assertEqual(poll.poll(0), [])
            self.assertEqual(os.read(fd, 4096), b"")
            write(f"{self.top}/new.md", b"Another passport\n")
            self.assertEqual(poll.poll(SECONDS * 1000), [(fd, select.POLLIN)])
            self.assertEqual(os.read(fd, 4096), b"+new.md\n")
            self.assertEqual(poll.poll(0), [])
            write(f"{self.top}/tea.md", b"A cup of tea\n")  # No result of this search.
            os.unlink(f"{self.top}/travel/visa.txt")
            self.assertEqual(poll.poll(SECONDS * 1000), [(fd, select.POLLIN)])
            self.assertEqual(os.read(fd, 4096), b"-travel/visa.txt\n")
        finally:
            os.close(fd)
        self.assertNotIn(".changes", os.listdir(saved))

    def test_epoll_and_select(self):
        results = f"{self.top}/.vexfs/search/passport mode:lexical"
        fd = os.open(f"{results}/.changes", os.O_RDONLY)
        try:
            with select.epoll() as epoll:
                epoll.register(fd, select.EPOLLIN)
                self.assertEqual(epoll.poll(0), [])
                write(f"{self.top}/new.md", b"Another passport\n")
                self.assertEqual(epoll.poll(SECONDS), [(fd, select.EPOLLIN)])
                self.assertEqual(select.select([fd], [], [], 0)[0], [fd])
        finally:
            os.close(fd)

    def test_other_files_are_always_ready(self):
        with open(f"{self.top}/soup.txt", "rb") as file:
            self.assertEqual(select.select([file], [], [], 0)[0], [file])
        fd = os.open(f"{self.top}/.vexfs/query", os.O_RDWR)
        try:
            self.assertEqual(select.select([fd], [fd], [], 0)[:2], ([fd], [fd]))
        finally:
            os.close(fd)

    def test_so_many_are_watched(self):
        results = f"{self.top}/.vexfs/search/passport"
        fds = []
        try:
            with self.assertRaises(OSError) as caught:
                for _ in range(100):
                    fds.append(os.open(f"{results}/.changes", os.O_RDONLY))
            self.assertEqual(caught.exception.errno, errno.EMFILE)
            self.assertEqual(len(fds), 64)
        finally:
            for fd in fds:
                os.close(fd)
        os.close(os.open(f"{results}/.changes", os.O_RDONLY))


@program.needs_root
class UsersOwnMount(TextCase):
    """Through fusermount3, by a daemon that may not open by handle."""

    def test_saved_and_found(self):
        self.source = self.backing()
        write(f"{self.source}/visa.txt", b"An embassy wants a passport.\n")
        for path in (self.source, f"{self.source}/visa.txt"):
            os.chown(path, NOBODY, NOBODY)
        top = self.user_mount(self.source).path
        saved = f"{top}/.vexfs/saved/passport mode:lexical"
        process.check(["mkdir", saved], uid=NOBODY)

        def listed():
            return [name[8:] for name in process.check(["ls", saved], uid=NOBODY).stdout.split()]

        wait.until(lambda: listed() == ["visa.txt"], what="the file")
        process.check(["mv", f"{top}/visa.txt", f"{top}/other.txt"], uid=NOBODY)
        wait.until(lambda: listed() == ["other.txt"], what="the new name")
        process.check(["rmdir", saved], uid=NOBODY)


if __name__ == "__main__":
    program.main()

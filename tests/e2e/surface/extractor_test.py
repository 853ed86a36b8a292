#!/usr/bin/env python3
"""The processes that read documents, as the kernel shows them at work, however they were started.

A document keeps its reader busy until it is found among the daemon's children; it is stopped,
looked at, and let go. The text must be found at the end: the reader did its work with what it had
left.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, process, program, wait  # noqa: E402
from support_py.case import NOBODY, MountCase, write  # noqa: E402
from support_py.sandbox import is_root  # noqa: E402
from support_py.vectors import control  # noqa: E402

COPIES = 3  # Chances to find one of them at work.


def web_page():
    """A second of gumbo, and one word."""
    body = "<p><i></i></p>" * 200_000 + "lantern"
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def pdf(pages=20, operators=20_000):
    """A second of poppler, and one word a page: what is drawn is read and thrown away."""
    content = (b"BT /F1 8 Tf 10 780 Td (harbour) Tj ET\n" +
               b"q 1 0 0 1 0 0 cm 5 5 m 9 9 l S Q\n" * operators)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Count %d /Kids [%s] >>"
               % (pages, b" ".join(b"%d 0 R" % (5 + i) for i in range(pages))),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)]
    page = (b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>")
    out = b"%PDF-1.4\n"
    for number, body in enumerate(objects + [page] * pages, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return out + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def status_of(pid):
    """The fields of /proc/PID/status; none for a process that has ended."""
    try:
        with open(f"/proc/{pid}/status") as file:
            parts = [line.partition(":") for line in file]
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in parts}


def limits_of(pid):
    """Soft limits by name."""
    with open(f"/proc/{pid}/limits") as file:
        return {line[:26].strip(): line[26:].split()[0] for line in list(file)[1:]}


def children(parent):
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            status = status_of(entry)
            if status.get("PPid") == str(parent):
                yield int(entry), status


@contextlib.contextmanager
def held(parent, name, filtered):
    """A child of that name that has given everything up, stopped until the context ends."""
    def stop_one():
        for pid, status in children(parent):
            if status["Name"] != name or status["NoNewPrivs"] != "1":
                continue
            if status["Seccomp"] != "2" and filtered:
                continue  # It is about to enter.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                wait.until(lambda: status_of(pid).get("State", "Z")[0] in "TZ", what="the stop")
                if status_of(pid).get("State", "Z")[0] == "T":
                    return pid
        return None

    pid = wait.until(stop_one, what=f"a {name} at work")
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGCONT)


class Extractor(MountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Builds with a sanitizer have no filter of system calls (src/extract/system_calls.h).
        cls.filtered = not mount.sanitized()

    def tree(self, owner=None):
        source = self.backing()
        if owner is not None and is_root():
            os.chown(source, owner, owner)
        return source

    def look_at_each(self, top, daemon=None):
        """One reader that is ours and one that is poppler's, each when its documents are new."""
        uid = NOBODY if is_root() else os.geteuid()
        for name, kind, word, document in (("vexfs-extract", "html", "lantern", web_page()),
                                           ("pdftotext", "pdf", "harbour", pdf())):
            for number in range(COPIES):
                self.put(f"{top}/{number}.{kind}", document)
            indexing = self.command("index", "-q", top)
            with self.subTest(reader=name), held(daemon or indexing.pid, name,
                                                 self.filtered) as pid:
                self.assert_little_is_left(pid, uid, name)
            self.assertEqual(indexing.wait(process.COMMAND_SECONDS_MAX * 4), 0)
            found = mount.vexfs("search", "-l", word, top, uid=self.uid)
            self.assertIn(f".{kind}\n", found.stdout, found.stderr)

    def put(self, path, content):
        """Writes it as the user of the mount: a user's mount is closed even to root."""
        argv = process.as_caller(["tee", path], self.uid)
        subprocess.run(argv, input=content, stdout=subprocess.DEVNULL, check=True)

    def assert_little_is_left(self, pid, uid, name):
        status = status_of(pid)
        self.assertEqual(status["Name"], name)
        for field in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            self.assertEqual(int(status[field], 16), 0, field)
        self.assertEqual(status["NoNewPrivs"], "1")
        if self.filtered:
            self.assertEqual(status["Seccomp"], "2")
        self.assertEqual(status["Groups"], "")
        self.assertEqual(status["Threads"], "1")
        for field in ("Uid", "Gid"):
            self.assertEqual(status[field].split(), [str(uid)] * 4, field)
        if self.uid is None and is_root():
            # An ordinary user cannot shrink this set, and no_new_privs makes it void.
            self.assertEqual(int(status["CapBnd"], 16), 0)
        limits = limits_of(pid)
        self.assertEqual(
            {limit: limits[limit] for limit in (
                "Max cpu time", "Max file size", "Max core file size", "Max processes",
                "Max open files", "Max address space")},
            {"Max cpu time": "20", "Max file size": "0", "Max core file size": "1",
             "Max processes": "0", "Max open files": "32", "Max address space": str(1 << 30)})
        if is_root():
            with open(f"/proc/{pid}/environ", "rb") as file:
                self.assertEqual(file.read(), b"")
            self.assertEqual(os.readlink(f"/proc/{pid}/cwd"), "/")
            self.assertEqual(sorted(os.listdir(f"/proc/{pid}/fd"))[:3], ["0", "1", "2"])

    def command(self, *arguments):
        argv = process.as_caller([mount.program(), *arguments], self.uid, ends_with_us=True)
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL)
        self.stack.callback(process.end, child)
        return child

    @program.needs_root
    def test_of_a_mount_of_root(self):
        self.uid = None
        mounted = self.mount(self.tree())
        self.look_at_each(mounted.path, mounted.pid)

    def test_of_a_mount_of_a_user(self):
        self.uid = NOBODY if is_root() else None
        mounted = self.user_mount(self.tree(NOBODY))
        self.look_at_each(mounted.path, mounted.pid)

    @program.needs_root
    def test_of_a_command_of_root(self):
        self.uid = None
        self.look_at_each(self.tree())

    def test_of_a_command_of_a_user(self):
        self.uid = NOBODY if is_root() else None
        self.look_at_each(self.tree(NOBODY))


if __name__ == "__main__":
    program.main()

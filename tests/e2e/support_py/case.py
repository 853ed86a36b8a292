"""The base class of the tests of the mount's life."""

import contextlib
import os
import tempfile
import unittest

from . import backing, mount, process, sandbox

NOBODY = process.UNPRIVILEGED_ID


class MountCase(unittest.TestCase):
    """Gives each test its own directories, and takes them down after it whatever happened."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def backing(self, kind="directory", **options):
        """A new backing directory; the test is skipped where the machine cannot make it."""
        reason = backing.why_not(kind)
        if reason:
            self.skipTest(reason)
        return self.stack.enter_context(backing.make(kind, **options))

    def directory(self, name="mnt", owner=None):
        """A new empty directory outside the backing, for a mountpoint."""
        parent = tempfile.mkdtemp(prefix="test-", dir=sandbox.scratch())
        os.chmod(parent, 0o755)
        path = os.path.join(parent, name)
        os.mkdir(path)
        if owner is not None and sandbox.is_root():
            os.chown(path, owner, owner)
        return path

    def mount(self, source, mountpoint=None, options=(), **how):
        """A mount that lives until the end of the test; its end is checked as well."""
        return self.stack.enter_context(mount.Mount(source, mountpoint, options, **how))

    def user_mount(self, source, options=()):
        """A mount by a plain user through fusermount3."""
        uid = NOBODY if sandbox.is_root() else None
        return self.mount(source, self.directory(owner=uid), options, uid=uid)

    def allow_users_allow_other(self):
        """user_allow_other for this sandbox alone."""
        conf = os.path.join(sandbox.scratch(), "fuse.conf")
        write(conf, b"user_allow_other\n")
        process.check(["mount", "--bind", conf, "/etc/fuse.conf"])
        self.stack.callback(process.check, ["umount", "/etc/fuse.conf"])

    def background(self, *arguments, mountpoint):
        """`vexfs mount` in the background; unmounted at the end of the test. Returns the daemon."""
        result = mount.vexfs("mount", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        daemon = mount.Background(mountpoint)
        self.stack.callback(daemon.end)
        return daemon


def write(path, content=b"content\n"):
    with open(path, "wb") as file:
        file.write(content)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def sync_file(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

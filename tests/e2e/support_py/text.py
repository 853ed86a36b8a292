"""Search by text through a mount: what is found, and when all of it is."""

import os

from . import wait
from .case import MountCase, write
from .vectors import control

STATE = "user.vexfs.state"


def state(path):
    return os.getxattr(path, STATE).decode()


def found(directory, query):
    """The names of the files that `search` finds, best first; each is one that can be opened."""
    results = f"{directory}/.vexfs/search/{query}"
    names = []
    for entry in sorted(os.listdir(results)):
        target = os.readlink(f"{results}/{entry}")
        names.append(os.path.relpath(target, "../../.."))
    return names


class TextCase(MountCase):
    """A mount over its source, whose files are looked for by their texts."""

    def mount_with_texts(self, texts=None, kind="directory", options=()):
        """`texts`: contents of files by path, written before the mount."""
        self.source = self.backing(kind)
        for path, text in (texts or {}).items():
            os.makedirs(os.path.dirname(f"{self.source}/{path}"), exist_ok=True)
            write(f"{self.source}/{path}", text.encode())
        self.mounted = self.mount(self.source, None, options)
        self.top = self.mounted.path
        return self.top

    def settle(self):
        """Has all files indexed, and waits until nothing is pending."""
        self.assertNotIn("error", control(self.top, index=True))
        self.assertNotIn("error", control(self.top, sync=True))
        wait.until(lambda: not control(self.top, progress=True)["progress"]["indexing"],
                   what="the index")

    def assert_errno(self, number, call, *arguments, **options):
        with self.assertRaises(OSError) as caught:
            call(*arguments, **options)
        self.assertEqual(caught.exception.errno, number, os.strerror(caught.exception.errno))

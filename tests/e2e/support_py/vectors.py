"""Vectors through a mount, as any program reaches them: attributes, query files, results."""

import json
import os
import struct
import sys

from . import process, wait
from .case import MountCase, write

SPACE = "e2e"
# Vectors of the tests' space, which has four dimensions and cosine for its metric.
EAST = (1.0, 0.0, 0.0, 0.0)
NORTH = (0.0, 1.0, 0.0, 0.0)
UP = (0.0, 0.0, 1.0, 0.0)
NEAR_EAST = (0.9, 0.1, 0.0, 0.0)

_REPLY_BYTES = 1 << 20


def pack(*numbers):
    return struct.pack(f"<{len(numbers)}f", *numbers)


def attribute(space=SPACE):
    return f"user.vexfs.vector.{space}"


def give(path, numbers, space=SPACE):
    os.setxattr(path, attribute(space), pack(*numbers))


def taken(path, space=SPACE):
    """The numbers of the file's vector, None when it has none."""
    if attribute(space) not in os.listxattr(path):
        return None
    value = os.getxattr(path, attribute(space))
    return struct.unpack(f"<{len(value) // 4}f", value)


class Stream:
    """One open of a query file."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def send(self, request):
        assert os.write(self.fd, request) == len(request)

    def receive(self, piece=_REPLY_BYTES):
        parts = []
        while part := os.read(self.fd, piece):
            parts.append(part)
        return b"".join(parts)

    def ask(self, **request):
        self.send(json.dumps(request).encode())
        return json.loads(self.receive())


def ask(directory, file="query", **request):
    with Stream(f"{directory}/.vexfs/{file}") as stream:
        return stream.ask(**request)


def ask_when_known(directory, **request):
    """The reply once the mount knows all names: before that it says "complete": false."""
    replies = []

    def is_complete():
        replies.append(ask(directory, **request))
        return replies[-1].get("complete", True)  # A refusal has no such member.

    wait.until(is_complete, what="the names")
    return replies[-1]


def control(directory, **request):
    return ask(directory, "control", **request)


def ask_as(uid, directory, request, groups=(), file="query"):
    """The reply that this user gets, asked by a program of its own."""
    script = os.path.join(os.path.dirname(__file__), "ask.py")
    argv = [sys.executable, script, f"{directory}/.vexfs/{file}", json.dumps(request)]
    argv = process.as_caller(argv, uid, groups)
    return json.loads(process.check(argv).stdout)


def paths(reply):
    """The paths of a reply's hits, best first; its error, if it is one."""
    return [hit["path"] for hit in reply["hits"]] if "hits" in reply else reply


def search(directory, numbers, **more):
    return paths(ask(directory, vector=list(numbers), **more))


class VectorCase(MountCase):
    """A mount over its source, with a space of four dimensions."""

    def mount_with_space(self, kind="directory", options=(), **how):
        self.source = self.backing(kind)
        self.mounted = self.mount(self.source, None, options, **how)
        self.make_space(self.mounted.path)
        return self.mounted.path

    def make_space(self, directory, name=SPACE, **more):
        space = {"name": name, "dim": 4, "metric": "cosine"} | more
        reply = control(directory, create_space=space)
        self.assertEqual(reply.get("created", {}).get("name"), name, reply)

    def remount(self, options=()):
        """The same source again, by a new daemon."""
        self.mounted.unmount()
        self.mounted = self.mount(self.source, None, options)
        return self.mounted.path

    def file(self, path, numbers=None, content=b"content\n"):
        write(path, content)
        if numbers is not None:
            give(path, numbers)
        return path

    def assert_errno(self, number, call, *arguments, **options):
        with self.assertRaises(OSError) as caught:
            call(*arguments, **options)
        self.assertEqual(caught.exception.errno, number, os.strerror(caught.exception.errno))


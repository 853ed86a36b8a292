#!/usr/bin/env python3
"""The query files: query, query.f32 and control of every directory."""

import errno
import json
import math
import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import program, wait  # noqa: E402
from support_py.vectors import (  # noqa: E402
    EAST, NEAR_EAST, NORTH, SPACE, UP, Stream, VectorCase, ask, control, pack, paths, search)

QUERY_BYTES_MAX = 256 * 1024


class Query(VectorCase):
    def setUp(self):
        super().setUp()
        self.top = self.mount_with_space()
        os.makedirs(f"{self.top}/a/b")
        self.file(f"{self.top}/east", EAST)
        self.file(f"{self.top}/a/near.txt", NEAR_EAST)
        self.file(f"{self.top}/a/b/north.md", NORTH)
        self.file(f"{self.top}/none")

    def stream(self, directory="", file="query"):
        return self.stack.enter_context(Stream(f"{self.top}/{directory}/.vexfs/{file}"))

    def test_hits_are_ranked(self):
        reply = ask(self.top, vector=list(EAST))
        self.assertEqual(paths(reply), ["east", "a/near.txt", "a/b/north.md"])
        scores = [hit["score"] for hit in reply["hits"]]
        self.assertAlmostEqual(scores[0], 1.0, places=5)
        self.assertAlmostEqual(scores[1], 0.9 / (0.9**2 + 0.1**2) ** 0.5, places=5)
        self.assertAlmostEqual(scores[2], 0.0, places=5)
        self.assertGreaterEqual(reply["total_us"], 0)

    def test_is_complete_once_the_tree_was_asked_for_its_names(self):
        wait.until(lambda: ask(self.top, vector=list(EAST))["complete"], what="the names")

    def test_k(self):
        self.assertEqual(search(self.top, EAST, k=1), ["east"])
        self.assertEqual(len(search(self.top, EAST, k=1000)), 3)
        self.assertEqual(ask(self.top, vector=list(EAST), k=0)["error"]["code"], "EINVAL")

    def test_paths_are_relative_to_the_directory_that_is_asked(self):
        self.assertEqual(search(f"{self.top}/a", EAST), ["near.txt", "b/north.md"])
        self.assertEqual(search(f"{self.top}/a/b", EAST), ["north.md"])
        os.mkdir(f"{self.top}/empty")
        self.assertEqual(search(f"{self.top}/empty", EAST), [])

    def test_scope(self):
        self.assertEqual(search(self.top, EAST, path="a"), ["a/near.txt", "a/b/north.md"])
        self.assertEqual(search(f"{self.top}/a", EAST, path="b"), ["b/north.md"])
        self.assertEqual(ask(self.top, vector=list(EAST), path="..")["error"]["code"], "EINVAL")

    def test_like(self):
        self.assertEqual(paths(ask(self.top, like="east")), ["a/near.txt", "a/b/north.md"])
        self.assertEqual(paths(ask(f"{self.top}/a", like="near.txt")), ["b/north.md"])
        self.assertEqual(ask(self.top, like="none")["error"]["code"], "ENODATA")
        self.assertEqual(ask(self.top, like="nothing")["error"]["code"], "ENOENT")

    def test_type(self):
        self.assertEqual(search(self.top, EAST, type=["md"]), ["a/b/north.md"])

    def test_what_is_wrong_is_said(self):
        wrong = ask(self.top, vector=[1, 2, 3])
        self.assertEqual(wrong["error"]["code"], "EINVAL")
        self.assertIn("3", wrong["error"]["message"])
        stream = self.stream()
        for request in (b"nonsense", b"{", b"[]", b"\xff\xfe", b"{}", b'{"vector":[1,0,0,1e999]}'):
            with self.subTest(request=request):
                stream.send(request)
                self.assertEqual(json.loads(stream.receive())["error"]["code"], "EINVAL")
        self.assertEqual(search(self.top, EAST, k=1), ["east"])

    def test_a_handle_is_a_stream_of_requests(self):
        stream = self.stream()
        self.assertEqual(stream.receive(), b"", "nothing was asked")
        for numbers, path in ((EAST, "east"), (NORTH, "a/b/north.md"), (EAST, "east")):
            self.assertEqual(paths(stream.ask(vector=list(numbers), k=1)), [path])
        self.assertEqual(stream.receive(), b"", "the reply is over")

    def test_a_reply_may_be_read_in_pieces_or_not_at_all(self):
        stream = self.stream()
        stream.send(json.dumps({"vector": list(EAST)}).encode())
        self.assertEqual(len(json.loads(stream.receive(piece=7))["hits"]), 3)
        stream.send(json.dumps({"vector": list(EAST)}).encode())
        os.read(stream.fd, 5)
        self.assertEqual(paths(stream.ask(vector=list(NORTH), k=1)), ["a/b/north.md"])

    def test_handles_do_not_mix(self):
        one, other = self.stream(), self.stream()
        one.send(json.dumps({"vector": list(EAST), "k": 1}).encode())
        other.send(json.dumps({"vector": list(NORTH), "k": 1}).encode())
        self.assertEqual(paths(json.loads(one.receive())), ["east"])
        self.assertEqual(paths(json.loads(other.receive())), ["a/b/north.md"])

    def test_it_is_not_seekable(self):
        stream = self.stream()
        self.assert_errno(errno.ESPIPE, os.lseek, stream.fd, 0, os.SEEK_SET)
        self.assert_errno(errno.ESPIPE, os.pread, stream.fd, 1, 0)

    def test_a_request_has_a_bound(self):
        stream = self.stream()
        self.assert_errno(errno.EMSGSIZE, os.write, stream.fd, b" " * (QUERY_BYTES_MAX + 1))
        request = json.dumps({"vector": list(EAST), "k": 1}).encode()
        stream.send(request + b" " * (QUERY_BYTES_MAX - len(request)))
        self.assertEqual(paths(json.loads(stream.receive())), ["east"])

    def test_raw_floats(self):
        stream = self.stream(file="query.f32")
        stream.send(pack(*EAST))
        self.assertEqual(paths(json.loads(stream.receive()))[0], "east")
        stream.send(pack(*EAST)[:-1])
        self.assertEqual(json.loads(stream.receive())["error"]["code"], "EINVAL")

    def test_a_shell_can_ask(self):
        with open(f"{self.top}/.vexfs/query", "w") as file:  # O_TRUNC, as `>` has it.
            file.write(json.dumps({"vector": list(EAST)}))

    def test_open_in_one_direction(self):
        fd = os.open(f"{self.top}/.vexfs/query", os.O_RDONLY)
        self.assertEqual(os.read(fd, 10), b"")
        os.close(fd)

    def test_many_ask_at_once(self):
        failures = []

        def client(numbers, path):
            with Stream(f"{self.top}/.vexfs/query") as stream:
                for _ in range(50):
                    found = paths(stream.ask(vector=list(numbers), k=1))
                    if found != [path]:
                        failures.append(found)

        clients = [threading.Thread(target=client, args=arguments)
                   for arguments in ((EAST, "east"), (NORTH, "a/b/north.md")) * 4]
        for each in clients:
            each.start()
        for each in clients:
            each.join()
        self.assertEqual(failures, [])

    def test_streams_have_a_bound(self):
        streams = []
        try:
            with self.assertRaises(OSError) as caught:
                for _ in range(1000):
                    streams.append(os.open(f"{self.top}/.vexfs/query", os.O_RDWR))
            self.assertEqual(caught.exception.errno, errno.EMFILE)
        finally:
            for stream in streams:
                os.close(stream)

    def test_a_search_sees_what_was_set_just_now(self):
        stream = self.stream()
        for number in range(100):
            numbers = (0, 0, math.cos(number / 70), math.sin(number / 70))
            self.file(f"{self.top}/new{number}", numbers)
            found = paths(stream.ask(vector=numbers, k=1))
            self.assertEqual(found, [f"new{number}"])


class Control(VectorCase):
    def test_spaces_come_and_go(self):
        top = self.mount_with_space()
        names = [space["name"] for space in control(top, spaces=True)["spaces"]]
        self.assertEqual(names, [SPACE])
        again = control(top, create_space={"name": SPACE, "dim": 4})
        self.assertEqual(again["error"]["code"], "EEXIST")
        self.make_space(top, "second", dim=2, metric="l2")
        self.file(f"{top}/file", EAST)
        self.assertEqual(control(top, drop_space=SPACE), {"dropped": SPACE})
        self.assertEqual(os.listxattr(f"{top}/file"), [])
        names = [space["name"] for space in control(top, spaces=True)["spaces"]]
        self.assertEqual(names, ["second"])
        self.assertIn("error", control(top, drop_space=SPACE))

    def test_list(self):
        top = self.mount_with_space()
        os.mkdir(f"{top}/a")
        for name in ("c", "a/b", "d"):
            self.file(f"{top}/{name}", UP)
        files = control(top, list={"space": SPACE, "limit": 2})
        self.assertEqual([file["path"] for file in files["files"]], ["a/b", "c"])
        self.assertTrue(files["more"])
        rest = control(top, list={"space": SPACE, "after": "c", "limit": 2})
        self.assertEqual([file["path"] for file in rest["files"]], ["d"])
        self.assertEqual(control(top, sync=True), {"synced": True})

    def test_status_and_metrics_tell_of_it(self):
        top = self.mount_with_space()
        self.file(f"{top}/file", EAST)
        search(top, EAST)
        status = self.mounted.status()
        self.assertEqual(status["errors"], [])
        self.assertTrue(status["components"])
        self.assertEqual([space["name"] for space in status["spaces"]], [SPACE])
        with open(f"{top}/.vexfs/metrics") as file:
            metrics = file.read()
        self.assertIn('vexfs_surface_seconds_count{file="query"} ', metrics)


class WithoutSpaces(VectorCase):
    def test_a_query_says_that_there_is_no_space(self):
        top = self.mount(self.backing()).path
        reply = ask(top, vector=[1, 0])
        self.assertEqual(reply["error"]["code"], "ENODATA")
        self.assertEqual(control(top, spaces=True), {"spaces": []})
        self.assertEqual(os.listdir(top), [])


if __name__ == "__main__":
    program.main()

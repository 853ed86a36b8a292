#!/usr/bin/env python3
"""Another embedder for a tree, mounted and not: the old index answers until the new one is whole.

VEXFS_KILL_ROUNDS=100 makes the loop of kills long.
"""

import json
import os
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, program, wait  # noqa: E402
from support_py.case import write  # noqa: E402
from support_py.embedding import EmbeddingService  # noqa: E402
from support_py.text import TextCase, state  # noqa: E402
from support_py.vectors import ask, control  # noqa: E402

ROUNDS = int(os.environ.get("VEXFS_KILL_ROUNDS", "6"))
SEED = int(os.environ.get("VEXFS_KILL_SEED", "1"))
BUILTIN_DIM = 256


def texts(count):
    return {f"d{i % 7}/f{i}.txt": f"number{i} tells of apples and of group{i % 10}\n"
            for i in range(count)}


class EmbedderCase(TextCase):
    def setUp(self):
        super().setUp()
        self.service = self.stack.enter_context(EmbeddingService())

    def choose(self, *options, code=0, path=None):
        result = mount.vexfs("index", "-q", *options, path or self.top)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stderr

    def remote(self, *more, **how):
        return self.choose("--embedder", self.service.url, "--model", "m", *more, **how)

    def begin(self, **embedder):
        """Asks for it through the mount, and does not wait."""
        self.assertNotIn("error", control(self.top, embedder=embedder))

    def begin_remote(self):
        self.begin(url=self.service.url, model="m")

    def progress(self):
        return control(self.top, progress=True)["progress"]

    def switched(self):
        wait.until(lambda: "switching" not in self.progress(), what="the new embedder")

    def spaces(self):
        return {space["name"]: space["dim"] for space in control(self.top, spaces=True)["spaces"]}

    def dim(self):
        return self.spaces()["text"]

    def assert_found(self, files, top=None):
        """Each of the files by its number, and by meaning by what it says."""
        for path in files:
            number = Path(path).stem[1:]
            reply = ask(top or self.top, text=f"number{number}", mode="lexical")
            self.assertEqual([hit["path"] for hit in reply["hits"]], [path])
        number = int(Path(sorted(files)[0]).stem[1:])
        said = f"number{number} tells of apples and of group{number % 10}"
        reply = ask(top or self.top, text=said, mode="semantic", k=1)
        self.assertGreater(reply["hits"][0]["semantic"], 0.99, reply)


class Embedder(EmbedderCase):
    def test_there_and_back_under_load(self):
        files = texts(200)
        self.mount_with_texts(files)
        self.settle()
        stop = threading.Event()
        failures = []
        made = {}

        def change():
            number = 1000
            while not stop.is_set():
                path = f"d0/f{number}.txt"
                text = f"number{number} tells of apples and of group{number % 10}\n"
                write(f"{self.top}/{path}", text.encode())
                made[path] = text
                number += 1
                time.sleep(0.02)

        def search():
            while not stop.is_set():
                for mode in ("hybrid", "semantic", "lexical"):
                    reply = ask(self.top, text="number7 tells of apples", mode=mode, k=3)
                    if len(reply.get("hits", ())) == 0:
                        failures.append((mode, reply))

        workers = [threading.Thread(target=work) for work in (change, search)]
        for worker in workers:
            worker.start()
        try:
            for _ in range(2):
                self.begin_remote()
                self.switched()
                self.assertEqual(self.spaces(), {"text": self.service.dim})
                self.begin()
                self.switched()
                self.assertEqual(self.spaces(), {"text": BUILTIN_DIM})
        finally:
            stop.set()
            for worker in workers:
                worker.join()
        self.assertEqual(failures, [])
        self.settle()
        self.assert_found(list(files)[:20] + list(made)[:20] + list(made)[-5:])

    def test_the_command_waits_mounted_and_not(self):
        self.mount_with_texts(texts(20))
        self.choose()
        self.remote()
        self.assertEqual(self.dim(), self.service.dim)
        status = mount.vexfs("status", self.top).stdout
        self.assertIn(f"m at {self.service.url}", status)
        self.assert_found(texts(20))
        self.choose("--embedder", "builtin")
        self.assertEqual(self.dim(), BUILTIN_DIM)
        self.mounted.unmount()
        self.remote()
        spaces = json.loads(mount.vexfs("space", "list", "--json", self.top).stdout)
        self.assertIn(self.service.dim, [space["dim"] for space in spaces["spaces"]])
        with mount.Mount(self.source) as again:
            self.assertNotIn("error", control(again.path, sync=True))
            self.assert_found(texts(20), again.path)

    def test_what_is_wrong_changes_nothing(self):
        self.mount_with_texts(texts(5))
        self.choose()
        told = self.remote("--dim", "384", code=2)
        self.assertIn("12 dimensions, not 384", told)
        self.assertIn("cannot be reached",
                      self.choose("--embedder", "http://127.0.0.1:1", "--model", "m", code=2))
        self.assertIn("--model", self.choose("--embedder", self.service.url, code=2))
        self.service.key = "secret"
        self.assertIn("key", self.remote(code=2))
        self.assertFalse(os.path.exists(f"{self.source}/.vexfs/embedder.json"))
        self.assertEqual(self.spaces(), {"text": BUILTIN_DIM})
        self.assertNotIn("switching", self.progress())
        key = f"{self.directory()}/key"
        write(key, b"secret\n")
        self.remote("--key-file", key)
        self.assertEqual(self.dim(), self.service.dim)

    def test_a_service_that_dies_half_way(self):
        self.mount_with_texts(texts(150))
        self.choose()
        self.service.left = 2
        self.begin_remote()
        wait.until(lambda: "trouble" in self.progress().get("switching", {}), what="the trouble")
        self.assertEqual(self.spaces(), {"text": BUILTIN_DIM, "text~": self.service.dim})
        self.assert_found(list(texts(150))[:5])
        self.assertIn("switching", mount.vexfs("status", self.top).stdout)
        write(f"{self.top}/d0/f900.txt", b"number900 tells of apples and of group0\n")
        self.assertNotIn("error", control(self.top, sync=True))
        self.assertEqual(state(f"{self.top}/d0/f900.txt"), "fresh")
        self.service.recover()
        self.switched()
        self.assertEqual(self.dim(), self.service.dim)
        self.settle()
        self.assert_found([*list(texts(150))[:5], "d0/f900.txt"])

    def test_back_before_it_is_done(self):
        self.mount_with_texts(texts(30))
        self.choose()
        self.service.left = 1
        self.begin_remote()
        self.assertIn("switching", self.progress())
        self.choose("--embedder", "builtin")
        self.assertEqual(self.spaces(), {"text": BUILTIN_DIM})
        self.assert_found(list(texts(30))[:3])

    def test_both_gone_leaves_words(self):
        self.mount_with_texts(texts(10))
        self.choose()
        self.remote()
        self.service.failing = True
        reply = ask(self.top, text="number3 apples")
        self.assertEqual(reply["hits"][0]["path"], "d3/f3.txt")
        self.assertTrue(reply["words_only"])
        told = mount.vexfs("search", "number3 apples", self.top)
        self.assertIn("by words alone", told.stderr)
        self.choose("--embedder", "builtin")
        self.assertNotIn("words_only", ask(self.top, text="number3 apples"))

    def test_the_names_of_the_spaces_are_kept(self):
        self.mount_with_texts(texts(1))
        for name in ("text", "text~"):
            reply = control(self.top, create_space={"name": name, "dim": 4})
            self.assertEqual(reply["error"]["code"], "EPERM", reply)
        told = mount.vexfs("space", "create", "text", "--dim", "4", self.top)
        self.assertEqual(told.returncode, 2)
        self.assertIn("kept for texts", told.stderr)


class Kill(EmbedderCase):
    def test_the_old_one_or_the_new(self):
        files = texts(120)
        self.mount_with_texts(files)
        self.choose()
        source = self.source
        self.mounted.unmount()
        random_ = random.Random(SEED)
        for number in range(ROUNDS):
            mounted = mount.Mount(source).start()
            self.stack.callback(mounted.abort)
            self.top = mounted.path
            wait.until(lambda: "error" not in control(self.top, progress=True), what="the index")
            if self.dim() == BUILTIN_DIM:
                self.begin_remote()
            else:
                self.begin()
            time.sleep(random_.random() * 0.6)  # Any moment will do.
            mounted.kill()
            with self.subTest(round=number), mount.Mount(source) as again:
                self.top = again.path
                wait.until(lambda: "text" in self.spaces(), what="the index")
                self.assertIn(self.dim(), (BUILTIN_DIM, self.service.dim))
                self.assert_found(random_.sample(sorted(files), 3))
                self.switched()
                self.assertNotIn("error", control(self.top, sync=True))
                self.assertEqual(list(self.spaces()), ["text"])
                self.assert_found(random_.sample(sorted(files), 10))
                self.assertEqual(self.progress()["documents"], len(files))
        checked = mount.vexfs("check", source)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    program.main()

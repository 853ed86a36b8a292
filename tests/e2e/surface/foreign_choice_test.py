#!/usr/bin/env python3
"""Whose embedder.json counts, and who may read its key: mounted and not, of root and of users.

A user's file must not tell root's daemon where to send texts, nor what to read.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, program  # noqa: E402
from support_py.case import NOBODY, MountCase, read, write  # noqa: E402
from support_py.embedding import EmbeddingService  # noqa: E402
from support_py.vectors import ask_as, control  # noqa: E402

SECRET = "only-for-root"
ANOTHERS = "belongs to another user"


@program.needs_root
class ForeignChoice(MountCase):
    def setUp(self):
        super().setUp()
        self.service = self.stack.enter_context(EmbeddingService())
        self.secret = self.file("secret", SECRET, 0o600)

    def file(self, name, content, mode, owner=0):
        path = f"{self.directory()}/{name}"
        write(path, content.encode())
        os.chmod(path, mode)
        os.chown(path, owner, owner)
        return path

    def tree(self, owner, key_file=None, writer=None):
        """A source of that owner's, with a note and perhaps a choice in its store."""
        source = self.backing()
        write(f"{source}/note.txt", b"a note about harbours\n")
        os.chown(f"{source}/note.txt", owner, owner)
        os.chown(source, owner, owner)
        os.chmod(source, 0o755)
        if key_file is not None:
            self.put_choice(source, key_file, owner, owner if writer is None else writer)
        return source

    def put_choice(self, source, key_file, owner, writer):
        store = f"{source}/.vexfs"
        os.mkdir(store, 0o700)
        os.chown(store, owner, owner)
        choice = {"url": self.service.url, "model": "m", "key_file": key_file}
        write(f"{store}/embedder.json", json.dumps(choice).encode())
        os.chmod(f"{store}/embedder.json", 0o600)
        os.chown(f"{store}/embedder.json", writer, writer)

    def index(self, top, *options, code=0, uid=None):
        result = mount.vexfs("index", "-q", *options, top, uid=uid)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stderr

    def assert_unused(self, top, why):
        """It is indexed and found without the service, and everyone who looks is told why."""
        self.assertIn(why, self.index(top))
        self.assertIn("note.txt", mount.vexfs("search", "harbours", top).stdout)
        self.assertIn(why, mount.vexfs("status", top).stdout)
        self.assertEqual(self.service.keys, [])

    def assert_used(self, top, key, uid=None):
        self.assertEqual(self.index(top, uid=uid), "")
        self.assertIn("note.txt", mount.vexfs("search", "harbours", top, uid=uid).stdout)
        self.assertNotIn("warning", mount.vexfs("status", top, uid=uid).stdout)
        self.assertEqual(set(self.service.keys), {f"Bearer {key}"})

    def test_of_a_user_to_a_mount_of_root(self):
        mounted = self.mount(self.tree(NOBODY, self.secret))
        self.assert_unused(mounted.path, ANOTHERS)
        self.assertIn(ANOTHERS, mounted.status()["text"]["warning"])
        self.assertIn(ANOTHERS, control(mounted.path, progress=True)["progress"]["warning"])

    def test_of_a_user_to_a_command_of_root(self):
        self.assert_unused(self.tree(NOBODY, self.secret), ANOTHERS)

    def test_of_root_in_a_store_of_a_user(self):
        self.assert_unused(self.tree(NOBODY, self.secret, writer=0), "store " + ANOTHERS)

    def test_of_a_user_to_the_user(self):
        key = self.file("key", "mine\nmore\n", 0o600, NOBODY)
        source = self.tree(NOBODY, key)
        self.assert_used(source, "mine", uid=NOBODY)
        self.assert_used(self.user_mount(source).path, "mine", uid=NOBODY)

    def test_of_a_user_whose_key_is_anothers(self):
        told = self.index(self.tree(NOBODY, self.secret), code=2, uid=NOBODY)
        self.assertIn("cannot be read", told)
        self.assertEqual(self.service.keys, [])

    def test_of_root_to_root(self):
        key = self.file("key", "roots", 0o640)
        source = self.tree(0, key)
        self.assert_used(source, "roots")
        self.assert_used(self.mount(source).path, "roots")

    def test_the_key_behind_other_names(self):
        link = f"{self.directory()}/link"
        os.symlink(self.secret, link)
        self.assertIn("symbolic link", self.index(self.tree(0, link), code=2))
        twin = f"{os.path.dirname(self.secret)}/twin"
        os.link(self.secret, twin)
        self.assertIn("another name", self.index(self.tree(0, twin), code=2))
        self.assertEqual(self.service.keys, [])

    def test_another_store_in_its_place(self):
        source = self.tree(NOBODY)
        with mount.Mount(source) as mounted:
            self.index(mounted.path, "--embedder", self.service.url, "--model", "m")
        self.assertNotEqual(self.service.keys, [])
        self.service.keys.clear()
        os.rename(f"{source}/.vexfs", f"{source}/gone")  # Its owner may.
        self.put_choice(source, self.secret, NOBODY, NOBODY)
        self.assert_unused(self.mount(source).path, ANOTHERS)

    def test_another_choice_in_its_place(self):
        source = self.tree(0, self.file("key", "roots", 0o600))
        with mount.Mount(source) as mounted:
            self.assert_used(mounted.path, "roots")
            other = self.file("other", json.dumps(
                {"url": self.service.url, "model": "n", "key_file": self.secret}), 0o600, NOBODY)
            self.service.keys.clear()
        os.rename(other, f"{source}/.vexfs/embedder.json")
        os.unlink(f"{source}/.vexfs/embedder~.json")
        with mount.Mount(source) as mounted:
            write(f"{mounted.path}/new.txt", b"a note about lanterns\n")
            self.assertIn(ANOTHERS, self.index(mounted.path))
            found = mount.vexfs("search", "lanterns", mounted.path)
            self.assertIn("new.txt", found.stdout)
            self.assertIn("by words alone", found.stderr)
            self.assertIn(ANOTHERS, found.stderr)
            self.assertEqual(self.service.keys, [])
            self.index(mounted.path, "--embedder", "builtin")
            self.assertNotIn("warning", mounted.status()["text"])

    def test_who_may_choose(self):
        mounted = self.mount(self.tree(NOBODY), None, ["allow_other"])
        self.index(mounted.path)
        request = {"embedder": {"url": self.service.url, "model": "m", "key_file": self.secret}}
        reply = ask_as(NOBODY, mounted.path, request, file="control")
        self.assertEqual(reply["error"]["code"], "EPERM", reply)
        self.assertEqual(self.service.keys, [])
        self.assertNotIn("error", control(mounted.path, **request))
        self.assertEqual(set(self.service.keys), {f"Bearer {SECRET}"})

    def test_root_may_not_choose_in_a_store_of_a_user(self):
        source = self.tree(NOBODY)
        self.index(source, uid=NOBODY)
        remote = ("--embedder", self.service.url, "--model", "m")
        self.assertIn("store " + ANOTHERS, self.index(source, *remote, code=2))
        self.assertFalse(os.path.exists(f"{source}/.vexfs/embedder.json"))
        os.chown(f"{source}/.vexfs", 0, 0)
        self.index(source, *remote)

    def test_links_in_the_store_of_a_user(self):
        """Names of files in a store lead nowhere else either."""
        for name in ("catalog.sqlite", "catalog.sqlite-wal", "lock", "embedder.json"):
            with self.subTest(name=name):
                source = self.tree(NOBODY)
                os.mkdir(f"{source}/.vexfs", 0o700)
                os.symlink(self.secret, f"{source}/.vexfs/{name}")
                for path in ("", f"/{name}"):
                    os.chown(f"{source}/.vexfs{path}", NOBODY, NOBODY, follow_symlinks=False)
                mount.vexfs("index", "-q", source)
                self.assertEqual(read(self.secret), SECRET.encode())
                self.assertEqual(os.stat(self.secret).st_uid, 0)


if __name__ == "__main__":
    program.main()

"""MANIFEST.json: what lies in the data folder, by size and hash."""
import hashlib
import json
import os

FILES = ("base.fbin", "query.fbin", "gt")

# Sets that come out the same on every machine, as they should.
EXPECTED = {
    "words.base.fbin": "28e3d02075e7aa30cee12aa1ab107fffd427bdfc00443bf9ecb3dc8c8c09c0b9",
    "words.query.fbin": "032e6cf5de7382160c100a4e55c41f74ab064c21a9c9109a0156de2d92d0738b",
}


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


class Manifest:
    def __init__(self, folder):
        self.folder = folder
        self.path = os.path.join(folder, "MANIFEST.json")
        self.sets = {}
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                self.sets = json.load(file)

    def has(self, name, with_hashes):
        return name in self.sets and all(
            self._holds(entry, with_hashes) for entry in self.sets[name]["files"]
        )

    def _holds(self, entry, with_hashes):
        path = os.path.join(self.folder, entry["name"])
        if not os.path.exists(path) or os.path.getsize(path) != entry["bytes"]:
            return False
        return not with_hashes or sha256(path) == entry["sha256"]

    def add(self, name, metric, whole):
        entries = []
        for suffix in FILES:
            file = f"{name}.{suffix}"
            path = os.path.join(self.folder, file)
            digest = sha256(path)
            if whole and EXPECTED.get(file, digest) != digest:
                raise SystemExit(f"{path} came out differently from what it should be")
            entries.append({"name": file, "bytes": os.path.getsize(path), "sha256": digest})
        self.sets[name] = {"metric": metric, "files": entries}
        beside = self.path + ".new"
        with open(beside, "w", encoding="utf-8") as file:
            json.dump(self.sets, file, indent=1)
        os.replace(beside, self.path)

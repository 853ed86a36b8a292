"""The kernel's list of mounts, without touching any of them: a stuck mount cannot block us."""

import os
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One line of mountinfo, see proc(5)."""

    mount_id: int
    device: str
    target: str
    options: frozenset
    fstype: str
    source: str
    super_options: frozenset


def _unescape(field):
    return re.sub(r"\\([0-7]{3})", lambda m: chr(int(m.group(1), 8)), field)


def _text(field):
    """Mountinfo is bytes; names that are not UTF-8 keep their bytes as os.fsdecode does."""
    return os.fsdecode(_unescape(field).encode("latin-1"))


def entries():
    """All mounts of this namespace. Of two on one place, the later one is on top."""
    with open("/proc/self/mountinfo", encoding="latin-1") as file:
        lines = file.read().split("\n")
    result = []
    for line in filter(None, lines):
        before, after = line.split(" - ", 1)
        mount_id, _, device, _, target, options = before.split(" ")[:6]
        fstype, source, super_options = after.split(" ", 2)
        result.append(
            Entry(
                int(mount_id),
                device,
                _text(target),
                frozenset(options.split(",")),
                _text(fstype),
                _text(source),
                frozenset(super_options.strip().split(",")),
            )
        )
    return result


def at(target):
    """The mounts on exactly this place, the visible one last."""
    return [entry for entry in entries() if entry.target == str(target)]


def below(directory):
    """The mounts on this place or under it, the deepest and latest first: the order to unmount."""
    prefix = str(directory).rstrip("/")
    found = [e for e in entries() if e.target == prefix or e.target.startswith(prefix + "/")]
    return sorted(reversed(found), key=lambda e: -e.target.count("/"))

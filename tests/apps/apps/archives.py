#!/usr/bin/env python3
"""tar, rsync and cp carry a tree with everything that a file can have: odd names, modes, owners,
times, holes, hard links, devices, ACLs, xattrs and capabilities. Each copy must list like the
original."""

import hashlib
import os
import random
import socket
import stat

from appkit import DIR, QUICK, SCRATCH, check, failure, run, same
from listing import differences, listing

TREE = os.path.join(DIR, "tree")
FILES = 100 if QUICK else 3000
LIMIT_S = 300


def write(path, data=b"", mode=0o644):
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)


def make_contents():
    chance = random.Random(1)
    for i in range(FILES):
        folder = os.path.join(TREE, "data", f"d{i % 7}", f"e{i % 3}")
        os.makedirs(folder, exist_ok=True)
        size = chance.choice((0, 1, 100, 4095, 4096, 4097, 70_000))
        write(os.path.join(folder, f"f{i}"), chance.randbytes(size))
    with open(os.path.join(TREE, "sparse"), "wb") as file:
        file.write(b"head")
        file.seek(50 << 20)
        file.write(b"tail")


def make_names():
    folder = os.path.join(TREE, "names")
    os.mkdir(folder)
    for name in (b"-rf", b"new\nline", b"tab\t", "\u540d\u524d".encode(), b"\xff\xfe", b"n" * 255,
                 b" ", b"a:b", b"quote'\"", b"...", b".hidden"):
        write(os.path.join(os.fsencode(folder), name), name)
    deep = os.path.join(TREE, *["deep"] * 60)
    os.makedirs(deep)
    write(os.path.join(deep, "bottom"), b"x")


def make_kinds():
    folder = os.path.join(TREE, "kinds")
    os.mkdir(folder)
    def at(name):
        return os.path.join(folder, name)
    os.symlink("../data", at("link"))
    os.symlink("x" * 1000, at("dangling"))
    os.mkfifo(at("fifo"), 0o640)
    os.mknod(at("char"), stat.S_IFCHR | 0o600, os.makedev(1, 3))
    os.mknod(at("block"), stat.S_IFBLK | 0o600, os.makedev(7, 99))
    write(at("one"), b"linked")
    os.link(at("one"), at("two"))
    os.link(at("one"), os.path.join(TREE, "three"))
    os.link(at("dangling"), at("dangling-too"), follow_symlinks=False)
    for mode in (0o000, 0o400, 0o4755, 0o2755, 0o6711, 0o1777):
        write(at(f"mode-{mode:o}"), b"m", mode)
        os.mkdir(at(f"folder-{mode:o}"))
        os.chmod(at(f"folder-{mode:o}"), mode)
    for owner in (1, 1000, 65534, 4_000_000_000):
        write(at(f"owner-{owner}"), b"o")
        os.chown(at(f"owner-{owner}"), owner, owner)
    os.chown(at("link"), 1000, 1000, follow_symlinks=False)


def make_attributes():
    folder = os.path.join(TREE, "attributes")
    os.mkdir(folder)
    path = os.path.join(folder, "file")
    write(path, b"x")
    os.setxattr(path, "user.text", "\u00e9".encode())
    os.setxattr(path, "user.binary", bytes(range(256)))
    os.setxattr(path, "user.empty", b"")
    os.setxattr(path, "trusted.note", b"root only")
    os.setxattr(folder, "user.on-a-folder", b"1" * 1000)
    check("setfacl", failure(["setfacl", "-m", "u:1000:rw,g:1001:r,m::rw", path], 20))
    check("setfacl -d", failure(["setfacl", "-d", "-m", "u:1000:rwx,g::r", folder], 20))
    write(os.path.join(folder, "inherits"), b"y", 0o640)
    os.mkdir(os.path.join(folder, "inherits-too"))
    capable = os.path.join(folder, "capable")
    write(capable, b"z", 0o755)
    check("setcap", failure(["setcap", "cap_net_raw+ep", capable], 20))


def make_times():
    """Sets times last and from the bottom up, since making a file changes its folder's time."""
    odd = os.path.join(TREE, "times")
    os.mkdir(odd)
    for i, ns in enumerate((0, 1, 999_999_999, -1_500_000_000, 1 << 60, 4_102_444_800 * 10**9)):
        write(os.path.join(odd, str(i)))
        os.utime(os.path.join(odd, str(i)), ns=(ns, ns))
    stamp = 1_600_000_000_123_456_789
    for folder, subfolders, files in os.walk(TREE, topdown=False):
        for name in files + subfolders:
            if folder != odd:
                stamp += 1_000_001
                os.utime(os.path.join(folder, name), ns=(stamp, stamp), follow_symlinks=False)
    os.utime(TREE, ns=(stamp, stamp))


def compare(name, copy, without=()):
    original = [line for line in listing(TREE) if not line.startswith(tuple(without))]
    found = differences(original, listing(copy))
    check(f"{name} is equal", f"{len(found)} differences: {found}" if found else None)
    with open(os.path.join(copy, "sparse"), "rb") as file:
        size, used = os.fstat(file.fileno()).st_size, os.fstat(file.fileno()).st_blocks * 512
    check(f"{name} keeps the hole", f"{used} bytes used of {size}" if used > 1 << 20 else None)


def extract(archive, to):
    os.mkdir(to)
    return failure(["tar", "--acls", "--xattrs", "--xattrs-include=*", "-xpSf", archive, "-C", to],
                   LIMIT_S)


def by_tar():
    archive = os.path.join(DIR, "tree.tar")
    check("tar -c", failure(["tar", "--format=posix", "--acls", "--xattrs", "--xattrs-include=*",
                             "--sparse", "--sort=name", "-cf", archive, "-C", TREE, "."], LIMIT_S))
    check("tar -x", extract(archive, os.path.join(DIR, "by-tar")))
    compare("tar", os.path.join(DIR, "by-tar"), without=["'socket'"])  # tar leaves sockets out.
    check("tar --compare", failure(["tar", "--acls", "--xattrs", "--xattrs-include=*", "-df",
                                    archive, "-C", TREE], LIMIT_S))


def by_rsync():
    copy = os.path.join(DIR, "by-rsync")
    argv = ["rsync", "-aHAXS", "--numeric-ids", TREE + "/", copy + "/"]
    check("rsync", failure(argv, LIMIT_S))
    compare("rsync", copy)
    _, output = run([*argv, "--dry-run", "--itemize-changes", "--checksum"], LIMIT_S)
    check("rsync has nothing left to do", output.strip())
    victim = os.path.join(copy, "data", "d0", "e0", "f0")
    write(victim, b"changed behind its back")
    check("rsync --delete", failure([*argv, "--delete", "--checksum", "--inplace"], LIMIT_S))
    compare("rsync once more", copy)


def by_cp():
    copy = os.path.join(DIR, "by-cp")
    check("cp -a", failure(["cp", "-a", TREE, copy], LIMIT_S))
    compare("cp -a", copy)
    check("mv", failure(["mv", copy, copy + "-moved"], LIMIT_S))
    compare("mv", copy + "-moved")
    outside = os.path.join(SCRATCH, "tree")
    check("mv to another filesystem", failure(["mv", copy + "-moved", outside], LIMIT_S))
    check("mv back", failure(["mv", outside, copy + "-back"], LIMIT_S))
    compare("mv there and back", copy + "-back")
    check("rm -r", failure(["rm", "-r", copy + "-back"], LIMIT_S))


def main():
    os.mkdir(TREE)
    make_contents()
    make_names()
    make_kinds()
    make_attributes()
    with socket.socket(socket.AF_UNIX) as server:  # Relative: the whole path may be too long.
        os.chdir(TREE)
        server.bind("socket")
        os.chdir("/")
    make_times()
    lines = listing(TREE)
    same("files", len(lines))
    text = "\n".join(lines).encode("utf-8", "surrogateescape")
    print(text.decode(errors="backslashreplace"))  # If the sums differ, compare the two logs.
    same("tree", hashlib.sha256(text).hexdigest())
    by_tar()
    by_rsync()
    by_cp()
    check("the original is as it was", differences(lines, listing(TREE)))


main()

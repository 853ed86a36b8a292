"""One line for each file of a tree with all that a copy or a mount must preserve, in a fixed order.

Left out: access time, change time, inode numbers and the size of directories, which differ between
equal trees. Hard links are shown by the first path of each group."""

import hashlib
import os
import stat
import sys

CHUNK = 1 << 20


def checksum(path):
    digest = hashlib.sha256()
    with open(path, "rb", opener=_open_noatime) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()[:16]


def _open_noatime(path, flags):
    return os.open(path, flags | os.O_NOFOLLOW)


def xattrs(path):
    """Names and values of xattrs, ACLs among them; a filesystem without xattrs has none."""
    try:
        names = sorted(os.listxattr(path, follow_symlinks=False))
    except OSError:
        return ""
    return ",".join(f"{n}={os.getxattr(path, n, follow_symlinks=False).hex()}" for n in names)


def describe(path, shown, links):
    info = os.lstat(path)
    kind = stat.S_IFMT(info.st_mode)
    fields = [f"{info.st_mode:o}", f"{info.st_uid}:{info.st_gid}", f"mtime={info.st_mtime_ns}"]
    if kind == stat.S_IFREG:
        fields += [f"size={info.st_size}", f"sum={checksum(path)}"]
    elif kind == stat.S_IFLNK:
        fields.append(f"to={os.readlink(path)}")
    elif kind in (stat.S_IFCHR, stat.S_IFBLK):
        fields.append(f"rdev={os.major(info.st_rdev)}:{os.minor(info.st_rdev)}")
    if kind != stat.S_IFDIR:
        first = links.setdefault((info.st_dev, info.st_ino), shown)
        fields.append(f"links={info.st_nlink}={first!r}")
    if found := xattrs(path):
        fields.append(found)
    return f"{shown!r} {' '.join(fields)}"


def listing(root):
    links = {}
    lines = [describe(root, ".", links)]
    for folder, subfolders, files in os.walk(root, onerror=_raise):
        subfolders.sort()
        for name in sorted(subfolders + files):
            path = os.path.join(folder, name)
            lines.append(describe(path, os.path.relpath(path, root), links))
    return lines


def _raise(error):
    raise error


def differences(left, right, limit=3):
    """The first few lines which only one listing has; empty if they are equal."""
    if left == right:
        return []
    in_left, in_right = set(left), set(right)
    found = [f"- {line}" for line in left if line not in in_right][:limit]
    found += [f"+ {line}" for line in right if line not in in_left][:limit]
    return found or ["same lines in another order"]


if __name__ == "__main__":  # listing.py DIRECTORY OUTPUT
    with open(sys.argv[2], "w", encoding="utf-8", errors="surrogateescape") as output:
        output.write("".join(f"{line}\n" for line in listing(sys.argv[1])))

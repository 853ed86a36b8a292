"""Manual pages: their sections as plain words, without roff's commands."""
import glob
import gzip
import os
import re
from dataclasses import dataclass

from .words import squeeze

# Pages of commands, calls, formats and libraries, some 8,000.
PACKAGES = (
    "manpages", "manpages-dev", "coreutils", "util-linux", "systemd", "git-man", "perl-doc",
    "libssl-doc", "openssl", "tcl8.6-doc", "libx11-doc", "libcurl4-doc", "libarchive-dev",
    "libpcre2-dev", "libncurses-dev", "ncurses-doc", "openssh-client", "openssh-server",
    "iproute2", "nftables", "btrfs-progs", "e2fsprogs", "xfsprogs", "lvm2", "mdadm",
    "cryptsetup-bin", "rsync", "curl", "wget", "gnupg", "gpg", "dpkg", "dpkg-dev", "apt",
    "debhelper", "devscripts", "imagemagick-6-common", "graphicsmagick", "netpbm", "ffmpeg-doc",
    "sox", "samba-common-bin", "smbclient", "bind9-dnsutils", "postfix", "exim4-base",
    "apache2-utils", "postgresql-client-15", "mariadb-client", "sqlite3", "tmux", "screen", "bash",
    "findutils", "grep", "sed", "gawk", "tar", "gzip", "xz-utils", "procps", "psmisc", "strace",
    "binutils-common", "perl", "libfuse3-dev", "libcap-dev", "libsystemd-dev", "libpam-doc",
    "libibverbs-dev", "libfabric-dev", "libtiff-dev", "libpng-dev", "libbsd-dev", "xscreensaver",
    "xterm", "mutt", "nmap", "tcpdump", "iptables", "qemu-utils", "libvirt-clients", "lxc",
)
NOT_TEXT = {"NAME", "", "AUTHOR", "AUTHORS", "COPYRIGHT", "COLOPHON", "REPORTING BUGS"}
FILE_BYTES_MAX = 400_000
CONDITIONAL = (".\\\"", "'\\\"", ".ig", ".if", ".ie", ".el", ".de", ".ds", ".nr", ".so", ".in",
               ".ta", ".tr")
# Requests whose arguments are text.
TEXT_REQUESTS = set("B I BR IR RB RI BI IB SM SB IP TP It Nm Nd Xr Ar Fl Cm Pa Li Ql Em Sy Op Dq Sq"
                    .split())
CHARACTERS = {"aq": "'", "cq": "'", "oq": "'", "lq": '"', "rq": '"', "em": "-", "bu": "*"}


@dataclass
class Page:
    name: str  # For example ls.1.
    title: str  # The text behind the dash of the NAME line.
    sections: list  # (heading, text)

    def text(self):
        """The text of all sections, without the name and those about people."""
        parts = [squeeze(text) for heading, text in self.sections
                 if heading.upper() not in NOT_TEXT]
        return " ".join(part for part in parts if part)


def plain(text):
    """The words of a text of roff, without its fonts, sizes and named characters."""
    text = re.sub(r"\\f(?:\[[^\]]*\]|\(..|.)", "", text)
    text = re.sub(r"\\\((..)", lambda match: CHARACTERS.get(match.group(1), " "), text)
    text = re.sub(r"\\\[[^\]]*\]|\\s[+-]?\d|\\[&|^%/,c]", "", text)
    text = text.replace("\\-", "-").replace("\\ ", " ").replace("\\~", " ").replace("\\e", "\\")
    return text.replace('"', "")


def sections_of(source):
    found, heading, lines = [], "", []
    for line in source.split("\n"):
        line = line.rstrip()
        if line.startswith(CONDITIONAL):
            continue
        match = re.match(r"^\.\s*S[HhSs]\s+(.*)", line)
        if match:
            found.append((heading, plain("\n".join(lines))))
            heading, lines = plain(match.group(1)).strip('" '), []
            continue
        match = re.match(r"^[.']\s*(\w+)\s*(.*)", line)
        if match:
            dash = "- " if match.group(1) == "Nd" else ""
            line = dash + match.group(2) if match.group(1) in TEXT_REQUESTS else ""
        elif line.startswith((".", "'")):
            line = ""
        lines.append(line)
    found.append((heading, plain("\n".join(lines))))
    return found


def read_page(path):
    """Reads a page. None where it has no NAME line."""
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rb") as file:
        sections = sections_of(file.read().decode("utf-8", "replace"))
    name = squeeze(dict((heading.upper(), text) for heading, text in sections).get("NAME", ""))
    _, dash, title = name.partition(" - ")
    if not dash or len(title) < 8:
        return None
    return Page(re.sub(r"\.gz$", "", os.path.basename(path)), title, sections)


def pages(root):
    for path in sorted(glob.glob(os.path.join(root, "usr/share/man/man[1-9]/*"))):
        if os.path.islink(path) or os.path.getsize(path) > FILE_BYTES_MAX:
            continue
        page = read_page(path)
        if page is not None:
            yield page

// The table of words.
#include "fs/mount_flags.h"

#include <sys/mount.h>

#include <array>

namespace vexfs::fs {
namespace {

constexpr unsigned long kNoSymfollow = 256;  // MS_NOSYMFOLLOW; glibc 2.36 does not name it.
// Each of these replaces the others.
constexpr unsigned long kAccessTimes = MS_NOATIME | MS_RELATIME | MS_STRICTATIME;

struct Word {
  std::string_view text;
  unsigned long clears;
  unsigned long sets;
};

constexpr std::array kWords = {
    Word{"ro", 0, MS_RDONLY},
    Word{"rw", MS_RDONLY, 0},
    Word{"nosuid", 0, MS_NOSUID},
    Word{"suid", MS_NOSUID, 0},
    Word{"nodev", 0, MS_NODEV},
    Word{"dev", MS_NODEV, 0},
    Word{"noexec", 0, MS_NOEXEC},
    Word{"exec", MS_NOEXEC, 0},
    Word{"sync", 0, MS_SYNCHRONOUS},
    Word{"async", MS_SYNCHRONOUS, 0},
    Word{"dirsync", 0, MS_DIRSYNC},
    Word{"noatime", kAccessTimes, MS_NOATIME},
    Word{"atime", MS_NOATIME, 0},
    Word{"relatime", kAccessTimes, MS_RELATIME},
    Word{"norelatime", MS_RELATIME, 0},
    Word{"strictatime", kAccessTimes, MS_STRICTATIME},
    Word{"nostrictatime", MS_STRICTATIME, 0},
    Word{"nodiratime", 0, MS_NODIRATIME},
    Word{"diratime", MS_NODIRATIME, 0},
    Word{"lazytime", 0, MS_LAZYTIME},
    Word{"nolazytime", MS_LAZYTIME, 0},
    Word{"nosymfollow", 0, kNoSymfollow},
    Word{"symfollow", kNoSymfollow, 0},
    Word{"silent", 0, MS_SILENT},
    Word{"loud", MS_SILENT, 0},
};

}  // namespace

bool apply_mount_flag(std::string_view word, unsigned long& flags) {
  for (const Word& known : kWords) {
    if (known.text != word) continue;
    flags = (flags & ~known.clears) | known.sets;
    return true;
  }
  return false;
}

void apply_mount_flags(std::string_view list, unsigned long& flags) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    (void)apply_mount_flag(list.substr(0, comma), flags);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
}

}  // namespace vexfs::fs

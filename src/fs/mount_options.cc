// The table of options and their parsers.
#include "fs/mount_options.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/parse.h"
#include "fs/mount_flags.h"

namespace vexfs::fs {
namespace {

constexpr size_t kOptionBytesMax = 4096;

// Flags of mount(2) that libfuse takes.
constexpr std::array kKernelOptions = {
    std::string_view("dev"),    std::string_view("nodev"),   std::string_view("suid"),
    std::string_view("nosuid"), std::string_view("exec"),    std::string_view("noexec"),
    std::string_view("atime"),  std::string_view("noatime"), std::string_view("sync"),
    std::string_view("async"),  std::string_view("dirsync")};

// Words of fstab that are accepted without effect: they are meant for mount(8), or say what is so
// anyway.
constexpr std::array kIgnoredOptions = {
    std::string_view("defaults"),   std::string_view("auto"),
    std::string_view("noauto"),     std::string_view("nofail"),
    std::string_view("_netdev"),    std::string_view("_rnetdev"),
    std::string_view("user"),       std::string_view("users"),
    std::string_view("owner"),      std::string_view("nouser"),
    std::string_view("nousers"),    std::string_view("noowner"),
    std::string_view("group"),      std::string_view("nogroup"),
    std::string_view("comment"),    std::string_view("seclabel"),
    std::string_view("nonempty"),   std::string_view("iversion"),
    std::string_view("noiversion"), std::string_view("mand"),
    std::string_view("nomand"),     std::string_view("default_permissions")};

// Notes for other programs, with a value; mount(8) itself writes `user=NAME` and the helpers.
constexpr std::array kNotes = {std::string_view("comment"), std::string_view("user"),
                               std::string_view("helper"), std::string_view("uhelper")};

// What the kernel shows of a FUSE mount, and what mount(8) therefore passes to a remount.
constexpr std::array kShownOptions = {
    std::string_view("user_id"),    std::string_view("group_id"),  std::string_view("rootmode"),
    std::string_view("fd"),         std::string_view("max_read"),  std::string_view("blksize"),
    std::string_view("context"),    std::string_view("fscontext"), std::string_view("defcontext"),
    std::string_view("rootcontext")};

template <typename List>
bool contains(const List& list, std::string_view word) {
  for (std::string_view candidate : list) {
    if (candidate == word) return true;
  }
  return false;
}

Status set_switch(std::string_view value, bool& setting) {
  if (value != "auto" && value != "on" && value != "off") return Status(EINVAL, "auto, on or off");
  setting = value != "off";
  return {};
}

Status set_seconds(std::string_view value, std::optional<double>& setting) {
  VEXFS_TRY(seconds, parse_seconds(value));
  setting = seconds;
  return {};
}

Status set_number(std::string_view value, uint64_t min, uint64_t max, uint64_t& setting) {
  VEXFS_TRY(number, parse_u64(value, min, max));
  setting = number;
  return {};
}

Status set_word(std::string_view value, std::string& setting) {
  // The kernel's option string has no way to write these.
  if (value.empty() || value.find_first_of(",\\\n") != std::string_view::npos) {
    return Status(EINVAL, "a name without commas");
  }
  setting.assign(value);
  return {};
}

Status apply_value(std::string_view key, std::string_view value, MountOptions& options) {
  if (key == "attr_timeout") return set_seconds(value, options.attribute_timeout);
  if (key == "entry_timeout") return set_seconds(value, options.entry_timeout);
  if (key == "negative_timeout") return set_seconds(value, options.negative_timeout);
  if (key == "passthrough") return set_switch(value, options.passthrough);
  if (key == "wakeup") return set_switch(value, options.quick_wakeups);
  if (key == "fsname") return set_word(value, options.fsname);
  if (key == "subtype") return set_word(value, options.subtype);
  uint64_t number = 0;
  if (key == "max_threads") {
    VEXFS_CHECK_OK(set_number(value, 1, limits::kThreadsMax, number));
    options.threads = static_cast<uint32_t>(number);
    return {};
  }
  if (key == "store_wait") {
    VEXFS_CHECK_OK(set_number(value, 0, 86400, number));
    options.store_wait_seconds = static_cast<uint32_t>(number);
    return {};
  }
  if (key == "thread_stack") {
    VEXFS_CHECK_OK(set_number(value, limits::kThreadStackBytesMin, size_t{8} << 20, number));
    if (number % static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)) != 0) {
      return Status(EINVAL, "whole pages");
    }
    options.thread_stack_bytes = number;
    return {};
  }
  if (key == "stack_measure_every") {
    VEXFS_CHECK_OK(set_number(value, 0, 1U << 30, number));
    options.measure_stack_every = static_cast<uint32_t>(number);
    return {};
  }
  return Status(EINVAL, "unknown option");
}

void append_word(std::string_view word, std::string& list) {
  if (!list.empty()) list += ',';
  list += word;
}

// False for a word that is no flag of mount(2).
bool note_flag(std::string_view word, MountOptions& options) {
  unsigned long ignored = 0;
  if (!apply_mount_flag(word, ignored)) return false;
  append_word(word, options.flags);
  if (word == "ro" || word == "rw") {
    options.read_only = word == "ro";
  } else {
    append_word(word, contains(kKernelOptions, word) ? options.kernel : options.late_flags);
  }
  return true;
}

Status apply(std::string_view option, MountOptions& options) {
  const size_t equals = option.find('=');
  if (equals != std::string_view::npos) {
    const std::string_view key = option.substr(0, equals);
    if (key.starts_with("x-") || key.starts_with("X-") || contains(kNotes, key)) return {};
    if (contains(kShownOptions, key)) {
      options.of_remount.assign(option);
      return {};
    }
    return apply_value(key, option.substr(equals + 1), options);
  }
  if (note_flag(option, options)) return {};
  if (option == "remount") {
    options.remount = true;
  } else if (option == "allow_other") {
    options.allow_other = true;
  } else if (option == "noallow_other") {
    options.allow_other = false;
  } else if (option == "auto_unmount") {
    options.auto_unmount = true;
  } else if (option == "remote_locks") {
    options.remote_locks = true;
  } else if (!contains(kIgnoredOptions, option) && !option.starts_with("x-") &&
             !option.starts_with("X-")) {
    return Status(EINVAL, "unknown option");
  }
  return {};
}

}  // namespace

const char kMountOptionsHelp[] =
    "  ro                      read-only\n"
    "  remount,FLAG...         change ro, suid, dev, exec, atime of the mount that is up (root)\n"
    "  allow_other             other users may enter (the default for root; noallow_other: not)\n"
    "  entry_timeout=S         seconds that a name may be cached\n"
    "  attr_timeout=S          seconds that attributes may be cached\n"
    "  negative_timeout=S      seconds that the absence of a name may be cached\n"
    "  passthrough=auto|off    file data at the kernel's own speed\n"
    "  remote_locks            file locks reach the source's filesystem, and exclude its other "
    "users\n"
    "  store_wait=S            seconds to wait for a store that another process has (default: 30)\n"
    "  wakeup=auto|off         keep idle CPUs quick to wake during bursts of requests\n"
    "  max_threads=N           threads that serve requests\n"
    "  thread_stack=BYTES      stack of each\n"
    "  stack_measure_every=N   measure the stack of one request in N (0: of none)\n"
    "  auto_unmount            unmount when the daemon dies\n"
    "  fsname=NAME, subtype=NAME, and dev, suid, exec, sync, atime (relatime,\n"
    "                          strictatime, diratime, lazytime) with their opposites\n";

Status parse_mount_options(std::string_view list, MountOptions& options, std::string& bad) {
  if (list.size() > kOptionBytesMax) {
    bad = "the option list";
    return Status(E2BIG, "more than 4096 bytes");
  }
  while (!list.empty()) {
    const size_t comma = list.find(',');
    const std::string_view option = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    if (option.empty()) continue;
    const Status status = apply(option, options);
    if (status.ok() || options.sloppy) continue;
    bad.assign(option);
    return status;
  }
  return {};
}

}  // namespace vexfs::fs

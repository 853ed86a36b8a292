// The table of options and their parsers.
#include "fs/mount_options.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/parse.h"

namespace vexfs::fs {
namespace {

constexpr size_t kOptionBytesMax = 4096;

// Options that mean something to mount(8) or the kernel only, and are passed on.
constexpr std::array kKernelOptions = {
    std::string_view("dev"),    std::string_view("nodev"),   std::string_view("suid"),
    std::string_view("nosuid"), std::string_view("exec"),    std::string_view("noexec"),
    std::string_view("atime"),  std::string_view("noatime"), std::string_view("sync"),
    std::string_view("async"),  std::string_view("dirsync")};

// Words of fstab that are accepted without effect. The backing filesystem keeps access times, and
// of their options libfuse knows noatime alone.
constexpr std::array kIgnoredOptions = {std::string_view("rw"),
                                        std::string_view("defaults"),
                                        std::string_view("auto"),
                                        std::string_view("noauto"),
                                        std::string_view("nofail"),
                                        std::string_view("_netdev"),
                                        std::string_view("user"),
                                        std::string_view("users"),
                                        std::string_view("owner"),
                                        std::string_view("nouser"),
                                        std::string_view("nousers"),
                                        std::string_view("noowner"),
                                        std::string_view("group"),
                                        std::string_view("nogroup"),
                                        std::string_view("relatime"),
                                        std::string_view("norelatime"),
                                        std::string_view("strictatime"),
                                        std::string_view("nostrictatime"),
                                        std::string_view("diratime"),
                                        std::string_view("nodiratime"),
                                        std::string_view("lazytime"),
                                        std::string_view("nolazytime"),
                                        std::string_view("silent"),
                                        std::string_view("loud"),
                                        std::string_view("default_permissions")};

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

Status apply(std::string_view option, MountOptions& options) {
  const size_t equals = option.find('=');
  if (equals != std::string_view::npos) {
    const std::string_view key = option.substr(0, equals);
    // These are notes for other programs; mount(8) itself writes `user=NAME`.
    if (key.starts_with("x-") || key.starts_with("X-") || key == "comment" || key == "user") {
      return {};
    }
    return apply_value(key, option.substr(equals + 1), options);
  }
  if (option == "ro") {
    options.read_only = true;
  } else if (option == "rw") {
    options.read_only = false;
  } else if (option == "allow_other") {
    options.allow_other = true;
  } else if (option == "noallow_other") {
    options.allow_other = false;
  } else if (option == "auto_unmount") {
    options.auto_unmount = true;
  } else if (option == "remote_locks") {
    options.remote_locks = true;
  } else if (contains(kKernelOptions, option)) {
    if (!options.kernel.empty()) options.kernel += ',';
    options.kernel += option;
  } else if (!contains(kIgnoredOptions, option) && !option.starts_with("x-") &&
             !option.starts_with("X-")) {
    return Status(EINVAL, "unknown option");
  }
  return {};
}

}  // namespace

const char kMountOptionsHelp[] =
    "  ro                      read-only\n"
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
    "  fsname=NAME, subtype=NAME, and dev, suid, exec, atime, sync with their opposites\n";

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
    if (status.ok()) continue;
    bad.assign(option);
    return status;
  }
  return {};
}

}  // namespace vexfs::fs

// One level for each directory on the way, with the rules of its two files.
#include "engine/indexing/ignore_stack.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/durable_file.h"
#include "base/fd.h"
#include "base/limits.h"

namespace vexfs::engine {
namespace {

text::IgnoreRules read_rules(int directory, const char* name) {
  const Fd fd(::openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat stat;
  if (!fd.valid() || ::fstat(fd.get(), &stat) != 0 || !S_ISREG(stat.st_mode)) return {};
  const Result<std::string> file = read_all(system_io(), fd, limits::kIgnoreFileBytesMax);
  return file.ok() ? text::IgnoreRules::parse(file.value()) : text::IgnoreRules();
}

bool is_above(std::string_view above, std::string_view path) {
  return above.empty() ||
         (path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/'));
}

text::IgnoreRules::Verdict judge(const text::IgnoreRules& rules, std::string_view path,
                                 bool is_directory) {
  return rules.empty() ? text::IgnoreRules::Verdict::kNone : rules.judge(path, is_directory);
}

}  // namespace

void IgnoreStack::go_to(const std::string& path, int directory) {
  while (!levels_.empty() && !is_above(levels_.back().path, path)) levels_.pop_back();
  if (!levels_.empty() && levels_.back().path == path) return;
  levels_.push_back(
      {path, read_rules(directory, ".gitignore"), read_rules(directory, ".vexfsignore")});
}

Status IgnoreStack::descend(int source, std::string_view path) {
  levels_.clear();
  go_to({}, source);
  Fd at;
  for (size_t start = 0; start < path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string name(path.substr(start, end - start));
    if (ignores(name, true)) return Status(EPERM, "the directory is left out");
    Fd next(::openat(at.valid() ? at.get() : source, name.c_str(),
                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.valid()) return errno_status("openat");
    at = std::move(next);
    go_to(std::string(path.substr(0, end)), at.get());
    start = end + 1;
  }
  return {};
}

bool IgnoreStack::ignores(std::string_view name, bool is_directory) const {
  if (name == ".git" || name == ".vexfs") return true;
  if (levels_.empty()) return false;
  std::string& path = buffer_;
  path = levels_.back().path;
  if (!path.empty()) path += '/';
  path += name;
  for (size_t i = levels_.size(); i-- > 0;) {
    const Level& level = levels_[i];
    const std::string_view below =
        std::string_view(path).substr(level.path.empty() ? 0 : level.path.size() + 1);
    for (const text::IgnoreRules* rules : {&level.vexfs, &level.git}) {
      const auto verdict = judge(*rules, below, is_directory);
      if (verdict != text::IgnoreRules::Verdict::kNone) {
        return verdict == text::IgnoreRules::Verdict::kIgnored;
      }
    }
  }
  return false;
}

}  // namespace vexfs::engine

// IgnoreRules: the rules of one .gitignore or .vexfsignore file (gitignore(5)).
#ifndef VEXFS_TEXT_IGNORE_RULES_H_
#define VEXFS_TEXT_IGNORE_RULES_H_

#include <string>
#include <string_view>
#include <vector>

namespace vexfs::text {

// Whether the gitignore(5) pattern `glob` matches the whole of `path`. A * or ? does not match a
// slash; ** between slashes matches any number of directories; [a-z], [!a-z] and backslashes are as
// in glob(7). It takes at most bytes(glob) * bytes(path) steps.
bool glob_matches(std::string_view glob, std::string_view path);

// Immutable once parsed; any number of threads may use it.
class IgnoreRules {
 public:
  // Rules beyond limits::kIgnoreRulesMax are left out. No file is an error.
  static IgnoreRules parse(std::string_view file);

  enum class Verdict { kNone, kIgnored, kKept };
  // `path` is relative to the directory of the file, without a slash at either end. The last rule
  // that matches decides. What lies in an ignored directory is ignored too, but not by this
  // function: its caller does not enter such a directory.
  Verdict judge(std::string_view path, bool is_directory) const;
  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    std::string glob;
    bool keeps = false;             // The line began with '!'.
    bool directories_only = false;  // The line ended in '/'.
    // The line had another slash, so the glob is matched against the whole path instead of the
    // name.
    bool anchored = false;
  };
  std::vector<Rule> rules_;
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_IGNORE_RULES_H_

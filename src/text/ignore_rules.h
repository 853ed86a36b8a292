// IgnoreRules: one .gitignore or .vexfsignore file (gitignore(5)).
#ifndef VEXFS_TEXT_IGNORE_RULES_H_
#define VEXFS_TEXT_IGNORE_RULES_H_

#include <string>
#include <string_view>
#include <vector>

namespace vexfs::text {

// Whether gitignore(5)'s pattern `glob` matches the whole of `path`: * and ? stop at slashes, **
// between slashes does not, [a-z], [!a-z] and backslashes as in glob(7). Linear but for
// backtracking of one star: at most bytes(glob) * bytes(path) steps.
bool glob_matches(std::string_view glob, std::string_view path);

class IgnoreRules {
 public:
  // Lines beyond limits::kIgnoreRulesMax are not taken; nothing is refused.
  static IgnoreRules parse(std::string_view file);

  enum class Verdict { kNone, kIgnored, kKept };
  // `path` is relative to the file's directory, without a slash at either end. The last rule that
  // matches decides. What lies in an ignored directory is ignored: the caller does not enter it.
  Verdict judge(std::string_view path, bool is_directory) const;
  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    std::string glob;
    bool keeps = false;             // The line began with '!'.
    bool directories_only = false;  // It ended in '/'.
    bool anchored = false;          // It had another slash: matched against the whole path.
  };
  std::vector<Rule> rules_;
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_IGNORE_RULES_H_

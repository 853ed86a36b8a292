// Tests of the reports: JSON that parsers take whatever the paths are, and Prometheus' text format.
#include "fs/requests/surface_reports.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <regex.h>

#include <array>
#include <cstring>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "fs/measure/stack_bounds.h"

namespace vexfs::fs {

// The table of proved bounds of this test program has one operation.
std::span<const StackBound> proved_stack_bounds() {
  static constexpr StackBound kBounds[] = {{"lookup", 1234}};
  return kBounds;
}

namespace {

// A POSIX extended expression that must match from the first character on. (std::regex of GCC 12
// does not build without warnings under AddressSanitizer.)
class Pattern {
 public:
  explicit Pattern(const std::string& text) {
    EXPECT_EQ(::regcomp(&compiled_, ("^(" + text + ")").c_str(), REG_EXTENDED), 0);
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern() { ::regfree(&compiled_); }

  // The match and its groups; empty when there is none.
  std::vector<std::string> find(const std::string& text) const {
    std::array<regmatch_t, 5> at;
    std::vector<std::string> found;
    if (::regexec(&compiled_, text.c_str(), at.size(), at.data(), 0) != 0) return found;
    for (size_t i = 1; i < at.size(); ++i) {
      found.push_back(at[i].rm_so < 0
                          ? std::string()
                          : text.substr(static_cast<size_t>(at[i].rm_so),
                                        static_cast<size_t>(at[i].rm_eo - at[i].rm_so)));
    }
    return found;
  }

 private:
  regex_t compiled_;
};

// Reads one JSON value (RFC 8259) from the front of a text.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : rest_(text) {}

  bool value() {
    if (rest_.starts_with('{')) return list('{', '}', true);
    if (rest_.starts_with('[')) return list('[', ']', false);
    if (rest_.starts_with('"')) return string();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (take(word)) return true;
    }
    return number();
  }
  std::string_view rest() const { return rest_; }

 private:
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool list(char open, char close, bool has_keys) {
    take({&open, 1});
    if (take({&close, 1})) return true;
    do {
      if (has_keys && !(string() && take(":"))) return false;
      if (!value()) return false;
    } while (take(","));
    return take({&close, 1});
  }
  bool string() {
    if (!take("\"")) return false;
    while (!rest_.empty() && rest_[0] != '"') {
      if (static_cast<unsigned char>(rest_[0]) < 0x20) return false;
      if (take("\\u")) {
        if (rest_.size() < 4 || std::strspn(rest_.data(), "0123456789abcdefABCDEF") < 4)
          return false;
        rest_.remove_prefix(4);
      } else if (take("\\")) {
        if (rest_.empty() || std::strchr("\"\\/bfnrt", rest_[0]) == nullptr) return false;
        rest_.remove_prefix(1);
      } else {
        rest_.remove_prefix(1);
      }
    }
    return take("\"");
  }
  bool number() {
    static const Pattern kNumber("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    const std::vector<std::string> found = kNumber.find(std::string(rest_));
    if (found.empty()) return false;
    rest_.remove_prefix(found[0].size());
    return true;
  }

  std::string_view rest_;
};

bool is_one_json_line(const std::string& text) {
  JsonReader reader(text);
  return reader.value() && reader.rest() == "\n";
}

class SurfaceReportsTest : public testing::Test {
 protected:
  SurfaceReportsTest()
      : fs_(Fd(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), false, false, false) {}
  std::string report(Report which) { return make_report({fs_, options_, true}, which); }
  bool status_has(std::string_view text) {
    return report(Report::kStatus).find(text) != std::string::npos;
  }

  FileSystem fs_;
  MountOptions options_;
};

TEST_F(SurfaceReportsTest, StatusIsJsonForEveryPath) {
  for (const std::string path :
       {"/plain", "/with \"quotes\" and \\ and /", "/line\nbreak\ttab\r\x01\x1f\x7f",
        "/\xc3\xa9\xe2\x82\xac", "/broken\xff\xfe\xc3", "/\xed\xa0\x80\xc0\xaf", ""}) {
    options_.source = path;
    options_.mountpoint = path + path;
    EXPECT_TRUE(is_one_json_line(report(Report::kStatus))) << report(Report::kStatus);
  }
}

TEST_F(SurfaceReportsTest, StatusSaysWhatTheMountIs) {
  options_.source = "/a\"b";
  options_.threads = 3;
  fs_.timeouts = {0.5, 86400, 0};
  EXPECT_TRUE(status_has("\"pid\":" + std::to_string(::getpid()) + ","));
  EXPECT_TRUE(status_has(R"("source":"/a\"b")"));
  EXPECT_TRUE(status_has(R"("read_only":false,)"));
  EXPECT_TRUE(status_has(R"("passthrough":{"active":false,"reason":"switched off by)"));
  EXPECT_TRUE(status_has(R"("identity":"paths")"));
  EXPECT_TRUE(status_has(R"("entry":0.500,"attributes":86400.000,"negative":0.000)"));
  EXPECT_TRUE(status_has(R"("threads":{"count":3,)"));
  EXPECT_TRUE(status_has(R"("inodes":0,"open_files":0,"locks":{"remote":false},)"));
  EXPECT_FALSE(status_has(R"("rss_bytes":0,)"));
}

TEST_F(SurfaceReportsTest, StatusTellsOfRemoteLocks) {
  fs_.locks = std::make_unique<RemoteLocks>();
  EXPECT_TRUE(status_has(R"("locks":{"remote":true,"owners":0,"ranges":0,"waiting":0},)"));
}

TEST_F(SurfaceReportsTest, StackHasEveryOperation) {
  const std::string text = report(Report::kStack);
  EXPECT_TRUE(is_one_json_line(text)) << text;
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    const std::string name = operation_name(static_cast<Operation>(i));
    const std::string proved = name == "lookup" ? "1234" : "null";
    EXPECT_NE(text.find("\"" + name + "\":{\"proved\":" + proved + ","), std::string::npos) << name;
  }
  EXPECT_EQ(proved_stack_bytes("lookup"), 1234U);
  EXPECT_EQ(proved_stack_bytes("look"), 0U);
}

// The text format of Prometheus: comments before samples, no sample twice.
TEST_F(SurfaceReportsTest, MetricsAreWellFormed) {
  fs_.counters.count(Operation::mkdir);
  fs_.latencies.begin();
  Latencies::name(Operation::mkdir);
  fs_.latencies.end();
  const std::string text = report(Report::kMetrics);
  const Pattern help("# HELP (vexfs_[a-z_]+) .+$");
  const Pattern type("# TYPE (vexfs_[a-z_]+) (counter|gauge|summary)$");
  const Pattern sample(
      "(vexfs_[a-z_]+)([{][a-z]+=\"[a-z_]+\"(,quantile=\"0[.][0-9]+\")?[}])? [0-9.]+$");
  std::set<std::string> helped;
  std::set<std::string> typed;
  std::set<std::string> samples;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (const auto name = help.find(line); !name.empty()) {
      EXPECT_TRUE(helped.insert(name[1]).second) << line;
    } else if (const auto typing = type.find(line); !typing.empty()) {
      EXPECT_TRUE(typed.insert(typing[1]).second) << line;
    } else if (const auto parts = sample.find(line); !parts.empty()) {
      EXPECT_TRUE(samples.insert(parts[1] + parts[2]).second) << line;
      // The sample that counts a summary is typed by the summary.
      const bool is_count = parts[1].ends_with("_count");
      EXPECT_TRUE(typed.contains(parts[1].substr(0, parts[1].size() - (is_count ? 6 : 0)))) << line;
    } else {
      ADD_FAILURE() << line;
    }
  }
  EXPECT_EQ(helped, typed);
  EXPECT_GE(samples.size(), 2 * kOperationCount);
  EXPECT_TRUE(text.ends_with('\n'));
  EXPECT_NE(text.find("vexfs_requests_total{op=\"mkdir\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("vexfs_requests_total{op=\"rmdir\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("vexfs_request_seconds_count{op=\"mkdir\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("vexfs_request_seconds{op=\"mkdir\",quantile=\"0.99\"} 0.0"),
            std::string::npos);
}

TEST_F(SurfaceReportsTest, NoReportIsLongerThanItsBound) {
  options_.source = std::string(4095, '\x01');  // PATH_MAX of what needs the most room.
  options_.mountpoint = options_.source;
  for (const Report which : {Report::kStatus, Report::kStack, Report::kMetrics}) {
    EXPECT_LE(report(which).size(), limits::kReportBytesMax);
  }
}

}  // namespace
}  // namespace vexfs::fs

// FakeTree: for tests, a tree in memory with one space, that can be made to fail.
#ifndef VEXFS_CLI_TREE_TESTING_FAKE_TREE_H_
#define VEXFS_CLI_TREE_TESTING_FAKE_TREE_H_

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/text_writer.h"
#include "cli/tree/json_fields.h"
#include "cli/tree/space_info.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

class FakeTree final : public TreeClient {
 public:
  explicit FakeTree(uint32_t dim = 2, ElementType element = ElementType::kF32) {
    space.name = "s";
    space.parameters.dim = dim;
    space.parameters.element = element;
  }

  SpaceInfo space;
  std::map<std::string, std::vector<float>> files;  // The files that exist, each with its vectors.
  std::map<std::string, int> errors;                // Errors of setting a file's vectors.
  int sets = 0;
  int gets = 0;
  uint32_t page = 2;  // How many files one page of a list has.

  // Replies: to queries, to requests for progress (none: an older mount), and for failures.
  std::function<std::string(const Json&)> answer;
  std::function<std::string()> progress;
  std::function<std::string(const std::string& after)> failures;

  Result<std::string> query(std::string_view request) override {
    return answer(Json::parse(request));
  }
  Result<std::string> status() override { return Status(ENOSYS, "status"); }
  bool mounted() const override { return false; }

  Result<std::string> control(std::string_view request) override {
    const Json json = Json::parse(request);
    if (json.contains("spaces")) return "{\"spaces\":[" + told_space() + "]}";
    if (json.contains("progress") && progress) return "{\"progress\":" + progress() + "}";
    if (json.contains("failures") && failures) return failures(text_in(json["failures"], "after"));
    if (json.contains("sync")) return std::string("{\"synced\":true}");
    if (json.contains("list")) return list(text_in(json["list"], "after"));
    return std::string(R"({"error":{"code":"EINVAL","message":"no such request"}})");
  }

  Status set_vectors(const std::string& path, const std::string&,
                     std::span<const float> vectors) override {
    ++sets;
    if (errors.contains(path)) return Status(errors.at(path), "set");
    if (!files.contains(path)) return Status(ENOENT, "set");
    files[path].assign(vectors.begin(), vectors.end());
    return Status();
  }
  Result<std::vector<float>> get_vectors(const std::string& path, const std::string&) override {
    ++gets;
    if (!files.contains(path)) return Status(ENOENT, "get");
    if (files.at(path).empty()) return Status(ENODATA, "get");
    return files.at(path);
  }
  Status remove_vectors(const std::string& path, const std::string&) override {
    if (!files.contains(path)) return Status(ENOENT, "remove");
    files.at(path).clear();
    return Status();
  }

 private:
  std::string told_space() const {
    std::string json = space_json(space);
    json.back() = ',';
    TextWriter(json).text("\"filler\":").json(space.filler).text("}");
    return json;
  }

  std::string list(const std::string& after) const {
    std::string reply = "{\"files\":[";
    uint32_t count = 0;
    bool more = false;
    for (auto at = files.upper_bound(after); at != files.end(); ++at) {
      if (at->second.empty()) continue;
      more = count == page;
      if (more) break;
      TextWriter(reply).text(count++ == 0 ? "" : ",").text("{\"path\":").json(at->first).text("}");
    }
    return reply + "],\"more\":" + (more ? "true}" : "false}");
  }
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_TESTING_FAKE_TREE_H_

// Tests of the protocol from text to text.
#include "engine/query_protocol.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

using Json = nlohmann::json;

// The parts of a world that is up; its texts are not indexed.
class WorldParts final : public ProtocolParts {
 public:
  explicit WorldParts(SearchWorld& world) : world_(world) {}

  bool never_had_store() const override { return false; }
  Result<VectorStorageManager*> storage(bool) override { return &world_.storage(); }
  Result<VectorSearchEngine*> search(bool) override { return &world_.engine(); }
  Status sync_text() override { return world_.storage().flush(); }
  Status index_text() override { return Status(ENOSYS, "no texts here"); }
  Result<void, Refusal> choose_embedder(EmbedderChoice) override {
    return Refusal(ENOSYS, "no embedder here");
  }
  TextProgress text_progress() override { return {.on = true, .documents = 3}; }
  void hurry() override { hurried = true; }

  bool hurried = false;

 private:
  SearchWorld& world_;
};

class QueryDoorTest : public testing::Test {
 protected:
  Json ask(const std::string& request, const tree::Credentials& caller = SearchWorld::root(),
           const std::string& directory = "") {
    std::string reply = "old";
    answer_json(parts_, caller, world_.key(directory), request, reply);
    return parsed(reply);
  }
  Json control(const std::string& request, bool privileged = true,
               const tree::Credentials& caller = SearchWorld::root()) {
    std::string reply = "old";
    control_json(parts_, caller, privileged, world_.key(""), request, reply);
    return parsed(reply);
  }
  Json ask_f32(std::span<const std::byte> request) {
    std::string reply = "old";
    answer_f32(parts_, SearchWorld::root(), world_.key(""), request, reply);
    return parsed(reply);
  }
  static Json parsed(const std::string& reply) {
    EXPECT_EQ(reply.find('\n'), reply.size() - 1) << reply;
    return Json::parse(reply);
  }

  SearchWorld world_;
  WorldParts parts_{world_};
};

TEST_F(QueryDoorTest, AnswersQueries) {
  EXPECT_EQ(ask(R"({"vector":[1,2,3]})")["error"]["code"], "ENODATA");
  world_.space("s", 2);
  world_.directory("d");
  world_.file("d/a.md", {0, 1});
  world_.file("d/b.txt", {0, 3});
  Json reply = ask(R"({"vector":[0,0],"k":1})");
  ASSERT_EQ(reply["hits"].size(), 1u) << reply;
  EXPECT_EQ(reply["hits"][0]["path"], "d/a.md");
  EXPECT_EQ(reply["hits"][0]["score"], -1);
  EXPECT_EQ(reply["complete"], true);
  EXPECT_EQ(ask(R"({"like":"a.md"})", SearchWorld::bob(), "d")["hits"][0]["path"], "b.txt");
  EXPECT_EQ(ask(R"({"vector":[0,0],"type":"txt"})")["hits"].size(), 1u);
  reply = ask(R"({"vector":[1,2,3]})");
  EXPECT_EQ(reply, Json::parse(R"({"error":{"code":"EINVAL","message":
            "space s has 2 dimensions, the vector has 3"}})"));
  EXPECT_EQ(ask("nonsense")["error"]["code"], "EINVAL");
  EXPECT_EQ(ask(R"({"text":"x"})")["error"]["code"], "ENODATA");
}

TEST_F(QueryDoorTest, AnswersRawVectors) {
  world_.space("s", 2);
  world_.space("t", 3);
  world_.file("a", {0, 1});
  const std::array<float, 2> vector = {0, 0};
  EXPECT_EQ(ask_f32(std::as_bytes(std::span(vector)))["hits"][0]["path"], "a");
  EXPECT_EQ(ask_f32(std::as_bytes(std::span(vector)).first(7))["error"]["code"], "EINVAL");
  EXPECT_EQ(ask_f32({})["error"]["code"], "EINVAL");
  EXPECT_EQ(ask_f32(std::as_bytes(std::span(vector)).first(4))["error"]["message"],
            "no space has 1 dimension, as the vector has");
}

TEST_F(QueryDoorTest, AnswersDuplicates) {
  world_.space("s", 1);
  world_.file("a", {0});
  world_.file("b", {0});
  EXPECT_EQ(ask(R"({"dups":0.05,"space":"s"})"),
            Json::parse(R"({"groups":[{"distance":0,"paths":["a","b"]}],"complete":true})"));
  EXPECT_EQ(control(R"({"duplicates":{"space":"s","distance":0.05}})"),
            Json::parse(R"({"duplicates":[{"distance":0,"paths":["a","b"]}],"complete":true})"));
}

TEST_F(QueryDoorTest, AdministersSpaces) {
  EXPECT_EQ(control(R"({"spaces":true})"), Json::parse(R"({"spaces":[]})"));
  const Json created = control(R"({"create_space":{"name":"s","dim":1,"metric":"l2"}})");
  EXPECT_EQ(created["created"]["name"], "s");
  EXPECT_EQ(created["created"]["metric"], "l2");
  EXPECT_EQ(control(R"({"create_space":{"name":"s","dim":1}})")["error"]["code"], "EEXIST");
  EXPECT_EQ(control(R"({"create_space":{"name":"r","dim":1}})", false)["error"]["code"], "EPERM");
  world_.space("a", 4);
  world_.file("f", {1});
  const Json spaces = control(R"({"spaces":true})")["spaces"];
  ASSERT_EQ(spaces.size(), 2u);
  EXPECT_EQ(spaces[0]["name"], "a");
  EXPECT_EQ(spaces[1]["vectors"], 1);
  EXPECT_FALSE(control(R"({"spaces":true})", false)["spaces"][1].contains("vectors"));
  EXPECT_EQ(control(R"({"sync":true})", false), Json::parse(R"({"synced":true})"));
  EXPECT_EQ(control(R"({"drop_space":"a"})", false)["error"]["code"], "EPERM");
  EXPECT_EQ(control(R"({"drop_space":"a"})"), Json::parse(R"({"dropped":"a"})"));
  EXPECT_EQ(control(R"({"drop_space":"a"})")["error"]["message"], "there is no space a");
}

TEST_F(QueryDoorTest, AdministersTexts) {
  EXPECT_EQ(control(R"({"progress":true})")["progress"]["documents"], 3);
  EXPECT_TRUE(parts_.hurried);
  parts_.hurried = false;
  EXPECT_FALSE(control(R"({"progress":true})", false)["progress"].contains("documents"));
  EXPECT_FALSE(parts_.hurried) << "others only look";
  EXPECT_EQ(control(R"({"index":true})", false)["error"]["code"], "EPERM");
  EXPECT_EQ(control(R"({"index":true})")["error"]["message"],
            "text cannot be indexed: no texts here");
  EXPECT_EQ(control(R"({"embedder":{}})", false)["error"]["code"], "EPERM");
  EXPECT_EQ(control(R"({"embedder":{}})")["error"]["message"], "no embedder here");
}

TEST_F(QueryDoorTest, ListsFiles) {
  world_.space("s", 1);
  world_.file("a", {1});
  world_.file("b", {1, 2}, 0600);
  world_.file("c", {1});
  EXPECT_EQ(control(R"({"list":{"space":"s","limit":2}})"),
            Json::parse(R"({"files":[{"path":"a","vectors":1},{"path":"b","vectors":2}],
                            "more":true})"));
  EXPECT_EQ(control(R"({"list":{"space":"s","after":"a"}})", false, SearchWorld::bob()),
            Json::parse(R"({"files":[{"path":"c","vectors":1}],"more":false})"));
}

}  // namespace
}  // namespace vexfs::engine

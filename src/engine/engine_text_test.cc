// Text through the whole engine: files become documents, and are found by what they say.
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/engine.h"
#include "tree/source_tree.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::engine {
namespace {

using store::ObjectKey;

class EngineTextTest : public testing::Test {
 protected:
  void SetUp() override {
    EXPECT_EQ(::fchmodat(files_.fd(), ".", 0755, 0), 0);
    tree_ = std::move(tree::SourceTree::create(files_.open_root())).value();
    engine_ = std::move(Engine::create(*tree_, {})).value();
  }
  ObjectKey root() { return tree_->key_of(tree_->root().get()).value(); }
  void write(const std::string& path, const std::string& text) {
    const Fd file = files_.make_file(path);
    EXPECT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  nlohmann::json ask(const std::string& request) {
    std::string reply;
    engine_->answer_json({}, root(), request, reply);
    return nlohmann::json::parse(reply);
  }
  void index_all() {
    ASSERT_TRUE(engine_->index_text().ok());
    ASSERT_TRUE(engine_->sync_text().ok());
  }

  tree::TemporaryTree files_;
  std::unique_ptr<tree::SourceTree> tree_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineTextTest, FindsPassagesOfFiles) {
  write("soup.md", "Boil the tomatoes, add salt and basil, and serve the soup with bread.\n");
  write("travel.md", "# Travel\n\nTo renew a passport, bring the old one and two photographs.\n");
  index_all();
  const auto reply = ask(R"({"text":"how do I renew my passport","k":5})");
  ASSERT_TRUE(reply.contains("hits")) << reply;
  ASSERT_GE(reply["hits"].size(), 1U);
  const auto& hit = reply["hits"][0];
  EXPECT_EQ(hit["path"], "travel.md");
  EXPECT_NE(hit["text"].get<std::string>().find("renew a passport"), std::string::npos);
  EXPECT_EQ(hit["line"], 1);
  EXPECT_GT(hit["end"], hit["start"]);
  EXPECT_EQ(hit["lexical"], 1);
  EXPECT_GT(hit["semantic"], 0.1);
  EXPECT_EQ(reply["complete"], true);
  EXPECT_EQ(ask(R"({"text":"passport","mode":"lexical"})")["hits"].size(), 1U);
  EXPECT_EQ(ask(R"({"text":"soup","type":"md","k":1})")["hits"][0]["path"], "soup.md");
  EXPECT_FALSE(ask(R"({"text":"soup","text_bytes":0})")["hits"][0].contains("text"));
}

// The first search by text begins with it, and says that it knows little yet.
TEST_F(EngineTextTest, TheFirstSearchMakesWhatItAsks) {
  write("a.md", "A passport is renewed at the office.\n");
  EXPECT_FALSE(engine_->has_store());
  EXPECT_EQ(ask(R"({"vector":[1]})")["error"]["code"], "ENODATA");
  EXPECT_EQ(ask(R"({"text":1})")["error"]["code"], "EINVAL");
  EXPECT_FALSE(engine_->has_store());
  EXPECT_TRUE(ask(R"({"text":"passport"})").contains("hits"));
  EXPECT_TRUE(engine_->has_store());
  ASSERT_TRUE(engine_->sync_text().ok());
  const auto reply = ask(R"({"text":"passport"})");
  ASSERT_EQ(reply["hits"].size(), 1U) << reply;
  EXPECT_EQ(reply["complete"], true);
}

// A long file has passages and a vector as a whole; what is shown is a passage.
TEST_F(EngineTextTest, LongFilesShowTheirPassages) {
  std::string text;
  for (int i = 0; i < 60; ++i) {
    text += "Paragraph " + std::to_string(i) +
            " tells of the weather on the coast, of ships and of the harbour in winter.\n\n";
    if (i == 40) text += "A passport is renewed at the office with two photographs.\n\n";
  }
  write("long.txt", text);
  write("short.txt", "Bread, butter and cheese are on the list of what to buy for dinner.\n");
  index_all();
  const auto words = ask(R"({"text":"renew a passport"})");
  ASSERT_GE(words["hits"].size(), 1U) << words;
  const auto& hit = words["hits"][0];
  EXPECT_EQ(hit["path"], "long.txt");
  EXPECT_GT(hit["start"], 0);
  EXPECT_GT(hit["line"], 1);
  EXPECT_NE(hit["text"].get<std::string>().find("passport"), std::string::npos);
  EXPECT_EQ(hit["text"],
            text.substr(hit["start"], hit["end"].get<size_t>() - hit["start"].get<size_t>()));
  const auto meaning = ask(R"({"text":"ships in the harbour in winter","mode":"semantic","k":1})");
  EXPECT_EQ(meaning["hits"][0]["path"], "long.txt");
  EXPECT_GT(meaning["hits"][0]["end"], 0) << "not the file as a whole";
}

// A document is like another as a whole, not by its first passage.
TEST_F(EngineTextTest, SimilarDocumentsAreSoAsAWhole) {
  const auto repeated = [](const std::string& sentence, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += sentence + "\n\n";
    return text;
  };
  const std::string ships = "The ship leaves the harbour, and the sailors set the sails at sea.";
  const std::string bread = "Knead the flour with water and yeast, and bake the bread in an oven.";
  write("mixed.txt", repeated(bread, 15) + repeated(ships, 200));
  write("ships.txt", ships + "\n");
  write("bread.txt", bread + "\n");
  index_all();
  const auto reply = ask(R"({"like":"mixed.txt","space":"text"})");
  ASSERT_GE(reply["hits"].size(), 2U) << reply;
  EXPECT_EQ(reply["hits"][0]["path"], "ships.txt");
}

}  // namespace
}  // namespace vexfs::engine

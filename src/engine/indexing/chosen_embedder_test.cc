// The file decides which embedder is asked; without a file no server is.
#include "engine/indexing/chosen_embedder.h"

#include <gtest/gtest.h>

#include "text/testing/embedding_server.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::engine {
namespace {

TEST(ChosenEmbedderTest, ParsesWhatItKnows) {
  const auto options =
      parse_embedder(R"({"url":"http://127.0.0.1:1","model":"m","key_file":"/etc/key","dim":384})");
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options.value().url, "http://127.0.0.1:1");
  EXPECT_EQ(options.value().model, "m");
  EXPECT_EQ(options.value().key_file, "/etc/key");
  EXPECT_EQ(options.value().dim, 384U);
  for (const char* wrong :
       {"", "{}", "[]", R"({"url":"http://h"})", R"({"url":"http://h","model":1})",
        R"({"url":"http://h","model":"m","dim":0})", R"({"url":"http://h","model":"m","x":1})"}) {
    EXPECT_EQ(parse_embedder(wrong).error(), EINVAL) << wrong;
  }
}

TEST(ChosenEmbedderTest, WritesWhatItReads) {
  const tree::TemporaryTree tree;
  const Fd root = tree.open_root();
  text::HttpEmbedderOptions options = remote_embedder();
  options.url = "https://h/v1";
  options.model = "m \"x\"";
  EXPECT_EQ(write_embedder(system_io(), root, kWantedEmbedder, options).error(), ENOENT);
  tree.make_directory(".vexfs");
  for (const uint32_t dim : {0U, 384U}) {
    options.dim = dim;
    options.key_file = dim == 0 ? "" : "/etc/key";
    ASSERT_TRUE(write_embedder(system_io(), root, kWantedEmbedder, options).ok());
    const auto read = read_embedder(root, kWantedEmbedder).value();
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(embedder_json(*read), embedder_json(options));
  }
  EXPECT_EQ(name_of(options), "m \"x\" at https://h/v1");
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(write_embedder(system_io(), root, kWantedEmbedder, std::nullopt).ok());
    EXPECT_FALSE(read_embedder(root, kWantedEmbedder).value().has_value());
  }
  const Fd file = tree.make_file(".vexfs/embedder.json");
  EXPECT_EQ(read_embedder(root, kWantedEmbedder).error(), EINVAL) << "empty";
}

TEST(ChosenEmbedderTest, TriesWhatIsAskedFor) {
  EmbedderChoice choice;
  EXPECT_EQ(try_embedder(choice).value()->name(), "builtin");
  text::EmbeddingServer server(text::vectors_for);
  choice = remote_embedder();
  choice->url = server.url();
  choice->model = "m";
  ASSERT_TRUE(try_embedder(choice).ok());
  EXPECT_EQ(choice->dim, 3U);
  choice->dim = 4;
  const auto other = try_embedder(choice);
  ASSERT_EQ(other.error(), EINVAL);
  EXPECT_NE(other.failure().message.find("3 dimensions, not 4"), std::string::npos);
  choice->url = "ftp://h";
  EXPECT_EQ(try_embedder(choice).error(), EINVAL);
  choice->url = "http://127.0.0.1:1";
  const auto silent = try_embedder(choice);
  ASSERT_EQ(silent.error(), EAGAIN);
  EXPECT_TRUE(silent.failure().message.starts_with("http://127.0.0.1:1: "));
}

// No request is sent: nothing listens at these addresses.
TEST(ChosenEmbedderTest, KnowsTheOneThatFilledASpace) {
  store::Space space;
  space.parameters.dim = 256;
  space.embedder = text::make_builtin_embedder()->fingerprint();
  EXPECT_EQ(embedder_of(space, std::nullopt, std::nullopt).value()->name(), "builtin");
  EmbedderChoice other = remote_embedder();
  other->url = "http://127.0.0.1:1";
  other->model = "m";
  EXPECT_EQ(embedder_of(space, other, std::nullopt).value()->name(), "builtin");
  space.parameters.dim = 7;
  space.embedder = text::http_fingerprint("m", 7);
  EXPECT_TRUE(fills(other, 7, space.embedder));
  EXPECT_FALSE(fills(std::nullopt, 7, space.embedder));
  EXPECT_EQ(embedder_of(space, std::nullopt, other).value()->name(), "m at http://127.0.0.1:1");
  EXPECT_EQ(embedder_of(space, other, std::nullopt).value()->fingerprint(), space.embedder);
  const auto lost = embedder_of(space, std::nullopt, std::nullopt).value();
  EXPECT_EQ(lost->dim(), 7U);
  EXPECT_EQ(lost->fingerprint(), space.embedder);
  EXPECT_EQ(lost->embed({}, {}).error(), EAGAIN);
}

}  // namespace
}  // namespace vexfs::engine

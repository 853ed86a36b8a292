// The file decides which embedder is asked; without a file no server is.
#include "engine/indexing/chosen_embedder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <string>
#include <vector>

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

constexpr uid_t kStranger = 65534;

// A store with a choice, and what read_embedder() says of it.
class WrittenEmbedderTest : public testing::Test {
 protected:
  void SetUp() override {
    tree_.make_directory(".vexfs");
    choice_->url = "http://127.0.0.1:1";
    choice_->model = "m";
    ASSERT_TRUE(write().ok());
    ASSERT_TRUE(read_embedder(root_, kWantedEmbedder).value().has_value());
  }
  Status write() { return write_embedder(system_io(), root_, kWantedEmbedder, choice_); }
  std::string path(const std::string& name) const { return tree_.path() + "/" + name; }
  void expect_unused(const std::string& why) const {
    const auto read = read_embedder(root_, kWantedEmbedder);
    EXPECT_EQ(read.error(), EPERM);
    EXPECT_NE(std::string(read.status().what()).find(why), std::string::npos)
        << read.status().what();
  }

  const tree::TemporaryTree tree_;
  const Fd root_ = tree_.open_root();
  EmbedderChoice choice_ = remote_embedder();
  const std::string store_ = path(".vexfs");
  const std::string file_ = path(".vexfs/embedder.json");
};

TEST_F(WrittenEmbedderTest, CountsNotWhereOthersMayWrite) {
  for (const mode_t mode : {0620U, 0602U}) {
    ASSERT_EQ(::chmod(file_.c_str(), mode), 0);
    expect_unused("others may write to it");
  }
  ASSERT_EQ(::chmod(file_.c_str(), 0644), 0);
  EXPECT_TRUE(read_embedder(root_, kWantedEmbedder).ok());
  for (const mode_t mode : {0720U, 0702U}) {
    ASSERT_EQ(::chmod(store_.c_str(), mode), 0);
    expect_unused("others may write to the store");
    EXPECT_EQ(write().error(), EPERM);
  }
}

TEST_F(WrittenEmbedderTest, CountsNotUnderTwoNames) {
  ASSERT_EQ(::link(file_.c_str(), path("second").c_str()), 0);
  expect_unused("another name");
}

TEST_F(WrittenEmbedderTest, CountsNotAsALink) {
  ASSERT_EQ(::rename(file_.c_str(), path("moved").c_str()), 0);
  ASSERT_EQ(::symlink("../moved", file_.c_str()), 0);
  expect_unused("no file");
  ASSERT_EQ(::unlink(file_.c_str()), 0);
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  expect_unused("no file");
}

TEST_F(WrittenEmbedderTest, CountsNotAsAnothers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  ASSERT_EQ(::chown(file_.c_str(), kStranger, kStranger), 0);
  expect_unused("belongs to another user");
  ASSERT_EQ(::chown(file_.c_str(), 0, 0), 0);
  ASSERT_EQ(::chown(store_.c_str(), kStranger, kStranger), 0);
  expect_unused("the store belongs to another user");
  EXPECT_EQ(write().error(), EPERM);
  EXPECT_FALSE(read_former_embedder(root_).has_value());
  EXPECT_TRUE(write_embedder(system_io(), root_, kWantedEmbedder, std::nullopt).ok())
      << "to be without one needs no trust";
}

// What root wrote counts for all, and each user's own for that user alone.
TEST_F(WrittenEmbedderTest, CountsForWhoWroteIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may become another";
  ASSERT_EQ(::chmod(tree_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(store_.c_str(), 0755), 0);
  ASSERT_EQ(::chmod(file_.c_str(), 0644), 0);
  const auto counts = [&] { return read_embedder(root_, kWantedEmbedder).ok(); };
  const auto counts_for_stranger = [&] {
    EXPECT_EQ(::seteuid(kStranger), 0);
    const bool does = counts();
    EXPECT_EQ(::seteuid(0), 0);
    return does;
  };
  EXPECT_TRUE(counts_for_stranger());
  ASSERT_EQ(::chown(file_.c_str(), kStranger, kStranger), 0);
  EXPECT_TRUE(counts_for_stranger());
  EXPECT_FALSE(counts());
  ASSERT_EQ(::chown(file_.c_str(), kStranger - 1, kStranger), 0);
  EXPECT_FALSE(counts_for_stranger());
}

TEST(ChosenEmbedderTest, SendsTheKeyOfItsFile) {
  const tree::TemporaryTree tree;
  std::ofstream(tree.path() + "/key") << "secret-1\n";
  std::atomic<int> authorised = 0;
  text::EmbeddingServer server([&](const std::string& request) {
    if (request.find("Authorization: Bearer secret-1\r\n") != std::string::npos) ++authorised;
    return text::vectors_for(request);
  });
  EmbedderChoice choice = remote_embedder();
  choice->url = server.url();
  choice->model = "m";
  choice->key_file = tree.path() + "/key";
  ASSERT_TRUE(connect_embedder(choice).ok());
  EXPECT_EQ(authorised, 1);
  store::Space space;
  space.parameters.dim = 3;
  space.embedder = text::http_fingerprint("m", 3);
  std::vector<float> vector(3);
  const std::string_view text = "one";
  const auto former = embedder_of(space, std::nullopt, choice).value();
  ASSERT_TRUE(former->embed(std::span(&text, 1), vector).ok());
  EXPECT_EQ(authorised, 2);
  std::ofstream(choice->key_file) << "\nsecond\n";
  EXPECT_EQ(connect_embedder(choice).error(), EACCES) << "no key";
  choice->key_file += "s";
  EXPECT_EQ(connect_embedder(choice).error(), EACCES);
  EXPECT_EQ(embedder_of(space, std::nullopt, choice).error(), EACCES);
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

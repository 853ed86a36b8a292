// The conversation with a peer that searches exactly, on a tiny set.
#include "session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "clustered.h"

namespace vexfs::bench {
namespace {

constexpr size_t kRows = 400;
constexpr size_t kDim = 8;

// A peer with exact search, erasing and filters. When it is made to lie, it leaves out the nearest.
class ExactPeer : public Peer {
 public:
  explicit ExactPeer(const PeerSettings& settings) : settings_(settings) {}
  std::string name() const override { return "exact"; }
  Status build(const Matrix& base, size_t rows, unsigned /*threads*/) override {
    base_ = &base;
    there_.assign(rows, true);
    return {};
  }
  Status set_ef(uint32_t /*ef*/) override { return {}; }
  uint32_t search(const float* query, std::span<uint32_t> ids) override {
    std::vector<std::pair<float, uint32_t>> found;
    for (uint32_t i = 0; i < there_.size(); ++i) {
      if (!there_[i] || (filter_ != nullptr && !(*filter_)[i])) continue;
      found.emplace_back(exact_distance(query, base_->row(i), kDim, settings_.metric), i);
    }
    std::sort(found.begin(), found.end());
    if (settings_.variant == "lies" && !found.empty()) found.erase(found.begin());
    const size_t count = std::min(ids.size(), found.size());
    for (size_t i = 0; i < count; ++i) ids[i] = found[i].second;
    return static_cast<uint32_t>(count);
  }
  Status erase(std::span<const uint32_t> ids, unsigned /*threads*/) override {
    if (settings_.variant == "keeps") return {};
    for (const uint32_t id : ids) there_[id] = false;
    return {};
  }
  Status insert(const Matrix& /*base*/, std::span<const uint32_t> ids,
                unsigned /*threads*/) override {
    for (const uint32_t id : ids) there_[id] = true;
    return {};
  }
  Status set_filter(const std::vector<bool>* allowed) override {
    filter_ = allowed;
    return {};
  }

 private:
  PeerSettings settings_;
  const Matrix* base_ = nullptr;
  std::vector<bool> there_;
  const std::vector<bool>* filter_ = nullptr;
};

Peer* make_exact(const PeerSettings& settings) { return new ExactPeer(settings); }

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    ClusteredVectors vectors({.dim = kDim, .clusters = 4, .seed = 1});
    write(vectors, "base", kRows);
    write(vectors, "queries", 20);
    const Matrix base = Matrix::open(path("base")).value();
    const Matrix queries = Matrix::open(path("queries")).value();
    const Truth truth = find_truth(base, {.rows = kRows}, queries, 20, 10, Metric::kL2, 1);
    EXPECT_TRUE(write_truth(truth, path("gt")).ok());
  }

  std::string path(const std::string& name) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return testing::TempDir() + "session_" + test->name() + "." + name;
  }

  void write(ClusteredVectors& vectors, const std::string& name, size_t rows) {
    auto writer = MatrixWriter::create(path(name), rows, kDim);
    for (size_t i = 0; i < rows; ++i) EXPECT_TRUE(writer.value().add(vectors.next().data()).ok());
    EXPECT_TRUE(writer.value().finish().ok());
  }

  Session session(const std::string& variant = "") {
    SessionOptions options = {
        .base = path("base"), .queries = path("queries"), .truth = path("gt")};
    options.peer = {.metric = Metric::kL2, .variant = variant};
    Result<Session> opened = Session::open(options, make_exact);
    EXPECT_TRUE(opened.ok());
    return std::move(opened).value();
  }

  nlohmann::json ask(Session& session, const std::string& command) {
    char* text = nullptr;
    size_t bytes = 0;
    std::FILE* answers = ::open_memstream(&text, &bytes);
    EXPECT_TRUE(session.answer(Command(command), answers));
    std::fclose(answers);
    const nlohmann::json answer = nlohmann::json::parse(text);
    std::free(text);
    return answer;
  }
};

TEST_F(SessionTest, ExactSearchHasFullRecall) {
  Session s = session();
  EXPECT_EQ(ask(s, "describe")["rows"], kRows);
  EXPECT_EQ(ask(s, "build threads=2")["rows"], kRows);
  const nlohmann::json answer = ask(s, "search ef=10");
  EXPECT_EQ(answer["recall"], 1);
  EXPECT_EQ(answer["returned_min"], 10);
  EXPECT_EQ(answer["queries"], 20);
  EXPECT_GT(answer["qps"], 0);
}

TEST_F(SessionTest, WhatIsMissedShows) {
  Session s = session("lies");
  ask(s, "build");
  EXPECT_NEAR(ask(s, "search ef=10")["recall"], 0.9, 1e-6);
}

TEST_F(SessionTest, PartOfTheRowsHasItsOwnTruth) {
  Session s = session();
  EXPECT_EQ(ask(s, "build rows=100")["rows"], 100);
  EXPECT_EQ(ask(s, "search ef=10")["recall"], 1);
}

TEST_F(SessionTest, FiltersHaveTheirOwnTruth) {
  Session s = session();
  ask(s, "build");
  EXPECT_EQ(ask(s, "filter percent=10")["matches"], 40);
  EXPECT_EQ(ask(s, "search ef=10")["recall"], 1);
  EXPECT_EQ(ask(s, "filter percent=1")["matches"], 4);
  const nlohmann::json few = ask(s, "search ef=10");
  EXPECT_EQ(few["recall"], 1);
  EXPECT_EQ(few["returned_min"], 4);
  ask(s, "filter percent=100");
  EXPECT_EQ(ask(s, "search ef=10")["returned_min"], 10);
}

TEST_F(SessionTest, ErasedRowsAreMissedByNobody) {
  Session s = session();
  ask(s, "build");
  EXPECT_EQ(ask(s, "erase percent=30 seed=5")["rows"], 120);
  EXPECT_EQ(ask(s, "search ef=10")["recall"], 1);
  EXPECT_EQ(ask(s, "insert")["rows"], 120);
  EXPECT_EQ(ask(s, "search ef=10")["recall"], 1);
}

TEST_F(SessionTest, ErasedRowsThatAreFoundCountAgainstThePeer) {
  Session s = session("keeps");
  ask(s, "build");
  ask(s, "erase percent=30");
  const nlohmann::json answer = ask(s, "search ef=10");
  EXPECT_GT(answer["not_allowed"], 0);
  EXPECT_LT(answer["recall"], 0.9);
}

TEST_F(SessionTest, ErrorsAreAnswers) {
  Session s = session();
  EXPECT_TRUE(ask(s, "search ef=10").contains("error"));  // Nothing was built yet.
  EXPECT_TRUE(ask(s, "dance").contains("error"));
  ask(s, "build");
  EXPECT_TRUE(ask(s, "save path=x").contains("error"));  // The peer does not offer it.
  EXPECT_FALSE(s.answer(Command("quit"), stdout));
}

TEST_F(SessionTest, FilesThatDoNotFitAreRefused) {
  SessionOptions options = {.base = path("base"), .queries = path("base"), .truth = path("gt")};
  EXPECT_EQ(Session::open(options, make_exact).error(), EINVAL);
  options = {.base = path("base"), .queries = path("queries"), .truth = path("gt"), .k = 11};
  EXPECT_EQ(Session::open(options, make_exact).error(), EINVAL);
}

}  // namespace
}  // namespace vexfs::bench

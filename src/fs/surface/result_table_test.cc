// Tests of the table of results: which caller finds which results again, and which are dropped
// first.
#include "fs/surface/result_table.h"

#include <gtest/gtest.h>

#include <vector>

#include "fs/surface/surface_node.h"

namespace vexfs::fs {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

ResultQuestion question_of(const std::string& name, uid_t uid = 1000) {
  ResultQuestion question;
  question.directory = NodeId{4};
  question.generation = 1;
  question.text = name;
  question.uid = uid;
  question.gid = uid;
  return question;
}

class ResultTableTest : public testing::Test {
 protected:
  ResultTable::Held keep(const ResultQuestion& question, uint64_t made = kSecond) {
    auto directory = std::make_unique<ResultDirectory>();
    directory->question = question;
    directory->entries = {{"01_0.90_a", "../a"}, {"02_0.80_bb", "../bb"}};
    directory->index_generation = 5;
    directory->made = made;
    const auto held = table_.keep(std::move(directory));
    EXPECT_TRUE(held.ok());
    return held.ok() ? held.value() : nullptr;
  }
  ResultTable table_;
};

TEST_F(ResultTableTest, NodesLeadToTheDirectoryAndItsEntries) {
  const NodeId node = keep(question_of("x"))->node;
  ASSERT_TRUE(is_result(node));
  const ResultTable::Held directory = table_.get(node);
  ASSERT_NE(directory, nullptr);
  EXPECT_EQ(directory->node, node);
  ResultId id = result_id(node);
  for (const uint32_t entry : {1U, 2U}) {
    id.entry = entry;
    EXPECT_EQ(table_.get(result_node(id)), directory);
  }
  id.entry = 3;
  EXPECT_EQ(table_.get(result_node(id)), nullptr);
  id.entry = kChangesEntry;
  EXPECT_EQ(table_.get(result_node(id)), directory);
  id = result_id(node);
  ++id.generation;
  EXPECT_EQ(table_.get(result_node(id)), nullptr);
}

TEST_F(ResultTableTest, EntriesAreFoundByTheirWholeName) {
  const ResultTable::Held directory = keep(question_of("x"));
  EXPECT_EQ(directory->find("01_0.90_a"), 1U);
  EXPECT_EQ(directory->find("02_0.80_bb"), 2U);
  for (const char* name : {"", "01_0.90_b", "1_0.90_a", "02_0.80_b", "03_0.80_bb", "00_x"}) {
    EXPECT_EQ(directory->find(name), 0U) << name;
  }
}

TEST_F(ResultTableTest, AttributesTellWhoseItIs) {
  const ResultTable::Held directory = keep(question_of("x", 1234));
  const struct stat own = directory->attributes();
  EXPECT_TRUE(S_ISDIR(own.st_mode));
  EXPECT_EQ(own.st_mode & 0777U, 0500U);
  EXPECT_EQ(own.st_uid, 1234U);
  const struct stat entry = directory->attributes(2);
  EXPECT_TRUE(S_ISLNK(entry.st_mode));
  EXPECT_EQ(entry.st_size, 5);
  EXPECT_NE(entry.st_ino, own.st_ino);
  EXPECT_TRUE(S_ISREG(directory->attributes(kChangesEntry).st_mode));
}

TEST_F(ResultTableTest, TheSameQuestionHasTheSameAnswerWhileNothingChanged) {
  const NodeId node = keep(question_of("x"))->node;
  const ResultTable::Held again = table_.answered(question_of("x"), 5, 2 * kSecond);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->node, node);
  EXPECT_EQ(table_.answered(question_of("y"), 5, 2 * kSecond), nullptr);
  EXPECT_EQ(table_.answered(question_of("x", 1001), 5, 2 * kSecond), nullptr);
  ResultQuestion other = question_of("x");
  other.credentials = 1;
  EXPECT_EQ(table_.answered(other, 5, 2 * kSecond), nullptr);
  other = question_of("x");
  other.generation = 2;
  EXPECT_EQ(table_.answered(other, 5, 2 * kSecond), nullptr);
}

TEST_F(ResultTableTest, AChangeOrTimeMakesItStale) {
  keep(question_of("x"));
  EXPECT_EQ(table_.answered(question_of("x"), 6, 2 * kSecond), nullptr);
  EXPECT_NE(table_.answered(question_of("x"), 5, 2 * kSecond), nullptr);
  const uint64_t late = (limits::kResultSecondsMax + 2) * kSecond;
  EXPECT_EQ(table_.answered(question_of("x"), 5, late), nullptr);
}

TEST_F(ResultTableTest, WhatIsOpenStaysTheSameThroughChanges) {
  const ResultTable::Held open = keep(question_of("x"));
  EXPECT_EQ(table_.answered(question_of("x"), 6, 2 * kSecond), open);
}

TEST_F(ResultTableTest, TheLeastRecentlyUsedGoesFirst) {
  const NodeId first = keep(question_of("first"))->node;
  const NodeId second = keep(question_of("second"))->node;
  for (size_t i = 2; i < limits::kResultDirectoriesMax; ++i) keep(question_of(std::to_string(i)));
  EXPECT_NE(table_.get(first), nullptr);
  keep(question_of("more"));
  EXPECT_NE(table_.get(first), nullptr);
  EXPECT_EQ(table_.get(second), nullptr);
}

TEST_F(ResultTableTest, WhatWasListedIsFoundInEarlierAnswers) {
  const ResultTable::Held earlier = keep(question_of("x"));
  auto directory = std::make_unique<ResultDirectory>();
  directory->question = question_of("x");
  directory->entries = {{"01_0.95_new", "../new"}};
  directory->made = 2 * kSecond;
  ASSERT_TRUE(table_.keep(std::move(directory)).ok());
  EXPECT_EQ(table_.listed_before(question_of("x"), "02_0.80_bb"), earlier);
  EXPECT_EQ(table_.listed_before(question_of("x"), "03_0.80_bb"), nullptr);
  EXPECT_EQ(table_.listed_before(question_of("x", 1001), "02_0.80_bb"), nullptr)
      << "these are another caller's";
  ResultQuestion similar = question_of("x");
  similar.kind = ResultQuestion::Kind::kSimilar;
  EXPECT_EQ(table_.listed_before(similar, "02_0.80_bb"), nullptr);
}

TEST_F(ResultTableTest, BytesAreBounded) {
  const auto large = [this](const std::string& name) {
    auto directory = std::make_unique<ResultDirectory>();
    directory->question = question_of(name);
    for (uint32_t i = 0; i < limits::kHitsMax; ++i) {
      directory->entries.push_back({"00_0.50_x", std::string(limits::kSymlinkBytesMax - 1, 'x')});
    }
    return table_.keep(std::move(directory));
  };
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(large(std::to_string(i)).ok());
    EXPECT_LE(table_.bytes(), limits::kResultBytesMax);
  }
  std::vector<ResultTable::Held> open;
  Result<ResultTable::Held> more = large("open");
  for (int i = 0; i < 20 && more.ok(); ++i) {
    open.push_back(more.value());
    more = large("more" + std::to_string(i));
  }
  EXPECT_EQ(more.error(), ENFILE);
  open.clear();
  EXPECT_TRUE(large("again").ok());
}

TEST_F(ResultTableTest, AllOpenIsFull) {
  std::vector<ResultTable::Held> open;
  for (size_t i = 0; i < limits::kResultDirectoriesMax; ++i) {
    open.push_back(keep(question_of(std::to_string(i))));
  }
  EXPECT_EQ(table_.keep(std::make_unique<ResultDirectory>()).error(), ENFILE);
  open.pop_back();
  EXPECT_TRUE(table_.keep(std::make_unique<ResultDirectory>()).ok());
}

}  // namespace
}  // namespace vexfs::fs

// Kept texts: ranges, damage, strays, and each failure in turn.
#include "store/text_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/durable_file.h"
#include "base/limits.h"
#include "base/testing/fault_io.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::store {
namespace {

using Keep = FaultIo::Keep;

constexpr ObjectId kObject{12};

class TextFilesTest : public testing::Test {
 protected:
  TextFiles open(FileIo& io = system_io()) const {
    return TextFiles::open(io, store_.fd()).value();
  }
  std::string path(const char* name) const { return store_.path("texts/") + name; }
  Fd folder() const {
    return Fd(::openat(store_.fd().get(), "texts", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  static std::string read(const TextFiles& texts, ObjectId object) {
    std::string text(100'000, '\0');
    const Result<size_t> got = texts.read(object, 0, text);
    if (!got.ok()) return "error " + std::to_string(got.error());
    return text.substr(0, got.value());
  }
  static std::vector<uint64_t> objects(const TextFiles& texts) {
    std::vector<uint64_t> list;
    EXPECT_TRUE(texts
                    .visit([&](ObjectId object) {
                      list.push_back(static_cast<uint64_t>(object));
                      return true;
                    })
                    .ok());
    std::sort(list.begin(), list.end());
    return list;
  }

  TemporaryDirectory store_;
};

TEST_F(TextFilesTest, AreReadInRanges) {
  const TextFiles texts = open();
  EXPECT_EQ(texts.read(kObject, 0, {}).error(), ENOENT) << "no folder";
  EXPECT_TRUE(texts.remove(kObject).ok());
  EXPECT_TRUE(objects(texts).empty());
  std::string text;
  while (text.size() < 50'000) text += std::to_string(text.size()) + " ";
  ASSERT_TRUE(texts.write(kObject, text).ok());
  EXPECT_EQ(read(texts, kObject), text);
  for (const size_t offset : {size_t{0}, size_t{16'383}, size_t{16'384}, size_t{40'000}}) {
    for (const size_t bytes : {size_t{0}, size_t{1}, size_t{3000}, size_t{40'000}}) {
      std::string out(bytes, '\0');
      const auto got = texts.read(kObject, offset, out);
      ASSERT_TRUE(got.ok());
      EXPECT_EQ(out.substr(0, got.value()), text.substr(offset, bytes));
    }
  }
  std::string out(10, '\0');
  EXPECT_EQ(texts.read(kObject, text.size(), out).value(), 0U);
  EXPECT_EQ(texts.read(kObject, UINT64_MAX, out).value(), 0U);
  EXPECT_EQ(texts.read(ObjectId{1}, 0, out).error(), ENOENT);
  struct stat made;
  ASSERT_EQ(::stat(path("12").c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 07777, 0600U);
}

TEST_F(TextFilesTest, AreReplacedAndRemoved) {
  const TextFiles texts = open();
  ASSERT_TRUE(texts.write(kObject, "one").ok());
  ASSERT_TRUE(texts.write(kObject, "").ok());
  EXPECT_EQ(read(texts, kObject), "");
  ASSERT_TRUE(texts.write(kObject, "three").ok());
  EXPECT_EQ(read(texts, kObject), "three");
  EXPECT_EQ(texts.write(kObject, std::string(limits::kExtractedBytesMax + 1, 'x')).error(), EFBIG);
  EXPECT_EQ(read(texts, kObject), "three");
  ASSERT_TRUE(texts.remove(kObject).ok());
  EXPECT_EQ(read(texts, kObject), "error " + std::to_string(ENOENT));
}

TEST_F(TextFilesTest, DamageIsTold) {
  const TextFiles texts = open();
  const std::string text(40'000, 'x');
  ASSERT_TRUE(texts.write(kObject, text).ok());
  const Fd raw(::open(path("12").c_str(), O_RDWR | O_CLOEXEC));
  const std::string unclean = "error " + std::to_string(EUCLEAN);
  for (const off_t at : {0, 20, 35, 44, 20'000, 40'043}) {
    char byte = 0;
    ASSERT_EQ(::pread(raw.get(), &byte, 1, at), 1);
    const auto flipped = static_cast<char>(byte ^ 4);
    ASSERT_EQ(::pwrite(raw.get(), &flipped, 1, at), 1);
    EXPECT_EQ(read(texts, kObject), unclean) << at;
    ASSERT_EQ(::pwrite(raw.get(), &byte, 1, at), 1);
  }
  EXPECT_EQ(read(texts, kObject), text);
  for (const off_t size : {40'043, 30'000, 40, 10, 0}) {
    ASSERT_EQ(::ftruncate(raw.get(), size), 0);
    EXPECT_EQ(read(texts, kObject), unclean) << size;
  }
  std::filesystem::rename(path("12"), path("13"));
  EXPECT_EQ(read(texts, ObjectId{13}), unclean);
}

TEST_F(TextFilesTest, StraysGo) {
  const TextFiles texts = open();
  for (const uint64_t object : {1U, 2U, 30U}) ASSERT_TRUE(texts.write(ObjectId{object}, "x").ok());
  for (const char* name : {"2.new", "99.new", "07", "0", "-1", "note"}) {
    ASSERT_TRUE(Fd(::open(path(name).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)).valid());
  }
  EXPECT_EQ(objects(texts), (std::vector<uint64_t>{1, 2, 30}));
  ASSERT_TRUE(texts.remove_strays([](ObjectId object) { return object != ObjectId{2}; }).ok());
  EXPECT_EQ(objects(texts), (std::vector<uint64_t>{1, 30}));
  EXPECT_FALSE(std::filesystem::exists(path("2.new")));
  EXPECT_FALSE(std::filesystem::exists(path("99.new")));
  EXPECT_TRUE(std::filesystem::exists(path("note"))) << "it is not ours";
}

// A reader finds the old text or the new; after a power loss it may find that there is none.
TEST_F(TextFilesTest, EveryFailurePointLeavesTheOldOrTheNew) {
  const std::string old(20'000, 'o');
  const std::string text(30'000, 'n');
  ASSERT_TRUE(open().write(kObject, old).ok());
  const Fd texts_folder = folder();
  bool fired = true;
  for (int step = 0; fired; ++step) {
    for (const FaultIo::Fault fault : {FaultIo::Fault::kError, FaultIo::Fault::kShort}) {
      ASSERT_TRUE(open().write(kObject, old).ok());
      FaultIo io(texts_folder.get(), {.step = step, .fault = fault});
      const Status written = open(io).write(kObject, text);
      fired = io.fired();
      const std::string now = read(open(), kObject);
      EXPECT_EQ(now, written.ok() ? text : old) << step;
      EXPECT_TRUE(fired || written.ok());
      EXPECT_EQ(std::filesystem::exists(path("12.new")), false) << step;
      for (const Keep names : {Keep::kSynced, Keep::kAll}) {
        for (const Keep bytes : {Keep::kSynced, Keep::kAll}) {
          const auto survivors = io.after_crash(names, bytes);
          ASSERT_TRUE(survivors.contains("12"));
          const Fd out(::openat(texts_folder.get(), "12", O_WRONLY | O_TRUNC | O_CLOEXEC));
          const std::string& content = survivors.at("12");
          ASSERT_EQ(::write(out.get(), content.data(), content.size()),
                    static_cast<ssize_t>(content.size()));
          const std::string after = read(open(), kObject);
          EXPECT_TRUE(after == old || after == text || after.starts_with("error")) << step;
        }
      }
    }
    ASSERT_LT(step, 20);
  }
}

}  // namespace
}  // namespace vexfs::store

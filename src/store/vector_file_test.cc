// The vector file: rows, growth, holes, damage, and each failure in turn.
#include "store/vector_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <cmath>
#include <random>
#include <thread>
#include <vector>

#include "base/durable_file.h"
#include "base/limits.h"
#include "base/testing/fault_io.h"
#include "base/testing/temporary_directory.h"
#include "store/vector_format.h"

namespace vexfs::store {
namespace {

using Keep = FaultIo::Keep;

const SpaceParameters kTwentyL2{.dim = 20, .metric = Metric::kL2};

std::vector<float> vector_of(uint32_t seed, size_t dim = 20) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> numbers(-1, 1);
  std::vector<float> vector(dim);
  for (float& number : vector) number = numbers(random);
  return vector;
}

VectorRowHeader header_of(uint32_t seed) {
  return {.object = ObjectId{seed + 1000},
          .change = seed + 5,
          .ordinal = seed % 3,
          .norm = 0,
          .crc32c = 0,
          .slot = 0};
}

Status write(VectorFile& file, uint32_t slot) {
  return file.write(Slot{slot}, header_of(slot), vector_of(slot).data());
}

// Expects the row to be there, whole, and as it was written.
bool holds(const VectorFile& file, uint32_t slot) {
  std::vector<float> read(20);
  return file.intact(Slot{slot}) && file.read(Slot{slot}, read).ok() && read == vector_of(slot) &&
         file.header(Slot{slot}).object == ObjectId{slot + 1000} &&
         file.header(Slot{slot}).change == slot + 5;
}

std::unique_ptr<VectorFile> opened(const TemporaryDirectory& dir,
                                   const SpaceParameters& parameters = kTwentyL2) {
  return VectorFile::open(system_io(), dir.fd(), parameters).value();
}

off_t size_of(const TemporaryDirectory& dir) {
  struct stat found;
  EXPECT_EQ(::fstatat(dir.fd().get(), "vectors", &found, 0), 0);
  return found.st_size;
}

TEST(VectorFileTest, KeepsRowsAcrossOpenings) {
  const TemporaryDirectory dir;
  {
    const auto file = opened(dir);
    EXPECT_FALSE(file->contains(Slot{0}));
    EXPECT_FALSE(file->intact(Slot{0}));
    for (const uint32_t slot : {0U, 1U, 7U, 10000U}) ASSERT_TRUE(write(*file, slot).ok());
    ASSERT_TRUE(file->sync().ok());
  }
  const auto file = opened(dir);
  for (const uint32_t slot : {0U, 1U, 7U, 10000U}) EXPECT_TRUE(holds(*file, slot)) << slot;
  EXPECT_FALSE(file->intact(Slot{2})) << "never written";
  EXPECT_FALSE(file->intact(Slot{limits::kSlotsMax - 1}));
  EXPECT_FALSE(file->intact(kNoSlot));
  EXPECT_EQ(write(*file, limits::kSlotsMax).error(), ENOSPC);
  std::vector<float> wrong(19);
  EXPECT_EQ(file->read(Slot{0}, wrong).error(), EINVAL);
}

TEST(VectorFileTest, RowsLieWhereTheyDidWhileTheFileGrows) {
  const TemporaryDirectory dir;
  const auto file = opened(dir);
  ASSERT_TRUE(write(*file, 0).ok());
  const VectorRows rows = file->rows();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(rows.row(Slot{0})) % 64, 0U);
  EXPECT_EQ(rows.stride_bytes % 64, 0U);
  for (uint32_t slot = 1; slot < 30000; slot += 97) ASSERT_TRUE(write(*file, slot).ok());
  EXPECT_EQ(file->rows().base, rows.base);
  for (uint32_t slot = 1; slot < 30000; slot += 97) {
    const auto* row = reinterpret_cast<const float*>(rows.row(Slot{slot}));
    EXPECT_EQ(std::vector<float>(row, row + 20), vector_of(slot));
  }
}

TEST(VectorFileTest, HalvesAreRoundedAndTheirNormIsThatOfWhatIsStored) {
  for (const ElementType element : {ElementType::kF32, ElementType::kF16}) {
    for (const uint32_t dim : {1U, 7U, 8U, 33U, 384U, limits::kDimMax}) {
      const TemporaryDirectory dir;
      const auto file = opened(dir, {.dim = dim, .element = element});
      const std::vector<float> vector = vector_of(dim, dim);
      ASSERT_TRUE(file->write(Slot{3}, header_of(3), vector.data()).ok());
      std::vector<float> read(dim);
      ASSERT_TRUE(file->read(Slot{3}, read).ok());
      double squares = 0;
      for (size_t i = 0; i < dim; ++i) {
        const float error = element == ElementType::kF32 ? 0 : std::fabs(vector[i]) * 0x1p-11F;
        ASSERT_NEAR(read[i], vector[i], error + 0x1p-25F) << dim;
        squares += double{read[i]} * double{read[i]};
      }
      EXPECT_FLOAT_EQ(file->header(Slot{3}).norm, static_cast<float>(std::sqrt(squares)));
    }
  }
}

TEST(VectorFileTest, RefusesAnotherSpacesFileAndDamage) {
  const TemporaryDirectory dir;
  { ASSERT_TRUE(write(*opened(dir), 0).ok()); }
  EXPECT_EQ(VectorFile::open(system_io(), dir.fd(), {.dim = 21}).error(), EUCLEAN);
  EXPECT_EQ(VectorFile::open(system_io(), dir.fd(), {.dim = 0}).error(), EINVAL);
  const Fd raw(::openat(dir.fd().get(), "vectors", O_RDWR | O_CLOEXEC));
  for (const off_t size : {4095, 32, 31, 0}) {
    ASSERT_EQ(::ftruncate(raw.get(), size), 0);
    EXPECT_EQ(VectorFile::open(system_io(), dir.fd(), kTwentyL2).error(), EUCLEAN) << size;
  }
}

TEST(VectorFileTest, IsNotMadeAnewWhereRowsAreMissed) {
  const TemporaryDirectory dir;
  EXPECT_EQ(VectorFile::open(system_io(), dir.fd(), kTwentyL2, 1).error(), EUCLEAN) << "missing";
  EXPECT_NE(::faccessat(dir.fd().get(), "vectors", F_OK, 0), 0) << "nothing was made";
  { ASSERT_TRUE(write(*opened(dir), 200).ok()); }
  EXPECT_TRUE(VectorFile::open(system_io(), dir.fd(), kTwentyL2, 201).ok());
  const Fd raw(::openat(dir.fd().get(), "vectors", O_RDWR | O_CLOEXEC));
  const auto end = static_cast<off_t>(vector_row_offset(200, vector_stride(kTwentyL2)));
  ASSERT_EQ(::ftruncate(raw.get(), end), 0);
  EXPECT_EQ(VectorFile::open(system_io(), dir.fd(), kTwentyL2, 201).error(), EUCLEAN) << "cut off";
  EXPECT_TRUE(VectorFile::open(system_io(), dir.fd(), kTwentyL2).ok());
}

TEST(VectorFileTest, CutOffUnderItsMappingItAnswersErrors) {
  const TemporaryDirectory dir;
  const auto file = opened(dir);
  for (uint32_t slot = 0; slot < 200; ++slot) ASSERT_TRUE(write(*file, slot).ok());
  std::vector<float> read(20);
  ASSERT_TRUE(file->read(Slot{199}, read).ok());
  ASSERT_TRUE(file->readable().ok());
  const Fd raw(::openat(dir.fd().get(), "vectors", O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::ftruncate(raw.get(), 4096), 0);
  EXPECT_EQ(write(*file, 199).error(), EIO) << "zeros would be left before it";
  EXPECT_EQ(file->read(Slot{199}, read).error(), EIO);
  EXPECT_EQ(file->readable().error(), EIO);
  EXPECT_EQ(write(*file, 0).error(), EIO);
}

TEST(VectorFileTest, EveryFlippedBitOfARowIsSeen) {
  const TemporaryDirectory dir;
  const auto file = opened(dir);
  ASSERT_TRUE(write(*file, 2).ok());
  const Fd raw(::openat(dir.fd().get(), "vectors", O_RDWR | O_CLOEXEC));
  const auto start = static_cast<off_t>(vector_row_offset(2, vector_stride(kTwentyL2)));
  for (off_t bit = 0; bit < static_cast<off_t>(vector_row_bytes(kTwentyL2)) * 8; ++bit) {
    unsigned char byte = 0;
    ASSERT_EQ(::pread(raw.get(), &byte, 1, start + bit / 8), 1);
    const auto flipped = static_cast<unsigned char>(byte ^ 1U << (bit % 8));
    ASSERT_EQ(::pwrite(raw.get(), &flipped, 1, start + bit / 8), 1);
    EXPECT_FALSE(file->intact(Slot{2})) << bit;
    ASSERT_EQ(::pwrite(raw.get(), &byte, 1, start + bit / 8), 1);
  }
  EXPECT_TRUE(holds(*file, 2));
}

TEST(VectorFileTest, ARowInTheWrongPlaceIsSeen) {
  const TemporaryDirectory dir;
  const auto file = opened(dir);
  ASSERT_TRUE(write(*file, 2).ok());
  const Fd raw(::openat(dir.fd().get(), "vectors", O_RDWR | O_CLOEXEC));
  const size_t stride = vector_stride(kTwentyL2);
  std::vector<char> row(stride);
  ASSERT_EQ(
      ::pread(raw.get(), row.data(), stride, static_cast<off_t>(vector_row_offset(2, stride))),
      static_cast<ssize_t>(stride));
  ASSERT_EQ(
      ::pwrite(raw.get(), row.data(), stride, static_cast<off_t>(vector_row_offset(5, stride))),
      static_cast<ssize_t>(stride));
  EXPECT_FALSE(file->intact(Slot{5}));
}

TEST(VectorFileTest, GivesBackHolesAndTheEnd) {
  const TemporaryDirectory dir;
  const auto file = opened(dir);
  for (uint32_t slot = 0; slot < 2000; ++slot) ASSERT_TRUE(write(*file, slot).ok());
  ASSERT_TRUE(file->sync().ok());
  const uint64_t full = file->disk_bytes();
  const uint64_t row = vector_stride(kTwentyL2);
  ASSERT_TRUE(file->punch(Slot{100}, 1000).ok());
  EXPECT_LE(file->disk_bytes(), full - 1000 * row + 2 * 4096);
  EXPECT_TRUE(holds(*file, 99));
  EXPECT_TRUE(holds(*file, 1100));
  EXPECT_FALSE(file->intact(Slot{600}));
  ASSERT_TRUE(file->punch(Slot{1500}, 1).ok()) << "less than a page: nothing to do";
  EXPECT_TRUE(holds(*file, 1499));
  EXPECT_TRUE(holds(*file, 1500)) << "the row shares its pages";
  EXPECT_EQ(file->punch(Slot{5}, limits::kSlotsMax).error(), EINVAL);
  ASSERT_TRUE(file->punch(Slot{2000}, limits::kSlotsMax - 2000).ok());

  const off_t before = size_of(dir);
  ASSERT_TRUE(file->truncate(1200).ok());
  EXPECT_LE(size_of(dir), static_cast<off_t>(vector_row_offset(1200, row) + 4096));
  EXPECT_LT(size_of(dir), before);
  EXPECT_TRUE(holds(*file, 1199));
  EXPECT_FALSE(file->contains(Slot{1200}));
  ASSERT_TRUE(write(*file, 600).ok());
  ASSERT_TRUE(write(*file, 1300).ok());
  for (const uint32_t slot : {600U, 1199U, 1300U}) EXPECT_TRUE(holds(*file, slot)) << slot;
}

TEST(VectorFileTest, ManyReadersBesideTheWriter) {
  const TemporaryDirectory dir;
  const auto file = opened(dir);
  std::atomic<uint32_t> written{0};
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      for (uint32_t seen = 0; seen < 3000;) {
        seen = written.load(std::memory_order_acquire);
        EXPECT_TRUE(seen == 0 || holds(*file, seen - 1));
      }
    });
  }
  std::thread syncer([&] {
    while (written.load() < 3000) EXPECT_TRUE(file->sync().ok());
  });
  for (uint32_t slot = 0; slot < 3000; ++slot) {
    EXPECT_TRUE(write(*file, slot).ok());
    written.store(slot + 1, std::memory_order_release);
  }
  for (std::thread& reader : readers) reader.join();
  syncer.join();
}

// Opens the file and writes three rows, each synced. Returns how many were acknowledged.
uint32_t acknowledged(FileIo& io, const TemporaryDirectory& dir, Status& failure) {
  Result<std::unique_ptr<VectorFile>> file = VectorFile::open(io, dir.fd(), kTwentyL2);
  failure = file.status();
  for (uint32_t slot = 0; failure.ok() && slot < 3; ++slot) {
    failure = write(*file.value(), slot * 3000);  // Each of these rows makes the file grow.
    if (failure.ok()) failure = file.value()->sync();
    if (!failure.ok()) return slot;
  }
  return failure.ok() ? 3 : 0;
}

TEST(VectorFileTest, EveryFailurePointIsToldAndLosesNothingThatWasSynced) {
  bool fired = true;
  for (int step = 0; fired; ++step) {
    for (const int error : {EIO, ENOSPC}) {
      const TemporaryDirectory dir;
      FaultIo io(dir.fd().get(), {.step = step, .error = error});
      Status failure;
      const uint32_t rows = acknowledged(io, dir, failure);
      fired = io.fired();
      // Growth that meets ENOSPC is tried again, smaller.
      EXPECT_TRUE(fired ? !failure.ok() || error == ENOSPC : failure.ok()) << step;
      for (const Keep names : {Keep::kSynced, Keep::kAll}) {
        for (const Keep bytes : {Keep::kSynced, Keep::kAll}) {
          const TemporaryDirectory after;
          for (const auto& [name, content] : io.after_crash(names, bytes)) {
            (void)after.create(name.c_str(), content);
          }
          const auto file = opened(after);
          for (uint32_t slot = 0; slot < rows; ++slot) {
            EXPECT_TRUE(holds(*file, slot * 3000)) << step;
          }
        }
      }
    }
    ASSERT_LT(step, 100);
  }
}

TEST(VectorFileTest, AFailedSyncIsFinal) {
  const TemporaryDirectory dir;
  { ASSERT_TRUE(write(*opened(dir), 0).ok()); }
  FaultIo io(dir.fd().get(), {.step = 3});  // Of openat, pread, pwrite and fdatasync the last.
  const auto file = VectorFile::open(io, dir.fd(), kTwentyL2).value();
  ASSERT_TRUE(write(*file, 1).ok());
  EXPECT_EQ(file->sync().error(), EIO);
  EXPECT_EQ(file->sync().error(), EIO);
  EXPECT_EQ(write(*file, 2).error(), EIO);
  EXPECT_EQ(write(*file, 100000).error(), EIO);
  EXPECT_TRUE(holds(*file, 0)) << "reading goes on";
}

TEST(VectorFileTest, WithoutSpaceTheFileStaysAsItWas) {
  const TemporaryDirectory dir;
  { ASSERT_TRUE(write(*opened(dir), 0).ok()); }
  const off_t size = size_of(dir);
  FaultIo io(dir.fd().get(), {.step = 2, .error = ENOSPC, .persistent = true});
  const auto file = VectorFile::open(io, dir.fd(), kTwentyL2).value();
  EXPECT_EQ(write(*file, 100000).error(), ENOSPC);
  EXPECT_EQ(size_of(dir), size);
  EXPECT_TRUE(holds(*file, 0));
}

}  // namespace
}  // namespace vexfs::store

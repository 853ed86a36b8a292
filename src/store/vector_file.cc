// The vector file: rows through pwrite, readers through a mapping that grows in place.
//
// Writes do not go through the mapping: pwrite(2) reports a full disk or a failed write as an
// error, where a store to a mapped page would raise SIGBUS, and DurableFile can order and fail it
// in tests. Both see the same pages, since the page cache is shared (mmap(2), MAP_SHARED).
#include "store/vector_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "base/durable_file.h"
#include "base/limits.h"
#include "kernels/float16.h"
#include "store/mapped_range.h"
#include "store/vector_format.h"

namespace vexfs::store {
namespace {

static_assert(std::endian::native == std::endian::little, "rows are written as they lie in memory");

constexpr const char* kName = "vectors";

// The file grows in steps: large enough that few are needed, small against what is there.
constexpr uint64_t kGrowthBytesMin = uint64_t{256} << 10;
constexpr uint64_t kGrowthBytesMax = uint64_t{64} << 20;
constexpr uint64_t kGrowthShare = 16;  // Of the file.

constexpr uint64_t kPageBytes = 4096;
constexpr uint64_t page_floor(uint64_t offset) { return offset / kPageBytes * kPageBytes; }
constexpr uint64_t page_ceiling(uint64_t offset) { return page_floor(offset + kPageBytes - 1); }

Result<uint64_t> file_bytes(const Fd& file) {
  struct stat found;
  if (::fstat(file.get(), &found) != 0) return errno_status("stat vector file");
  return static_cast<uint64_t>(found.st_size);
}

Result<Fd> open_or_make(FileIo& io, const Fd& directory, const SpaceParameters& parameters,
                        bool must_exist) {
  constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
  Fd file(io.openat(directory.get(), kName, kFlags, 0));
  if (!file.valid() && errno == ENOENT) {
    if (must_exist) return Status(EUCLEAN, "the file of vectors is missing");
    std::vector<std::byte> first_page(kVectorFileElements);
    const VectorFileHeader header = make_vector_file_header(parameters);
    std::memcpy(first_page.data(), &header, sizeof(header));
    VEXFS_CHECK_OK(replace_file(io, directory, kName, first_page, 0600));
    file = Fd(io.openat(directory.get(), kName, kFlags, 0));
  }
  if (!file.valid() && (errno == EROFS || errno == EACCES)) {
    file = Fd(io.openat(directory.get(), kName, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0));
  }
  if (!file.valid()) return errno_status("open vector file");
  return file;
}

// The Euclidean length of a row. Eight sums run side by side, as additions to a single one would
// wait for each other; they are in double and rounded to float once.
template <typename Element>
float norm_of(const Element* row, size_t dim) {
  constexpr size_t kLanes = 8;
  std::array<double, kLanes> sums{};
  size_t i = 0;
  const auto square = [&](size_t at) {
    const auto value = static_cast<double>(kernels::to_float(row[at]));
    return value * value;
  };
  for (; i + kLanes <= dim; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) sums[lane] += square(i + lane);
  }
  for (; i < dim; ++i) sums[0] += square(i);
  double sum = 0;
  for (const double part : sums) sum += part;
  return static_cast<float>(std::sqrt(sum));
}

}  // namespace

struct VectorFile::State {
  State(FileIo& file_io, Fd fd, const SpaceParameters& of_space)
      : io(file_io),
        file(file_io, std::move(fd)),
        parameters(of_space),
        stride(vector_stride(of_space)),
        row_bytes(vector_row_bytes(of_space)),
        scratch(stride) {}

  const std::byte* row(Slot slot) const {
    return mapping.base() + vector_row_offset(static_cast<uint32_t>(slot), stride);
  }
  std::span<const std::byte> elements(Slot slot) const {
    return {row(slot) + sizeof(VectorRowHeader), row_bytes - sizeof(VectorRowHeader)};
  }
  void count_rows();
  Status extend(uint64_t size, uint64_t end);
  Status grow(uint64_t bytes);

  FileIo& io;
  DurableFile file;
  const SpaceParameters parameters;
  const size_t stride;
  const size_t row_bytes;          // The part of the stride that is in use.
  std::vector<std::byte> scratch;  // The row that is being written.
  MappedRange mapping;
  // Rows that lie whole within the mapped file. The writer stores it. Readers learn of a new row
  // through other locks or atomics, which order it, so relaxed loads are enough.
  std::atomic<uint32_t> rows{0};
};

void VectorFile::State::count_rows() {
  const uint64_t whole = (mapping.bytes() - vector_row_offset(0, stride)) / stride;
  rows.store(static_cast<uint32_t>(std::min<uint64_t>(whole, limits::kSlotsMax)),
             std::memory_order_relaxed);
}

// Allocates the file's blocks from `size` to `end`.
Status VectorFile::State::extend(uint64_t size, uint64_t end) {
  if (io.fallocate(file.fd().get(), 0, static_cast<off_t>(size), static_cast<off_t>(end - size)) ==
      0) {
    return Status();
  }
  const Status failed = errno_status("grow vector file");
  // A filesystem without fallocate gets a sparse file, and pwrite will report a lack of space.
  // After any other failure part of the range may have been allocated: the file is cut back.
  const bool is_sparse = failed.error() == EOPNOTSUPP;
  const uint64_t instead = is_sparse ? end : size;
  if (io.ftruncate(file.fd().get(), static_cast<off_t>(instead)) != 0) {
    return errno_status("grow vector file");
  }
  return is_sparse ? Status() : failed;
}

// Makes room in the file for `bytes`, with their blocks, so that a lack of space shows here and not
// when a row is written. On a full disk the room for this one row is tried before giving up.
Status VectorFile::State::grow(uint64_t bytes) {
  VEXFS_TRY(size, file_bytes(file.fd()));
  const uint64_t step = std::clamp(size / kGrowthShare, kGrowthBytesMin, kGrowthBytesMax);
  const uint64_t least = page_ceiling(std::max(bytes, size));
  uint64_t end = page_ceiling(std::max(bytes, size + step));
  Status extended = extend(size, end);
  if (extended.error() == ENOSPC && least > size) extended = extend(size, end = least);
  VEXFS_CHECK_OK(extended);
  VEXFS_CHECK_OK(mapping.map_to(file.fd(), end));
  count_rows();
  return Status();
}

VectorFile::VectorFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
VectorFile::~VectorFile() = default;

Result<std::unique_ptr<VectorFile>> VectorFile::open(FileIo& io, const Fd& space_directory,
                                                     const SpaceParameters& parameters,
                                                     uint32_t rows_least) {
  VEXFS_CHECK_OK(check_parameters(parameters));
  VEXFS_TRY(fd, open_or_make(io, space_directory, parameters, rows_least > 0));
  auto state = std::make_unique<State>(io, std::move(fd), parameters);
  std::array<std::byte, sizeof(VectorFileHeader)> header;
  const ssize_t got = io.pread(state->file.fd().get(), header.data(), header.size(), 0);
  if (got < 0) return errno_status("read vector file's header");
  const auto read = std::span<const std::byte>(header).first(static_cast<size_t>(got));
  VEXFS_CHECK_OK(check_vector_file_header(read, parameters));
  VEXFS_TRY(size, file_bytes(state->file.fd()));
  if (size < kVectorFileElements) return Status(EUCLEAN, "the file of vectors is cut off");
  VEXFS_CHECK_OK(
      state->mapping.reserve(page_ceiling(vector_row_offset(limits::kSlotsMax, state->stride))));
  VEXFS_CHECK_OK(state->mapping.map_to(state->file.fd(), page_floor(size)));
  state->count_rows();
  if (state->rows.load(std::memory_order_relaxed) < rows_least) {
    return Status(EUCLEAN, "the file of vectors is cut off");
  }
  return std::unique_ptr<VectorFile>(new VectorFile(std::move(state)));
}

VectorRows VectorFile::rows() const {
  return {.base = state_->mapping.base() + kVectorFileElements, .stride_bytes = state_->stride};
}

bool VectorFile::contains(Slot slot) const {
  return static_cast<uint32_t>(slot) < state_->rows.load(std::memory_order_relaxed);
}

Status VectorFile::readable() const {
  return state_->mapping.faulted() ? Status(EIO, "the file of vectors cannot be read") : Status();
}

const VectorRowHeader& VectorFile::header(Slot slot) const {
  return *reinterpret_cast<const VectorRowHeader*>(state_->row(slot));
}

Status VectorFile::write(Slot slot, VectorRowHeader header, const float* vector) {
  const auto index = static_cast<uint32_t>(slot);
  if (index >= limits::kSlotsMax) return Status(ENOSPC, "no such slot");
  VEXFS_CHECK_OK(readable());
  VEXFS_TRY(size, file_bytes(state_->file.fd()));
  // Written behind its end, the file would have zeros for the rows that it lost.
  if (size < state_->mapping.bytes()) return Status(EIO, "the file of vectors was cut off");
  if (!contains(slot)) {
    if (state_->file.poisoned()) return Status(EIO, "an earlier sync failed");
    VEXFS_CHECK_OK(state_->grow(vector_row_offset(uint64_t{index} + 1, state_->stride)));
  }
  const size_t dim = state_->parameters.dim;
  std::byte* const elements = state_->scratch.data() + sizeof(header);
  if (state_->parameters.element == ElementType::kF32) {
    std::memcpy(elements, vector, dim * sizeof(float));
    header.norm = norm_of(vector, dim);
  } else {
    auto* const halves = reinterpret_cast<kernels::Float16*>(elements);
    for (size_t i = 0; i < dim; ++i) halves[i] = kernels::to_float16(vector[i]);
    header.norm = norm_of(halves, dim);
  }
  // The slot is part of the row, so that a row written to a wrong place is noticed.
  header.slot = index;
  header.crc32c = vector_row_crc32c(header, {elements, state_->row_bytes - sizeof(header)});
  std::memcpy(state_->scratch.data(), &header, sizeof(header));
  return state_->file.write_all(state_->scratch, vector_row_offset(index, state_->stride));
}

bool VectorFile::intact(Slot slot) const {
  if (!contains(slot)) return false;
  const VectorRowHeader& found = header(slot);
  return found.slot == static_cast<uint32_t>(slot) &&
         found.crc32c == vector_row_crc32c(found, state_->elements(slot));
}

Status VectorFile::read(Slot slot, std::span<float> vector) const {
  const size_t dim = state_->parameters.dim;
  if (vector.size() != dim) return Status(EINVAL, "room for the vector");
  const bool is_intact = intact(slot);
  VEXFS_CHECK_OK(readable());
  if (!is_intact) return Status(EUCLEAN, "a stored vector is damaged");
  const std::byte* const elements = state_->elements(slot).data();
  if (state_->parameters.element == ElementType::kF32) {
    std::memcpy(vector.data(), elements, dim * sizeof(float));
    return Status();
  }
  const auto* const halves = reinterpret_cast<const kernels::Float16*>(elements);
  for (size_t i = 0; i < dim; ++i) vector[i] = kernels::to_float(halves[i]);
  return Status();
}

Status VectorFile::sync() { return state_->file.sync_data(); }

// Gives back whole pages only; a page that also holds a row in use stays.
Status VectorFile::punch(Slot first, uint32_t slots) {
  const auto index = static_cast<uint32_t>(first);
  if (index > limits::kSlotsMax || slots > limits::kSlotsMax - index) {
    return Status(EINVAL, "rows past the last slot");
  }
  const uint64_t start = page_ceiling(vector_row_offset(index, state_->stride));
  const uint64_t end = std::min(page_floor(vector_row_offset(index + slots, state_->stride)),
                                state_->mapping.bytes());
  if (end <= start) return Status();
  constexpr int kPunch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  if (state_->io.fallocate(state_->file.fd().get(), kPunch, static_cast<off_t>(start),
                           static_cast<off_t>(end - start)) != 0 &&
      errno != EOPNOTSUPP) {
    return errno_status("punch holes into the vector file");
  }
  return Status();
}

Status VectorFile::truncate(uint32_t slots_end) {
  if (slots_end >= state_->rows.load(std::memory_order_relaxed)) return Status();
  const uint64_t end = page_ceiling(vector_row_offset(slots_end, state_->stride));
  state_->rows.store(slots_end, std::memory_order_relaxed);
  // First the mapping, then the file: a mapped page past the file's end would raise SIGBUS.
  VEXFS_CHECK_OK(state_->mapping.map_to(state_->file.fd(), end));
  if (state_->io.ftruncate(state_->file.fd().get(), static_cast<off_t>(end)) != 0) {
    return errno_status("cut the vector file");
  }
  return Status();
}

uint64_t VectorFile::disk_bytes() const {
  struct stat found;
  if (::fstat(state_->file.fd().get(), &found) != 0) return 0;
  return static_cast<uint64_t>(found.st_blocks) * 512;
}

}  // namespace vexfs::store

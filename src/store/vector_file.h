// VectorFile: the exact vectors of one space, a row a slot, mapped into memory.
#ifndef VEXFS_STORE_VECTOR_FILE_H_
#define VEXFS_STORE_VECTOR_FILE_H_

#include <cstdint>
#include <memory>
#include <span>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/status.h"
#include "base/vector_space.h"
#include "store/rows.h"

namespace vexfs::store {

// What stands before a row's elements on disk; docs/format.md#vectors.
struct VectorRowHeader {
  ObjectId object;
  ChangeNumber change;
  uint32_t ordinal;
  float norm;       // Euclidean length of the stored vector.
  uint32_t crc32c;  // Of header and elements, this field as 0.
  uint32_t slot;    // Its own place.
};
static_assert(sizeof(VectorRowHeader) == 32);

// Rows are written at a slot that nothing refers to yet, and made durable by sync() before the
// catalog's commit refers to them: nothing is overwritten in place.
//
// Threads: one writer, and beside it any readers of rows in use and one sync(). The mapping's
// address is reserved for limits::kSlotsMax rows and never moves; the file grows in steps, its
// blocks are allocated then, and no address past its end is mapped. Where a page cannot be
// read, or another program has cut the file off, readable() says so.
class VectorFile {
 public:
  // The file must have `rows_least` rows, Space::slots_end for one that the catalog refers to;
  // where that is none, a missing file is made. EUCLEAN where the file is missing or cut off, or
  // where its header contradicts the parameters.
  static Result<std::unique_ptr<VectorFile>> open(FileIo& io, const Fd& space_directory,
                                                  const SpaceParameters& parameters,
                                                  uint32_t rows_least = 0);
  ~VectorFile();

  // Elements only: what the index reads.
  VectorRows rows() const;
  const VectorRowHeader& header(Slot slot) const;  // Requires contains(slot).
  bool contains(Slot slot) const;                  // Whether the file has such a row.
  // EIO once a page of the file could not be read: rows() has had zeros there since, so no answer
  // that was computed from them may leave.
  Status readable() const;
  // Stores `vector` (dim floats, rounded to the space's element type) as the row of `slot`. ENOSPC
  // leaves the file as it was. `header`'s norm, crc32c and slot are computed here.
  Status write(Slot slot, VectorRowHeader header, const float* vector);
  // The row as floats. EUCLEAN where the checksum does not hold.
  Status read(Slot slot, std::span<float> vector) const;
  bool intact(Slot slot) const;  // Its checksum holds; false where the file has no such row.

  Status sync();                             // 1. of a commit.
  Status punch(Slot first, uint32_t slots);  // Gives the disk space of free rows back.
  Status truncate(uint32_t slots_end);       // And of those at the end.
  uint64_t disk_bytes() const;               // Allocated, as du counts.

 private:
  struct State;
  explicit VectorFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_VECTOR_FILE_H_

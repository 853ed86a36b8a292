// TextFiles: `.vexfs/texts`, the text of documents whose files are no plain text.
#ifndef VEXFS_STORE_TEXT_FILES_H_
#define VEXFS_STORE_TEXT_FILES_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/function_ref.h"
#include "base/status.h"
#include "store/rows.h"

namespace vexfs::store {

// One file an object, derived: what is missing or damaged is made anew from the file itself. So
// nothing is synced, and every read is checked.
//
// Threads: any; one at a time writes or removes the text of an object. Readers see the old text or
// the new, never a mixture.
class TextFiles {
 public:
  // `store` is the store's directory; the folder in it is made by the first write. `io` must
  // outlive it.
  static Result<TextFiles> open(FileIo& io, const Fd& store);

  // Replaces what the object had. EFBIG beyond limits::kExtractedBytesMax; ENOSPC, EROFS and the
  // like leave the older text.
  Status write(ObjectId object, std::string_view text) const;
  // The bytes from `offset` on, as many as `out` takes or there are; how many. ENOENT without a
  // text, EUCLEAN for a damaged one.
  Result<size_t> read(ObjectId object, uint64_t offset, std::span<char> out) const;
  Status remove(ObjectId object) const;  // Success when there is none.
  // Texts of objects, in any order, until it answers false.
  using Visitor = FunctionRef<bool(ObjectId object)>;
  Status visit(Visitor visit) const;
  // Removes the texts of which `is_kept` answers false, and what a crash left of unfinished writes:
  // nobody may be writing.
  Status remove_strays(Visitor is_kept) const;

 private:
  TextFiles(FileIo& io, Fd store) : io_(&io), store_(std::move(store)) {}

  FileIo* io_;
  Fd store_;
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_TEXT_FILES_H_

// The catalog's rows, as the rest of VexFS sees them.
#ifndef VEXFS_STORE_ROWS_H_
#define VEXFS_STORE_ROWS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/vector_space.h"

namespace vexfs::store {

// A file or directory of the tree that VexFS has reason to know: it carries a vector, or leads to
// one that does. An id is never used again.
enum class ObjectId : uint64_t {};
inline constexpr ObjectId kNoObject{0};
inline constexpr ObjectId kRootObject{1};  // The source itself; every store has it.

enum class SpaceId : uint32_t {};

// Number of a change of vectors: grows by one with each vector set or removed, in any space.
using ChangeNumber = uint64_t;

// How the filesystem names an inode for ever (its handle): opaque bytes here. Whoever makes keys
// makes equal bytes for equal inodes, across mounts.
struct ObjectKey {
  static constexpr size_t kBytesMax = 136;
  uint16_t bytes = 0;
  std::array<unsigned char, kBytesMax> data;

  std::string_view view() const { return {reinterpret_cast<const char*>(data.data()), bytes}; }
  bool operator==(const ObjectKey& other) const { return view() == other.view(); }
};

enum class ObjectKind : uint8_t { kFile = 1, kDirectory = 2 };  // Values are on disk.

struct Object {
  ObjectId id = kNoObject;
  ObjectKind kind = ObjectKind::kFile;
  uint64_t inode = 0;  // Of the backing file: what a scan of directories can compare cheaply.
};

// Who fills a space.
enum class Filler : uint8_t { kUser = 1, kEmbedder = 2 };  // Values are on disk.

struct Space {
  SpaceId id{};
  std::string name;
  SpaceParameters parameters;
  Filler filler = Filler::kUser;
  uint32_t slots_end = 0;  // One past the highest slot ever given out.
  uint32_t vectors = 0;
  uint64_t embedder = 0;  // Fingerprint of the one that fills it; 0 where users do.
};

// One vector of an object in a space. `ordinal` counts an object's passages from 0. A range of 0
// bytes at 0 is the whole file.
struct Passage {
  ObjectId object = kNoObject;
  uint32_t ordinal = 0;
  Slot slot = kNoSlot;
  ChangeNumber change = 0;
  uint64_t start = 0;
  uint64_t end = 0;
  uint32_t line = 0;
};

// What a slot leads to.
struct SlotOwner {
  Passage passage;
  ObjectKey key;  // Of its object.
};

// Whether a file's text is indexed. Values are on disk.
enum class DocumentState : uint8_t {
  kPending = 1,  // It changed, or was not read yet; what is indexed of it is old.
  kFresh = 2,    // Indexed as of `size` and `mtime_ns`.
  kFailed = 3,   // It could not be read.
  kSkipped = 4,  // It has no text to index.
};

// A file whose text was looked at, or is to be.
struct Document {
  ObjectId object = kNoObject;
  DocumentState state = DocumentState::kPending;
  SpaceId space{};  // That of its passages; 0 for none.
  uint64_t size = 0;
  int64_t mtime_ns = 0;    // Since the epoch. Both as they were when the text was read.
  uint64_t name_hash = 0;  // Of the name whose words were indexed with the text.
  bool text_kept = false;  // Ranges of passages are of texts/<object>, not of the file.
  std::string why;         // Of failed and skipped ones; limits::kDocumentWhyBytesMax.
};

// How many documents are in each state.
struct DocumentCounts {
  uint64_t pending = 0;
  uint64_t fresh = 0;
  uint64_t failed = 0;
  uint64_t skipped = 0;

  bool operator==(const DocumentCounts&) const = default;
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_ROWS_H_

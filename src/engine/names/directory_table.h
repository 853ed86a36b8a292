// DirectoryTable: the directories that the catalog knows, in memory.
#ifndef VEXFS_ENGINE_NAMES_DIRECTORY_TABLE_H_
#define VEXFS_ENGINE_NAMES_DIRECTORY_TABLE_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "store/rows.h"

namespace vexfs::engine {

using store::kNoObject;
using store::kRootObject;
using store::ObjectId;
using store::ObjectKey;

// A directory that the catalog knows, in a dense numbering of this process: 0 is the source.
// Numbers are not used again while the table lives.
enum class DirectoryIndex : uint32_t {};
inline constexpr DirectoryIndex kRootDirectory{0};
inline constexpr DirectoryIndex kNoDirectory{UINT32_MAX};

struct DirectoryEntry {
  ObjectId object = kNoObject;
  DirectoryIndex parent = kNoDirectory;  // None: of the source, and while no name is known.
  bool gone = false;                     // Removed; nothing leads through it.
};

// Invariant: an entry that is not gone is found by its key and by its object. Parents may form a
// cycle where the catalog was wrong: every walk upward is bounded by limits::kTreeDepthMax.
//
// Threads: the caller locks.
class DirectoryTable {
 public:
  // ENOSPC at limits::kDirectoriesMax.
  Result<DirectoryIndex> add(ObjectId object, const ObjectKey& key, DirectoryIndex parent,
                             std::string_view name);
  void move(DirectoryIndex directory, DirectoryIndex parent, std::string_view name);
  void remove(DirectoryIndex directory);

  DirectoryIndex find(const ObjectKey& key) const;
  DirectoryIndex find(ObjectId object) const;
  const DirectoryEntry& at(DirectoryIndex directory) const { return entries_[number(directory)]; }
  const std::vector<DirectoryEntry>& entries() const { return entries_; }
  std::string_view name_of(DirectoryIndex directory) const {
    return names_[number(directory)].name;
  }
  ObjectKey key_of(DirectoryIndex directory) const;

  // Whether `directory` is `ancestor`, or below it by a way without gaps.
  bool is_below(DirectoryIndex directory, DirectoryIndex ancestor) const;
  // The path of `name` (may be empty) in `directory`, relative to `ancestor`. ENOENT where
  // is_below() is false; ENAMETOOLONG beyond limits::kTreeDepthMax.
  Status path(DirectoryIndex directory, DirectoryIndex ancestor, std::string_view name,
              std::string& path) const;

 private:
  struct Name {
    std::string key;
    std::string name;
  };
  static size_t number(DirectoryIndex directory) { return static_cast<size_t>(directory); }

  std::vector<DirectoryEntry> entries_;
  std::deque<Name> names_;  // Beside entries_; addresses stay, for the views of by_key_.
  std::unordered_map<std::string_view, DirectoryIndex> by_key_;
  std::unordered_map<ObjectId, DirectoryIndex> by_object_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_NAMES_DIRECTORY_TABLE_H_

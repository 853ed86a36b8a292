// Directories by number, key and object, and the ways between them. A search asks for the paths and
// the ancestors of every hit, so both are answered from memory, along the chain of parents.
#include "engine/names/directory_table.h"

#include <cstring>

#include "base/limits.h"

namespace vexfs::engine {

Result<DirectoryIndex> DirectoryTable::add(ObjectId object, const ObjectKey& key,
                                           DirectoryIndex parent, std::string_view name) {
  if (entries_.size() >= limits::kDirectoriesMax) return Status(ENOSPC, "the table of directories");
  const auto index = static_cast<DirectoryIndex>(entries_.size());
  entries_.push_back({object, parent, false});
  names_.push_back({std::string(key.view()), std::string(name)});
  by_key_[names_.back().key] = index;
  by_object_[object] = index;
  return index;
}

void DirectoryTable::move(DirectoryIndex directory, DirectoryIndex parent, std::string_view name) {
  entries_[number(directory)].parent = parent;
  names_[number(directory)].name.assign(name);
}

void DirectoryTable::remove(DirectoryIndex directory) {
  DirectoryEntry& entry = entries_[number(directory)];
  Name& name = names_[number(directory)];
  by_key_.erase(name.key);
  by_object_.erase(entry.object);
  entry.gone = true;
  entry.parent = kNoDirectory;
  name = {};
}

DirectoryIndex DirectoryTable::find(const ObjectKey& key) const {
  const auto found = by_key_.find(key.view());
  return found == by_key_.end() ? kNoDirectory : found->second;
}

DirectoryIndex DirectoryTable::find(ObjectId object) const {
  const auto found = by_object_.find(object);
  return found == by_object_.end() ? kNoDirectory : found->second;
}

ObjectKey DirectoryTable::key_of(DirectoryIndex directory) const {
  const std::string& bytes = names_[number(directory)].key;
  ObjectKey key;
  key.bytes = static_cast<uint16_t>(bytes.size());
  std::memcpy(key.data.data(), bytes.data(), bytes.size());
  return key;
}

// Bounded, since parents that were learned at different moments may form a cycle.
bool DirectoryTable::is_below(DirectoryIndex directory, DirectoryIndex ancestor) const {
  for (size_t depth = 0; depth < limits::kTreeDepthMax; ++depth) {
    if (directory == kNoDirectory || at(directory).gone) return false;
    if (directory == ancestor) return true;
    directory = at(directory).parent;
  }
  return false;
}

Status DirectoryTable::path(DirectoryIndex directory, DirectoryIndex ancestor,
                            std::string_view name, std::string& path) const {
  // The first pass up the tree adds the lengths, the second writes the names from the end on: one
  // allocation, or none where `path` has the room.
  size_t bytes = name.size();
  DirectoryIndex up = directory;
  for (size_t depth = 0; up != ancestor; ++depth) {
    if (up == kNoDirectory || at(up).gone) return Status(ENOENT, "not below the directory");
    if (depth == limits::kTreeDepthMax) return Status(ENAMETOOLONG, "a tree that is too deep");
    bytes += name_of(up).size() + (bytes == 0 ? 0 : 1);
    up = at(up).parent;
  }
  if (at(ancestor).gone) return Status(ENOENT, "the directory is gone");
  path.assign(bytes, '/');
  size_t end = bytes - name.size();
  path.replace(end, name.size(), name);
  for (up = directory; up != ancestor; up = at(up).parent) {
    if (end != 0 && end < bytes) --end;  // The slash is there already.
    const std::string_view component = name_of(up);
    end -= component.size();
    path.replace(end, component.size(), component);
  }
  return {};
}

}  // namespace vexfs::engine

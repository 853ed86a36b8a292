// Files are opened by their keys. The keys are read under the storage's lock, as many at a time as
// may hold it up.
#include "engine/search/readable_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/limits.h"
#include "tree/caller_access.h"

namespace vexfs::engine {
namespace {

bool has_bit(const std::vector<uint64_t>& bits, uint64_t i) {
  return i / 64 < bits.size() && (bits[i / 64] >> (i % 64) & 1) != 0;
}

void set_bit(std::vector<uint64_t>& bits, uint64_t i) {
  if (i / 64 >= bits.size()) bits.resize(i / 64 + 1);
  bits[i / 64] |= uint64_t{1} << (i % 64);
}

}  // namespace

std::shared_ptr<ReadableFiles::Known> ReadableFiles::known_of(const tree::Credentials& caller,
                                                              const Stamp& stamp) {
  std::string key(reinterpret_cast<const char*>(&caller.uid), sizeof(caller.uid));
  const uint64_t hash = caller.hash();
  key.append(reinterpret_cast<const char*>(&hash), sizeof(hash));
  if (const auto found = cache_.find(key, stamp)) return *found;
  auto made = std::make_shared<Known>();
  cache_.put(key, stamp, std::make_shared<const std::shared_ptr<Known>>(made), 0);
  return made;
}

Status ReadableFiles::find_unreadable(const tree::Credentials& caller, const Stamp& stamp,
                                      std::span<const ObjectId> objects,
                                      std::vector<ObjectId>& unreadable) {
  const std::shared_ptr<Known> known = known_of(caller, stamp);
  std::vector<ObjectId> unknown;
  const size_t first = unreadable.size();
  {
    const MutexLock lock(known->mutex);
    for (const ObjectId object : objects) {
      const auto i = static_cast<uint64_t>(object);
      if (object == kNoObject || has_bit(known->readable, i)) continue;
      (has_bit(known->asked, i) ? unreadable : unknown).push_back(object);
    }
  }
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  std::vector<bool> readable;
  for (size_t at = 0; at < unknown.size(); at += limits::kReconcileStepNames) {
    const auto step =
        std::span(unknown).subspan(at, std::min(limits::kReconcileStepNames, unknown.size() - at));
    VEXFS_CHECK_OK(look(caller, step, readable));
    const MutexLock lock(known->mutex);
    for (size_t i = 0; i < step.size(); ++i) {
      if (!readable[i]) unreadable.push_back(step[i]);
      const auto bit = static_cast<uint64_t>(step[i]);
      if (bit >= limits::kReadableObjectsMax) continue;
      set_bit(known->asked, bit);
      if (readable[i]) set_bit(known->readable, bit);
    }
  }
  const auto begin = unreadable.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, unreadable.end());
  unreadable.erase(std::unique(begin, unreadable.end()), unreadable.end());
  return {};
}

Status ReadableFiles::look(const tree::Credentials& caller, std::span<const ObjectId> objects,
                           std::vector<bool>& readable) {
  std::vector<ObjectKey> keys(objects.size());
  Status status;
  storage_.read([&](const Snapshot& now) {
    for (size_t i = 0; i < objects.size() && status.ok(); ++i) {
      const auto key = now.key_of(objects[i]);
      status = key.status();
      if (key.ok() && key.value().has_value()) keys[i] = *key.value();
    }
  });
  VEXFS_CHECK_OK(status);
  readable.assign(objects.size(), false);
  for (size_t i = 0; i < objects.size(); ++i) {
    if (keys[i].bytes == 0) continue;
    const auto file = tree_.open(keys[i], O_PATH);
    if (!file.ok()) continue;
    struct stat attributes;
    const auto may = tree::may_access(caller, file.value().get(), R_OK, attributes);
    readable[i] = may.ok() && may.value();
  }
  return {};
}

}  // namespace vexfs::engine

// The image, what it lacks, and what is forgotten while it is made.
#include "engine/indexing/text_words.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace vexfs::engine {

Result<std::vector<store::ObjectId>> TextWords::load() {
  store::ChangeNumber change = 0;
  Result<VectorStorageManager::LexicalImage> image = storage_.map_lexical(space_);
  if (image.ok()) {
    const Status opened = lexical_.adopt(image.value().bytes, std::move(image.value().release));
    if (opened.ok()) change = image.value().change;
    if (!opened.ok()) log(LogLevel::kWarning, "a lexical image is made anew", opened);
  } else if (image.error() != ENOENT) {
    log(LogLevel::kWarning, "no lexical image can be read, it is made anew", image.status());
  }
  return remove_stale_slots(change);
}

// Removes the slots whose passages in the image are not those of the catalog: they were freed when
// the image was written or since, and perhaps given out again. Returns the objects that have
// passages after `image`.
Result<std::vector<store::ObjectId>> TextWords::remove_stale_slots(store::ChangeNumber image) {
  std::vector<store::ObjectId> lacking;
  std::vector<bool> owned;
  Status status;
  storage_.read([&](const Snapshot& now) {
    status = now.all_passages(space_.id, [&](const store::Passage& passage) {
      const auto slot = static_cast<uint32_t>(passage.slot);
      if (slot >= owned.size()) owned.resize(std::max<size_t>(slot + 1, owned.size() * 2));
      owned[slot] = true;
      return true;
    });
    if (!status.ok()) return;
    status = now.passages_after(space_.id, image, [&](const store::Passage& passage) {
      if (lacking.empty() || lacking.back() != passage.object) lacking.push_back(passage.object);
      // In the image the slot has the words of its former passage.
      owned[static_cast<size_t>(passage.slot)] = false;
      return true;
    });
  });
  VEXFS_CHECK_OK(status);
  std::sort(lacking.begin(), lacking.end());
  lacking.erase(std::unique(lacking.begin(), lacking.end()), lacking.end());
  const MutexLock lock(mutex_);
  for (const Slot slot : lexical_.slots()) {
    const auto number = static_cast<uint32_t>(slot);
    if (number >= owned.size() || !owned[number]) lexical_.remove(slot);
  }
  return lacking;
}

Status TextWords::put(Slot slot, const PassageTerms& terms) {
  const MutexLock lock(mutex_);
  return lexical_.put(slot, terms.terms, terms.length);
}

void TextWords::forget(std::span<const Slot> slots) {
  const MutexLock lock(mutex_);
  for (const Slot slot : slots) lexical_.remove(slot);
  if (merging_) forgotten_.insert(forgotten_.end(), slots.begin(), slots.end());
}

Status TextWords::write_image() {
  // This thread has put all passages up to here, and their words with them.
  const store::ChangeNumber change = storage_.last_change();
  {
    const MutexLock lock(mutex_);
    merging_ = true;
    forgotten_.clear();
  }
  const Status status = replace_image(change);
  const MutexLock lock(mutex_);
  merging_ = false;
  for (const Slot slot : forgotten_) lexical_.remove(slot);
  forgotten_.clear();
  return status;
}

Status TextWords::replace_image(store::ChangeNumber change) {
  {
    VEXFS_TRY(merged, lexical_.merged());
    VEXFS_CHECK_OK(storage_.write_lexical(space_, change,
                                          std::as_bytes(std::span(merged.data(), merged.size()))));
  }
  VEXFS_TRY(image, storage_.map_lexical(space_));
  if (image.change != change) {
    if (image.release) image.release();
    return Status(EIO, "a lexical image that was just written");
  }
  return lexical_.adopt(image.bytes, std::move(image.release));
}

}  // namespace vexfs::engine

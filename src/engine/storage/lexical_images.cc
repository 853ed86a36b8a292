// A lexical index is one section of a checkpoint.
#include "engine/storage/lexical_images.h"

#include "store/checkpoint.h"

namespace vexfs::engine {
namespace {

constexpr uint32_t kLexicalSection = 1;

}  // namespace

Result<Fd> LexicalImages::folder_of(const OpenSpace& space) {
  store::Space row;
  row.id = space.id;
  row.name = space.name;
  return spaces_.folder_of(row, false);
}

Status LexicalImages::write(const OpenSpace& space, store::ChangeNumber change,
                            std::span<const std::byte> image) {
  // The image holds nothing that a crash could take out of the catalog again.
  VEXFS_CHECK_OK(commit_.flush());
  VEXFS_TRY(folder, folder_of(space));
  const store::CheckpointSection section{kLexicalSection, image};
  return store::write_checkpoint(store_.io, folder, store::CheckpointKind::kLexical,
                                 space.parameters, change, {&section, 1});
}

Result<LexicalImage> LexicalImages::map(const OpenSpace& space) {
  VEXFS_TRY(folder, folder_of(space));
  VEXFS_TRY(mapped, store::map_newest_checkpoint(store_.io, folder, store::CheckpointKind::kLexical,
                                                 space.parameters));
  store::ChangeNumber last;
  {
    const MutexLock lock(store_.mutex());
    last = store_.catalog->last_change();
  }
  if (mapped.last_change <= last && mapped.sections.size() == 1 &&
      mapped.sections.front().number == kLexicalSection) {
    return LexicalImage{mapped.last_change, mapped.sections.front().bytes,
                        std::move(mapped.release)};
  }
  if (mapped.release) mapped.release();
  return Status(ESTALE, "a lexical image of another catalog");
}

}  // namespace vexfs::engine

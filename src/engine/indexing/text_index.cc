// Opening the space, and reading the text of passages.
//
// Texts are not copied into the store: a passage is a range of its file, and is read from there as
// long as the file's size and time are those of the document. Only formats other than plain text
// have their text kept (store::TextFiles).
#include "engine/indexing/text_index.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "engine/indexing/text_job.h"

namespace vexfs::engine {
namespace {

// Bytes [start, start + out.size()) of a file; fewer at its end.
Result<size_t> read_range(int fd, uint64_t start, std::span<char> out) {
  size_t have = 0;
  while (have < out.size()) {
    const ssize_t got =
        ::pread(fd, out.data() + have, out.size() - have, static_cast<off_t>(start + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_status("reading a passage");
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  return have;
}

// Removes a character that the end has cut.
void trim_to_characters(std::string& text) {
  size_t lead = text.size();
  while (lead > 0 && text.size() - lead < 3 && (text[lead - 1] & 0xc0) == 0x80) --lead;
  if (lead == 0) return;
  const auto byte = static_cast<unsigned char>(text[lead - 1]);
  const size_t bytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  if (text.size() - (lead - 1) < bytes) text.resize(lead - 1);
}

SpaceParameters parameters_for(const text::Embedder& embedder) {
  SpaceParameters parameters;
  parameters.dim = embedder.dim();
  parameters.metric = Metric::kCosine;
  parameters.element = ElementType::kF16;
  return parameters;
}

Status stale() { return Status(ESTALE, "the file has changed since it was indexed"); }

}  // namespace

std::optional<store::Space> find_space(const VectorStorageManager& storage, std::string_view name) {
  for (store::Space& row : storage.spaces()) {
    if (row.name == name) return std::move(row);
  }
  return std::nullopt;
}

TextIndex::TextIndex(tree::Tree& tree, VectorStorageManager& storage,
                     std::shared_ptr<const text::Embedder> embedder,
                     VectorStorageManager::OpenSpace space)
    : tree_(tree),
      storage_(storage),
      embedder_(std::move(embedder)),
      space_(space),
      words_(storage, std::move(space)) {}

Result<std::shared_ptr<TextIndex>> TextIndex::open(tree::Tree& tree, VectorStorageManager& storage,
                                                   std::shared_ptr<const text::Embedder> embedder,
                                                   bool create, std::string_view name) {
  const uint64_t fingerprint = embedder->fingerprint();
  const std::optional<store::Space> found = find_space(storage, name);
  if (!found.has_value()) {
    if (!create) return Status(ENODATA, "no text is indexed here");
    VEXFS_CHECK_OK(storage.create_space(name, parameters_for(*embedder), fingerprint));
  } else if (found->filler != store::Filler::kEmbedder) {
    return Status(EEXIST, "a space of the user's is named text");
  } else if (found->embedder != fingerprint) {
    return Status(EBUSY, "the space of text was filled by another embedder");
  }
  VEXFS_TRY(space, storage.open_space(name));
  return std::shared_ptr<TextIndex>(
      new TextIndex(tree, storage, std::move(embedder), std::move(space)));
}

void TextIndex::set_complete(bool complete) {
  if (complete_.exchange(complete) != complete) ++generation_;
}

Status TextIndex::read_text(const store::ObjectKey& file, const store::Passage& passage,
                            size_t most, std::string& out) const {
  const bool whole = passage.start == 0 && passage.end == 0;
  if (passage.end < passage.start) return Status(EINVAL, "a passage's range");
  const size_t bytes = whole ? most : std::min<uint64_t>(passage.end - passage.start, most);
  VEXFS_TRY(document, storage_.document_of(file));
  if (!document.has_value()) return Status(ENODATA, "the file's text is not indexed");
  VEXFS_TRY(fd, tree_.open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  struct stat stat;
  if (::fstat(fd.get(), &stat) != 0) return errno_status("fstat");
  if (static_cast<uint64_t>(stat.st_size) != document->size ||
      nanoseconds(stat.st_mtim) != document->mtime_ns) {
    return stale();
  }
  out.resize(bytes);
  const Result<size_t> got = document->text_kept
                                 ? storage_.texts().read(document->object, passage.start, out)
                                 : read_range(fd.get(), passage.start, out);
  if (!got.ok()) return got.status();
  if (!whole && got.value() < bytes) return stale();
  out.resize(got.value());
  trim_to_characters(out);
  return {};
}

}  // namespace vexfs::engine

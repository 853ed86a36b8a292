// Kept texts: written beside and renamed, read a range at a time.
//
// Nothing is synced: a kept text is derived, and one that a loss of power damaged fails its
// checksum and is extracted again. Each block of a text has a checksum in the front of the file, so
// a range is checked without reading the rest.
#include "store/text_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "base/durable_file.h"
#include "base/parse.h"
#include "store/text_format.h"

namespace vexfs::store {
namespace {

constexpr const char* kFolder = "texts";
constexpr std::string_view kBeside = ".new";

Result<Fd> open_folder(const Fd& store) {
  Fd folder(::openat(store.get(), kFolder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.valid()) return errno_status("open the folder of kept texts");
  return folder;
}

std::string name_of(ObjectId object) { return std::to_string(static_cast<uint64_t>(object)); }

// The object whose text has that name; nothing for other names, such as a zero in front.
std::optional<ObjectId> object_of(std::string_view name) {
  const Result<uint64_t> number = parse_u64(name, 1, INT64_MAX);
  if (!number.ok() || name.starts_with('0')) return std::nullopt;
  return ObjectId{number.value()};
}

// Fills `bytes` from `offset` of the file on; EUCLEAN where the file ends before.
Status read_exactly(FileIo& io, const Fd& file, std::span<std::byte> bytes, uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t got =
        io.pread(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_status("read a kept text");
    if (got == 0) return Status(EUCLEAN, "a kept text is cut off");
    bytes = bytes.subspan(static_cast<size_t>(got));
    offset += static_cast<uint64_t>(got);
  }
  return Status();
}

// Calls back with each name in the folder, until it answers false.
Status visit_names(const Fd& folder, FunctionRef<bool(const char* name)> visit) {
  Fd copy(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!copy.valid()) return errno_status("open the folder of kept texts");
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy.get()), ::closedir);
  if (stream == nullptr) return errno_status("list kept texts");
  (void)copy.release();  // It belongs to the stream now.
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(stream.get());
    if (entry == nullptr) return errno == 0 ? Status() : errno_status("list kept texts");
    if (!visit(entry->d_name)) return Status();
  }
}

Status remove_name(FileIo& io, const Fd& folder, const char* name) {
  if (io.unlinkat(folder.get(), name, 0) == 0 || errno == ENOENT) return Status();
  return errno_status("remove a kept text");
}

Status write_beside(FileIo& io, const Fd& folder, const std::string& name, ObjectId object,
                    std::string_view text) {
  Fd fd(io.openat(folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                  0600));
  if (!fd.valid()) return errno_status("create a kept text");
  DurableFile file(io, std::move(fd));
  const std::vector<std::byte> front = make_text_front(object, text);
  VEXFS_CHECK_OK(file.write_all(front, 0));
  return file.write_all(std::as_bytes(std::span(text)), front.size());
}

}  // namespace

Result<TextFiles> TextFiles::open(FileIo& io, const Fd& store) {
  Fd own(::fcntl(store.get(), F_DUPFD_CLOEXEC, 0));
  if (!own.valid()) return errno_status("keep the store's directory");
  return TextFiles(io, std::move(own));
}

Status TextFiles::write(ObjectId object, std::string_view text) const {
  if (text.size() > limits::kExtractedBytesMax) return Status(EFBIG, "text of a document");
  if (io_->mkdirat(store_.get(), kFolder, 0700) != 0 && errno != EEXIST) {
    return errno_status("make the folder of kept texts");
  }
  VEXFS_TRY(folder, open_folder(store_));
  const std::string name = name_of(object);
  const std::string beside = name + std::string(kBeside);
  Status status = write_beside(*io_, folder, beside, object, text);
  if (status.ok() && io_->renameat(folder.get(), beside.c_str(), folder.get(), name.c_str()) != 0) {
    status = errno_status("rename a kept text into place");
  }
  if (!status.ok()) (void)io_->unlinkat(folder.get(), beside.c_str(), 0);
  return status;
}

Result<size_t> TextFiles::read(ObjectId object, uint64_t offset, std::span<char> out) const {
  VEXFS_TRY(folder, open_folder(store_));
  const Fd file(
      io_->openat(folder.get(), name_of(object).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0));
  struct stat found;
  if (!file.valid() || ::fstat(file.get(), &found) != 0) return errno_status("open a kept text");
  const auto file_bytes = static_cast<uint64_t>(found.st_size);
  std::vector<std::byte> buffer(std::min<uint64_t>(file_bytes, kTextFrontBytesMax));
  VEXFS_CHECK_OK(read_exactly(*io_, file, buffer, 0));
  VEXFS_TRY(front, read_text_front(object, buffer, file_bytes));
  if (offset >= front.text_bytes) return size_t{0};

  const size_t start = text_front_bytes(front.text_bytes);
  const auto wanted =
      static_cast<size_t>(std::min<uint64_t>(out.size(), front.text_bytes - offset));
  buffer.resize(kTextBlockBytes);
  for (size_t done = 0; done < wanted;) {
    const uint64_t at = offset + done;
    const uint64_t block = at / kTextBlockBytes;
    const uint64_t first = block * kTextBlockBytes;
    const std::span<std::byte> bytes = std::span(buffer).first(
        static_cast<size_t>(std::min<uint64_t>(kTextBlockBytes, front.text_bytes - first)));
    VEXFS_CHECK_OK(read_exactly(*io_, file, bytes, start + first));
    if (crc32c(bytes) != front.checksums[block]) return Status(EUCLEAN, "a kept text is damaged");
    const auto part = bytes.subspan(static_cast<size_t>(at - first));
    const size_t count = std::min(part.size(), wanted - done);
    std::copy_n(reinterpret_cast<const char*>(part.data()), count, out.data() + done);
    done += count;
  }
  return wanted;
}

Status TextFiles::remove(ObjectId object) const {
  const Result<Fd> folder = open_folder(store_);
  if (folder.error() == ENOENT) return Status();
  VEXFS_CHECK_OK(folder.status());
  return remove_name(*io_, folder.value(), name_of(object).c_str());
}

Status TextFiles::visit(Visitor visit) const {
  const Result<Fd> folder = open_folder(store_);
  if (folder.error() == ENOENT) return Status();
  VEXFS_CHECK_OK(folder.status());
  return visit_names(folder.value(), [visit](const char* name) {
    const std::optional<ObjectId> object = object_of(name);
    return !object || visit(*object);
  });
}

Status TextFiles::remove_strays(Visitor is_kept) const {
  const Result<Fd> folder = open_folder(store_);
  if (folder.error() == ENOENT) return Status();
  VEXFS_CHECK_OK(folder.status());
  Status removed;
  VEXFS_CHECK_OK(visit_names(folder.value(), [&](const char* name) {
    const std::optional<ObjectId> object = object_of(name);
    const bool is_stray = object ? !is_kept(*object) : std::string_view(name).ends_with(kBeside);
    if (is_stray) removed = remove_name(*io_, folder.value(), name);
    return removed.ok();
  }));
  return removed;
}

}  // namespace vexfs::store

// Writing checkpoints beside the old one, and mapping the newest that is whole.
//
// A checkpoint is never changed in place. A new one is written as `<kind>.<n>.new`, synced, renamed
// to `<kind>.<n>` with the directory synced, and only then is the older one removed. So at every
// moment of a crash there is a whole checkpoint or none, and none costs time only: it is derived
// from the catalog and the vector file. The format is in docs/format.md.
#include "store/checkpoint.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "base/crc32c.h"
#include "base/durable_file.h"
#include "base/log.h"
#include "base/parse.h"
#include "store/checkpoint_format.h"
#include "store/directory_names.h"
#include "store/section_checksums.h"

namespace vexfs::store {
namespace {

constexpr std::string_view kNewSuffix = ".new";
constexpr uint64_t kNumberMax = 1'000'000'000'000'000'000;

// How much is checksummed and written at a time: few enough bytes to be in the CPU's cache for
// both.
constexpr size_t kChunkBytes = size_t{1} << 20;

constexpr uint64_t section_start_after(uint64_t offset) {
  return (offset + kCheckpointPageBytes - 1) / kCheckpointPageBytes * kCheckpointPageBytes;
}

constexpr std::string_view prefix_of(CheckpointKind kind) {
  return kind == CheckpointKind::kGraph ? "graph." : "lexical.";
}

std::string name_of(CheckpointKind kind, uint64_t number) {
  return std::string(prefix_of(kind)) + std::to_string(number);
}

// The number of a checkpoint's name; nothing for other names.
std::optional<uint64_t> number_of(CheckpointKind kind, std::string_view name) {
  const std::string_view prefix = prefix_of(kind);
  if (!name.starts_with(prefix)) return std::nullopt;
  const Result<uint64_t> number = parse_u64(name.substr(prefix.size()), 0, kNumberMax);
  if (!number.ok()) return std::nullopt;
  return number.value();
}

// The numbers of the checkpoints of that kind, newest first.
Result<std::vector<uint64_t>> checkpoints_in(const Fd& directory, CheckpointKind kind) {
  VEXFS_TRY(names, directory_names(directory));
  std::vector<uint64_t> numbers;
  for (const std::string& name : names) {
    if (const auto number = number_of(kind, name)) numbers.push_back(*number);
  }
  std::sort(numbers.rbegin(), numbers.rend());
  return numbers;
}

// Removes all checkpoints of the kind but `keep`, and what a crash left of unfinished ones.
Status remove_all_but(FileIo& io, const Fd& directory, CheckpointKind kind, std::string_view keep) {
  VEXFS_TRY(names, directory_names(directory));
  for (const std::string& name : names) {
    if (!name.starts_with(prefix_of(kind)) || name == keep) continue;
    if (io.unlinkat(directory.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
      return errno_status("remove an old checkpoint");
    }
  }
  return Status();
}

// Gives the sections their places, one after another from page boundaries; returns the file's size.
uint64_t place(std::span<const CheckpointSection> sections,
               std::vector<CheckpointSectionEntry>& entries) {
  uint64_t end = kCheckpointPageBytes;
  for (const CheckpointSection& section : sections) {
    entries.push_back(
        {.number = section.number, .crc32c = 0, .offset = end, .bytes = section.bytes.size()});
    end = section_start_after(end + section.bytes.size());
  }
  return end;
}

Status write_section(DurableFile& file, std::span<const std::byte> bytes,
                     CheckpointSectionEntry& entry) {
  for (size_t done = 0; done < bytes.size();) {
    const auto chunk = bytes.subspan(done, std::min(kChunkBytes, bytes.size() - done));
    entry.crc32c = crc32c(chunk, entry.crc32c);
    VEXFS_CHECK_OK(file.write_all(chunk, entry.offset + done));
    done += chunk.size();
  }
  return Status();
}

Status write_file(FileIo& io, const Fd& directory, const std::string& name, CheckpointKind kind,
                  const SpaceParameters& parameters, ChangeNumber last_change,
                  std::span<const CheckpointSection> sections) {
  std::vector<CheckpointSectionEntry> entries;
  const uint64_t bytes = place(sections, entries);
  Fd fd(io.openat(directory.get(), name.c_str(),
                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.valid()) return errno_status("create a checkpoint");
  // All blocks are allocated at once: a lack of space shows before the work, and they lie together.
  if (io.fallocate(fd.get(), 0, 0, static_cast<off_t>(bytes)) != 0) {
    if (errno != EOPNOTSUPP) return errno_status("allocate a checkpoint");
    if (io.ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) {
      return errno_status("size a checkpoint");
    }
  }
  DurableFile file(io, std::move(fd));
  for (size_t i = 0; i < sections.size(); ++i) {
    VEXFS_CHECK_OK(write_section(file, sections[i].bytes, entries[i]));
  }
  const std::vector<std::byte> page =
      make_checkpoint_page(kind, parameters, last_change, std::time(nullptr), bytes, entries);
  VEXFS_CHECK_OK(file.write_all(page, 0));
  return file.sync();
}

// Adds the sections of `page` to `mapped`; EUCLEAN unless all their checksums hold.
Status take_sections(std::span<std::byte> file, const CheckpointPage& page,
                     MappedCheckpoint& mapped) {
  std::vector<std::span<std::byte>> sections;
  for (const CheckpointSectionEntry& entry : page.sections) {
    sections.push_back(file.subspan(entry.offset, entry.bytes));
    mapped.sections.push_back({.number = entry.number, .bytes = sections.back()});
  }
  VEXFS_TRY(sums, crc32c_of_each(sections));
  for (size_t i = 0; i < sums.size(); ++i) {
    if (sums[i] != page.sections[i].crc32c) return Status(EUCLEAN, "a checkpoint is damaged");
  }
  return Status();
}

// Maps a checkpoint and checks all of it, since a graph's links are followed without further
// checks. The mapping is private and writable: the index goes on changing its pages, and the file
// stays as it was written.
Result<MappedCheckpoint> map_checkpoint(FileIo& io, const Fd& directory, CheckpointKind kind,
                                        uint64_t number, const SpaceParameters& parameters) {
  const Fd fd(io.openat(directory.get(), name_of(kind, number).c_str(),
                        O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0));
  struct stat found;
  if (!fd.valid() || ::fstat(fd.get(), &found) != 0) return errno_status("open a checkpoint");
  const auto bytes = static_cast<uint64_t>(found.st_size);
  std::vector<std::byte> first(kCheckpointPageBytes);
  const ssize_t got = io.pread(fd.get(), first.data(), first.size(), 0);
  if (got < 0) return errno_status("read a checkpoint");
  first.resize(static_cast<size_t>(got));
  VEXFS_TRY(page, read_checkpoint_page(kind, first, bytes, parameters));
  void* const base =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd.get(), 0);
  if (base == MAP_FAILED) return errno_status("map a checkpoint");
  const std::span<std::byte> file(static_cast<std::byte*>(base), bytes);
  MappedCheckpoint mapped;
  mapped.release = [base, bytes] { (void)::munmap(base, bytes); };
  if (const Status status = take_sections(file, page, mapped); !status.ok()) {
    mapped.release();
    return status;
  }
  mapped.last_change = page.last_change;
  mapped.written_at = page.written_at;
  mapped.bytes = bytes;
  return mapped;
}

}  // namespace

Status write_checkpoint(FileIo& io, const Fd& space_directory, CheckpointKind kind,
                        const SpaceParameters& parameters, ChangeNumber last_change,
                        std::span<const CheckpointSection> sections) {
  if (sections.size() > kCheckpointSectionsMax) return Status(EINVAL, "sections of a checkpoint");
  VEXFS_TRY(numbers, checkpoints_in(space_directory, kind));
  const std::string name = name_of(kind, numbers.empty() ? 1 : numbers.front() + 1);
  const std::string beside = name + std::string(kNewSuffix);
  if (io.unlinkat(space_directory.get(), beside.c_str(), 0) != 0 && errno != ENOENT) {
    return errno_status("remove what a crash left of a checkpoint");
  }
  Status status = write_file(io, space_directory, beside, kind, parameters, last_change, sections);
  if (status.ok()) {
    status = rename_into_place(io, space_directory, beside.c_str(), name.c_str());
  }
  if (!status.ok()) {
    (void)io.unlinkat(space_directory.get(), beside.c_str(), 0);
    return status;
  }
  return remove_all_but(io, space_directory, kind, name);
}

Result<MappedCheckpoint> map_newest_checkpoint(FileIo& io, const Fd& space_directory,
                                               CheckpointKind kind,
                                               const SpaceParameters& parameters) {
  VEXFS_TRY(numbers, checkpoints_in(space_directory, kind));
  for (const uint64_t number : numbers) {
    Result<MappedCheckpoint> mapped = map_checkpoint(io, space_directory, kind, number, parameters);
    if (mapped.ok()) return mapped;
    log(LogLevel::kWarning, "a checkpoint is passed over", mapped.status(), number);
  }
  return Status(ENOENT, "no checkpoint");
}

Status remove_checkpoints(FileIo& io, const Fd& space_directory, CheckpointKind kind) {
  return remove_all_but(io, space_directory, kind, {});
}

}  // namespace vexfs::store

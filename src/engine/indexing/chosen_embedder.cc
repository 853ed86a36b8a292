// Parsing, reading and writing the files, which only their owner may read.
#include "engine/indexing/chosen_embedder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>
#include <vector>

#include "base/durable_file.h"
#include "base/fd.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "engine/query/json_members.h"
#include "tree/named_file.h"

namespace vexfs::engine {
namespace {

constexpr size_t kKeyBytesMax = 4096;

using Shared = std::shared_ptr<const text::Embedder>;

// Stands for an embedder of which only the fingerprint is known.
class LostEmbedder final : public text::Embedder {
 public:
  LostEmbedder(uint32_t dim, uint64_t fingerprint) : dim_(dim), fingerprint_(fingerprint) {}

  std::string name() const override { return "unknown"; }
  uint32_t dim() const override { return dim_; }
  uint64_t fingerprint() const override { return fingerprint_; }
  // It must cut passages as the lost one did, since words are put by the ranges of the passages.
  text::PassageOptions passage_options() const override {
    return text::http_passage_options(text::HttpEmbedderOptions());
  }
  size_t batch_max() const override { return limits::kEmbedBatchMax; }
  Status embed(std::span<const std::string_view>, std::span<float>) const override {
    return Status(EAGAIN, "the embedder that filled the index is not known any more");
  }

 private:
  const uint32_t dim_;
  const uint64_t fingerprint_;
};

bool is_trusted(uid_t owner) { return owner == 0 || owner == ::geteuid(); }

// Opens the store, if what is in it may decide where texts are sent.
Result<Fd> open_trusted_store(const Fd& source) {
  Fd store(::openat(source.get(), ".vexfs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat stat;
  if (!store.valid() || ::fstat(store.get(), &stat) != 0) return errno_status("open the store");
  if (!is_trusted(stat.st_uid)) {
    return Status(EPERM, "embedder.json does not count: the store belongs to another user");
  }
  if ((stat.st_mode & 022) != 0) {
    return Status(EPERM, "embedder.json does not count: others may write to the store");
  }
  return store;
}

Status check_writer(const struct stat& file) {
  if (!S_ISREG(file.st_mode)) return Status(EPERM, "embedder.json does not count: it is no file");
  if (!is_trusted(file.st_uid)) {
    return Status(EPERM, "embedder.json does not count: it belongs to another user");
  }
  if ((file.st_mode & 022) != 0) {
    return Status(EPERM, "embedder.json does not count: others may write to it");
  }
  if (file.st_nlink != 1) {
    return Status(EPERM, "embedder.json does not count: it has another name too");
  }
  return {};
}

// With the key, which is read anew for each embedder that is made: as the effective user may, who
// wrote the choice, unless root did.
Result<text::HttpEmbedderOptions> with_key(text::HttpEmbedderOptions options) {
  if (options.key_file.empty()) return options;
  VEXFS_TRY(key, tree::read_named_file(options.key_file, kKeyBytesMax));
  key.resize(std::min(key.find_first_of("\r\n"), key.size()));
  if (key.empty()) return Status(EACCES, "the key file is empty");
  options.key = std::move(key);
  return options;
}

}  // namespace

Result<text::HttpEmbedderOptions> parse_embedder(std::string_view json) {
  const Status refusal(EINVAL, "embedder.json: url, model, and key_file and dim where needed");
  auto members = read_json_members(json);
  if (!members.ok()) return refusal;
  text::HttpEmbedderOptions options = remote_embedder();
  for (JsonMember& member : members.value()) {
    const bool word = member.type == JsonMember::Type::kWord;
    const bool count = member.type == JsonMember::Type::kInteger && member.integer > 0 &&
                       member.integer <= limits::kDimMax;
    if (member.parent != -1) return refusal;
    if (member.name == "url" && word) {
      options.url = std::move(member.word);
    } else if (member.name == "model" && word) {
      options.model = std::move(member.word);
    } else if (member.name == "key_file" && word) {
      options.key_file = std::move(member.word);
    } else if (member.name == "dim" && count) {
      options.dim = static_cast<uint32_t>(member.integer);
    } else {
      return refusal;
    }
  }
  if (options.url.empty() || options.model.empty()) return refusal;
  return options;
}

std::string embedder_json(const text::HttpEmbedderOptions& options) {
  std::string json;
  JsonWriter writer(json);
  writer.object().member("url", options.url).member("model", options.model);
  if (!options.key_file.empty()) writer.member("key_file", options.key_file);
  if (options.dim != 0) writer.member("dim", options.dim);
  writer.end();
  return json + "\n";
}

std::string name_of(const EmbedderChoice& choice) {
  return choice.has_value() ? choice->model + " at " + choice->url : "builtin";
}

Result<EmbedderChoice> read_embedder(const Fd& source, const char* name) {
  const std::string path = std::string(".vexfs/") + name;
  struct stat stat;
  if (::fstatat(source.get(), path.c_str(), &stat, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return EmbedderChoice();
    return errno_status("embedder.json");
  }
  VEXFS_TRY(store, open_trusted_store(source));
  VEXFS_CHECK_OK(check_writer(stat));
  const Fd file(::openat(store.get(), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.valid() || ::fstat(file.get(), &stat) != 0) return errno_status("embedder.json");
  VEXFS_CHECK_OK(check_writer(stat));  // It may be another one by now.
  VEXFS_TRY(json, read_all(system_io(), file, limits::kQueryBytesMax));
  VEXFS_TRY(options, parse_embedder(json));
  return EmbedderChoice(std::move(options));
}

EmbedderChoice read_former_embedder(const Fd& source) {
  auto read = read_embedder(source, kFormerEmbedder);
  return read.ok() ? std::move(read).value() : EmbedderChoice();
}

Status write_embedder(FileIo& io, const Fd& source, const char* file,
                      const EmbedderChoice& choice) {
  if (choice.has_value()) {
    VEXFS_TRY(store, open_trusted_store(source));
    const std::string json = embedder_json(*choice);
    return replace_file(io, store, file, std::as_bytes(std::span(json)), 0600);
  }
  // To be without one needs no trust.
  const Fd store(::openat(source.get(), ".vexfs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!store.valid()) return errno_status("open the store");
  if (io.unlinkat(store.get(), file, 0) != 0) {
    return errno == ENOENT ? Status() : errno_status("remove embedder.json");
  }
  if (io.fsync(store.get()) != 0) return errno_status("sync the store");
  return {};
}

Result<std::shared_ptr<const text::Embedder>> connect_embedder(const EmbedderChoice& choice) {
  if (!choice.has_value()) return Shared(text::make_builtin_embedder());
  VEXFS_TRY(options, with_key(*choice));
  VEXFS_TRY(embedder, text::connect_http_embedder(options));
  return Shared(std::move(embedder));
}

Result<std::shared_ptr<const text::Embedder>, Refusal> try_embedder(EmbedderChoice& choice) {
  const uint32_t wanted = choice.has_value() ? std::exchange(choice->dim, 0) : 0;
  auto answered = connect_embedder(choice);
  if (!answered.ok()) {
    return Refusal(answered.error(),
                   (choice.has_value() ? choice->url + ": " : "") + answered.status().what());
  }
  if (!choice.has_value()) return std::move(answered).value();
  choice->dim = answered.value()->dim();
  if (wanted != 0 && wanted != choice->dim) {
    return Refusal(EINVAL, choice->url + ": its vectors have " + std::to_string(choice->dim) +
                               " dimensions, not " + std::to_string(wanted));
  }
  return std::move(answered).value();
}

bool fills(const EmbedderChoice& choice, uint32_t dim, uint64_t fingerprint) {
  if (!choice.has_value()) return text::make_builtin_embedder()->fingerprint() == fingerprint;
  return (choice->dim == 0 || choice->dim == dim) &&
         text::http_fingerprint(choice->model, dim) == fingerprint;
}

Result<std::shared_ptr<const text::Embedder>> embedder_of(const store::Space& space,
                                                          const EmbedderChoice& wanted,
                                                          const EmbedderChoice& former) {
  const uint32_t dim = space.parameters.dim;
  if (fills(std::nullopt, dim, space.embedder)) return Shared(text::make_builtin_embedder());
  for (const EmbedderChoice* const choice : {&wanted, &former}) {
    if (!choice->has_value() || !fills(*choice, dim, space.embedder)) continue;
    VEXFS_TRY(options, with_key(**choice));
    options.dim = dim;
    VEXFS_TRY(embedder, text::make_http_embedder(options));
    return Shared(std::move(embedder));
  }
  return Shared(std::make_unique<LostEmbedder>(dim, space.embedder));
}

}  // namespace vexfs::engine

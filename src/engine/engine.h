// Engine: the one door to vectors and search, behind the mount and the command line.
#ifndef VEXFS_ENGINE_ENGINE_H_
#define VEXFS_ENGINE_ENGINE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "base/status.h"
#include "engine/indexing/chosen_embedder.h"
#include "engine/query/query.h"
#include "engine/query/text_progress.h"
#include "engine/storage/engine_options.h"
#include "store/rows.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// Everything starts at its first use, on a thread of the engine's own; the caller waits for it. A
// part that cannot start answers its errno from then on, and says so in the status.
//
// Threads: all methods may run at once, unless marked "service thread" (deep stack). No method
// keeps a lock while it waits for a disk, but for flush().
class Engine {
 public:
  // `tree` must outlive it. Opens nothing but looks whether the source has a store: if so, the
  // catalog is opened in the background.
  static Result<std::unique_ptr<Engine>> create(tree::Tree& tree, const EngineOptions& options);
  // Commits, writes checkpoints, stops its threads.
  ~Engine();

  // --- Names. The filesystem tells of each change after it happened and before it answers the
  // caller, so that changes of one directory come in order. Free of cost while there is no store.
  void linked(const store::ObjectKey& parent, std::string_view name,
              const store::ObjectKey& object);
  void unlinked(const store::ObjectKey& parent, std::string_view name);
  enum class Rename { kReplace, kExchange };
  void renamed(const store::ObjectKey& old_parent, std::string_view old_name,
               const store::ObjectKey& new_parent, std::string_view new_name, Rename kind);
  // Owner, mode or ACL changed: what callers may see is asked anew, of directories when it was one.
  void permissions_changed(store::ObjectKind of);
  // The content of a regular file, or its times, may have changed.
  void content_changed(const store::ObjectKey& key);
  bool has_store() const;  // Whether any of the above is worth a key.
  // Grows with every change of vectors, names or permissions: results from before it may be stale.
  uint64_t generation() const;
  // Why the store cannot be opened, or vectors not be changed any more; ok where neither is so.
  Status trouble() const;

  // --- Vectors of a file. Values are little-endian float32: one vector, or several of one space
  // one after another. A change is seen by the next search and is durable after flush().
  // ENODATA: no such space. EINVAL: dimension, NaN, infinity, zero. EEXIST, ENODATA by mode.
  Status set_vectors(const store::ObjectKey& key, std::string_view space,
                     std::span<const std::byte> value, SetMode mode);
  // Bytes of the value; it is in `out` if that has room, else ERANGE (0 bytes of room: only asks).
  Result<size_t> get_vectors(const store::ObjectKey& key, std::string_view space,
                             std::span<std::byte> out);
  Status remove_vectors(const store::ObjectKey& key, std::string_view space);  // ENODATA.
  // Names of spaces in which the file has vectors.
  Status spaces_of(const store::ObjectKey& key, FunctionRef<bool(std::string_view space)> visit);
  // All changes so far are on the disk. Waits for the group commit. EIO once truth could not be
  // written.
  Status flush();

  // --- Search
  // `directory` is the one that is asked; results are those that `caller` may see.
  Result<QueryResult> search(const tree::Credentials& caller, const store::ObjectKey& directory,
                             const Query& query, QueryError& error);
  // The same from JSON to JSON, for query files; the reply is JSON also where it tells of an error.
  void answer_json(const tree::Credentials& caller, const store::ObjectKey& directory,
                   std::string_view request, std::string& reply);
  // Administration, from JSON to JSON, for the mount's `control` file and the command line, mounted
  // or not. `privileged` is root or the owner of the mount: others may only read, and see no counts
  // that would tell of files that they may not see. docs/query.md has the requests and replies.
  void control_json(const tree::Credentials& caller, bool privileged,
                    const store::ObjectKey& directory, std::string_view request,
                    std::string& reply);
  // A raw float32 vector for the only space of its dimension.
  void answer_f32(const tree::Credentials& caller, const store::ObjectKey& directory,
                  std::span<const std::byte> request, std::string& reply);

  // --- Text of files: a store that has its space keeps it up to date by itself.
  // "fresh", "pending", "failed: why" or "skipped: why", in `out`, cut where it has no room; the
  // bytes. ENODATA where the file's text is not indexed. Request threads.
  Result<size_t> text_state(const store::ObjectKey& key, std::span<char> out);
  // The rest: large stack. Makes what finds files by their text (a space, and the store, where
  // there is none) and waits until it can be asked, not until it is complete. The first search by
  // text does so too.
  Status start_text();
  Status index_text();  // The same, and all files are looked at again.
  // Waits until no file waits and all is durable. EAGAIN: the embedder cannot be reached.
  Status sync_text();
  TextProgress text_progress() const;
  // Asks for another embedder; see TextService. A sentence in `problem` where it cannot be: what is
  // wrong with the embedder has changed nothing.
  Status choose_embedder(EmbedderChoice choice, std::string& problem);

  // --- Reports. Service thread.
  // Members of the mount's status object, as JSON text without braces ("\"components\":…").
  void write_status(std::string& json) const;
  void write_metrics(std::string& prometheus) const;

  // Deep checks; the engine must have been made for an unmounted source. One line for each finding.
  struct CheckResult {
    std::vector<std::string> damage;   // Of truth.
    std::vector<std::string> rebuilt;  // Of what is derived: repaired, or would be.
  };
  static Result<CheckResult> check(tree::Tree& tree, bool repair);

 private:
  struct State;
  class Parts;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_ENGINE_H_

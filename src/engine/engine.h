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
#include "base/json_writer.h"
#include "base/refusal.h"
#include "base/status.h"
#include "engine/indexing/chosen_embedder.h"
#include "engine/query/query.h"
#include "engine/query/text_progress.h"
#include "engine/storage/engine_options.h"
#include "store/rows.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// Each part starts at its first use, on a thread of the engine, while the caller waits. A part that
// could not start answers with the errno of its failure from then on, and the status names it.
//
// Threads: all methods may run at the same time. Those marked "service thread" need a deep stack.
// No method but flush() holds a lock while it waits for a disk.
//
// Owners: the engine owns storage, search and texts, and stops them in the reverse order of their
// start. The lock order of all parts is in ARCHITECTURE.md.
class Engine {
 public:
  // `tree` must outlive the engine. Looks whether the source has a store; if it has one, a thread
  // opens the store in the background.
  static Result<std::unique_ptr<Engine>> create(tree::Tree& tree, const EngineOptions& options);
  // Commits all changes, writes checkpoints and stops the threads.
  ~Engine();

  // --- Names. The filesystem reports each change after it has happened and before it replies, so
  // that the changes of one directory arrive in order. While there is no store these calls return
  // at once.
  void linked(const store::ObjectKey& parent, std::string_view name,
              const store::ObjectKey& object);
  void unlinked(const store::ObjectKey& parent, std::string_view name);
  enum class Rename { kReplace, kExchange };
  void renamed(const store::ObjectKey& old_parent, std::string_view old_name,
               const store::ObjectKey& new_parent, std::string_view new_name, Rename kind);
  // The owner, mode or ACL of an object changed, so what callers may see is looked up again.
  void permissions_changed(store::ObjectKind of);
  // The content of a regular file, or its times, may have changed.
  void content_changed(const store::ObjectKey& key);
  // Whether there is a store, or one is being opened. Without one the caller need not make a key
  // for the calls above.
  bool has_store() const;
  // Grows with every change of vectors, texts, names or permissions. Results that were found at an
  // earlier generation may be stale.
  uint64_t generation() const;
  // Waits while the store is being opened. Why it could not be: EBUSY when another process has it.
  // OK where there is no store.
  Status opened() const;
  // Why the store cannot be opened, or why vectors cannot be changed any more; else ok.
  Status trouble() const;

  // --- Vectors of a file. A value holds one or more vectors of a space, one after another, as
  // little-endian float32. The next search sees a change; flush() makes it durable.
  // ENODATA where there is no such space. EINVAL for a wrong dimension, NaN, infinity, or a zero
  // vector where cosines are compared. EEXIST and ENODATA as `mode` asks.
  Status set_vectors(const store::ObjectKey& key, std::string_view space,
                     std::span<const std::byte> value, SetMode mode);
  // Copies the value into `out` and returns its size. ERANGE where `out` is too small; an empty
  // `out` only asks for the size.
  Result<size_t> get_vectors(const store::ObjectKey& key, std::string_view space,
                             std::span<std::byte> out);
  // ENODATA where the file has no vectors in the space.
  Status remove_vectors(const store::ObjectKey& key, std::string_view space);
  // Visits the names of the spaces in which the file has vectors, until `visit` returns false.
  Status spaces_of(const store::ObjectKey& key, FunctionRef<bool(std::string_view space)> visit);
  // Waits for the group commit that makes all changes so far durable. EIO once vectors or the
  // catalog could not be written.
  Status flush();

  // --- Search. Large stacks.
  // Paths are relative to `directory`; the results are only files that `caller` may see.
  Result<QueryResult, Refusal> search(const tree::Credentials& caller,
                                      const store::ObjectKey& directory, const Query& query);
  // The same from JSON to JSON, for query files. A refusal is a JSON reply, too.
  void answer_json(const tree::Credentials& caller, const store::ObjectKey& directory,
                   std::string_view request, std::string& reply);
  // Administration, from JSON to JSON, for the mount's `control` file and the command line, mounted
  // or not. `privileged` is root or the owner of the mount: others may only read, and see no counts
  // that would tell of files that they may not see. docs/query.md has the requests and replies.
  void control_json(const tree::Credentials& caller, bool privileged,
                    const store::ObjectKey& directory, std::string_view request,
                    std::string& reply);
  // The same for a raw float32 vector, which is searched in the only space of its dimension.
  void answer_f32(const tree::Credentials& caller, const store::ObjectKey& directory,
                  std::span<const std::byte> request, std::string& reply);

  // --- Texts of files. A store whose texts are indexed keeps the index up to date by itself.
  // Writes "fresh", "pending", "failed: why" or "skipped: why" to `out`, cut where it has no room,
  // and returns the number of bytes. ENODATA where the file's text is not indexed. Request threads
  // may call it.
  Result<size_t> text_state(const store::ObjectKey& key, std::span<char> out);
  // The other methods need a large stack. start_text() makes the index of texts, with its space
  // and, where there is none, the store; it waits until the index can be asked, not until it is
  // complete. The first search by text does the same.
  Status start_text();
  // Does the same, and then scans all files again.
  Status index_text();
  // Waits until no file waits to be indexed and all changes are durable. EAGAIN where the embedder
  // cannot be reached.
  Status sync_text();
  TextProgress text_progress() const;
  // Changes to another embedder; see TextService. Where that embedder does not answer as it should,
  // nothing has changed.
  Result<void, Refusal> choose_embedder(EmbedderChoice choice);

  // --- Reports. Service thread.
  // Adds the member "components" to the object that is open in `json`, and the members "searches"
  // to "spaces" where the store is open.
  void write_status(JsonWriter& json) const;
  void write_metrics(std::string& prometheus) const;

  // Checks the store of an unmounted source in depth. Each finding is one line.
  struct CheckResult {
    std::vector<std::string> damage;   // Of the catalog or of vectors: data is lost.
    std::vector<std::string> rebuilt;  // Of derived data, which is made anew, or would be.
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

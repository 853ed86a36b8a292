// Catalog: the source of truth, kept in SQLite: objects, names, spaces, passages, slots, documents.
//
// The folder `store` holds the bytes on disk of a source's `.vexfs`. The catalog and the vector
// files are the truth; checkpoints and kept texts are derived from them and from the files, and may
// be deleted. The folder has no mutex: the owner of an object lets one thread at a time change it.
//
// Invariants: a slot is free or has one owner; a row of a vector file is on the disk before the
// commit that refers to it; nothing that a commit refers to is overwritten in place.
#ifndef VEXFS_STORE_CATALOG_H_
#define VEXFS_STORE_CATALOG_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/function_ref.h"
#include "base/status.h"
#include "store/rows.h"

namespace vexfs::store {

// One connection to `catalog.sqlite` (WAL). All changes belong to one open transaction, which
// commit() ends; reads see its changes. What commit() wrote survives kill -9; sync() makes it
// survive power loss. open() answers EUCLEAN for a file that is no catalog or a damaged one,
// ENOTSUP for a newer format.
//
// Threads: one at a time; the owner holds a lock for it. Stack: most methods run prepared
// statements only (at most 2.4 KiB, measured), so any thread may call them. Those marked "service
// thread" parse SQL or wait for the disk, and need a large stack.
//
// Errors: what is refused before anything was changed (ENOENT, EBUSY, EEXIST, EINVAL,
// ENAMETOOLONG, and ENOSPC when no slot is left) leaves the transaction as it was. Any other
// failure of a change or of commit() (ENOSPC, EIO, EUCLEAN as SQLite has them) loses the whole
// transaction, back to the last commit: reads go on from there, changes answer EIO until
// roll_back(). A failed sync() is final: changes and commits answer EIO for ever.
class Catalog {
 public:
  enum class Access { kReadWrite, kReadOnly };
  // Service thread. Makes the file where there is none and access is read-write. An existing file
  // can be read without any right to write. `directory` need not stay open; `io` must.
  static Result<std::unique_ptr<Catalog>> open(FileIo& io, const Fd& directory, Access access);
  ~Catalog();

  // --- Transactions
  Status commit();       // Does nothing without a change.
  Status roll_back();    // Undoes the changes since the last commit.
  bool changed() const;  // Whether there are changes since the last commit.
  bool lost() const;     // A change failed after it had begun: call roll_back() next.
  Status sync();         // fdatasync of the log; may run beside calls of another thread.
  // Service thread, after commit(): moves the log into the file; EBUSY with changes. It waits for
  // the disk. The owner calls it when log_bytes() passes limits::kCatalogLogBytes.
  Status checkpoint();
  uint64_t log_bytes() const;

  // --- Objects and names. A name is (parent directory, bytes); it leads to one object.
  Result<ObjectId> add_object(const ObjectKey& key, ObjectKind kind, uint64_t inode);
  Result<std::optional<Object>> find_object(const ObjectKey& key);
  Result<std::optional<Object>> object(ObjectId id);
  Result<std::optional<ObjectKey>> key_of(ObjectId id);
  // From now on the object is another inode, as after its tree was copied. EEXIST where another
  // object has the key.
  Status set_key(ObjectId id, const ObjectKey& key, uint64_t inode);
  // Removes the object and the names that lead to it. EBUSY while it has passages, a document or
  // names in it. The caller removes the document first, since a kept text and words of the lexical
  // index go with that.
  Status remove_object(ObjectId id);
  // Replaces what the name led to before.
  Status put_name(ObjectId parent, std::string_view name, ObjectId object);
  Status remove_name(ObjectId parent, std::string_view name);
  Result<std::optional<ObjectId>> find_name(ObjectId parent, std::string_view name);
  // Calls back until it answers false. The callback may not call the catalog.
  using NameVisitor = FunctionRef<bool(ObjectId parent, std::string_view name)>;
  Status names_of(ObjectId object, NameVisitor visit);
  using ChildVisitor = FunctionRef<bool(std::string_view name, ObjectId object, ObjectKind kind)>;
  // The names in a directory after `after`, ordered by their bytes; "" comes before all.
  Status children_of(ObjectId directory, std::string_view after, ChildVisitor visit);
  using ObjectVisitor = FunctionRef<bool(const Object& object)>;
  Status objects(ObjectId after, ObjectVisitor visit);  // Those with larger ids, by id.
  // All directories with their keys and names, in any order, without looking at files; `parent` is
  // kNoObject for the source and for one without a name.
  using DirectoryVisitor = FunctionRef<bool(const Object& directory, const ObjectKey& key,
                                            ObjectId parent, std::string_view name)>;
  Status directories(DirectoryVisitor visit);
  Result<uint64_t> count_objects();  // Reads all of them: for reports only.

  // --- Spaces. Service thread.
  // EINVAL unless `embedder` is 0 exactly where users fill the space.
  Result<Space> add_space(std::string_view name, const SpaceParameters& parameters, Filler filler,
                          uint64_t embedder = 0);
  Result<std::vector<Space>> spaces();
  // Removes the space with its passages and slots. Documents that have their passages in it become
  // pending, in no space.
  Status remove_space(SpaceId id);
  // EEXIST where another space has the name. The caller renames the folder.
  Status rename_space(SpaceId id, std::string_view name);
  Status set_ef_search(SpaceId id, uint16_t ef_search);
  // Says of all documents with their passages in `from` that they have them in `to`.
  Status move_documents(SpaceId from, SpaceId to);

  // --- Passages and slots
  // Gives out a slot that was offered, or else the next one at the end. It is given to nobody else
  // until it was put and removed, or is offered again; a roll-back forgets who had it. ENOSPC.
  Result<Slot> take_slot(SpaceId space);
  // The slot must be free, its freeing on the disk, and no index or search may refer to it any
  // more; or it was taken and not put. take_slot may give it out again, lowest first. Kept in
  // memory only: after open() nothing is offered until the engine has looked. ENOSPC when
  // limits::kOfferedSlotsMax wait (the slot stays free); EINVAL when a passage owns it, EBUSY when
  // its freeing is not synced.
  Status offer_slot(SpaceId space, Slot slot);
  // The passage (object, ordinal) of the space becomes this one; the slot that it had is freed.
  // Gives it the next change number, which it returns; `slot` must come from take_slot.
  Result<ChangeNumber> put_passage(SpaceId space, Passage passage);
  // Removes the passages with ordinals from `from_ordinal` on and frees their slots; returns how
  // many there were.
  Result<uint32_t> remove_passages(SpaceId space, ObjectId object, uint32_t from_ordinal);
  using PassageVisitor = FunctionRef<bool(const Passage& passage)>;
  Status passages_of(SpaceId space, ObjectId object, PassageVisitor visit);
  Result<std::optional<Passage>> passage_of(SpaceId space, ObjectId object, uint32_t ordinal);
  Result<std::optional<Passage>> passage_at(SpaceId space, Slot slot);
  // The same with the key of its object, and a call back for each name of that, as names_of makes
  // them: what a search asks of each slot that it found, in one look-up instead of three.
  Result<std::optional<SlotOwner>> owner_at(SpaceId space, Slot slot, NameVisitor visit);
  Status all_passages(SpaceId space, PassageVisitor visit);  // By slot.
  // Spaces in which the object has a vector.
  using SpaceVisitor = FunctionRef<bool(SpaceId space)>;
  Status spaces_of(ObjectId object, SpaceVisitor visit);

  // --- Documents: files whose text is indexed, or is to be.
  // Replaces what the object had. ENOENT where there is no such object or space, EISDIR for a
  // directory, EINVAL for what no row can hold.
  Status put_document(const Document& document);
  Result<std::optional<Document>> document(ObjectId object);
  Result<std::optional<DocumentState>> document_state(ObjectId object);  // Allocates nothing.
  // Makes the document pending, since its text may have changed; all else stays. False where the
  // object has no document. Allocates nothing.
  Result<bool> mark_pending(ObjectId object);
  Status remove_document(ObjectId object);   // Does nothing where it has none.
  Result<DocumentCounts> count_documents();  // From counters: reads no documents.
  // The documents in that state with larger object ids than `after`, by id. The callback may not
  // call the catalog.
  using DocumentVisitor = FunctionRef<bool(const Document& document)>;
  Status documents(DocumentState state, ObjectId after, DocumentVisitor visit);

  // --- Changes
  ChangeNumber last_change() const;
  ObjectId last_object() const;  // The newest object; later ones have larger ids.
  // What happened to slots of the space after `change`, for replay over a checkpoint that holds it:
  // slots that are free now and were not then, and passages set. A slot of passages_after may have
  // had another passage then. Slots from slots_end on are free, whatever they were.
  using SlotVisitor = FunctionRef<bool(Slot slot, ChangeNumber change)>;
  Status freed_after(SpaceId space, ChangeNumber change, SlotVisitor visit);
  Status passages_after(SpaceId space, ChangeNumber change, PassageVisitor visit);
  // The free slots whose freeing is synced and that were not taken, by slot: their rows may be
  // punched out of the vector file.
  Status free_slots(SpaceId space, SlotVisitor visit);
  // Gives up at most `slots` free slots at the end, of those that free_slots names. Returns the new
  // slots_end, at which the vector file may be cut once this is synced.
  Result<uint32_t> shrink(SpaceId space, uint32_t slots);

  // --- Marks: small values by name, for the engine (clean unmount, last reconcile).
  Status set_mark(std::string_view name, int64_t value);
  Result<int64_t> mark(std::string_view name, int64_t otherwise);

  // Service thread: SQLite's own check and ours (every slot free or owned once, every name's ends
  // exist, counts agree). One line for each finding.
  Result<std::vector<std::string>> check();

 private:
  struct State;
  explicit Catalog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_CATALOG_H_

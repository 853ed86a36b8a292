// Objects and the names that lead to them. A rename is put_name() of the new name and
// remove_name() of the old one, in one transaction; the object stays the same row.
#include <cerrno>

#include "base/limits.h"
#include "store/catalog_state.h"

namespace vexfs::store {
namespace {

Status check_key(const ObjectKey& key) {
  if (key.bytes == 0 || key.bytes > ObjectKey::kBytesMax) return Status(EINVAL, "key of an object");
  return Status();
}

Status check_name(std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos) {
    return Status(EINVAL, "name of a file");
  }
  if (name.size() > limits::kNameBytesMax) return Status(ENAMETOOLONG, "name of a file");
  return Status();
}

Result<std::optional<Object>> object_from(Run& run) {
  VEXFS_TRY(found, run.next());
  if (!found) return std::optional<Object>();
  VEXFS_TRY(object, object_in(run));
  return std::optional<Object>(object);
}

}  // namespace

Result<ObjectKey> key_in(std::string_view bytes) {
  if (bytes.size() > ObjectKey::kBytesMax) return Status(EUCLEAN, "a key of the catalog");
  ObjectKey key;
  key.bytes = static_cast<uint16_t>(bytes.size());
  // An empty blob is a null pointer, which memcpy does not take. The source's own row has one until
  // the engine fills in its key.
  if (bytes.size() > 0) std::memcpy(key.data.data(), bytes.data(), bytes.size());
  return key;
}

Result<Object> object_in(const Run& run) {
  const int64_t id = run.integer(0);
  const int64_t kind = run.integer(1);
  if (id <= 0 || (kind != 1 && kind != 2)) return Status(EUCLEAN, "an object of the catalog");
  return Object{.id = ObjectId{static_cast<uint64_t>(id)},
                .kind = static_cast<ObjectKind>(kind),
                .inode = static_cast<uint64_t>(run.integer(2))};
}

Result<ObjectId> Catalog::add_object(const ObjectKey& key, ObjectKind kind, uint64_t inode) {
  VEXFS_CHECK_OK(check_key(key));
  VEXFS_CHECK_OK(state_->begin_change());
  const ObjectId id{static_cast<uint64_t>(state_->last_object) + 1};
  VEXFS_CHECK_OK(state_->change(Sql::kAddObject, signed_of(id), key.view(), signed_of(kind),
                                signed_of(inode)));
  state_->last_object = id;
  return id;
}

Result<std::optional<Object>> Catalog::find_object(const ObjectKey& key) {
  VEXFS_CHECK_OK(check_key(key));
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kFindObject], key.view());
  return object_from(run);
}

Result<std::optional<Object>> Catalog::object(ObjectId id) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kGetObject], signed_of(id));
  return object_from(run);
}

Result<std::optional<ObjectKey>> Catalog::key_of(ObjectId id) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kGetKey], signed_of(id));
  VEXFS_TRY(found, run.next());
  if (!found) return std::optional<ObjectKey>();
  VEXFS_TRY(key, key_in(run.bytes(0)));
  return std::optional<ObjectKey>(key);
}

Status Catalog::set_key(ObjectId id, const ObjectKey& key, uint64_t inode) {
  VEXFS_CHECK_OK(check_key(key));
  VEXFS_CHECK_OK(state_->begin_change());
  VEXFS_TRY(known, object(id));
  if (!known) return Status(ENOENT, "no such object");
  return state_->change(Sql::kSetKey, signed_of(id), key.view(), signed_of(inode));
}

// Foreign keys are off (see kCatalogPragmas), so what must not be left behind is looked for here.
Status Catalog::remove_object(ObjectId id) {
  VEXFS_CHECK_OK(state_->begin_change());
  if (id == kRootObject || id == kNoObject) return Status(EBUSY, "the source itself");
  VEXFS_TRY(known, object(id));
  if (!known) return Status(ENOENT, "no such object");
  {
    Run run((*state_)[Sql::kNextSpaceOf], signed_of(id), int64_t{-1});
    VEXFS_TRY(found, run.next());
    if (found) return Status(EBUSY, "the object has vectors");
  }
  {
    Run run((*state_)[Sql::kChildrenOf], signed_of(id), std::string_view());
    VEXFS_TRY(found, run.next());
    if (found) return Status(EBUSY, "the object has names in it");
  }
  VEXFS_TRY(text, document_state(id));
  if (text) return Status(EBUSY, "the object has a document");
  VEXFS_CHECK_OK(state_->change(Sql::kRemoveNamesOf, signed_of(id)));
  return state_->change(Sql::kRemoveObject, signed_of(id));
}

Status Catalog::put_name(ObjectId parent, std::string_view name, ObjectId object) {
  VEXFS_CHECK_OK(check_name(name));
  VEXFS_CHECK_OK(state_->begin_change());
  return state_->change(Sql::kPutName, signed_of(parent), name, signed_of(object));
}

Status Catalog::remove_name(ObjectId parent, std::string_view name) {
  VEXFS_CHECK_OK(state_->begin_change());
  return state_->change(Sql::kRemoveName, signed_of(parent), name);
}

Result<std::optional<ObjectId>> Catalog::find_name(ObjectId parent, std::string_view name) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kFindName], signed_of(parent), name);
  VEXFS_TRY(found, run.next());
  if (!found) return std::optional<ObjectId>();
  return std::optional<ObjectId>(ObjectId{static_cast<uint64_t>(run.integer(0))});
}

Status Catalog::names_of(ObjectId object, NameVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kNamesOf], signed_of(object));
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    const ObjectId parent{static_cast<uint64_t>(run.integer(0))};
    if (!visit(parent, run.bytes(1))) return Status();
  }
}

Status Catalog::children_of(ObjectId directory, std::string_view after, ChildVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kChildrenOf], signed_of(directory), after);
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    const int64_t kind = run.integer(2);
    if (kind != 1 && kind != 2) return Status(EUCLEAN, "an object of the catalog");
    const ObjectId object{static_cast<uint64_t>(run.integer(1))};
    if (!visit(run.bytes(0), object, static_cast<ObjectKind>(kind))) return Status();
  }
}

Status Catalog::objects(ObjectId after, ObjectVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kObjects], signed_of(after));
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    VEXFS_TRY(object, object_in(run));
    if (!visit(object)) return Status();
  }
}

Status Catalog::directories(DirectoryVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kDirectories]);
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    VEXFS_TRY(directory, object_in(run));
    VEXFS_TRY(key, key_in(run.bytes(3)));
    const ObjectId parent{static_cast<uint64_t>(run.integer(4))};  // NULL is 0.
    if (!visit(directory, key, parent, run.bytes(5))) return Status();
  }
}

Result<uint64_t> Catalog::count_objects() {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kCountObjects]);
  VEXFS_TRY(found, run.next());
  return found ? static_cast<uint64_t>(run.integer(0)) : 0;
}

}  // namespace vexfs::store

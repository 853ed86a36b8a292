// How a tree that was copied or restored with its store is taken over.
#ifndef VEXFS_ENGINE_NAMES_NAME_REKEY_H_
#define VEXFS_ENGINE_NAMES_NAME_REKEY_H_

#include "base/status.h"
#include "engine/names/directory_table.h"
#include "store/catalog.h"
#include "tree/tree.h"

namespace vexfs::engine {

// Gives every object the key of what its path leads to now. Objects whose paths lead nowhere, or to
// something of another kind, lose their names and get keys that no inode has. Any thread with a
// large stack, alone with the catalog; nothing is committed.
Status rekey(store::Catalog& catalog, tree::Tree& tree, const ObjectKey& root_key);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_NAMES_NAME_REKEY_H_

// Deep checks of an unmounted store. The truth (catalog and vectors) is compared with itself; what
// is derived from it (graphs, kept texts) is compared with the truth. A repair drops damaged
// vectors and makes what is derived anew.
#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/limits.h"
#include "engine/engine_state.h"
#include "engine/space/graph_checkpoint.h"
#include "engine/storage/space_folder.h"
#include "index/hnsw_index.h"
#include "store/checkpoint.h"
#include "store/store_directory.h"
#include "store/text_files.h"
#include "store/vector_file.h"

namespace vexfs::engine {
namespace {

using store::Document;
using store::DocumentState;
using store::Passage;
using store::Space;

std::string said(std::string_view space, std::string_view what) {
  return "space " + std::string(space) + ": " + std::string(what);
}

// Finds the passages whose rows of vectors are torn or belong to another passage.
Status damaged_passages(store::Catalog& catalog, const Space& space,
                        const store::VectorFile& vectors, std::vector<Passage>& damaged) {
  return catalog.all_passages(space.id, [&](const Passage& passage) {
    bool good = vectors.intact(passage.slot);
    if (good) {
      const store::VectorRowHeader& header = vectors.header(passage.slot);
      good = header.object == passage.object && header.ordinal == passage.ordinal &&
             header.change == passage.change;
    }
    if (!good) damaged.push_back(passage);
    return true;
  });
}

// Returns what differs between the graph of a checkpoint and the passages that it should have; ""
// where nothing does.
std::string compare_graph(store::Catalog& catalog, const Space& space,
                          const index::HnswIndex& graph, store::ChangeNumber change) {
  uint64_t missing = 0;
  std::unordered_set<Slot> known;
  Status status = catalog.all_passages(space.id, [&](const Passage& passage) {
    known.insert(passage.slot);
    if (passage.change <= change && !graph.contains(passage.slot)) ++missing;
    return true;
  });
  // Slots that were freed since the checkpoint may still be in it.
  if (status.ok()) {
    status = catalog.freed_after(space.id, change, [&](Slot slot, store::ChangeNumber) {
      known.insert(slot);
      return true;
    });
  }
  if (!status.ok()) return status.what();
  uint64_t extra = 0;
  for (uint32_t at = 0; at < std::min(space.slots_end, graph.slots_end()); ++at) {
    if (graph.contains(Slot{at}) && !known.contains(Slot{at})) ++extra;
  }
  if (missing == 0 && extra == 0) return {};
  return "the graph lacks " + std::to_string(missing) + " vectors and has " +
         std::to_string(extra) + " that are gone";
}

std::string check_graph(store::Catalog& catalog, const Space& space, const Fd& folder,
                        const store::VectorFile& vectors) {
  Result<store::MappedCheckpoint> mapped = store::map_newest_checkpoint(
      system_io(), folder, store::CheckpointKind::kGraph, space.parameters);
  if (!mapped.ok()) {
    if (mapped.error() != ENOENT) return mapped.status().what();
    return space.vectors == 0 ? "" : "there is no graph yet";
  }
  const store::ChangeNumber change = mapped.value().last_change;
  if (change > catalog.last_change()) {
    mapped.value().release();
    return "the graph is newer than the catalog";
  }
  Result<index::GraphImage> image = image_of(std::move(mapped.value()));
  if (!image.ok()) return image.status().what();
  const Result<std::unique_ptr<index::HnswIndex>> graph =
      index::HnswIndex::open(space.parameters, vectors.rows(), std::move(image.value()));
  if (!graph.ok()) return graph.status().what();
  return compare_graph(catalog, space, *graph.value(), change);
}

Status check_space(const store::StoreDirectory& directory, store::Catalog& catalog,
                   const Space& space, bool repair, Engine::CheckResult& result) {
  Result<Fd> folder = folder_of(directory, catalog, space, repair);
  if (!folder.ok()) {
    result.damage.push_back(said(space.name, "its folder is missing"));
    return {};
  }
  Result<std::unique_ptr<store::VectorFile>> vectors =
      store::VectorFile::open(system_io(), folder.value(), space.parameters, space.slots_end);
  if (!vectors.ok()) result.damage.push_back(said(space.name, vectors.status().what()));
  // What is left of the file is kept: each vector that it lacks is dropped below.
  if (!vectors.ok() && repair) {
    vectors = store::VectorFile::open(system_io(), folder.value(), space.parameters);
  }
  if (!vectors.ok()) return {};
  std::vector<Passage> damaged;
  VEXFS_CHECK_OK(damaged_passages(catalog, space, *vectors.value(), damaged));
  for (const Passage& passage : damaged) {
    result.damage.push_back(
        said(space.name, "vector " + std::to_string(passage.ordinal) + " of object " +
                             std::to_string(static_cast<uint64_t>(passage.object)) + " is damaged" +
                             (repair ? ": dropped" : "")));
    if (!repair) continue;
    VEXFS_CHECK_OK(catalog.remove_passages(space.id, passage.object, passage.ordinal).status());
  }
  if (repair) {
    VEXFS_CHECK_OK(catalog.commit());
    VEXFS_CHECK_OK(catalog.sync());
  }
  const std::string finding = check_graph(catalog, space, folder.value(), *vectors.value());
  if (finding.empty()) return {};
  result.rebuilt.push_back(said(space.name, finding));
  if (repair)
    VEXFS_CHECK_OK(
        store::remove_checkpoints(system_io(), folder.value(), store::CheckpointKind::kGraph));
  return {};
}

// Finds the documents whose kept text is damaged or missing. Texts are kept of files that are no
// plain text.
Status damaged_texts(const store::TextFiles& texts, store::Catalog& catalog,
                     std::vector<Document>& damaged) {
  std::vector<char> text(limits::kExtractedBytesMax);
  for (const DocumentState state : {DocumentState::kFresh, DocumentState::kPending}) {
    VEXFS_CHECK_OK(catalog.documents(state, ObjectId{0}, [&](const Document& document) {
      if (document.text_kept && !texts.read(document.object, 0, text).ok()) {
        damaged.push_back(document);
      }
      return true;
    }));
  }
  return {};
}

Status check_texts(const store::StoreDirectory& directory, store::Catalog& catalog, bool repair,
                   Engine::CheckResult& result) {
  VEXFS_TRY(texts, store::TextFiles::open(system_io(), directory.fd()));
  std::vector<Document> damaged;
  VEXFS_CHECK_OK(damaged_texts(texts, catalog, damaged));
  for (Document& document : damaged) {
    result.rebuilt.push_back("the text of object " +
                             std::to_string(static_cast<uint64_t>(document.object)) +
                             " is damaged: its file is to be read again by the next mount");
    if (!repair) continue;
    document.state = DocumentState::kPending;
    VEXFS_CHECK_OK(catalog.put_document(document));
  }
  if (!repair || damaged.empty()) return {};
  VEXFS_CHECK_OK(catalog.commit());
  return catalog.sync();
}

// Opens the store as a mount does, which mends names and builds what is missing.
Status rebuild(tree::Tree& tree, const std::vector<Space>& spaces) {
  VEXFS_TRY(storage, VectorStorageManager::open(system_io(), tree, {}, false));
  VEXFS_CHECK_OK(storage->reconcile());
  for (const Space& space : spaces) {
    VEXFS_TRY(open, storage->open_space(space.name));
    while (!open.knn->settle(60'000)) {
    }
  }
  return {};
}

}  // namespace

Result<Engine::CheckResult> Engine::check(tree::Tree& tree, bool repair) {
  if (!store::store_exists(tree.root())) return Status(ENOENT, "no store");
  CheckResult result;
  std::vector<Space> spaces;
  {
    const auto access = repair ? store::StoreDirectory::Access::kReadWrite
                               : store::StoreDirectory::Access::kReadOnly;
    VEXFS_TRY(directory, store::StoreDirectory::open(system_io(), tree.root(), access));
    VEXFS_TRY(catalog, store::Catalog::open(system_io(), directory.fd(),
                                            repair ? store::Catalog::Access::kReadWrite
                                                   : store::Catalog::Access::kReadOnly));
    VEXFS_TRY(findings, catalog->check());
    for (std::string& finding : findings) {
      result.damage.push_back("catalog: " + std::move(finding));
    }
    VEXFS_TRY(all, catalog->spaces());
    for (const Space& space : all) {
      VEXFS_CHECK_OK(check_space(directory, *catalog, space, repair, result));
    }
    VEXFS_CHECK_OK(check_texts(directory, *catalog, repair, result));
    spaces = std::move(all);
  }
  if (repair) VEXFS_CHECK_OK(rebuild(tree, spaces));
  return result;
}

}  // namespace vexfs::engine

// A search takes its stamp first, then finds directories, space and vector, asks the cache, gets a
// filter, runs its rounds, and ranks what they found.
#include "engine/search/vector_search_engine.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

#include "engine/search/duplicate_search.h"
#include "engine/search/file_lister.h"
#include "engine/search/permitted_search.h"
#include "engine/search/search_result_cache.h"
#include "engine/search/text_search.h"

namespace vexfs::engine {
namespace {

using Clock = std::chrono::steady_clock;

uint32_t microseconds_since(Clock::time_point start) {
  const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  return static_cast<uint32_t>(std::min<int64_t>(passed.count(), UINT32_MAX));
}

const char* plan_name(index::SearchPlan plan) {
  switch (plan) {
    case index::SearchPlan::kWalk:
      return "walk";
    case index::SearchPlan::kWidenedWalk:
      return "widened walk";
    case index::SearchPlan::kExactScan:
      return "exact scan";
  }
  return "";
}

QueryResult hits_of(const std::vector<ScoredPassage>& passages, Metric metric) {
  const ResultScorer scorer(metric);
  QueryResult result;
  result.hits.reserve(passages.size());
  for (const ScoredPassage& passage : passages) result.hits.push_back(scorer.hit(passage));
  return result;
}

Result<void, Refusal> check_bounds(const Query& query) {
  if (query.k < 1 || query.k > limits::kHitsMax) {
    return Refusal(EINVAL, "k must be from 1 to " + std::to_string(limits::kHitsMax));
  }
  if (query.ef > limits::kEfMax) {
    return Refusal(EINVAL, "ef must be at most " + std::to_string(limits::kEfMax));
  }
  if (query.types.size() > limits::kQueryTypesMax) {
    return Refusal(EINVAL, "too many types");
  }
  const int asked =
      (query.text.empty() ? 0 : 1) + (query.vector.empty() ? 0 : 1) + (query.like.empty() ? 0 : 1);
  if (asked != 1) return Refusal(EINVAL, "a query needs one of text, vector and like");
  if (query.text.size() > limits::kQueryWordBytesMax) {
    return Refusal(EINVAL, "the text is too long");
  }
  if (!query.text.empty() && !query.space.empty() && query.space != kTextSpace) {
    return Refusal(EINVAL,
                   "space " + std::string(query.space) +
                       " has no embedder: ask it with vector or like, and a text of space text");
  }
  return {};
}

}  // namespace

struct VectorSearchEngine::State {
  State(tree::Tree& tree, VectorStorageManager& manager, const EngineOptions& engine_options)
      : storage(manager),
        options(engine_options),
        visible(tree, storage, engine_options.sees_all_changes),
        filters(storage, visible),
        resolver(tree, storage),
        readable(tree, storage),
        target(tree, storage) {}

  // One query with what was found out about it so far.
  struct Asking {
    const tree::Credentials& caller;
    const Query& query;
    SearchStamp stamp;  // Taken before anything is looked at, so that no change goes unseen.
    VectorStorageManager::OpenSpace space = {};
    DirectoryIndex directory = kNoDirectory;  // The scope.
    AskedVector vector = {};
    std::optional<SearchableText> text = {};  // It is there where the space is that of texts.
    TextQuestion question = {};               // Of a query by text.
    HitScope scope = {};
    std::vector<ScoredPassage> found = {};
  };

  Result<QueryResult, Refusal> search(const tree::Credentials& caller, const ObjectKey& directory,
                                      const Query& query);
  Result<QueryResult, Refusal> search_now(Asking& asking);
  Result<QueryResult, Refusal> search_vector(Asking& asking);
  Result<QueryResult, Refusal> search_text(Asking& asking);
  Result<void, Refusal> begin_text(Asking& asking);
  bool is_complete(const Asking& asking) const;
  void finish(const Asking& asking, const std::vector<ScoredPassage>& passages,
              QueryResult& result) const;
  SearchStamp stamp();
  HitScope scope_of(const tree::Credentials& caller, const AskedDirectory& directory) const;
  // Lists files of the space that the caller may see. Without a space it lists those whose text
  // could not be indexed.
  Result<FileList, Refusal> list(const tree::Credentials& caller, const AskedDirectory& asked,
                                 const VectorStorageManager::OpenSpace* space,
                                 std::string_view after, uint32_t limit);
  bool verify(const HitScope& scope, const CachedResult& cached);

  VectorStorageManager& storage;
  const EngineOptions options;
  VisibleDirectories visible;
  ScopeFilters filters;
  HitResolver resolver;
  ReadableFiles readable;
  QueryTarget target;
  SearchResultCache results;
  TextProvider text_provider;  // Set before the first search, or never.

  std::atomic<uint64_t> permissions{0};
  std::atomic<uint64_t> searches{0};
  std::atomic<uint64_t> cached{0};
  std::atomic<uint64_t> refills{0};
};

// Where files can change behind the mount, the stamp changes with the clock too, so that nothing
// that was learned of them is believed for long.
SearchStamp VectorSearchEngine::State::stamp() {
  SearchStamp stamp;
  if (!options.sees_all_changes) {
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch());
    stamp.clock = static_cast<uint64_t>(now.count()) / limits::kCachedUnseenMs + 1;
  }
  stamp.permissions = permissions.load(std::memory_order_acquire);
  stamp.storage = storage.generation();
  return stamp;
}

HitScope VectorSearchEngine::State::scope_of(const tree::Credentials& caller,
                                             const AskedDirectory& directory) const {
  HitScope scope;
  scope.caller = &caller;
  scope.directory = directory.fd;
  scope.asked = directory.asked;
  scope.check_way = !options.sees_all_changes && !caller.sees_all();
  return scope;
}

// Whether each file of a kept result still is what it was and may be read by the caller.
bool VectorSearchEngine::State::verify(const HitScope& scope, const CachedResult& result) {
  for (const ScoredPassage& passage : result.passages) {
    if (resolver.verify_path(scope, passage.path, passage.key) != Verdict::kGood) return false;
  }
  return true;
}

// Starts the index of texts, which a first search may have to make.
Result<void, Refusal> VectorSearchEngine::State::begin_text(Asking& asking) {
  if (text_provider == nullptr) return Refusal(ENODATA, "no text is indexed here");
  auto text = text_provider(true);
  if (!text.ok()) {
    return Refusal(text.error(), std::string("texts cannot be searched: ") + text.status().what());
  }
  asking.text = std::move(text).value();
  asking.space = asking.text->space;
  asking.stamp.text = asking.text->generation;
  return {};
}

Result<QueryResult, Refusal> VectorSearchEngine::State::search(const tree::Credentials& caller,
                                                               const ObjectKey& directory,
                                                               const Query& query) {
  VEXFS_CHECK_OK(check_bounds(query));
  storage.wait_for_names(std::chrono::milliseconds(options.names_wait_ms));
  Asking asking{caller, query, stamp()};
  if (!query.text.empty()) VEXFS_CHECK_OK(begin_text(asking));
  VEXFS_TRY(asked, target.directory(caller, directory, query.path));
  if (query.text.empty()) {
    VEXFS_TRY(space, target.vector(caller, asked, query, asking.vector));
    asking.space = std::move(space);
    if (asking.space.name == kTextSpace && text_provider != nullptr) {
      if (auto text = text_provider(false); text.ok()) asking.text = std::move(text).value();
    }
  }
  if (asked.scope == kNoDirectory) {
    QueryResult nothing;
    nothing.complete = is_complete(asking);
    return nothing;
  }
  asking.directory = asked.scope;
  asking.scope = scope_of(caller, asked);
  asking.scope.types = query.types;
  asking.scope.after = query.after;
  asking.scope.wants_modified = !query.text.empty() && query.fusion.recency_days > 0;
  // VexFS does not see every change of a file's time, and age grows with the clock alone, so
  // results that depend on either are not kept.
  if (query.after != 0 || asking.scope.wants_modified) return search_now(asking);

  const std::string key = SearchResultCache::key(query, asking.vector.object, asking.space.id,
                                                 asked.asked, asked.scope, caller);
  const auto found = results.find(key, asking.stamp);
  if (found != nullptr && verify(asking.scope, *found)) {
    cached.fetch_add(1, std::memory_order_relaxed);
    QueryResult result = hits_of(found->passages, asking.space.parameters.metric);
    result.cached = true;
    finish(asking, found->passages, result);
    return result;
  }
  auto result = search_now(asking);
  // A text that could not be embedded now may be embedded the next time.
  if (result.ok() && asking.question.embedded) {
    results.put(key, asking.stamp, {std::move(asking.found)});
  }
  return result;
}

Result<QueryResult, Refusal> VectorSearchEngine::State::search_now(Asking& asking) {
  auto result = asking.query.text.empty() ? search_vector(asking) : search_text(asking);
  if (!result.ok()) return result;
  finish(asking, asking.found, result.value());
  return result;
}

bool VectorSearchEngine::State::is_complete(const Asking& asking) const {
  const bool text_complete =
      !asking.text.has_value() || (asking.text->complete && asking.question.embedded);
  return text_complete && storage.names_known();
}

// Fills in what must be as of now, even where the hits come from the cache.
void VectorSearchEngine::State::finish(const Asking& asking,
                                       const std::vector<ScoredPassage>& passages,
                                       QueryResult& result) const {
  result.complete = is_complete(asking);
  if (!asking.text.has_value()) return;
  result.words_only = !asking.question.embedded;
  if (asking.query.text_bytes == 0) return;
  for (size_t i = 0; i < passages.size(); ++i) {
    std::string& text = result.hits[i].text;
    const Status status =
        asking.text->read_text(passages[i].key, passages[i].passage, asking.query.text_bytes, text);
    if (!status.ok()) text.clear();  // The file has changed, and the passage is gone.
  }
}

Result<QueryResult, Refusal> VectorSearchEngine::State::search_vector(Asking& asking) {
  const auto failed = [&](const Status& status) {
    return Refusal(status.error(), std::string("the search failed: ") + status.what());
  };
  const auto& types = asking.query.types;
  auto filter = filters.get(asking.space, asking.directory, asking.caller, types, asking.stamp);
  if (!filter.ok()) return failed(filter.status());
  asking.scope.directories = filter.value()->directories();
  PermittedSearch search({resolver, filters, storage, asking.space, asking.scope, asking.query},
                         filter.value());
  if (const Status status = search.run(asking.vector); !status.ok()) return failed(status);
  if (search.rounds() > 1) refills.fetch_add(search.rounds() - 1, std::memory_order_relaxed);
  if (auto learned = search.learned(); learned.ok() && learned.value() != nullptr) {
    filters.learn(asking.space, asking.directory, asking.caller, types, asking.stamp,
                  learned.value());
  }
  QueryResult result = hits_of(search.passages(), asking.space.parameters.metric);
  if (asking.caller.sees_all()) {  // The work would reveal to others what they may not see.
    result.plan = plan_name(search.last_work().plan);
    result.distances = search.distances();
    result.hops = search.hops();
    result.refinements = search.refinements();
  }
  asking.found = std::move(search.passages());
  return result;
}

Result<QueryResult, Refusal> VectorSearchEngine::State::search_text(Asking& asking) {
  const auto failed = [&](const Status& status) {
    return Refusal(status.error(), std::string("the search failed: ") + status.what());
  };
  const Query& query = asking.query;
  auto question = question_of(query.text, query.text_mode(), *asking.text->embedder);
  if (!question.ok()) return failed(question.status());
  asking.question = std::move(question).value();
  const auto filter_for = [&](std::span<const std::string> types) {
    return filters.get(asking.space, asking.directory, asking.caller, types, asking.stamp);
  };
  auto seen = filter_for({});
  if (!seen.ok()) return failed(seen.status());
  auto typed = query.types.empty() ? seen : filter_for(query.types);
  if (!typed.ok()) return failed(typed.status());
  asking.scope.directories = seen.value()->directories();

  const auto hold = asking.space.knn->hold();
  TextSearch search({.resolver = resolver,
                     .filters = filters,
                     .readable = readable,
                     .storage = storage,
                     .space = asking.space,
                     .lexical = *asking.text->lexical,
                     .scope = asking.scope,
                     .query = query,
                     .question = asking.question,
                     .rights = {asking.stamp.permissions, asking.stamp.clock},
                     .now = ::time(nullptr)},
                    seen.value(), typed.value());
  if (const Status status = search.run(); !status.ok()) return failed(status);
  if (search.rounds() > 1) refills.fetch_add(search.rounds() - 1, std::memory_order_relaxed);
  const auto learn = [&](std::span<const std::string> types, const auto& learned) {
    if (learned == nullptr) return;
    filters.learn(asking.space, asking.directory, asking.caller, types, asking.stamp, learned);
  };
  learn({}, search.learned_seen());
  if (!query.types.empty()) learn(query.types, search.learned_typed());
  QueryResult result = hits_of(search.passages(), asking.space.parameters.metric);
  if (asking.caller.sees_all() && !asking.question.vector.empty()) {
    result.plan = plan_name(search.work().last_work().plan);
    result.distances = search.work().all_work().distances;
    result.hops = search.work().all_work().hops;
    result.refinements = search.work().all_work().refinements;
  }
  asking.found = std::move(search.passages());
  return result;
}

VectorSearchEngine::VectorSearchEngine(tree::Tree& tree, VectorStorageManager& storage,
                                       const EngineOptions& options)
    : state_(std::make_unique<State>(tree, storage, options)) {}

VectorSearchEngine::~VectorSearchEngine() = default;

void VectorSearchEngine::use_text(TextProvider provider) {
  state_->text_provider = std::move(provider);
}

Result<QueryResult, Refusal> VectorSearchEngine::search(const tree::Credentials& caller,
                                                        const ObjectKey& directory,
                                                        const Query& query) {
  const auto start = Clock::now();
  state_->searches.fetch_add(1, std::memory_order_relaxed);
  auto result = state_->search(caller, directory, query);
  // Another embedder's space may have taken the place of the one that was asked.
  if (result.error() == ENODATA) result = state_->search(caller, directory, query);
  if (result.ok()) result.value().total_us = microseconds_since(start);
  return result;
}

Result<DuplicatesResult, Refusal> VectorSearchEngine::duplicates(const tree::Credentials& caller,
                                                                 const ObjectKey& directory,
                                                                 std::string_view path,
                                                                 std::string_view space,
                                                                 float distance) {
  State& state = *state_;
  const SearchStamp stamp = state.stamp();
  VEXFS_TRY(asked, state.target.directory(caller, directory, path));
  VEXFS_TRY(open, state.target.space(space, 0));
  if (asked.scope == kNoDirectory) return DuplicatesResult();
  auto filter = state.filters.get(open, asked.scope, caller, {}, stamp);
  if (!filter.ok()) return Refusal(filter.error(), "the directories cannot be read");
  HitScope scope = state.scope_of(caller, asked);
  scope.directories = filter.value()->directories();
  DuplicateSearch search(state.resolver, state.filters, state.storage, open, scope);
  return search.run(*filter.value(), distance);
}

Result<FileList, Refusal> VectorSearchEngine::State::list(
    const tree::Credentials& caller, const AskedDirectory& asked,
    const VectorStorageManager::OpenSpace* space, std::string_view after, uint32_t limit) {
  if (asked.scope == kNoDirectory) return FileList();
  auto seen = visible.from(asked.scope, caller);
  if (!seen.ok()) return Refusal(seen.error(), "the directories cannot be read");
  HitScope scope = scope_of(caller, asked);
  scope.directories = seen.value()->everything ? nullptr : &seen.value()->directories;
  FileLister lister(resolver, storage, space, scope);
  return lister.list(asked.scope, after, limit);
}

Result<FileList, Refusal> VectorSearchEngine::list(const tree::Credentials& caller,
                                                   const ObjectKey& directory,
                                                   std::string_view path, std::string_view space,
                                                   std::string_view after, uint32_t limit) {
  State& state = *state_;
  VEXFS_TRY(asked, state.target.directory(caller, directory, path));
  VEXFS_TRY(open, state.target.space(space, 0));
  return state.list(caller, asked, &open, after, limit);
}

Result<FileList, Refusal> VectorSearchEngine::failures(const tree::Credentials& caller,
                                                       const ObjectKey& directory,
                                                       std::string_view path,
                                                       std::string_view after, uint32_t limit) {
  State& state = *state_;
  VEXFS_TRY(asked, state.target.directory(caller, directory, path));
  return state.list(caller, asked, nullptr, after, limit);
}

void VectorSearchEngine::permissions_changed(store::ObjectKind of) {
  // The rights of a file do not change which directories are visible.
  if (of == store::ObjectKind::kDirectory) state_->visible.permissions_changed();
  state_->permissions.fetch_add(1, std::memory_order_release);
}

VectorSearchEngine::Statistics VectorSearchEngine::statistics() const {
  Statistics statistics;
  statistics.searches = state_->searches.load(std::memory_order_relaxed);
  statistics.cached = state_->cached.load(std::memory_order_relaxed);
  statistics.filters = state_->filters.built();
  statistics.refills = state_->refills.load(std::memory_order_relaxed);
  return statistics;
}

}  // namespace vexfs::engine

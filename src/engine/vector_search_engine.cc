// The order of a search: stamp, directories, space and vector, cache, filter, rounds, ranking.
#include "engine/vector_search_engine.h"

#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include "engine/duplicate_search.h"
#include "engine/file_lister.h"
#include "engine/permitted_search.h"
#include "engine/search_result_cache.h"

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

Status check_bounds(const Query& query, QueryError& error) {
  if (query.k < 1 || query.k > limits::kHitsMax) {
    return refuse(error, EINVAL, "k must be from 1 to " + std::to_string(limits::kHitsMax));
  }
  if (query.ef > limits::kEfMax) {
    return refuse(error, EINVAL, "ef must be at most " + std::to_string(limits::kEfMax));
  }
  if (query.types.size() > limits::kQueryTypesMax) {
    return refuse(error, EINVAL, "too many types");
  }
  if (query.vector.empty() == query.like.empty()) {
    return refuse(error, EINVAL, "a query needs one of vector and like");
  }
  return {};
}

}  // namespace

struct VectorSearchEngine::State {
  State(Tree& tree, VectorStorageManager& manager, const EngineOptions& engine_options)
      : storage(manager),
        options(engine_options),
        visible(tree, storage, engine_options.sees_all_changes),
        filters(storage, visible),
        resolver(tree, storage),
        target(tree, storage) {}

  // One query on its way.
  struct Asking {
    const Credentials& caller;
    const Query& query;
    SearchStamp stamp;  // Taken before anything is looked at.
    VectorStorageManager::OpenSpace space = {};
    DirectoryIndex directory = kNoDirectory;  // The scope.
    AskedVector vector = {};
    HitScope scope = {};
    std::vector<ScoredPassage> found = {};
  };

  Result<QueryResult> search(const Credentials& caller, const ObjectKey& directory,
                             const Query& query, QueryError& error);
  Result<QueryResult> search_now(Asking& asking, QueryError& error);
  SearchStamp stamp();
  HitScope scope_of(const Credentials& caller, const AskedDirectory& directory) const;
  bool verify(const HitScope& scope, const CachedResult& cached);

  VectorStorageManager& storage;
  const EngineOptions options;
  VisibleDirectories visible;
  ScopeFilters filters;
  HitResolver resolver;
  QueryTarget target;
  SearchResultCache results;

  std::atomic<uint64_t> permissions{0};
  std::atomic<uint64_t> searches{0};
  std::atomic<uint64_t> cached{0};
  std::atomic<uint64_t> refills{0};
};

// Where files change behind the mount, what was learned of them is forgotten as time goes.
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

HitScope VectorSearchEngine::State::scope_of(const Credentials& caller,
                                             const AskedDirectory& directory) const {
  HitScope scope;
  scope.caller = &caller;
  scope.directory = directory.fd;
  scope.asked = directory.asked;
  scope.check_way = !options.sees_all_changes && !caller.sees_all();
  return scope;
}

// A result is kept without its files; each must still be what it was.
bool VectorSearchEngine::State::verify(const HitScope& scope, const CachedResult& result) {
  for (const ScoredPassage& passage : result.passages) {
    if (resolver.verify_path(scope, passage.path, passage.key) != Verdict::kGood) return false;
  }
  return true;
}

Result<QueryResult> VectorSearchEngine::State::search(const Credentials& caller,
                                                      const ObjectKey& directory,
                                                      const Query& query, QueryError& error) {
  VEXFS_CHECK_OK(check_bounds(query, error));
  Asking asking{caller, query, stamp()};
  VEXFS_TRY(asked, target.directory(caller, directory, query.path, error));
  VEXFS_TRY(space, target.vector(caller, asked, query, asking.vector, error));
  if (asked.scope == kNoDirectory) return QueryResult();
  asking.space = std::move(space);
  asking.directory = asked.scope;
  asking.scope = scope_of(caller, asked);
  asking.scope.types = query.types;
  asking.scope.after = query.after;
  // Files become newer than `after` by nothing that VexFS sees: such results are not kept.
  if (query.after != 0) return search_now(asking, error);

  const std::string key = SearchResultCache::key(query, asking.vector.object, asking.space.id,
                                                 asked.asked, asked.scope, caller);
  const auto found = results.find(key, asking.stamp);
  if (found != nullptr && verify(asking.scope, *found)) {
    cached.fetch_add(1, std::memory_order_relaxed);
    QueryResult result = hits_of(found->passages, asking.space.parameters.metric);
    result.cached = true;
    return result;
  }
  auto result = search_now(asking, error);
  if (result.ok()) results.put(key, asking.stamp, {std::move(asking.found)});
  return result;
}

Result<QueryResult> VectorSearchEngine::State::search_now(Asking& asking, QueryError& error) {
  const auto failed = [&](const Status& status) {
    return refuse(error, status.error(), std::string("the search failed: ") + status.what());
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
  if (asking.caller.sees_all()) {  // To others, work would tell of what they may not see.
    result.plan = plan_name(search.last_work().plan);
    result.distances = search.distances();
    result.hops = search.hops();
    result.refinements = search.refinements();
  }
  asking.found = std::move(search.passages());
  return result;
}

VectorSearchEngine::VectorSearchEngine(Tree& tree, VectorStorageManager& storage,
                                       const EngineOptions& options)
    : state_(std::make_unique<State>(tree, storage, options)) {}

VectorSearchEngine::~VectorSearchEngine() = default;

Result<QueryResult> VectorSearchEngine::search(const Credentials& caller,
                                               const ObjectKey& directory, const Query& query,
                                               QueryError& error) {
  const auto start = Clock::now();
  state_->searches.fetch_add(1, std::memory_order_relaxed);
  auto result = state_->search(caller, directory, query, error);
  if (result.ok()) result.value().total_us = microseconds_since(start);
  return result;
}

Result<DuplicatesResult> VectorSearchEngine::duplicates(const Credentials& caller,
                                                        const ObjectKey& directory,
                                                        std::string_view path,
                                                        std::string_view space, float distance,
                                                        QueryError& error) {
  State& state = *state_;
  const SearchStamp stamp = state.stamp();
  VEXFS_TRY(asked, state.target.directory(caller, directory, path, error));
  VEXFS_TRY(open, state.target.space(space, 0, error));
  if (asked.scope == kNoDirectory) return DuplicatesResult();
  auto filter = state.filters.get(open, asked.scope, caller, {}, stamp);
  if (!filter.ok()) return refuse(error, filter.error(), "the directories cannot be read");
  HitScope scope = state.scope_of(caller, asked);
  scope.directories = filter.value()->directories();
  DuplicateSearch search(state.resolver, state.filters, state.storage, open, scope);
  return search.run(*filter.value(), distance, error);
}

Result<FileList> VectorSearchEngine::list(const Credentials& caller, const ObjectKey& directory,
                                          std::string_view path, std::string_view space,
                                          std::string_view after, uint32_t limit,
                                          QueryError& error) {
  State& state = *state_;
  VEXFS_TRY(asked, state.target.directory(caller, directory, path, error));
  VEXFS_TRY(open, state.target.space(space, 0, error));
  if (asked.scope == kNoDirectory) return FileList();
  auto visible = state.visible.from(asked.scope, caller);
  if (!visible.ok()) return refuse(error, visible.error(), "the directories cannot be read");
  HitScope scope = state.scope_of(caller, asked);
  scope.directories = visible.value()->everything ? nullptr : &visible.value()->directories;
  FileLister lister(state.resolver, state.storage, open, scope);
  return lister.list(asked.scope, after, limit, error);
}

void VectorSearchEngine::permissions_changed() {
  state_->visible.permissions_changed();
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

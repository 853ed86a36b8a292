// The start of the parts at their first use, the maintenance thread, and the methods that only pass
// on to a part.
#include "engine/engine.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <chrono>

#include "base/log.h"
#include "engine/engine_state.h"
#include "engine/query_protocol.h"
#include "store/store_directory.h"

namespace vexfs::engine {
namespace {

// A store that another process has is tried again after these times. In short steps while a caller
// waits, since a command has it for a moment only; then once a second.
constexpr int kBusyRetryMs = 1000;
constexpr uint32_t kBusyStepMs = 20;

}  // namespace

// The parts of this engine, as the query protocol asks for them.
class Engine::Parts final : public ProtocolParts {
 public:
  explicit Parts(Engine& engine) : engine_(engine), state_(*engine.state_) {}

  bool never_had_store() const override { return state_.phase == State::Phase::kNoStore; }
  Result<VectorStorageManager*> storage(bool create) override { return state_.storage_up(create); }
  Result<VectorSearchEngine*> search(bool by_text) override {
    return state_.search_up(by_text && never_had_store());
  }
  Status sync_text() override { return engine_.sync_text(); }
  Status index_text() override { return engine_.index_text(); }
  Result<void, Refusal> choose_embedder(EmbedderChoice choice) override {
    return engine_.choose_embedder(std::move(choice));
  }
  TextProgress text_progress() override { return engine_.text_progress(); }
  void hurry() override {
    if (TextService* const text = state_.text_doors()) text->hurry();
  }

 private:
  Engine& engine_;
  State& state_;
};

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Engine>> Engine::create(tree::Tree& tree, const EngineOptions& options) {
  auto state = std::make_unique<State>(tree, options);
  state->stop_event = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!state->stop_event.valid()) return errno_status("eventfd");
  if (store::store_exists(tree.root())) {
    const MutexLock lock(state->mutex);
    VEXFS_CHECK_OK(state->start(false));
  }
  return std::unique_ptr<Engine>(new Engine(std::move(state)));
}

Engine::~Engine() { state_->stop(); }

Status Engine::State::start(bool create) {
  create_store = create;
  Result<Thread> started =
      Thread::start<&State::run>({"vexfs-engine", limits::kLargeStackBytes}, this);
  if (!started.ok()) return started.status();
  thread.emplace(std::move(started.value()));
  phase = Phase::kStarting;
  return {};
}

void Engine::State::run() {
  int error = open_store();
  pollfd stop{.fd = stop_event.get(), .events = POLLIN, .revents = 0};
  while (error == EBUSY && ::poll(&stop, 1, kBusyRetryMs) == 0) error = open_store();
  maintain_until_stopped();
}

Result<std::unique_ptr<VectorStorageManager>> Engine::State::open_when_free(bool create) {
  pollfd stop{.fd = stop_event.get(), .events = POLLIN, .revents = 0};
  for (uint32_t waited_ms = 0;; waited_ms += kBusyStepMs) {
    Result<std::unique_ptr<VectorStorageManager>> opened =
        VectorStorageManager::open(system_io(), tree, options, create);
    if (opened.error() != EBUSY || waited_ms >= options.busy_wait_ms) return opened;
    if (::poll(&stop, 1, kBusyStepMs) != 0) return opened;
  }
}

int Engine::State::open_store() {
  const auto begin = std::chrono::steady_clock::now();
  bool create;
  int failed_before;
  {
    const MutexLock lock(mutex);  // start() holds it until it has ended.
    create = create_store;
    failed_before = failure.error();
  }
  Result<std::unique_ptr<VectorStorageManager>> opened = open_when_free(create);
  if (opened.ok()) {
    storage = std::move(opened.value());
    search = std::make_unique<VectorSearchEngine>(tree, *storage, options);
    text = std::make_unique<TextService>(tree, *storage, options);
    search->use_text([this](bool make) { return searchable_text(make); });
  } else if (opened.error() != failed_before) {  // It is logged once, however often it is tried.
    log(LogLevel::kError, "the vector store cannot be opened", opened.status());
  }
  start_us = static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                       std::chrono::steady_clock::now() - begin)
                                       .count());
  {
    const MutexLock lock(mutex);
    failure = opened.status();
    phase = opened.ok() ? Phase::kUp : Phase::kFailed;
  }
  phase_changed.notify_all();
  return opened.error();
}

void Engine::State::maintain_until_stopped() {
  if (phase != Phase::kUp) return;
  // Texts start on a thread of their own, since a remote embedder may take its time.
  Result<Thread> starts =
      Thread::start<&State::start_text_if_there>({"vexfs-text", limits::kLargeStackBytes}, this);
  if (starts.ok()) {
    text_starter.emplace(std::move(starts.value()));
  } else {
    log(LogLevel::kError, "texts cannot be indexed", starts.status());
  }
  if (!options.read_only) {
    // Names may have changed while no engine was there.
    if (const Status status = storage->reconcile(); !status.ok()) {
      log(LogLevel::kWarning, "the names of the catalog cannot be brought up to date", status);
    }
  }
  std::array<pollfd, 2> events{};
  events[0] = {.fd = stop_event.get(), .events = POLLIN, .revents = 0};
  events[1] = {.fd = storage->work_fd(), .events = POLLIN, .revents = 0};
  for (;;) {
    const int wait_ms = storage->maintain();
    if (::poll(events.data(), events.size(), wait_ms) < 0 && errno != EINTR) {
      log(LogLevel::kError, "the work of the vector store cannot be waited for",
          errno_status("poll"));
      return;
    }
    if ((events[0].revents & POLLIN) != 0) return;
  }
}

void Engine::State::stop() {
  [[maybe_unused]] const int written = ::eventfd_write(stop_event.get(), 1);
  std::optional<Thread> ended;
  {
    const MutexLock lock(mutex);
    ended.swap(thread);
  }
  if (ended.has_value()) ended->join();
  if (text_starter.has_value()) text_starter->join();
  text.reset();
  search.reset();
  storage.reset();
}

Result<VectorStorageManager*> Engine::State::storage_up(bool create) {
  if (phase.load() == Phase::kUp) return storage.get();
  MutexLock lock(mutex);
  if (phase == Phase::kNoStore) {
    if (!create) return Status(ENODATA, "there are no vectors here");
    if (options.read_only) return Status(EROFS, "the source is open for reading only");
    VEXFS_CHECK_OK(start(true));
  }
  while (phase == Phase::kStarting) phase_changed.wait(lock);
  if (phase == Phase::kFailed) return failure;
  return storage.get();
}

Result<VectorSearchEngine*> Engine::State::search_up(bool by_text) {
  VEXFS_CHECK_OK(by_text ? text_up(true).status() : storage_up(false).status());
  return search.get();
}

VectorStorageManager* Engine::State::storage_for_names() {
  if (phase.load() == Phase::kNoStore) return nullptr;
  const Result<VectorStorageManager*> up = storage_up(false);
  return up.ok() ? up.value() : nullptr;
}

// --- Names. ---------------------------------------------------------------------------------

bool Engine::has_store() const {
  const State::Phase phase = state_->phase.load();
  return phase == State::Phase::kUp || phase == State::Phase::kStarting;
}

void Engine::linked(const ObjectKey& parent, std::string_view name, const ObjectKey& object) {
  if (VectorStorageManager* storage = state_->storage_for_names()) {
    storage->linked(parent, name, object);
  }
}

void Engine::unlinked(const ObjectKey& parent, std::string_view name) {
  if (VectorStorageManager* storage = state_->storage_for_names()) {
    storage->unlinked(parent, name);
  }
}

void Engine::renamed(const ObjectKey& old_parent, std::string_view old_name,
                     const ObjectKey& new_parent, std::string_view new_name, Rename kind) {
  if (VectorStorageManager* storage = state_->storage_for_names()) {
    storage->renamed(old_parent, old_name, new_parent, new_name, kind == Rename::kExchange);
  }
}

void Engine::permissions_changed(store::ObjectKind of) {
  ++state_->permission_changes;
  if (state_->phase == State::Phase::kUp) state_->search->permissions_changed(of);
}

uint64_t Engine::generation() const {
  const uint64_t permissions = state_->permission_changes.load();
  if (state_->phase != State::Phase::kUp) return permissions;
  const TextService* const text = state_->text_doors();
  return permissions + (text == nullptr ? 0 : text->generation()) + state_->storage->generation();
}

Status Engine::opened() const {
  MutexLock lock(state_->mutex);
  while (state_->phase == State::Phase::kStarting) state_->phase_changed.wait(lock);
  return state_->phase == State::Phase::kFailed ? state_->failure : Status();
}

Status Engine::trouble() const {
  const State::Phase phase = state_->phase.load();
  if (phase == State::Phase::kUp) return state_->storage->poisoned();
  if (phase != State::Phase::kFailed) return {};
  const MutexLock lock(state_->mutex);
  return state_->failure;
}

// --- Vectors. -------------------------------------------------------------------------------

Status Engine::set_vectors(const ObjectKey& key, std::string_view space,
                           std::span<const std::byte> value, SetMode mode) {
  VEXFS_TRY(storage, state_->storage_up(false));
  return storage->set_vectors(key, space, value, mode);
}

Result<size_t> Engine::get_vectors(const ObjectKey& key, std::string_view space,
                                   std::span<std::byte> out) {
  VEXFS_TRY(storage, state_->storage_up(false));
  return storage->get_vectors(key, space, out);
}

Status Engine::remove_vectors(const ObjectKey& key, std::string_view space) {
  VEXFS_TRY(storage, state_->storage_up(false));
  return storage->remove_vectors(key, space);
}

Status Engine::spaces_of(const ObjectKey& key, FunctionRef<bool(std::string_view)> visit) {
  if (!has_store()) return {};
  VEXFS_TRY(storage, state_->storage_up(false));
  return storage->spaces_of(key, visit);
}

Status Engine::flush() {
  if (!has_store()) return {};
  VEXFS_TRY(storage, state_->storage_up(false));
  return storage->flush();
}

// --- Search. --------------------------------------------------------------------------------

Result<QueryResult, Refusal> Engine::search(const tree::Credentials& caller,
                                            const ObjectKey& directory, const Query& query) {
  VEXFS_TRY(search, state_->search_up(!query.text.empty()));
  return search->search(caller, directory, query);
}

void Engine::answer_json(const tree::Credentials& caller, const ObjectKey& directory,
                         std::string_view request, std::string& reply) {
  Parts parts(*this);
  engine::answer_json(parts, caller, directory, request, reply);
}

void Engine::answer_f32(const tree::Credentials& caller, const ObjectKey& directory,
                        std::span<const std::byte> request, std::string& reply) {
  Parts parts(*this);
  engine::answer_f32(parts, caller, directory, request, reply);
}

void Engine::control_json(const tree::Credentials& caller, bool privileged,
                          const ObjectKey& directory, std::string_view request,
                          std::string& reply) {
  Parts parts(*this);
  engine::control_json(parts, caller, privileged, directory, request, reply);
}

}  // namespace vexfs::engine

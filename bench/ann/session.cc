// The commands by which a peer is measured.
#include "session.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <sstream>
#include <utility>

#include "clustered.h"

namespace vexfs::bench {
namespace {

constexpr unsigned kTruthThreads = 2;
constexpr size_t kPartialQueries = 1000;  // The truth of a subset is computed for so many queries.

// `count` of the numbers below `end`, drawn without repetition.
std::vector<uint32_t> draw(size_t end, size_t count, uint64_t seed) {
  SeededRandom random(seed);
  std::vector<uint32_t> numbers(end);
  std::iota(numbers.begin(), numbers.end(), 0U);
  for (size_t i = 0; i < count; ++i) std::swap(numbers[i], numbers[i + random.below(end - i)]);
  numbers.resize(count);
  return numbers;
}

// Strikes rows that may not be found out of `ids`. Returns how many there were.
size_t strike_out(std::vector<uint32_t>& ids, const std::vector<bool>& allowed) {
  size_t struck = 0;
  for (uint32_t& id : ids) {
    if (id == kNoRow || (id < allowed.size() && allowed[id])) continue;
    id = kNoRow;
    ++struck;
  }
  return struck;
}

double recall_of(const Truth& truth, const SearchPass& pass, size_t count, size_t k,
                 const Matrix& queries, const Matrix& base, Metric metric) {
  size_t hits = 0;
  size_t wanted = 0;
  for (size_t q = 0; q < count; ++q) {
    hits += count_hits(truth, q, k, {&pass.ids[q * k], k}, queries.row(q), base, metric);
    wanted += count_wanted(truth, q, k);
  }
  return wanted == 0 ? 1 : static_cast<double>(hits) / static_cast<double>(wanted);
}

}  // namespace

Command::Command(const std::string& line) {
  std::istringstream words(line);
  words >> name_;
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) continue;
    values_.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
}

std::string Command::text(const std::string& key) const {
  for (const auto& [name, value] : values_) {
    if (name == key) return value;
  }
  return "";
}

double Command::number(const std::string& key, double otherwise) const {
  const std::string value = text(key);
  return value.empty() ? otherwise : std::strtod(value.c_str(), nullptr);
}

Result<Session> Session::open(const SessionOptions& options, Create create) {
  VEXFS_TRY(base, Matrix::open(options.base));
  VEXFS_TRY(queries, Matrix::open(options.queries));
  VEXFS_TRY(truth, read_truth(options.truth));
  if (base.dim() != queries.dim()) return Status(EINVAL, "base and queries: two dimensions");
  if (truth.queries != queries.rows() || truth.k < options.k)
    return Status(EINVAL, "truth: of other queries, or of too few neighbours");
  return Session(options, create, std::move(base), std::move(queries), std::move(truth));
}

Session::Session(const SessionOptions& options, Create create, Matrix base, Matrix queries,
                 Truth truth)
    : options_(options),
      create_(create),
      base_(std::move(base)),
      queries_(std::move(queries)),
      whole_truth_(std::move(truth)),
      anonymous_before_(anonymous_bytes()) {
  peer_.reset(create_(options_.peer));
}

bool Session::answer(const Command& command, std::FILE* answers) {
  struct Entry {
    const char* name;
    Status (Session::*run)(const Command&, JsonLine&);
  };
  static constexpr Entry kEntries[] = {{"build", &Session::build},   {"search", &Session::search},
                                       {"filter", &Session::filter}, {"save", &Session::save},
                                       {"load", &Session::load},     {"erase", &Session::erase},
                                       {"insert", &Session::insert}};
  if (command.name() == "quit") return false;
  JsonLine line;
  line.add("command", command.name());
  Status status(EINVAL, "no such command");
  if (command.name() == "describe") status = describe(line);
  for (const Entry& entry : kEntries) {
    if (command.name() == entry.name) status = (this->*entry.run)(command, line);
  }
  if (!status.ok())
    line.add("error", std::string(status.what()) + ": " + std::strerror(status.error()));
  line.print(answers);
  return true;
}

Status Session::describe(JsonLine& line) {
  line.add("peer", peer_->name());
  line.add("rows", static_cast<double>(base_.rows())).add("dim", static_cast<double>(base_.dim()));
  line.add("queries", static_cast<double>(queries_.rows()));
  line.add("m", options_.peer.m).add("ef_construction", options_.peer.ef_construction);
  return {};
}

void Session::add_memory(JsonLine& line) const {
  const auto rows = static_cast<double>(rows_);
  line.add(
      "anonymous_bytes_per_row",
      (static_cast<double>(anonymous_bytes()) - static_cast<double>(anonymous_before_)) / rows);
  line.add("own_bytes_per_row", static_cast<double>(peer_->resident_bytes()) / rows);
}

Status Session::build(const Command& command, JsonLine& line) {
  const auto all = static_cast<double>(base_.rows());
  const auto threads = static_cast<unsigned>(command.number("threads", 1));
  peer_.reset();
  peer_.reset(create_(options_.peer));
  rows_ = static_cast<size_t>(std::min(all, command.number("rows", all)));
  erased_.clear();
  filter_.reset();
  partial_truth_.reset();
  reset_peak();
  pin(threads == 1 ? options_.cpu : -1);
  Status status;
  const Cost cost = cost_of([&] { status = peer_->build(base_, rows_, threads); });
  VEXFS_CHECK_OK(status);
  line.add("rows", static_cast<double>(rows_)).add("threads", threads);
  line.add("seconds", cost.seconds).add("cpu_seconds", cost.cpu_seconds);
  line.add("rows_per_second", static_cast<double>(rows_) / cost.seconds);
  line.add("rows_per_cpu_second", static_cast<double>(rows_) / cost.cpu_seconds);
  line.add("peak_bytes", static_cast<double>(peak_resident_bytes()));
  add_memory(line);
  return {};
}

std::vector<bool> Session::allowed_now() const {
  std::vector<bool> allowed = filter_ ? *filter_ : std::vector<bool>(rows_, true);
  for (const uint32_t id : erased_) allowed[id] = false;
  return allowed;
}

const Truth& Session::truth_now(size_t queries) {
  if (rows_ == base_.rows() && erased_.empty() && !filter_) return whole_truth_;
  if (partial_truth_) return *partial_truth_;
  const std::vector<bool> allowed = allowed_now();
  pin(-1);
  const RowSet set = {.rows = rows_, .allowed = &allowed};
  partial_truth_ =
      find_truth(base_, set, queries_, queries, options_.k, options_.peer.metric, kTruthThreads);
  return *partial_truth_;
}

Status Session::search(const Command& command, JsonLine& line) {
  if (rows_ == 0) return Status(EINVAL, "nothing is built");
  const Truth& truth = truth_now(std::min(queries_.rows(), kPartialQueries));
  const auto ef = static_cast<uint32_t>(command.number("ef", 0));
  VEXFS_CHECK_OK(peer_->set_ef(ef));
  pin(options_.cpu);
  const size_t warm = std::min<size_t>(truth.queries, 100);
  static_cast<void>(search_all(*peer_, queries_, warm, options_.k));
  peer_->take_work();
  SearchPass pass = search_all(*peer_, queries_, truth.queries, options_.k);
  const size_t struck = strike_out(pass.ids, allowed_now());
  const auto count = static_cast<double>(truth.queries);
  line.add("ef", ef).add("queries", count);
  line.add("recall", recall_of(truth, pass, truth.queries, options_.k, queries_, base_,
                               options_.peer.metric));
  line.add("qps", count / pass.seconds).add("cpu_qps", count / pass.cpu_seconds);
  line.add("p50_us", pass.p50_us).add("p99_us", pass.p99_us);
  line.add("returned_min", pass.returned_min).add("not_allowed", static_cast<double>(struck));
  line.add_members(peer_->take_work());
  return {};
}

Status Session::filter(const Command& command, JsonLine& line) {
  partial_truth_.reset();
  filter_.reset();
  VEXFS_CHECK_OK(peer_->set_filter(nullptr));
  const double percent = command.number("percent", 100);
  line.add("percent", percent);
  if (percent >= 100) return {};
  const auto count = static_cast<size_t>(static_cast<double>(rows_) * percent / 100);
  std::vector<bool> allowed(rows_, false);
  for (const uint32_t id : draw(rows_, count, static_cast<uint64_t>(command.number("seed", 1))))
    allowed[id] = true;
  filter_ = std::move(allowed);
  line.add("matches", static_cast<double>(count));
  const Status status = peer_->set_filter(&*filter_);
  if (!status.ok()) filter_.reset();
  return status;
}

Status Session::save(const Command& command, JsonLine& line) {
  const std::string path = command.text("path");
  Status status;
  const Cost cost = cost_of([&] { status = peer_->save(path); });
  VEXFS_CHECK_OK(status);
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return errno_status("stat the saved index");
  line.add("seconds", cost.seconds).add("file_bytes", static_cast<double>(file.st_size));
  return {};
}

Status Session::load(const Command& command, JsonLine& line) {
  const auto all = static_cast<double>(base_.rows());
  peer_.reset();
  peer_.reset(create_(options_.peer));
  rows_ = static_cast<size_t>(std::min(all, command.number("rows", all)));
  erased_.clear();
  Status status;
  const Cost cost = cost_of([&] { status = peer_->load(command.text("path"), base_, rows_); });
  VEXFS_CHECK_OK(status);
  VEXFS_CHECK_OK(peer_->set_ef(static_cast<uint32_t>(command.number("ef", 100))));
  const Cost first =
      cost_of([&] { static_cast<void>(search_all(*peer_, queries_, 1, options_.k)); });
  line.add("seconds", cost.seconds).add("first_search_us", first.seconds * 1e6);
  add_memory(line);
  return {};
}

Status Session::erase(const Command& command, JsonLine& line) {
  if (!erased_.empty()) return Status(EINVAL, "insert what was erased first");
  partial_truth_.reset();
  const auto count =
      static_cast<size_t>(static_cast<double>(rows_) * command.number("percent", 30) / 100);
  const auto threads = static_cast<unsigned>(command.number("threads", 1));
  std::vector<uint32_t> ids = draw(rows_, count, static_cast<uint64_t>(command.number("seed", 1)));
  Status status;
  const Cost cost = cost_of([&] { status = peer_->erase(ids, threads); });
  VEXFS_CHECK_OK(status);
  erased_ = std::move(ids);
  line.add("rows", static_cast<double>(count)).add("seconds", cost.seconds);
  line.add("us_per_row", cost.seconds * 1e6 / static_cast<double>(count));
  return {};
}

Status Session::insert(const Command& command, JsonLine& line) {
  partial_truth_.reset();
  const auto threads = static_cast<unsigned>(command.number("threads", 1));
  Status status;
  const Cost cost = cost_of([&] { status = peer_->insert(base_, erased_, threads); });
  VEXFS_CHECK_OK(status);
  const auto count = static_cast<double>(erased_.size());
  line.add("rows", count)
      .add("seconds", cost.seconds)
      .add("us_per_row", cost.seconds * 1e6 / count);
  erased_.clear();
  add_memory(line);
  return {};
}

}  // namespace vexfs::bench

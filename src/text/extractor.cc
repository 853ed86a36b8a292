// An extractor process is started with posix_spawn(3) and read through a pipe until a deadline.
#include "text/extractor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>

#include "base/fd.h"
#include "base/limits.h"
#include "text/plain_text.h"

namespace vexfs::text {
namespace {

using Clock = std::chrono::steady_clock;

// So many bytes from the start of a file decide whether it is plain text.
constexpr size_t kBeginningBytes = 4096;

// The file actions and attributes of a child: `in` and `out` become its standard input and output.
// All other descriptors of the daemon are close-on-exec.
class SpawnActions {
 public:
  SpawnActions(int in, int out) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawnattr_init(&attributes_);
    // The daemon's threads block all signals and it ignores some. The child must be able to get
    // SIGXCPU and SIGTERM, and to die of SIGPIPE.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnActions() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  // Answers the child's pid, or -1 where it could not be started. It has no environment: that is
  // the daemon's, and variables choose files and programs of libraries.
  pid_t spawn(const std::string& program) {
    char* const arguments[] = {const_cast<char*>(program.c_str()), nullptr};
    char* const environment[] = {nullptr};
    pid_t child = -1;
    errno = ::posix_spawn(&child, program.c_str(), &actions_, &attributes_, arguments, environment);
    return errno == 0 ? child : -1;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// How often a read looks whether stop() was called.
constexpr int64_t kLookMs = 100;

// Reads until the end of the output, the bound of its length or the deadline, and answers which of
// them it was: kText for the end.
Verdict read_output(int pipe, const std::atomic<bool>& stopped, std::string& text) {
  const auto deadline = Clock::now() + std::chrono::seconds(limits::kExtractorSeconds);
  std::array<char, 65536> buffer;
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0 || stopped) return Verdict::kTimedOut;
    pollfd waiting = {pipe, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(std::min<int64_t>(left, kLookMs))) <= 0) continue;
    const ssize_t bytes = ::read(pipe, buffer.data(), buffer.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return Verdict::kText;
    text.append(buffer.data(), static_cast<size_t>(bytes));
    if (text.size() > limits::kExtractedBytesMax) return Verdict::kTooLarge;
  }
}

// Translates the status of waitpid(2). Verdicts that a child may not claim count as kDamaged.
Verdict verdict_of(int wait_status) {
  if (!WIFEXITED(wait_status)) {
    return WTERMSIG(wait_status) == SIGXCPU ? Verdict::kTimedOut : Verdict::kCrashed;
  }
  switch (const auto verdict = static_cast<Verdict>(WEXITSTATUS(wait_status))) {
    case Verdict::kText:
    case Verdict::kBinary:
    case Verdict::kUnsupported:
    case Verdict::kEncrypted:
    case Verdict::kTooLarge:
    case Verdict::kNoExtractor:
      return verdict;
    default:
      return Verdict::kDamaged;
  }
}

// Reads up to `bytes` from the start of the file.
Result<std::string> read_plain(int fd, size_t bytes) {
  std::string text(bytes, '\0');
  size_t have = 0;
  while (have < bytes) {
    const ssize_t got = ::pread(fd, text.data() + have, bytes - have, static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_status("reading a document");
    if (got == 0) break;  // The file shrank meanwhile.
    have += static_cast<size_t>(got);
  }
  text.resize(have);
  return text;
}

}  // namespace

Extraction Extractor::extract(int fd) const {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {Verdict::kNoExtractor, {}};
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const pid_t child = SpawnActions(fd, writing.get()).spawn(program_);
  if (child < 0) return {Verdict::kNoExtractor, {}};
  writing.reset();  // Else the pipe would have no end while this process holds it open.
  Extraction extraction;
  extraction.verdict = read_output(reading.get(), stopped_, extraction.text);
  if (extraction.verdict != Verdict::kText) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (extraction.verdict == Verdict::kText) extraction.verdict = verdict_of(status);
  if (extraction.verdict == Verdict::kText && !is_utf8_text(extraction.text, true)) {
    // pdftotext copies some control characters of its documents to its output.
    std::erase_if(extraction.text,
                  [](char c) { return c >= 0 && c < 0x20 && c != '\n' && c != '\t'; });
    if (!is_utf8_text(extraction.text, true)) extraction.verdict = Verdict::kDamaged;
  }
  if (extraction.verdict != Verdict::kText) extraction.text.clear();
  return extraction;
}

std::string Extractor::find_program() {
  std::array<char, 4096> path;
  const ssize_t bytes = ::readlink("/proc/self/exe", path.data(), path.size());
  const std::string_view exe(path.data(), bytes > 0 ? static_cast<size_t>(bytes) : 0);
  const std::string directory(exe.substr(0, exe.rfind('/') + 1));
  const std::string beside = directory + "vexfs-extract";
  return ::access(beside.c_str(), X_OK) == 0 ? beside
                                             : directory + "../libexec/vexfs/vexfs-extract";
}

Result<Extraction> read_document(int fd, const Extractor& extractor) {
  struct stat stat;
  if (::fstat(fd, &stat) != 0) return errno_status("a document's size");
  const auto bytes = static_cast<size_t>(stat.st_size);
  if (bytes > limits::kDocumentBytesMax) return Extraction{Verdict::kTooLarge, {}};
  VEXFS_TRY(beginning, read_plain(fd, std::min(bytes, kBeginningBytes)));
  if (!is_plain(beginning, beginning.size() == bytes)) return extractor.extract(fd);
  VEXFS_TRY(text, read_plain(fd, std::min(bytes, limits::kExtractedBytesMax + 1)));
  if (text.size() > limits::kExtractedBytesMax) return Extraction{Verdict::kTooLarge, {}};
  if (!is_utf8_text(text, true)) return extractor.extract(fd);
  return Extraction{Verdict::kText, std::move(text), true};
}

}  // namespace vexfs::text

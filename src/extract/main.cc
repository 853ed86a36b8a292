// vexfs-extract: writes the text of the file on standard input to standard output, and exits with a
// text::Verdict (text/extraction.h).
//
// The daemon starts it for each file that is not plain text (text/extractor.h), so that a library
// which a hostile or broken document crashes, hangs or takes over costs that file only. It enters
// the sandbox before any library sees a byte, has one thread, and knows neither the store nor the
// mount.
// There is nothing to configure.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

#include "base/limits.h"
#include "extract/encoding.h"
#include "extract/html.h"
#include "extract/kind.h"
#include "extract/mail.h"
#include "extract/sandbox.h"
#include "extract/system_calls.h"
#include "extract/zip_document.h"
#include "text/extraction.h"

namespace vexfs::extract {
namespace {

using text::Extraction;
using text::Verdict;

// Converts the file to UTF-8 and gives it to `read`, if there is one.
Extraction read_text(std::string_view file, Extraction (*read)(std::string_view)) {
  const auto utf8 = to_utf8(file);
  if (!utf8) return {Verdict::kBinary, {}};
  return read == nullptr ? Extraction{Verdict::kText, *utf8} : read(*utf8);
}

// The program that reads PDF: poppler's pdftotext. poppler is under the GPL, so VexFS does not link
// with it. It is looked for where a system has it, whatever the environment says; null: nowhere.
const char* pdf_reader() {
  for (const char* path : {"/usr/local/bin/pdftotext", "/usr/bin/pdftotext", "/bin/pdftotext"}) {
    if (::access(path, X_OK) == 0) return path;
  }
  return nullptr;
}

// Replaces this process by the reader of PDF, with the same descriptors and in the same sandbox.
Extraction become_pdf_reader() {
  const char* const reader = pdf_reader();
  if (reader == nullptr) return {Verdict::kNoExtractor, {}};
  const auto hidden = hide_path(reader);
  (void)::lseek(STDIN_FILENO, 0, SEEK_SET);
  if (!hidden.ok() || !enter_sandbox(hidden.value()).ok()) return {Verdict::kNoExtractor, {}};
  const char* const arguments[] = {"pdftotext", "-q",     "-enc", "UTF-8",
                                   "-nopgbrk",  "fd://0", "-",    nullptr};
  char* const environment[] = {nullptr};
  ::execve(hidden.value(), const_cast<char* const*>(arguments), environment);
  return {Verdict::kNoExtractor, {}};
}

Extraction read_file(std::string_view file) {
  if (is_pdf(file)) return become_pdf_reader();
  if (!enter_sandbox().ok()) return {Verdict::kNoExtractor, {}};
  switch (kind_of(file)) {
    case Kind::kText:
      return read_text(file, nullptr);
    case Kind::kHtml:
      return read_text(file, read_html);
    case Kind::kMail:
      return read_mail(file);
    case Kind::kZip:
      return read_zip_document(file);
    case Kind::kUnsupported:
      return {Verdict::kUnsupported, {}};
    case Kind::kBinary:
      return {Verdict::kBinary, {}};
  }
  return {Verdict::kBinary, {}};
}

bool write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

int run() {
  struct stat stat;
  if (::fstat(STDIN_FILENO, &stat) != 0 || !S_ISREG(stat.st_mode)) {
    std::fputs("vexfs-extract reads a file on standard input\n", stderr);
    return static_cast<int>(Verdict::kDamaged);
  }
  const auto bytes = static_cast<size_t>(stat.st_size);
  if (bytes > limits::kDocumentBytesMax) return static_cast<int>(Verdict::kTooLarge);
  if (bytes == 0) return static_cast<int>(Verdict::kText);
  void* file = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
  if (file == MAP_FAILED) return static_cast<int>(Verdict::kDamaged);
  const Extraction extraction = read_file({static_cast<const char*>(file), bytes});
  if (extraction.verdict == Verdict::kText && !write_all(extraction.text)) {
    return static_cast<int>(Verdict::kDamaged);
  }
  return static_cast<int>(extraction.verdict);
}

}  // namespace
}  // namespace vexfs::extract

// _exit(2) runs no destructors of libraries: the file may have left them in any state.
int main() { ::_exit(vexfs::extract::run()); }

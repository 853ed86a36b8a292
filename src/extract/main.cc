// vexfs-extract: writes the text of the file on standard input to standard output, and exits with a
// text::Verdict (text/extraction.h).
//
// The daemon starts it for each file that is not plain text (text/extractor.h), so that a library
// which a hostile or broken document crashes, hangs or takes over costs that file only. It enters
// the sandbox before it looks at a byte, has one thread, and knows neither the store nor the mount.
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

// Replaces this process by poppler's pdftotext, with the same descriptors and in the same sandbox.
// poppler is under the GPL, so VexFS does not link with it. Returns only where it is not installed.
Extraction become_pdf_reader() {
  (void)::lseek(STDIN_FILENO, 0, SEEK_SET);
  ::execlp("pdftotext", "pdftotext", "-q", "-enc", "UTF-8", "-nopgbrk", "fd://0", "-", nullptr);
  return {Verdict::kNoExtractor, {}};
}

Extraction read_file(std::string_view file) {
  switch (kind_of(file)) {
    case Kind::kText:
      return read_text(file, nullptr);
    case Kind::kHtml:
      return read_text(file, read_html);
    case Kind::kMail:
      return read_mail(file);
    case Kind::kZip:
      return read_zip_document(file);
    case Kind::kPdf:
      return become_pdf_reader();
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
  if (!enter_sandbox().ok()) return static_cast<int>(Verdict::kNoExtractor);
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

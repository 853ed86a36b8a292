// POSIX ACLs written to and read from xattrs.
#include "tests/e2e/support/acl.h"

#include <sys/xattr.h>

#include <array>

namespace vexfs::e2e {
namespace {

template <typename T>
void append_little_endian(std::string& out, T value) {
  for (size_t byte = 0; byte < sizeof(T); ++byte) {
    out.push_back(static_cast<char>((value >> (8 * byte)) & 0xFF));
  }
}

}  // namespace

Acl::Acl() {
  constexpr uint32_t kVersion = 2;
  append_little_endian(value_, kVersion);
}

Acl& Acl::add(uint16_t tag, uint16_t permissions, uint32_t id) {
  append_little_endian(value_, tag);
  append_little_endian(value_, permissions);
  append_little_endian(value_, id);
  return *this;
}

bool set_acl(const std::string& path, const char* which, const Acl& acl) {
  return ::setxattr(path.c_str(), which, acl.value().data(), acl.value().size(), 0) == 0;
}

std::string get_acl(const std::string& path, const char* which) {
  std::array<char, 1024> buffer;
  const ssize_t size = ::getxattr(path.c_str(), which, buffer.data(), buffer.size());
  return size < 0 ? std::string() : std::string(buffer.data(), static_cast<size_t>(size));
}

}  // namespace vexfs::e2e

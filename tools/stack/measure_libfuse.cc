// Costs of libfuse: a session whose transport is two functions of ours, fed with made requests, so
// that every reply and notification runs libfuse's own code down to the transport's writev.
#define FUSE_USE_VERSION 314

#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "measure_costs.h"
#include "painted_call.h"

namespace vexfs::stack_cost {
namespace {

// The smallest transports: what is measured is libfuse alone. Costs of the product's own transport
// are added by tools/stack as a callback. One fails with ENOENT, the one error on which libfuse is
// silent; on any other it calls perror, which takes 11.6 KiB.
ssize_t swallow(int, iovec* vector, int count, void*) {
  return std::accumulate(vector, vector + count, ssize_t{0}, [](ssize_t sum, const iovec& part) {
    return sum + static_cast<ssize_t>(part.iov_len);
  });
}
ssize_t fail(int, iovec*, int, void*) {
  errno = ENOENT;
  return -1;
}
ssize_t never_read(int, void*, size_t, void*) { return 0; }

// The reply that the next request gets.
void (*reply_of_request)(fuse_req_t) = nullptr;

void on_getattr(fuse_req_t request, fuse_ino_t, fuse_file_info*) { reply_of_request(request); }

class Session {
 public:
  explicit Session(ssize_t (*transport)(int, iovec*, int, void*)) {
    static char name[] = "measure_costs";
    static char* words[] = {name, nullptr};
    fuse_args arguments = FUSE_ARGS_INIT(1, words);
    operations_.getattr = &on_getattr;
    session_ = fuse_session_new(&arguments, &operations_, sizeof(operations_), this);
    const fuse_custom_io io = {transport, &never_read, nullptr, nullptr};
    if (session_ == nullptr || fuse_session_custom_io(session_, &io, dup(STDOUT_FILENO)) != 0) {
      std::fprintf(stderr, "no libfuse session\n");
      std::abort();
    }
    fuse_init_in init{};
    init.major = FUSE_KERNEL_VERSION;
    init.minor = FUSE_KERNEL_MINOR_VERSION;
    init.max_readahead = 131072;
    init.flags = FUSE_ASYNC_READ | FUSE_DO_READDIRPLUS | FUSE_SPLICE_READ;
    send(FUSE_INIT, init);
  }
  ~Session() { fuse_session_destroy(session_); }

  fuse_session* get() const { return session_; }

  template <typename Body>
  void send(uint32_t opcode, const Body& body) {
    struct {
      fuse_in_header header;
      Body body;
    } message{};
    message.header.len = sizeof(message);
    message.header.opcode = opcode;
    message.header.unique = ++unique_;
    message.header.nodeid = FUSE_ROOT_ID;
    message.body = body;
    fuse_buf buffer{};
    buffer.size = sizeof(message);
    buffer.mem = &message;
    fuse_session_process_buf(session_, &buffer);
  }

  void request(void (*reply)(fuse_req_t)) {
    reply_of_request = reply;
    send(FUSE_GETATTR, fuse_getattr_in{});
  }

 private:
  fuse_lowlevel_ops operations_{};
  fuse_session* session_ = nullptr;
  uint64_t unique_ = 0;
};

struct stat file_attributes() {
  struct stat attributes {};
  attributes.st_mode = S_IFREG | 0644;
  return attributes;
}

fuse_bufvec memory_buffer(void* data, size_t bytes) {
  fuse_bufvec buffer{};
  buffer.count = 1;
  buffer.buf[0].size = bytes;
  buffer.buf[0].mem = data;
  buffer.buf[0].fd = -1;
  return buffer;
}

void measure_attribute_replies(Session& session) {
  session.request([](fuse_req_t r) { measure("fuse_reply_err", &fuse_reply_err, r, 0); });
  session.request([](fuse_req_t r) { measure("fuse_reply_none", &fuse_reply_none, r); });
  session.request([](fuse_req_t r) {
    fuse_entry_param entry{};
    entry.attr = file_attributes();
    measure("fuse_reply_entry", &fuse_reply_entry, r, &entry);
  });
  session.request([](fuse_req_t r) {
    fuse_entry_param entry{};
    fuse_file_info file{};
    measure("fuse_reply_create", &fuse_reply_create, r, &entry, &file);
  });
  session.request([](fuse_req_t r) {
    const struct stat attributes = file_attributes();
    measure("fuse_reply_attr", &fuse_reply_attr, r, &attributes, 1.5);
  });
  session.request([](fuse_req_t r) {
    struct statvfs capacity {};
    measure("fuse_reply_statfs", &fuse_reply_statfs, r, &capacity);
  });
  session.request([](fuse_req_t r) {
    fuse_file_info file{};
    measure("fuse_reply_open", &fuse_reply_open, r, &file);
  });
  session.request([](fuse_req_t r) { measure("fuse_reply_xattr", &fuse_reply_xattr, r, 3); });
  session.request([](fuse_req_t r) { measure("fuse_reply_write", &fuse_reply_write, r, 3); });
  session.request([](fuse_req_t r) { measure("fuse_reply_lseek", &fuse_reply_lseek, r, 3); });
  session.request([](fuse_req_t r) { measure("fuse_reply_poll", &fuse_reply_poll, r, 1U); });
  session.request([](fuse_req_t r) {
    struct flock range {};
    measure("fuse_reply_lock", &fuse_reply_lock, r, &range);
  });
}

void measure_data_replies(Session& session) {
  static char data[4096] = "data";
  session.request([](fuse_req_t r) { measure("fuse_reply_buf", &fuse_reply_buf, r, data, 4096); });
  session.request(
      [](fuse_req_t r) { measure("fuse_reply_readlink", &fuse_reply_readlink, r, "a"); });
  session.request([](fuse_req_t r) {
    const iovec parts[2] = {{data, 8}, {data, 16}};
    measure("fuse_reply_iov", &fuse_reply_iov, r, parts, 2);
  });
  session.request([](fuse_req_t r) {
    fuse_bufvec buffer = memory_buffer(data, sizeof(data));
    measure("fuse_reply_data", &fuse_reply_data, r, &buffer, FUSE_BUF_NO_SPLICE);
  });
  session.request([](fuse_req_t r) {
    measure("fuse_reply_ioctl", &fuse_reply_ioctl, r, 0, static_cast<const void*>(data), 8);
  });
  session.request([](fuse_req_t r) {
    const iovec parts[1] = {{data, 8}};
    measure("fuse_reply_ioctl_iov", &fuse_reply_ioctl_iov, r, 0, parts, 1);
  });
  session.request([](fuse_req_t r) {
    const iovec parts[1] = {{data, 8}};
    measure("fuse_reply_ioctl_retry", &fuse_reply_ioctl_retry, r, parts, 1, parts, 1);
  });
}

void measure_request_calls(Session& session) {
  session.request([](fuse_req_t r) {
    char entry[512];
    gid_t groups[64];
    const struct stat attributes = file_attributes();
    fuse_entry_param parameters{};
    measure("fuse_add_direntry", &fuse_add_direntry, r, entry, sizeof(entry), "name", &attributes,
            1);
    measure("fuse_add_direntry_plus", &fuse_add_direntry_plus, r, entry, sizeof(entry), "name",
            &parameters, 1);
    measure("fuse_req_ctx", &fuse_req_ctx, r);
    measure("fuse_req_userdata", &fuse_req_userdata, r);
    measure("fuse_req_interrupted", &fuse_req_interrupted, r);
    measure("fuse_req_interrupt_func", &fuse_req_interrupt_func, r,
            static_cast<fuse_interrupt_func_t>(nullptr), static_cast<void*>(nullptr));
    measure("fuse_req_getgroups", &fuse_req_getgroups, r, 64, groups);
    fuse_reply_err(r, 0);
  });
}

void measure_notifications(fuse_session* session) {
  measure("fuse_lowlevel_notify_inval_inode", &fuse_lowlevel_notify_inval_inode, session,
          fuse_ino_t{1}, 0, 0);
  measure("fuse_lowlevel_notify_inval_entry", &fuse_lowlevel_notify_inval_entry, session,
          fuse_ino_t{1}, "name", 4);
  measure("fuse_lowlevel_notify_delete", &fuse_lowlevel_notify_delete, session, fuse_ino_t{1},
          fuse_ino_t{2}, "name", 4);
  char data[64] = {};
  fuse_bufvec buffer = memory_buffer(data, sizeof(data));
  measure("fuse_lowlevel_notify_store", &fuse_lowlevel_notify_store, session, fuse_ino_t{1}, 0,
          &buffer, FUSE_BUF_NO_SPLICE);
  measure("fuse_pollhandle_destroy", &fuse_pollhandle_destroy,
          static_cast<fuse_pollhandle*>(nullptr));
  measure("fuse_session_fd", &fuse_session_fd, session);
  measure("fuse_session_exit", &fuse_session_exit, session);
  measure("fuse_session_exited", &fuse_session_exited, session);
}

}  // namespace

void measure_libfuse() {
  for (auto* transport : {&swallow, &fail}) {
    Session session(transport);
    measure_attribute_replies(session);
    measure_data_replies(session);
    measure_request_calls(session);
    measure_notifications(session.get());
  }
}

}  // namespace vexfs::stack_cost

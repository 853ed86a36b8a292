// Status and Result: how fallible functions of VexFS answer.
//
// A Status is an errno and a literal that says what failed, so failing never allocates. 0 is
// success. Result<T> holds a T or the Status of the failure; Result<T, E> holds an E in its place,
// where a failure says more than a literal can (base/refusal.h). Result<void, E> holds an E or
// nothing. All are [[nodiscard]]. VexFS never throws.
#ifndef VEXFS_BASE_STATUS_H_
#define VEXFS_BASE_STATUS_H_

#include <cerrno>
#include <concepts>
#include <optional>
#include <utility>
#include <variant>

namespace vexfs {

// Holds a string literal and nothing else, so that the pointer is always valid.
class StaticText {
 public:
  consteval StaticText(const char* text) : text_(text) {}  // NOLINT: literals convert by design.
  constexpr const char* c_str() const { return text_; }

 private:
  const char* text_;
};

class [[nodiscard]] Status {
 public:
  constexpr Status() = default;
  constexpr Status(int error, StaticText what) : errno_(error), what_(what) {}

  constexpr bool ok() const { return errno_ == 0; }
  constexpr int error() const { return errno_; }  // An errno value, 0 for success.
  constexpr const char* what() const { return what_.c_str(); }

 private:
  int errno_ = 0;
  StaticText what_ = "ok";
};

// Makes a Status of the calling thread's errno and the name of the step that set it.
inline Status errno_status(StaticText what) { return Status(errno, what); }

// Requires of E that it converts to Status and that a Status converts to it.
template <typename T, typename E = Status>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: VEXFS_TRY.
  Result(E failure) : state_(std::in_place_index<1>, std::move(failure)) {}  // NOLINT: VEXFS_TRY.
  Result(Status failure)                                                     // NOLINT: VEXFS_TRY.
      requires(!std::same_as<E, Status>)
      : state_(std::in_place_index<1>, failure) {}

  bool ok() const { return state_.index() == 0; }
  Status status() const { return ok() ? Status() : Status(*std::get_if<1>(&state_)); }
  int error() const { return status().error(); }

  // Requires !ok().
  const E& failure() const& { return *std::get_if<1>(&state_); }
  E&& failure() && { return std::move(*std::get_if<1>(&state_)); }

  // Requires ok().
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }

 private:
  std::variant<T, E> state_;
};

// What has no value where it succeeds. Result<void> does not exist: a Status is that.
template <typename E>
requires(!std::same_as<E, Status>) class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E failure) : failure_(std::move(failure)) {}  // NOLINT: as Result<T, E>.
  // A Status may be ok, and then this is.
  Result(Status status) {  // NOLINT: as Result<T, E>.
    if (!status.ok()) failure_.emplace(status);
  }

  bool ok() const { return !failure_.has_value(); }
  Status status() const { return ok() ? Status() : Status(*failure_); }
  int error() const { return status().error(); }

  // Requires !ok().
  const E& failure() const& { return *failure_; }
  E&& failure() && { return std::move(*failure_); }

 private:
  std::optional<E> failure_;
};

// What VEXFS_CHECK_OK returns of a failure.
inline constexpr Status failure_of(Status status) { return status; }
template <typename E>
E failure_of(Result<void, E> result) {
  return std::move(result).failure();
}

}  // namespace vexfs

// VEXFS_TRY(name, expr): `name` becomes the value of the Result, or this function returns its
// failure.
#define VEXFS_TRY(name, expr)                                 \
  auto name##_or = (expr);                                    \
  if (!name##_or.ok()) return std::move(name##_or).failure(); \
  auto& name = name##_or.value()

// VEXFS_CHECK_OK(expr): returns the failure of `expr`, a Status or a Result<void, E>, from this
// function unless it is ok.
#define VEXFS_CHECK_OK(expr)                                  \
  do {                                                        \
    if (auto check_ok_result = (expr); !check_ok_result.ok()) \
      return ::vexfs::failure_of(std::move(check_ok_result)); \
  } while (false)

#endif  // VEXFS_BASE_STATUS_H_

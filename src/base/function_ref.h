// FunctionRef: a reference to a callable, valid for the length of the call that it is passed to.
// It takes two words and allocates nothing. What is kept longer is an interface or a std::function.
#ifndef VEXFS_BASE_FUNCTION_REF_H_
#define VEXFS_BASE_FUNCTION_REF_H_

#include <type_traits>
#include <utility>

namespace vexfs {

template <typename Signature>
class FunctionRef;

template <typename R, typename... Args>
class FunctionRef<R(Args...)> {
 public:
  template <typename F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef> &&
           std::is_invocable_r_v<R, F&, Args...>)
      FunctionRef(F&& callable)  // NOLINT: a lambda converts by design.
      : object_(const_cast<void*>(static_cast<const void*>(&callable))),
        call_([](void* object, Args... args) -> R {
          return (*static_cast<std::remove_reference_t<F>*>(object))(std::forward<Args>(args)...);
        }) {}

  R operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

 private:
  void* object_;
  R (*call_)(void*, Args...);
};

}  // namespace vexfs

#endif  // VEXFS_BASE_FUNCTION_REF_H_

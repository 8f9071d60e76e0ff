// MergeFn: how an application settles a key that both sides of a merge changed.
#pragma once

#include <any>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/error.h"
#include "core/graph/merge.h"

namespace vkv {

// Called with the value at the merge base, on our side and on theirs, each absent when the key is
// not there or was removed; the views live for the call. Returns the merged value, or nothing for a
// removal. To decline, leaving the key in conflict, it throws: MergeDeclined says no more than
// that, any other exception is reported as the key's merge error. Corruption and StorageError are
// taken for the store's own and end the merge.
class MergeFn {
 public:
  using Side = std::optional<BytesView>;
  using Function = std::function<std::optional<Bytes>(Side old, Side ours, Side theirs)>;

  // Empty, as good as none.
  MergeFn() = default;
  template <typename F>
  requires(std::is_constructible_v<Function, F> && !std::is_same_v<std::decay_t<F>, MergeFn>)
      MergeFn(F function)
      : function_(std::move(function)) {}

  // A function for changes that add up: two equal changes are two. It is asked also when both sides
  // changed the key to the same value; should it decline then, that value stays.
  static MergeFn adding_up(Function function) {
    MergeFn fn(std::move(function));
    fn.adds_up_ = true;
    return fn;
  }
  bool adds_up() const { return adds_up_; }

  explicit operator bool() const { return static_cast<bool>(function_); }
  std::optional<Bytes> operator()(Side old, Side ours, Side theirs) const {
    return function_(old, ours, theirs);
  }

 private:
  Function function_;
  bool adds_up_ = false;
};

// A merge function's "no": the key is in conflict, and that is no error of the function.
class MergeDeclined : public Error {
 public:
  MergeDeclined() : Error("the merge function declined") {}
};

// Whether `bytes` have the form values of `type` have.
bool fits(ValueType type, BytesView bytes);

// Runs `fn` on a contested key. The merged value takes our type when both sides share it and the
// bytes fit it; otherwise it is a blob.
MergeAnswer ask(const MergeFn& fn, const MergeInput& input);

// The functions for one call, over those for an instance.
struct MergeFns {
  std::map<std::string, MergeFn, std::less<>> by_key;
  MergeFn by_default;

  // Null when there is none for this key.
  const MergeFn* find(std::string_view key) const;
};

// What an instance was told about keys: their merge functions and content types.
class MergeRegistry {
 public:
  // An empty function takes the registration back.
  void set_merge_fn(std::string_view key, MergeFn fn);
  void set_default_merge(MergeFn fn) { fns_.by_default = std::move(fn); }

  // `type` holds a ContentType<T>.
  void set_content_type(std::string_view key, std::any type, MergeFn fn);
  // Null when there is none; valid until the key's is set again.
  const std::any* content_type(std::string_view key) const;

  // Rules that ask, for each key: the call's function for it, the instance's, the call's default,
  // the instance's. Both must outlive them.
  MergeRules rules(const MergeFns& call) const;

 private:
  // Null when there is none.
  const MergeFn* find(std::string_view key, const MergeFns& call) const;

  MergeFns fns_;
  std::map<std::string, std::any, std::less<>> content_types_;
};

}  // namespace vkv

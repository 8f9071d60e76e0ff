#include "core/store/merge_function.h"

#include "core/base/utf8.h"

namespace vkv {
namespace {

std::optional<BytesView> bytes_of(const std::optional<Value>& value) {
  if (!value) return std::nullopt;
  return BytesView(value->bytes);
}

ValueType type_of_merged(const MergeInput& input, BytesView merged) {
  const bool shared = input.ours && input.theirs && input.ours->type == input.theirs->type;
  return shared && fits(input.ours->type, merged) ? input.ours->type : ValueType::blob;
}

// Null when there is none, or an empty one.
const MergeFn* usable(const MergeFn& fn) { return fn ? &fn : nullptr; }

}  // namespace

bool fits(ValueType type, BytesView bytes) {
  switch (type) {
    case ValueType::blob:
      return true;
    case ValueType::text:
      return is_utf8(bytes);
    case ValueType::integer:
    case ValueType::real:
      return bytes.size() == 8;
    case ValueType::null:
      return bytes.empty();
  }
  return false;
}

MergeAnswer ask(const MergeFn& fn, const MergeInput& input) {
  try {
    std::optional<Bytes> merged =
        fn(bytes_of(input.base), bytes_of(input.ours), bytes_of(input.theirs));
    if (!merged) return {MergeAnswer::Kind::removal, {}};
    const ValueType type = type_of_merged(input, *merged);
    return {MergeAnswer::Kind::value, {type, *std::move(merged)}};
  } catch (const MergeDeclined&) {
    return {MergeAnswer::Kind::declined, {}};
  }
}

const MergeFn* MergeFns::find(std::string_view key) const {
  const auto it = by_key.find(key);
  return it == by_key.end() ? nullptr : usable(it->second);
}

void MergeRegistry::set_merge_fn(std::string_view key, MergeFn fn) {
  fns_.by_key.insert_or_assign(std::string(key), std::move(fn));
}

void MergeRegistry::set_content_type(std::string_view key, std::any type, MergeFn fn) {
  content_types_.insert_or_assign(std::string(key), std::move(type));
  set_merge_fn(key, std::move(fn));
}

const std::any* MergeRegistry::content_type(std::string_view key) const {
  const auto it = content_types_.find(key);
  return it == content_types_.end() ? nullptr : &it->second;
}

const MergeFn* MergeRegistry::find(std::string_view key, const MergeFns& call) const {
  if (const MergeFn* fn = call.find(key)) return fn;
  if (const MergeFn* fn = fns_.find(key)) return fn;
  if (const MergeFn* fn = usable(call.by_default)) return fn;
  return usable(fns_.by_default);
}

MergeRules MergeRegistry::rules(const MergeFns& call) const {
  MergeRules rules;
  rules.function = [this, &call](const MergeInput& input) {
    const MergeFn* fn = find(input.key, call);
    return fn != nullptr ? ask(*fn, input) : MergeAnswer{};
  };
  rules.equal_changes = [this, &call](const MergeInput& input) {
    const MergeFn* fn = find(input.key, call);
    return fn != nullptr && fn->adds_up() ? ask(*fn, input) : MergeAnswer{};
  };
  return rules;
}

}  // namespace vkv

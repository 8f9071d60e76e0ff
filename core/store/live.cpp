#include "core/store/live.h"

namespace vkv {
namespace {

[[noreturn]] void refuse(const char* what) {
  throw Unsupported(std::string(what) + " on a live store, which has no versions");
}

}  // namespace

Live::Live(std::shared_ptr<KVStore> backend) : backend_(std::move(backend)) {
  if (!backend_) throw InvalidArgument("no store given");
}

std::optional<Value> Live::get_value(std::string_view key) {
  std::optional<Bytes> bytes = backend_->get(key);
  if (!bytes) return std::nullopt;
  return Value(ValueType::blob, *std::move(bytes));
}

void Live::set_value(std::string_view key, ValueView value) {
  if (value.type != ValueType::blob) refuse("a typed value");
  backend_->set(key, value.bytes);
}

MergeResult Live::commit(const CommitOptions&) { refuse("commit"); }
void Live::reset() { refuse("reset"); }
std::vector<std::string> Live::list_branches() { refuse("list_branches"); }

std::unique_ptr<Store> Live::do_create_branch(std::string_view) { refuse("create_branch"); }

std::unique_ptr<Store> Live::do_checkout(std::string_view, const std::optional<std::string>&) {
  refuse("checkout");
}

}  // namespace vkv

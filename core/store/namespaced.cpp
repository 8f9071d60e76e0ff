#include "core/store/namespaced.h"

#include "core/base/printable.h"

namespace vkv {
namespace {

std::string prefix_of(std::string_view outer, std::string_view name) {
  if (name.find('/') != name.npos) {
    throw InvalidArgument("namespace " + printable(name) + " contains a slash");
  }
  return std::string(outer) + std::string(name) + "/";
}

}  // namespace

Namespaced::Namespaced(Store& store, std::string_view name)
    : base_(dynamic_cast<Namespaced*>(&store) ? dynamic_cast<Namespaced&>(store).base_ : store),
      prefix_(prefix_of(
          dynamic_cast<Namespaced*>(&store) ? dynamic_cast<Namespaced&>(store).prefix_ : "",
          name)) {}

std::optional<Value> Namespaced::get_value(std::string_view key) {
  return base_.get_value(full(key));
}

bool Namespaced::contains(std::string_view key) { return base_.contains(full(key)); }

std::vector<std::string> Namespaced::keys() {
  std::vector<std::string> direct;
  visit_keys({}, [&](std::string_view key) {
    if (!key.empty() && key.find('/') == key.npos) direct.emplace_back(key);
    return true;
  });
  return direct;
}

std::vector<std::string> Namespaced::descendant_keys() { return Store::keys(); }

void Namespaced::visit_keys(std::string_view prefix, const KeyVisitor& visit) {
  base_.visit_keys(full(prefix),
                   [&](std::string_view key) { return visit(key.substr(prefix_.size())); });
}

void Namespaced::set_value(std::string_view key, ValueView value) {
  base_.set_value(full(key), value);
}

void Namespaced::remove(std::string_view key) { base_.remove(full(key)); }

MergeResult Namespaced::commit(const CommitOptions& options) {
  CommitOptions prefixed = options;
  prefixed.merge_fns.clear();
  for (const auto& [key, fn] : options.merge_fns) prefixed.merge_fns.emplace(full(key), fn);
  return base_.commit(prefixed);
}

void Namespaced::set_merge_fn(std::string_view key, MergeFn fn) {
  base_.set_merge_fn(full(key), std::move(fn));
}

std::unique_ptr<Store> Namespaced::do_create_branch(std::string_view name) {
  return base_.create_branch(name);
}

std::unique_ptr<Store> Namespaced::do_checkout(std::string_view commit,
                                               const std::optional<std::string>& branch) {
  return base_.checkout(commit, branch);
}

void Namespaced::do_set_content_type(std::string_view key, std::any type, MergeFn fn) {
  base_.do_set_content_type(full(key), std::move(type), std::move(fn));
}

const std::any* Namespaced::do_content_type(std::string_view key) const {
  return base_.do_content_type(full(key));
}

std::string Namespaced::full(std::string_view key) const { return prefix_ + std::string(key); }

}  // namespace vkv

#include "core/store/staged.h"

#include "core/base/printable.h"
#include "core/kv/overlay.h"

namespace vkv {

Staged::Staged(std::shared_ptr<Versioned> versioned) : versioned_(std::move(versioned)) {
  if (!versioned_) throw InvalidArgument("no versioned store given");
}

std::optional<Value> Staged::get_value(std::string_view key) {
  const auto it = staged_.find(key);
  return it == staged_.end() ? versioned_->get_value(key) : it->second;
}

bool Staged::contains(std::string_view key) {
  const auto it = staged_.find(key);
  return it == staged_.end() ? versioned_->contains(key) : it->second.has_value();
}

void Staged::visit_keys(std::string_view prefix, const KeyVisitor& visit) {
  visit_overlay(
      staged_, prefix,
      [&](const KVStore::EntryVisitor& visitor) {
        versioned_->visit_keys(prefix, [&](std::string_view key) { return visitor(key, {}); });
      },
      [&](std::string_view key, BytesView) { return visit(key); },
      [](const Value& value) { return BytesView(value.bytes); });
}

void Staged::set_value(std::string_view key, ValueView value) {
  if (!fits(value.type, value.bytes)) {
    throw InvalidArgument("the bytes of " + printable(key) + " do not have their type's form");
  }
  stage(key, Value(value));
}

void Staged::remove(std::string_view key) { stage(key, std::nullopt); }

void Staged::stage(std::string_view key, std::optional<Value> value) {
  if (key.size() > kMaxKeySize) {
    throw TooLarge("key " + printable(key) + " has " + std::to_string(key.size()) +
                   " bytes, more than " + std::to_string(kMaxKeySize));
  }
  staged_.insert_or_assign(std::string(key), std::move(value));
}

MergeResult Staged::commit(const CommitOptions& options) {
  MergeResult result = versioned_->commit_changes(staged_, options);
  if (result.merged) staged_.clear();
  return result;
}

void Staged::refresh() {
  versioned_->refresh();
  reset();
}

std::unique_ptr<Staged> Staged::create_branch(std::string_view name) {
  return std::make_unique<Staged>(versioned_->create_branch(name));
}

std::unique_ptr<Staged> Staged::checkout(std::string_view commit,
                                         const std::optional<std::string>& branch) {
  std::unique_ptr<Versioned> version = versioned_->checkout(commit, {.branch = branch});
  return version ? std::make_unique<Staged>(std::move(version)) : nullptr;
}

std::optional<std::string> Staged::current_commit() const { return versioned_->current_commit(); }

std::optional<std::string> Staged::base_commit() const { return versioned_->base_commit(); }

std::optional<MergeResult> Staged::last_merge_result() const {
  return versioned_->last_merge_result();
}

void Staged::set_merge_fn(std::string_view key, MergeFn fn) {
  versioned_->set_merge_fn(key, std::move(fn));
}

void Staged::set_default_merge(MergeFn fn) { versioned_->set_default_merge(std::move(fn)); }

std::unique_ptr<Store> Staged::do_create_branch(std::string_view name) {
  return create_branch(name);
}

std::unique_ptr<Store> Staged::do_checkout(std::string_view commit,
                                           const std::optional<std::string>& branch) {
  return checkout(commit, branch);
}

void Staged::do_set_content_type(std::string_view key, std::any type, MergeFn fn) {
  versioned_->registry().set_content_type(key, std::move(type), std::move(fn));
}

const std::any* Staged::do_content_type(std::string_view key) const {
  return std::as_const(*versioned_).registry().content_type(key);
}

}  // namespace vkv

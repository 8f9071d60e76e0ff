#include "core/kv/composite.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include "core/base/error.h"
#include "core/base/hash.h"

namespace vkv {
namespace {

// Runs `call` on a cache, whose failure, of whatever kind, costs no more than time.
template <typename Call>
void attempt(const Call& call) noexcept {
  try {
    call();
  } catch (const std::exception&) {
  }
}

void remove_from(std::span<const std::shared_ptr<KVStore>> caches,
                 std::span<const std::string_view> keys) noexcept {
  for (const auto& cache : caches) {
    attempt([&] { cache->remove_many(keys); });
  }
}

class Count {
 public:
  explicit Count(std::atomic<unsigned>& count) : count_(count) { ++count_; }
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;
  ~Count() { --count_; }

 private:
  std::atomic<unsigned>& count_;
};

}  // namespace

bool Composite::is_content_addressed(std::string_view key) {
  constexpr std::string_view types = "nbl";
  return key.size() == 1 + Hash::kSize && types.find(key[0]) != types.npos;
}

Composite::Composite(Tiers tiers, KeyPredicate cacheable)
    : tiers_(std::move(tiers)), cacheable_(std::move(cacheable)) {
  if (tiers_.empty()) throw InvalidArgument("a Composite needs at least one tier");
  if (std::ranges::count(tiers_, nullptr) > 0) throw InvalidArgument("a tier that is null");
}

std::optional<Bytes> Composite::get(std::string_view key) {
  if (!cacheable_(key)) return store().get(key);
  std::optional<Bytes> value;
  std::size_t tier = 0;
  for (; !value && tier < caches().size(); ++tier) {
    attempt([&] { value = caches()[tier]->get(key); });
  }
  const bool cached = value.has_value();
  if (!cached) value = store().get(key);
  if (value) {
    const Entry entry{key, *value};
    fill(caches().first(cached ? tier - 1 : tier), std::span(&entry, 1));
  }
  return value;
}

bool Composite::contains(std::string_view key) { return store().contains(key); }

KVStore::Entries Composite::get_many(std::span<const std::string_view> keys) {
  Entries found;
  std::vector<std::string_view> missing;
  std::vector<std::string_view> not_cacheable;
  for (const std::string_view key : keys) {
    (cacheable_(key) ? missing : not_cacheable).push_back(key);
  }
  for (std::size_t tier = 0; tier < caches().size() && !missing.empty(); ++tier) {
    Entries cached;
    attempt([&] { cached = caches()[tier]->get_many(missing); });
    fill(caches().first(tier), cached);
    found.merge(cached);
    std::erase_if(missing, [&](std::string_view key) { return found.contains(std::string(key)); });
  }
  missing.insert(missing.end(), not_cacheable.begin(), not_cacheable.end());
  Entries stored = store().get_many(missing);
  fill(caches(), stored);
  found.merge(stored);
  return found;
}

void Composite::set_many(std::span<const Entry> entries) {
  store().set_many(entries);
  fill(caches(), entries);
}

void Composite::remove_many(std::span<const std::string_view> keys) {
  store().remove_many(keys);
  remove_from(caches(), keys);
}

bool Composite::cas(std::string_view key, BytesView value, std::optional<BytesView> expected) {
  const bool swapped = store().cas(key, value, expected);
  if (swapped && cacheable_(key)) remove_from(caches(), {&key, 1});
  return swapped;
}

void Composite::visit_keys(std::string_view prefix, const KeyVisitor& visit) {
  store().visit_keys(prefix, visit);
}

void Composite::visit(std::string_view prefix, const EntryVisitor& visit) {
  store().visit(prefix, visit);
}

void Composite::clear() {
  store().clear();
  for (const auto& cache : caches()) {
    attempt([&] { cache->clear(); });
  }
}

std::vector<Bytes> Composite::pinned_commits() {
  auto* pins = dynamic_cast<PinsCommits*>(&store());
  return pins != nullptr ? pins->pinned_commits() : std::vector<Bytes>();
}

bool Composite::exclusive(const std::function<void()>& body) {
  const Count count(open_exclusives_);
  return store().exclusive(body);
}

void Composite::fill(Caches caches, std::span<const Entry> entries) const noexcept {
  if (caches.empty() || open_exclusives_ > 0) return;
  attempt([&] {
    std::vector<Entry> wanted;
    std::ranges::copy_if(entries, std::back_inserter(wanted),
                         [&](const Entry& entry) { return cacheable_(entry.first); });
    if (wanted.empty()) return;
    for (std::size_t tier = caches.size(); tier-- > 0;) {
      attempt([&] { caches[tier]->set_many(wanted); });
    }
  });
}

void Composite::fill(Caches caches, const Entries& entries) const {
  const std::vector<Entry> views(entries.begin(), entries.end());
  fill(caches, views);
}

}  // namespace vkv

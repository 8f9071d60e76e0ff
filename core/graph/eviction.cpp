#include "core/graph/eviction.h"

#include <algorithm>
#include <tuple>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/publish.h"
#include "core/tree/cursor.h"
#include "core/tree/diff.h"
#include "core/tree/mutate.h"

namespace vkv {
namespace {

struct Candidate {
  std::uint64_t touched;
  std::uint64_t size;
  std::string key;

  // The first to go first.
  friend bool operator<(const Candidate& a, const Candidate& b) {
    return std::tie(a.touched, b.size, a.key) < std::tie(b.touched, a.size, b.key);
  }
};

// The user keys of a tree, and the keys with a touch that it does not have.
struct TouchedKeys {
  std::vector<Candidate> there;
  std::vector<std::string> gone;
};

TouchedKeys touched_keys(NodeStore& nodes, const Hash& root, Touches& touches) {
  auto touched = touches.all();
  auto touch = touched.begin();
  TouchedKeys keys;
  Cursor cursor(nodes, root);
  for (cursor.seek_first(); cursor.valid(); cursor.next()) {
    const BytesView key = cursor.key();
    for (; touch != touched.end() && touch->first < key; ++touch) {
      keys.gone.push_back(std::move(touch->first));
    }
    std::uint64_t time = 0;
    if (touch != touched.end() && touch->first == key) time = touch++->second;
    if (!is_system_key(key)) keys.there.push_back({time, cursor.value().size(), std::string(key)});
  }
  for (; touch != touched.end(); ++touch) keys.gone.push_back(std::move(touch->first));
  return keys;
}

std::vector<std::string> keys_but(const std::set<std::string, std::less<>>& keep,
                                  std::vector<Candidate> all) {
  std::vector<std::string> dropped;
  for (Candidate& candidate : all) {
    if (!keep.contains(candidate.key)) dropped.push_back(std::move(candidate.key));
  }
  return dropped;
}

std::vector<std::string> coldest_keys(std::uint64_t low_water, std::vector<Candidate> all) {
  std::uint64_t total = 0;
  for (const Candidate& candidate : all) total += candidate.size;
  std::sort(all.begin(), all.end());
  std::vector<std::string> dropped;
  for (auto it = all.begin(); total > low_water; ++it) {
    total -= it->size;
    dropped.push_back(std::move(it->key));
  }
  std::sort(dropped.begin(), dropped.end());
  return dropped;
}

class RemovalEdits final : public EditSource {
 public:
  explicit RemovalEdits(const std::vector<std::string>& keys) : keys_(keys) {}

  bool next(Edit& edit) override {
    if (next_ == keys_.size()) return false;
    edit = {keys_[next_++], std::nullopt};
    return true;
  }

 private:
  const std::vector<std::string>& keys_;
  std::size_t next_ = 0;
};

}  // namespace

bool is_system_key(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  return key.substr(slash == key.npos ? 0 : slash + 1).starts_with("__");
}

std::uint64_t UserBytes::of(const Hash& root) {
  // The tree before may have been garbage and collected.
  if (root_ != empty_root() &&
      !nodes_.chunks().kv().contains(object_key(ObjectType::node, root_))) {
    root_ = empty_root();
    total_ = 0;
  }
  std::uint64_t total = total_;
  DiffCursor cursor(nodes_, root_, root);
  for (Difference difference; cursor.next(difference);) {
    if (is_system_key(difference.key)) continue;
    if (difference.before) total -= difference.before->size();
    if (difference.after) total += difference.after->size();
  }
  root_ = root;
  total_ = total;
  return total;
}

Eviction evict(Repository& repository, Touches& touches, const EvictionRequest& request) {
  const Hash before = repository.commit(request.commit).root;
  TouchedKeys keys = touched_keys(repository.nodes(), before, touches);
  Eviction eviction;
  eviction.gone = std::move(keys.gone);
  eviction.dropped = request.keep ? keys_but(*request.keep, std::move(keys.there))
                                  : coldest_keys(request.low_water, std::move(keys.there));
  const DiscardUnwritten discard(repository);
  RemovalEdits edits(eviction.dropped);
  eviction.root = apply_edits(repository.nodes(), before, edits);
  eviction.commit = repository.create_commit(eviction.root, {}, request.metadata);

  const std::optional<Hash> head = repository.refs().head(request.branch);
  if (head && *head != request.commit) {
    throw ConcurrencyError("branch " + printable(request.branch) + " was moved by another writer");
  }
  publish(repository, {request.branch, head, {request.commit}}, eviction.commit);
  return eviction;
}

void forget_touches(Repository& repository, Touches& touches, const Eviction& eviction) {
  // Another branch may still have a key that is gone here, and then its touch tells about it.
  if (repository.refs().branches().size() > 1) return;
  std::vector<std::string_view> keys(eviction.gone.begin(), eviction.gone.end());
  keys.insert(keys.end(), eviction.dropped.begin(), eviction.dropped.end());
  if (!keys.empty()) touches.remove(keys);
}

}  // namespace vkv

#include "core/store/lazy_keys.h"

#include <algorithm>

#include "core/tree/cursor.h"

namespace vkv {

LazyKeys::LazyKeys(std::shared_ptr<OwnedRepository> source, const Hash& root,
                   std::vector<std::string> without)
    : source_(std::move(source)),
      root_(root),
      without_(std::make_shared<const std::vector<std::string>>(std::move(without))) {}

Stream<std::string> LazyKeys::open() const {
  if (!source_) return {};
  auto cursor = std::make_shared<Cursor>(source_->repository.nodes(), root_);
  cursor->seek_first();
  return Stream<std::string>([source = source_, without = without_, cursor] {
    std::optional<std::string> key;
    while (!key && cursor->valid()) {
      if (!std::binary_search(without->begin(), without->end(), cursor->key(), std::less<>())) {
        key.emplace(cursor->key());
      }
      cursor->next();
    }
    return key;
  });
}

}  // namespace vkv

// The engine alone: versions in memory, no SQLite.
#include <iostream>

#include "core/store/staged.h"

int main() {
  const auto kv = std::make_shared<vkv::Memory>();
  vkv::Staged mine(std::make_shared<vkv::Versioned>(kv));
  mine.set("hits", vkv::counter().encode(1));
  mine.commit();

  vkv::Staged yours(std::make_shared<vkv::Versioned>(kv));
  for (vkv::Staged* store : {&mine, &yours}) {
    store->set_content_type("hits", vkv::counter());
    store->set("hits", vkv::counter().encode(11));
    std::cout << vkv::to_string(store->commit().strategy) << '\n';
  }
  std::cout << "hits: " << vkv::counter().decode(*yours.get("hits")) << '\n';
}

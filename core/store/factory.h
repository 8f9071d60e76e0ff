// store(): a Store of the kind asked for.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "core/store/store.h"

namespace vkv {

enum class StoreType {
  versioned,  // Staged
  live,       // Live
};
enum class Storage {
  memory,
  disk,  // a file (kv/disk.h)
};

struct StoreOptions {
  StoreType type = StoreType::versioned;
  Storage storage = Storage::memory;
  std::optional<std::filesystem::path> path = std::nullopt;  // of the file
  // Of a versioned store:
  std::string branch = "main";
  // A size budget; see gc_versioned.h.
  std::optional<std::int64_t> high_water_bytes = std::nullopt;
  std::optional<std::int64_t> low_water_bytes = std::nullopt;
};

// InvalidArgument for a disk without a path, a path in memory, a branch other than main or a budget
// of a live store, a low water without a high one, a type or storage that is none of the above.
std::unique_ptr<Store> store(const StoreOptions& options = {});

}  // namespace vkv

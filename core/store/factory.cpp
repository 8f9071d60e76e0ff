#include "core/store/factory.h"

#include "core/kv/disk.h"
#include "core/store/gc_versioned.h"
#include "core/store/live.h"
#include "core/store/staged.h"

namespace vkv {
namespace {

void check(const StoreOptions& options) {
  const bool live = options.type == StoreType::live;
  if (!live && options.type != StoreType::versioned) {
    throw InvalidArgument("type is neither versioned nor live");
  }
  if (options.storage != Storage::memory && options.storage != Storage::disk) {
    throw InvalidArgument("storage is neither memory nor disk");
  }
  if (options.storage == Storage::disk && !options.path) {
    throw InvalidArgument("storage disk needs a path");
  }
  if (options.storage == Storage::memory && options.path) {
    throw InvalidArgument("storage memory has no path");
  }
  if (live && options.branch != StoreOptions().branch) {
    throw InvalidArgument("a live store has no branch");
  }
  if (live && (options.high_water_bytes || options.low_water_bytes)) {
    throw InvalidArgument("a live store has no high_water_bytes or low_water_bytes");
  }
  if (options.low_water_bytes && !options.high_water_bytes) {
    throw InvalidArgument("low_water_bytes needs high_water_bytes");
  }
}

std::shared_ptr<KVStore> make_storage(const StoreOptions& options) {
  if (options.storage == Storage::memory) return std::make_shared<Memory>();
  const bool live = options.type == StoreType::live;
  return std::make_shared<Disk>(*options.path, Disk::kBusyTimeout,
                                live ? Disk::Content::keys : Disk::Content::versions);
}

std::shared_ptr<Versioned> make_versioned(const StoreOptions& options) {
  if (!options.high_water_bytes) {
    return std::make_shared<Versioned>(make_storage(options),
                                       VersionedOptions{.branch = options.branch});
  }
  return std::make_shared<GCVersioned>(
      make_storage(options), GCVersionedOptions{.high_water_bytes = *options.high_water_bytes,
                                                .low_water_bytes = options.low_water_bytes,
                                                .branch = options.branch});
}

}  // namespace

std::unique_ptr<Store> store(const StoreOptions& options) {
  check(options);
  if (options.type == StoreType::live) return std::make_unique<Live>(make_storage(options));
  return std::make_unique<Staged>(make_versioned(options));
}

}  // namespace vkv

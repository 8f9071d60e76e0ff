// What several threads on one store must see.
#pragma once

#include "core/kv/kvstore.h"

namespace vkv {

// Adds one to the counter `key` by compare-and-swap, however often that takes.
void increment(KVStore& store, std::string_view key);

// Each of `threads` threads adds one to a shared counter `increments` times by compare-and-swap,
// and keeps a list of its own; nothing may be lost.
void count_together(KVStore& store, int threads, int increments);

// While one thread writes the same value to many keys in one batch, again and again, others must
// never see two different values.
void read_while_batches_are_written(KVStore& store, int batches);

}  // namespace vkv

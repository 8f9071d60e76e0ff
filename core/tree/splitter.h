// Splitter: where one node ends and the next begins.
#pragma once

#include <cstddef>

#include "core/base/bytes.h"

namespace vkv {

// A node as its latest entry was added to it. Sizes are in bytes.
struct NodeGrowth {
  std::size_t entries = 0;   // with the latest
  std::size_t before = 0;    // encoded, without the latest entry
  std::size_t after = 0;     // encoded, with it
  std::size_t expanded = 0;  // with it, were no key truncated
};

// Whether the node ends after its latest entry, the one with `key`. A function of its arguments
// alone, in integers only, so that every machine draws the same boundaries; core/FORMAT.md states
// it. The probability of an end rises with the size, so that sizes cluster round a target: the
// hazard of a Weibull distribution of shape 4, as in Dolt's splitter.
bool ends_node(unsigned level, BytesView key, const NodeGrowth& growth);

}  // namespace vkv

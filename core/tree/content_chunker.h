// Content-defined chunking: where a large value is cut.
#pragma once

#include <cstddef>

#include "core/base/bytes.h"

namespace vkv {

inline constexpr std::size_t kMinContentChunk = 16 * 1024;
inline constexpr std::size_t kMaxContentChunk = 64 * 1024;

// Length of the first chunk of `bytes`: from kMinContentChunk to kMaxContentChunk, or all of them
// when they are fewer. Cutting that off again and again cuts a value into chunks whose boundaries
// follow its content, so an edit changes the chunks it touches and the boundary after them, and no
// others. Persisted: every machine must cut alike. O(length).
//
// FastCDC (Xia et al., USENIX ATC 2016): a Gear hash that starts behind the minimum, and normalised
// chunking, a harder condition up to the expected length and an easier one from there.
// core/FORMAT.md has the constants.
std::size_t first_content_chunk(BytesView bytes);

}  // namespace vkv

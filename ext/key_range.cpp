#include "ext/key_range.h"

#include <algorithm>

namespace vkv::ext {
namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A pattern ends at its first NUL, as SQLite's own functions read it.
BytesView glob_prefix(BytesView pattern) {
  return pattern.substr(0, pattern.find_first_of(BytesView("*?[\0", 4)));
}

BytesView like_prefix(BytesView pattern) {
  const auto end = std::find_if(pattern.begin(), pattern.end(), [](char c) {
    return c == '%' || c == '_' || c == '\0' || !is_ascii(c);
  });
  return {pattern.begin(), end};
}

Bytes mapped(BytesView text, char (*map)(char)) {
  Bytes out(text);
  std::transform(out.begin(), out.end(), out.begin(), map);
  return out;
}

// The first byte string above all that start with `prefix`; absent when there is none.
std::optional<Bytes> after_prefix(Bytes prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (prefix.empty()) return {};
  ++prefix.back();
  return prefix;
}

}  // namespace

void KeyRange::raise_lower(BytesView key, bool inclusive) {
  if (!lower_ || key > lower_->key) {
    lower_ = Bound{Bytes(key), inclusive};
  } else if (key == lower_->key) {
    lower_->inclusive = lower_->inclusive && inclusive;
  }
}

void KeyRange::reduce_upper(BytesView key, bool inclusive) {
  if (!upper_ || key < upper_->key) {
    upper_ = Bound{Bytes(key), inclusive};
  } else if (key == upper_->key) {
    upper_->inclusive = upper_->inclusive && inclusive;
  }
}

void KeyRange::narrow_to_prefixes(BytesView first, BytesView last) {
  if (!first.empty()) raise_lower(first, true);
  if (const auto end = after_prefix(Bytes(last))) reduce_upper(*end, false);
}

void KeyRange::narrow(KeyOperator op, BytesView value) {
  switch (op) {
    case KeyOperator::equal:
      raise_lower(value, true);
      reduce_upper(value, true);
      break;
    case KeyOperator::above:
      raise_lower(value, false);
      break;
    case KeyOperator::at_or_above:
      raise_lower(value, true);
      break;
    case KeyOperator::below:
      reduce_upper(value, false);
      break;
    case KeyOperator::at_or_below:
      reduce_upper(value, true);
      break;
    case KeyOperator::glob:
      narrow_to_prefixes(glob_prefix(value), glob_prefix(value));
      break;
    case KeyOperator::like:
      narrow_to_prefixes(mapped(like_prefix(value), to_upper),
                         mapped(like_prefix(value), to_lower));
      break;
  }
  if (lower_ && upper_ && !(reaches_up_to(lower_->key) && reaches_down_to(upper_->key)))
    none_ = true;
}

void KeyRange::move_below(BytesView prefix) {
  if (lower_) {
    lower_->key.insert(0, prefix);
  } else {
    lower_ = Bound{Bytes(prefix), true};
  }
  if (upper_) {
    upper_->key.insert(0, prefix);
  } else if (auto end = after_prefix(Bytes(prefix))) {
    upper_ = Bound{*std::move(end), false};
  }
}

bool KeyRange::reaches_down_to(BytesView key) const {
  if (!lower_) return true;
  return lower_->inclusive ? key >= lower_->key : key > lower_->key;
}

bool KeyRange::reaches_up_to(BytesView key) const {
  if (!upper_) return true;
  return upper_->inclusive ? key <= upper_->key : key < upper_->key;
}

}  // namespace vkv::ext

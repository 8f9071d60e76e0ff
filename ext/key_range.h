// KeyRange: the keys that the constraints of a query leave.
#pragma once

#include <optional>

#include "core/base/bytes.h"

namespace vkv::ext {

// How a constraint compares the key with a value. The letters stand in plans (ext/plan.h).
enum class KeyOperator : char {
  equal = '=',
  above = '>',
  at_or_above = 'g',
  below = '<',
  at_or_below = 'l',
  glob = 'G',
  like = 'L',
};

// Starts as all keys; each constraint narrows it.
class KeyRange {
 public:
  struct Bound {
    Bytes key;
    bool inclusive = true;
  };

  // To the keys for which the comparison with `value` holds; of a glob or like pattern, to those
  // that share what it literally starts with, a superset: LIKE ignores the case of ASCII letters,
  // and is not trusted with others, which an application's own LIKE may fold.
  void narrow(KeyOperator op, BytesView value);
  // To the keys that start with `prefix` and go on as those in the range do.
  void move_below(BytesView prefix);
  void narrow_to_none() { none_ = true; }

  // Known to hold no key.
  bool none() const { return none_; }
  const std::optional<Bound>& lower() const { return lower_; }
  const std::optional<Bound>& upper() const { return upper_; }
  // Whether `key` is not below, and not above, what the range holds.
  bool reaches_down_to(BytesView key) const;
  bool reaches_up_to(BytesView key) const;

 private:
  void raise_lower(BytesView key, bool inclusive);
  void reduce_upper(BytesView key, bool inclusive);
  // To the keys that start with at least `first` and at most `last`, which are of one length.
  void narrow_to_prefixes(BytesView first, BytesView last);

  bool none_ = false;
  std::optional<Bound> lower_;
  std::optional<Bound> upper_;
};

}  // namespace vkv::ext

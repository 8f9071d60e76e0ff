// Stream: items produced one by one, on demand.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace vkv {

// Single-pass: a range-for and next() take from the same items, and so do copies. What an item took
// to make is paid when it is asked for.
template <typename T>
class Stream {
 public:
  using Source = std::function<std::optional<T>()>;

  // Of no items.
  Stream() : source_(std::make_shared<Source>([] { return std::nullopt; })) {}
  // `source` answers nothing at the end.
  explicit Stream(Source source) : source_(std::make_shared<Source>(std::move(source))) {}

  std::optional<T> next() { return (*source_)(); }

  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;

    explicit Iterator(std::shared_ptr<Source> source) : source_(std::move(source)) { ++*this; }

    const T& operator*() const { return *item_; }
    const T* operator->() const { return &*item_; }
    Iterator& operator++() {
      item_ = (*source_)();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !item_.has_value(); }

   private:
    std::shared_ptr<Source> source_;
    std::optional<T> item_;
  };

  Iterator begin() const { return Iterator(source_); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::shared_ptr<Source> source_;
};

}  // namespace vkv

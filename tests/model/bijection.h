// Bijection: pairs seen so far, of which neither side may come with another partner.
#pragma once

#include <map>
#include <string>

namespace vkv::model {

class Bijection {
 public:
  // Whether the pair goes with all pairs before it.
  bool add(const std::string& left, const std::string& right) {
    return forward_.try_emplace(left, right).first->second == right &&
           backward_.try_emplace(right, left).first->second == left;
  }
  // Null when `left` has not been seen.
  const std::string* right_of(const std::string& left) const {
    const auto found = forward_.find(left);
    return found == forward_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, std::string> forward_, backward_;
};

}  // namespace vkv::model

#include "core/graph/ref_name.h"

#include <string>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/base/utf8.h"

namespace vkv {
namespace {

bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7f ||
         std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
}

// Null when the component, what lies between slashes, breaks no rule.
const char* fault_of_component(std::string_view component) {
  if (component.empty()) return "has an empty part between slashes";
  if (component.front() == '.') return "has a part that starts with '.'";
  if (component.ends_with(".lock")) return "has a part that ends with '.lock'";
  return nullptr;
}

const char* fault_of_components(std::string_view name) {
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    if (const char* fault = fault_of_component(name.substr(begin, end - begin))) return fault;
    begin = end + 1;
  }
  return nullptr;
}

const char* fault_of_name(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name == "HEAD" || name == "WORKING" || name == "@") return "is reserved";
  if (!is_utf8(name)) return "is not UTF-8";
  if (name.front() == '-') return "starts with '-'";
  for (const char c : name) {
    if (is_forbidden(c)) return "contains a space, a control character or one of ~ ^ : ? * [ \\";
  }
  if (name.find("..") != std::string_view::npos) return "contains '..'";
  if (name.find("@{") != std::string_view::npos) return "contains '@{'";
  if (name.back() == '.') return "ends with '.'";
  return fault_of_components(name);
}

}  // namespace

void check_ref_name(std::string_view what, std::string_view name) {
  if (const char* fault = fault_of_name(name)) {
    throw InvalidArgument(std::string(what) + " name " + printable(name) + " " + fault);
  }
}

}  // namespace vkv

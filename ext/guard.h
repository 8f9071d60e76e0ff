// Where exceptions stop: every C callback runs its body inside guard().
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/error.h"

namespace vkv::ext {

// An SQL argument or option of the wrong type.
class WrongType : public Error {
 public:
  using Error::Error;
};

// A failure as SQLite reports one: result code and message (valid UTF-8).
struct Failure {
  int code;
  std::string message;
};

// `text` as valid UTF-8: bytes that are none become \xNN.
std::string utf8_text(std::string_view text);

// The failure `error` stands for, by the table of ext/README.md ("Errors").
Failure describe(std::exception_ptr error) noexcept;

// Runs body() -> int (a result code). An exception becomes its code, and its message is handed to
// report(const Failure&) -> void, which must not throw.
template <typename Body, typename Report>
int guard(Body&& body, Report&& report) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    const Failure failure = describe(std::current_exception());
    report(failure);
    return failure.code;
  }
}

}  // namespace vkv::ext

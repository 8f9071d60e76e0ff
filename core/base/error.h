// The one exception hierarchy. Absence is std::optional, never an exception.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace vkv {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The caller's argument is wrong: an unknown ref, a bad name, contradictory options.
class InvalidArgument : public Error {
 public:
  using Error::Error;
};

// A key or value beyond a stated limit.
class TooLarge : public Error {
 public:
  using Error::Error;
};

// The operation does not exist on this kind of store.
class Unsupported : public Error {
 public:
  using Error::Error;
};

// Stored bytes are not what was written: a missing chunk, a wrong hash, an impossible length.
class Corruption : public Error {
 public:
  using Error::Error;
};

// Another writer moved a head under a compare-and-swap.
class ConcurrencyError : public Error {
 public:
  using Error::Error;
};

// Two histories share no commit: the branch was rebased.
class NoCommonAncestor : public ConcurrencyError {
 public:
  using ConcurrencyError::ConcurrencyError;
};

// The backend failed. `code` is the backend's own result code (SQLite's extended code for the
// SQLite-backed stores, 0 where there is none).
class StorageError : public Error {
 public:
  StorageError(int code, const std::string& message) : Error(message), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

// Keys both sides of a merge changed and nothing settled.
class MergeConflict : public Error {
 public:
  // `keys` in memcmp order; `errors` holds the message of each merge function that threw.
  MergeConflict(std::vector<std::string> keys, std::map<std::string, std::string> errors);

  const std::vector<std::string>& conflicting_keys() const { return keys_; }
  const std::map<std::string, std::string>& merge_errors() const { return errors_; }

 private:
  std::vector<std::string> keys_;
  std::map<std::string, std::string> errors_;
};

}  // namespace vkv

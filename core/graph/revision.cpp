#include "core/graph/revision.h"

#include <charconv>
#include <cstdint>

#include "core/base/error.h"
#include "core/base/printable.h"

namespace vkv {
namespace {

constexpr std::size_t kShortestAbbreviation = 4;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

class Resolver {
 public:
  Resolver(Repository& repository, std::string_view revision, const Hash& head)
      : repository_(repository), revision_(revision), head_(head) {}

  Hash run() { return run_from(start(split_revision(revision_).name)); }

  Hash run_from(const Hash& start) {
    commit_ = start;
    for (rest_ = split_revision(revision_).suffixes; !rest_.empty();) apply_suffix();
    return commit_;
  }

 private:
  [[noreturn]] void fail(const char* why) const {
    throw InvalidArgument("revision " + printable(revision_) + " " + why);
  }

  Hash start(std::string_view name) {
    if (name.empty()) fail("is malformed: it starts with no name");
    if (name == "HEAD") return head_;
    if (const std::optional<Hash> head = repository_.refs().head(name)) return *head;
    if (const std::optional<Tag> tag = repository_.refs().tag(name)) return tag->commit;
    return by_hash(name);
  }

  Hash by_hash(std::string_view digits) {
    const bool may_be_hash = digits.size() >= kShortestAbbreviation &&
                             digits.size() <= 2 * Hash::kSize && is_hex(digits);
    const std::vector<Hash> found =
        may_be_hash ? repository_.commits_with_prefix(digits, 2) : std::vector<Hash>();
    if (found.empty()) fail("is unknown");
    if (found.size() > 1) fail("is ambiguous: it is the beginning of several commit hashes");
    return found.front();
  }

  void apply_suffix() {
    const char suffix = rest_.front();
    if (suffix != '~' && suffix != '^') fail("is malformed: only ~ and ^ may follow the name");
    rest_.remove_prefix(1);
    const std::uint64_t number = take_number();
    if (suffix == '~') {
      for (std::uint64_t i = 0; i < number; ++i) to_parent(1);
    } else if (number > 0) {
      to_parent(number);
    }
  }

  // The digits that come next, as a number; 1 when there are none.
  std::uint64_t take_number() {
    const std::size_t size = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (size == 0) return 1;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + size, number);
    if (error != std::errc()) fail("is malformed: a number is out of range");
    rest_.remove_prefix(size);
    return number;
  }

  void to_parent(std::uint64_t n) {
    const std::vector<Hash> parents = repository_.commit(commit_).parents;
    if (parents.empty()) fail("goes beyond the root");
    if (n > parents.size()) fail("asks for a parent its commit does not have");
    commit_ = parents[static_cast<std::size_t>(n - 1)];
  }

  Repository& repository_;
  std::string_view revision_;
  const Hash& head_;
  std::string_view rest_;
  Hash commit_;
};

}  // namespace

RevisionParts split_revision(std::string_view revision) {
  const std::size_t name_size = std::min(revision.find_first_of("~^"), revision.size());
  return {revision.substr(0, name_size), revision.substr(name_size)};
}

Hash resolve_revision(Repository& repository, std::string_view revision, const Hash& head) {
  return Resolver(repository, revision, head).run();
}

Hash resolve_suffixes(Repository& repository, std::string_view revision, const Hash& start) {
  return Resolver(repository, revision, start).run_from(start);
}

}  // namespace vkv

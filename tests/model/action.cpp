#include "tests/model/action.h"

#include <algorithm>
#include <cstdio>

namespace vkv::model {
namespace {

constexpr int kFewKeys = 20;
constexpr int kManyKeys = 400;

using Bytes = std::span<const std::uint8_t>;

std::string pick(std::uint8_t byte, std::initializer_list<const char*> choices) {
  return choices.begin()[byte % choices.size()];
}

std::string branch_name(std::uint8_t byte) {
  return pick(byte, {"main", "dev", "fix", "b/3", "main", "dev"});
}

std::string tag_name(std::uint8_t byte) { return pick(byte, {"v1", "v2", "rel/3", "v1", "dev"}); }

std::string workspace_name(std::uint8_t byte) { return pick(byte, {"w1", "w2", "w1", "w3"}); }

std::string ref_text(std::uint8_t byte, std::span<const std::string> hashes) {
  const std::string& hash = hashes[byte / 8 % hashes.size()];
  const std::string& recent = hashes[hashes.size() - 1 - byte / 8 % hashes.size()];
  switch (byte % 8) {
    case 0:
      return pick(byte / 8, {"HEAD", "HEAD~1", "HEAD~2", "HEAD^", "HEAD^2", "HEAD~3", "HEAD^0"});
    case 1:
      return branch_name(byte / 8);
    case 2:
      return pick(byte / 8, {"main", "dev", "fix", "new", "v1", "v2", "rel/3", "v1~1", "new^"});
    case 3:
      return branch_name(byte / 8) + pick(byte / 64, {"~1", "^1~1", "^2", "~2"});
    case 4:
      return hash;
    case 5:
      return recent.substr(0, 12);
    case 6:
      return recent;
    default:
      return pick(byte / 8, {"HEAD", "nowhere", "HEAD~1", "dev", "fix", "HEAD", "HEAD~50", ""});
  }
}

// A key as an application might bind it; one of a few that are numbers, or no key at all.
SqlValue key_value(std::uint8_t low, std::uint8_t high, const Configuration& configuration) {
  if (low == 255 && high % 4 == 0) return std::monostate{};
  if (low == 255 && high % 4 == 1) return test::SqlBlob{"k/001"};
  const int i = (low + high % 2 * 256) % (configuration.many_keys ? kManyKeys : kFewKeys);
  if (i % 16 == 5) return std::int64_t{i};
  if (i % 16 == 7) return i + 0.5;
  return key_text(i);
}

SqlValue value_of(std::uint8_t byte, const Configuration& configuration) {
  const std::string number = std::to_string(byte);
  switch (byte % 8) {
    case 0:
      return std::monostate{};
    case 1:
      return std::int64_t{byte};
    case 2:
      return byte - 1.0;  // equal to an integer but for its type
    case 3:
      return test::SqlBlob{number};
    case 4:
      return std::string(configuration.large_values ? 1500 : 15, 'l') + number;
    case 5:
      return byte == 5 && configuration.large_values ? std::string(70'000, 'h') : "v" + number;
    default:
      return number;
  }
}

std::string conflict_clause(std::uint8_t byte) {
  return pick(byte, {"", "", "", "REPLACE", "REPLACE", "IGNORE", "FAIL", "ROLLBACK"});
}

void decode_rows(Action& action, Bytes byte, const Configuration& configuration) {
  action.key = key_value(byte[0], byte[2], configuration);
  action.key2 = key_value(byte[1], byte[2] / 2, configuration);
  action.key3 = key_value(static_cast<std::uint8_t>(byte[0] ^ byte[1]), 2, configuration);
  action.value = value_of(action.kind == Kind::update_both ? byte[2] : byte[1], configuration);
  action.conflict_clause = conflict_clause(byte[2] / 4);
  action.first = configuration.many_keys ? byte[0] * 3 / 2 : byte[0] % kFewKeys;
  action.last = action.first + 1 + byte[1] % (configuration.many_keys ? 100 : 8);
  action.number = byte[2] % 4;
}

void decode_read(Action& action, Bytes byte, const Configuration& configuration,
                 std::span<const std::string> hashes) {
  decode_rows(action, byte, configuration);
  action.descending = byte[2] % 2 == 1;
  action.flag = byte[2] / 2 % 2 == 1;
  if (byte[2] / 4 % 3 == 0) action.ref = ref_text(byte[1], hashes);
  const int limits[] = {-1, 1, 3, 10};
  action.limit = limits[byte[2] / 12 % 4];
  if (action.kind == Kind::glob) action.name = pick(byte[0], {"k/*", "K/0?*", "k/00?", "*", "1*"});
  if (action.kind == Kind::like) action.name = pick(byte[0], {"k/%", "K/01_", "k/1%", "%x", "5%"});
}

void decode_cas(Action& action, Bytes byte, const Configuration& configuration) {
  action.key = key_value(byte[0], byte[2], configuration);
  action.value = value_of(byte[1], configuration);
  action.flag = byte[2] % 2 == 1;
  if (byte[2] % 4 == 0) action.expected = value_of(byte[2] / 4, configuration);
}

void decode_function(Action& action, Bytes byte, std::span<const std::string> hashes) {
  action.number = byte[0] % 12;
  action.ref = ref_text(byte[1], hashes);
  action.ref2 = ref_text(byte[2], hashes);
  action.flag = byte[2] % 4 == 3;
  action.flag2 = byte[2] % 16 == 9;
  switch (action.kind) {
    case Kind::commit:
    case Kind::merge:
      action.on_conflict =
          pick(byte[2] / 16, {"", "", "ours", "theirs", "abandon", "raise", "theirs", "nonsense"});
      if (action.kind == Kind::merge && action.ref.empty()) action.ref = "dev";
      if (action.kind == Kind::commit && byte[1] % 8 == 7) {
        action.name = pick(byte[1] / 8, {"k/*", "k/00?", "k/01*", "*", "1*", "nothing"});
      }
      break;
    case Kind::branch:
    case Kind::branch_delete:
      action.name = byte[0] == 0 ? "HEAD" : branch_name(byte[0]);
      if (action.kind == Kind::branch_delete && byte[0] % 3 == 0) action.name = "new";
      if (byte[2] % 2 == 0) action.ref.clear();
      break;
    case Kind::checkout:
      if (byte[0] % 4 != 0) action.ref = branch_name(byte[1]);
      if (byte[0] % 32 == 0) action.name = branch_name(byte[2]);
      break;
    case Kind::tag:
    case Kind::tag_delete:
      action.name = byte[0] == 0 ? "HEAD" : tag_name(byte[0]);
      if (byte[2] % 2 == 0) action.ref.clear();
      break;
    case Kind::branch_rename:
      action.name = pick(byte[0], {"main", "new", "dev", "main", "new", "fix"});
      action.ref =
          byte[1] == 0 ? "HEAD" : pick(byte[1], {"new", "main", "new", "main", "dev", "b/3"});
      break;
    case Kind::workspace:
      if (byte[0] % 4 != 0) action.name = workspace_name(byte[0] / 4);
      action.ref = byte[2] % 4 == 0 ? branch_name(byte[1]) : "";
      break;
    case Kind::workspace_delete:
      action.name = workspace_name(byte[0]);
      break;
    case Kind::hash:
    case Kind::diff:
      if (byte[0] % 3 == 0) action.ref = "WORKING";
      if (byte[0] % 5 == 0) action.ref2 = "WORKING";
      if (action.kind == Kind::hash && byte[0] % 2 == 0) action.ref.clear();
      break;
    default:
      break;
  }
}

// Functions that move the connection, or make away with places, are for the table itself.
bool takes_a_view(Kind kind) {
  return group_of(kind) != Group::moves && kind != Kind::branch_delete &&
         kind != Kind::branch_rename && kind != Kind::workspace_delete;
}

View view_of(Kind kind, std::uint8_t byte) {
  const auto view = static_cast<View>(byte / 2 % static_cast<std::uint8_t>(View::end));
  return takes_a_view(kind) ? view : View::table;
}

// Some keys that the table has show in the view of a namespace.
void hide_prefix(SqlValue& key, const std::string& prefix) {
  if (auto* text = std::get_if<std::string>(&key); text && text->starts_with(prefix)) {
    text->erase(0, prefix.size());
  }
}

}  // namespace

Group group_of(Kind kind) {
  switch (kind) {
    case Kind::checkout:
    case Kind::workspace:
      return Group::moves;
    case Kind::tags:
    case Kind::workspaces:
      return Group::queries;
    case Kind::end:
      return Group::none;
    default:
      break;
  }
  if (kind <= Kind::remove_all) return Group::changes_rows;
  if (kind <= Kind::all) return Group::reads_rows;
  if (kind <= Kind::reset) return Group::writes;
  if (kind <= Kind::check) return Group::queries;
  if (kind <= Kind::rollback_to) return Group::transaction;
  return Group::writes;
}

std::string key_text(int i) {
  char text[16];
  std::snprintf(text, sizeof text, i % 16 == 6 ? "K/%03d" : "k/%03d", i);
  return text;
}

std::string range_value(const Action& action, int i) {
  // printf('%.*c', n, 'p') writes at least one.
  return std::to_string(action.number) + "/" + std::to_string(i) + "/" +
         std::string(static_cast<std::size_t>(std::max(action.limit, 1)), 'p');
}

SqlValue message_of(const Action& action) { return "m" + std::to_string(action.number); }

SqlValue author_of(const Action& action) {
  if (action.number % 3 == 0) return "someone";
  return std::monostate{};
}

SqlValue time_of(const Action& action) {
  const int year = 1970 + action.number % 4;
  if (year == 1970) return std::monostate{};
  // 1972 is a leap year, whose last day is where 1973 minus a day of seconds begins.
  if (year == 1973) return "1972-12-31T00:00:00Z";
  return std::to_string(year) + "-01-01T00:00:00Z";
}

Action decode(const Record& record, const Configuration& configuration,
              std::span<const std::string> hashes) {
  Action action;
  if (record[0] >= static_cast<std::uint8_t>(Kind::end)) return action;
  action.kind = static_cast<Kind>(record[0]);
  action.connection = configuration.two_connections ? record[1] % 2 : 0;
  action.view = view_of(action.kind, record[1]);
  const Bytes arguments = Bytes(record).subspan(2);
  switch (group_of(action.kind)) {
    case Group::changes_rows:
      decode_rows(action, arguments, configuration);
      if (action.kind == Kind::shift_keys && action.conflict_clause == "REPLACE") {
        action.conflict_clause = "IGNORE";  // the order of a scan would show
      }
      action.limit = configuration.many_keys ? arguments[2] : arguments[2] % 32;
      break;
    case Group::reads_rows:
      decode_read(action, arguments, configuration, hashes);
      break;
    case Group::transaction:
      action.name = pick(arguments[0], {"a", "b", "c"});
      break;
    default:
      if (action.kind == Kind::cas) {
        decode_cas(action, arguments, configuration);
      } else {
        decode_function(action, arguments, hashes);
      }
  }
  for (SqlValue* key : {&action.key, &action.key2, &action.key3}) {
    hide_prefix(*key, prefix_of(action.view));
  }
  return action;
}

}  // namespace vkv::model

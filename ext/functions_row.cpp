// Single rows: vkv_get and vkv_cas.
#include "core/tree/cursor.h"
#include "ext/function_call.h"
#include "ext/sql_value.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

std::optional<Value> get_at(VersionedTable& table, std::string_view ref, BytesView key) {
  if (ref == kWorking) return table.get(key);
  Repository& repository = table.repository();
  Cursor cursor(repository.nodes(), repository.commit(table.resolve(ref)).root);
  if (!cursor.find(key)) return {};
  return load_value(repository.chunks(), cursor.value());
}

void get(FunctionCall& call) {
  const Bytes key(call.arguments().key(1));
  const std::string_view ref = call.arguments().optional_text(2).value_or(kWorking);
  VersionedTable& table = call.table();
  const auto value =
      call.arguments().about(2, [&] { return get_at(table, ref, call.full_key(key)); });
  if (value) call.answer(*value);
}

// Whether `found` IS `expected`, as SQL compares them.
bool is_value(sqlite3* db, ValueView found, ValueView expected) {
  Statement statement(db, "SELECT ?1 IS ?2");
  Statement::Run run(statement);
  bind_value(run, 1, found);
  bind_value(run, 2, expected);
  run.step();
  return run.int64(0) != 0;
}

void cas(FunctionCall& call) {
  const Bytes shown_key(call.arguments().key(1));
  const SqlValue value(call.arguments().value(2));
  const SqlValue expected(call.arguments().value(3));
  bool done = false;
  call.write([&](VersionedTable& table) {
    const Bytes key = call.full_key(shown_key);
    const auto found = table.get(key);
    const bool must_not_exist = expected.view().type == ValueType::null;
    done = must_not_exist ? !found
                          : found && is_value(table.connection().db(), *found, expected.view());
    if (done) table.put(key, value.view());
  });
  call.answer(std::int64_t{done ? 1 : 0});
}

constexpr Function kFunctions[] = {
    {"vkv_get", Function::Effect::reads, 2, {"table", "key", "ref"}, get, kWorksOnLive},
    {"vkv_cas",
     Function::Effect::writes,
     4,
     {"table", "key", "value", "expected"},
     cas,
     kWorksOnLive},
};

}  // namespace

std::span<const Function> row_functions() { return kFunctions; }

}  // namespace vkv::ext

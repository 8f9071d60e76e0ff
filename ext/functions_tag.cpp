// Tags.
#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/ref_name.h"
#include "ext/clock.h"
#include "ext/function_call.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

void tag(FunctionCall& call) {
  const std::string_view name = call.arguments().text(1);
  const auto at = call.arguments().optional_text(2);
  const auto message = call.arguments().optional_text(3);
  call.arguments().about(1, [&] { check_ref_name("tag", name); });
  Tag tag{.commit = {}, .message = {}, .time = now()};
  if (message) tag.message = Bytes(*message);
  call.write([&](VersionedTable& table) {
    tag.commit = at ? commit_argument(table, call.arguments(), 2) : table.state().base;
    if (!table.repository().refs().create_tag(name, tag)) {
      throw InvalidArgument(call.arguments().label(1) + ": tag " + printable(name) +
                            " exists already");
    }
  });
  call.answer(tag.commit);
}

void tag_delete(FunctionCall& call) {
  const std::string_view name = call.arguments().text(1);
  Hash commit;
  call.write([&](VersionedTable& table) {
    Refs& refs = table.repository().refs();
    const auto tag = refs.tag(name);
    if (!tag)
      throw InvalidArgument(call.arguments().label(1) + ": there is no tag " + printable(name));
    commit = tag->commit;
    refs.delete_tag(name);
  });
  call.answer(commit);
}

constexpr Function kFunctions[] = {
    {"vkv_tag", Function::Effect::writes, 2, {"table", "name", "at", "message"}, tag},
    {"vkv_tag_delete", Function::Effect::writes, 2, {"table", "name"}, tag_delete},
};

}  // namespace

std::span<const Function> tag_functions() { return kFunctions; }

}  // namespace vkv::ext

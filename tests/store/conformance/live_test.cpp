// store-protocol.md, "Live".
#include "core/store/live.h"

#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

TEST(Live, WritesTakeEffectAtOnce) {
  const auto kv = std::make_shared<Memory>();
  Live s(kv);
  s.set("k", "v");
  EXPECT_EQ(s.get("k"), "v");
  EXPECT_EQ(kv->items(), (Entries{{"k", "v"}}));
  s.remove("k");
  EXPECT_EQ(kv->items(), Entries{});
}

TEST(Live, CreatesAnInMemoryBackend) {
  Live s;
  s.set("k", "v");
  EXPECT_EQ(s.get("k"), "v");
}

TEST(Live, RefusesVersioningOperations) {
  Live s;
  EXPECT_THROW(s.commit(), Unsupported);
  EXPECT_THROW(s.reset(), Unsupported);
  EXPECT_THROW(s.create_branch("dev"), Unsupported);
  EXPECT_THROW(s.checkout(kUnknownCommit), Unsupported);
  EXPECT_THROW(s.list_branches(), Unsupported);
}

TEST(Live, RefusesMergeRegistrations) {
  Live s;
  EXPECT_THROW(s.set_merge_fn("k", always("v")), Unsupported);
  EXPECT_THROW(s.set_default_merge(always("v")), Unsupported);
  EXPECT_THROW(s.set_content_type("k", counter()), Unsupported);
  EXPECT_THROW(s.get_content_type<std::int64_t>("k"), Unsupported);
}

TEST(Live, HasNoCommits) {
  Live s;
  EXPECT_EQ(s.current_commit(), std::nullopt);
  EXPECT_EQ(s.base_commit(), std::nullopt);
  EXPECT_EQ(s.last_merge_result(), std::nullopt);
}

TEST(Live, ValuesAreBytesOnly) {
  Live s;
  EXPECT_THROW(s.set_value("k", {ValueType::text, "v"}), Unsupported);
  s.set_value("k", {ValueType::blob, "v"});
  EXPECT_EQ(s.get_value("k"), Value(ValueType::blob, "v"));
}

}  // namespace
}  // namespace vkv

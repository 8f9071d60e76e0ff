#include "ext/table_gc.h"

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/kv/shadow_tables.h"

namespace vkv::ext {

std::vector<Hash> pinned_commits(VersionedTable& table) {
  std::vector<Hash> commits;
  for (const Bytes& raw :
       vkv::pinned_commits(table.connection().db(), table.schema(), table.name())) {
    const auto hash = Hash::from_raw(raw);
    if (!hash) throw Corruption("a workspace stands on what is no commit: " + printable(raw));
    commits.push_back(*hash);
  }
  const Session& session = table.store().session();
  if (session.place == Session::Place::detached &&
      !table.workspaces().find_named(session.workspace) &&
      table.repository().has_commit(session.base)) {
    commits.push_back(session.base);
  }
  return commits;
}

GcReport collect_garbage(VersionedTable& table, GcOptions options) {
  // Tells a damaged or newer table before anything is removed.
  table.default_branch();
  const std::vector<Hash> pinned = pinned_commits(table);
  ChunkStore& chunks = table.repository().chunks();
  options.extra_commits = pinned;
  // SQLite lets nobody else write between what the statement reads and what it removes.
  options.caller_is_exclusive = true;
  options.checkpoint = [&chunks] { chunks.checkpoint(); };
  return vkv::collect_garbage(chunks.kv(), options);
}

}  // namespace vkv::ext

#include "tests/model/view.h"

namespace vkv::model {

std::string name_of(View view) {
  switch (view) {
    case View::name_space:
      return "n";
    case View::branch:
      return "b";
    default:
      return "kv";
  }
}

std::string arguments_of(View view) {
  return view == View::name_space ? "(store=kv, namespace=k)"
                                  : "(store=kv, branch=" + std::string(kViewedBranch) + ")";
}

std::string prefix_of(View view) { return view == View::name_space ? "k/" : ""; }

RowsPtr shown(View view, const RowsPtr& all) {
  const std::string prefix = prefix_of(view);
  if (prefix.empty()) return all;
  const auto rows = std::make_shared<Rows>();
  for (const auto& [key, value] : *all) {
    if (key.starts_with(prefix)) rows->emplace(key.substr(prefix.size()), value);
  }
  return rows;
}

Rows with_shown(View view, const RowsPtr& all, Rows shown) {
  const std::string prefix = prefix_of(view);
  if (prefix.empty()) return shown;
  Rows rows;
  for (const auto& row : *all) {
    if (!row.first.starts_with(prefix)) rows.insert(row);
  }
  for (const auto& [key, value] : shown) rows.emplace(prefix + key, value);
  return rows;
}

}  // namespace vkv::model

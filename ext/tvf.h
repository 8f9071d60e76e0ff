// The table-valued functions, each described in a file of its own.
#pragma once

#include "ext/table_function.h"

namespace vkv::ext {

extern const TableFunction kAtFunction;
extern const TableFunction kBlameFunction;
extern const TableFunction kBranchesFunction;
extern const TableFunction kDiffFunction;
extern const TableFunction kHistoryFunction;
extern const TableFunction kLogFunction;
extern const TableFunction kNamespacesFunction;
extern const TableFunction kStatusFunction;
extern const TableFunction kTagsFunction;
extern const TableFunction kWorkspacesFunction;

}  // namespace vkv::ext

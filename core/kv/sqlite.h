// SQLite's C interface: the linked library's or, inside the loadable extension (VKV_LOADABLE), that
// of the host which loads it.
#pragma once

#ifdef VKV_LOADABLE
#include <sqlite3ext.h>
// Defined, and set by SQLITE_EXTENSION_INIT2, where the entry point is.
SQLITE_EXTENSION_INIT3
#else
#include <sqlite3.h>
#endif

/* The extension, linked into a C program with its own SQLite. */
#include <sqlite3.h>
#include <stdio.h>

#include "ext/vkv.h"

static int print_row(void* unused, int count, char** values, char** names) {
  (void)unused;
  (void)names;
  for (int i = 0; i < count; ++i) printf(i > 0 ? "|%s" : "%s", values[i] ? values[i] : "NULL");
  printf("\n");
  return 0;
}

int main(void) {
  sqlite3* db = NULL;
  char* message = NULL;
  int rc = sqlite3_open(":memory:", &db);
  if (rc == SQLITE_OK) rc = vkv_register(db);
  if (rc == SQLITE_OK) {
    rc = sqlite3_exec(db,
                      "CREATE VIRTUAL TABLE kv USING vkv;"
                      "INSERT INTO kv VALUES('name', 'alice'), ('age', 30);"
                      "SELECT length(vkv_commit('kv', 'first'));"
                      "UPDATE kv SET value = value + 1 WHERE key = 'age';"
                      "SELECT key, value FROM kv;"
                      "SELECT kind, key, old_value, new_value FROM vkv_status('kv');",
                      print_row, NULL, &message);
  }
  if (rc != SQLITE_OK) fprintf(stderr, "error %d: %s\n", rc, message ? message : "");
  sqlite3_free(message);
  sqlite3_close(db);
  return rc;
}

/* vkv for programs that link it statically, in C or C++. */
#ifndef VKV_EXT_VKV_H
#define VKV_EXT_VKV_H

struct sqlite3;
struct sqlite3_api_routines;

#ifdef __cplusplus
extern "C" {
#endif

/* Adds the module and the functions to one connection; a second call on it changes nothing. Returns
   SQLite's result code. */
int vkv_register(struct sqlite3* db);

/* The same as SQLite calls extensions, so that sqlite3_auto_extension() takes it. `api` is not used
   when linked statically. On failure *message is from sqlite3_malloc(). */
int sqlite3_vkv_init(struct sqlite3* db, char** message, const struct sqlite3_api_routines* api);

#ifdef __cplusplus
}
#endif

#endif

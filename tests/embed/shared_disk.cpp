// A file shared by two processes, each with staged changes of its own.
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>

#include "core/store/factory.h"
#include "core/store/staged.h"

namespace {

void write(const char* path, const std::string& name) {
  const auto store = vkv::store({.storage = vkv::Storage::disk, .path = path});
  for (int i = 0; i < 100;) {
    store->set(name + std::to_string(i), name);
    try {
      store->commit({.author = name});
      ++i;
    } catch (const vkv::NoCommonAncestor&) {
      // The branch was started afresh: the change is to be made again from its new head.
      dynamic_cast<vkv::Staged&>(*store).refresh();
    } catch (const vkv::ConcurrencyError&) {
      // What is staged is still staged.
    }
  }
}

}  // namespace

int main(int, char** arguments) {
  const char* path = arguments[1];
  const pid_t child = fork();
  write(path, child == 0 ? "child" : "parent");
  if (child == 0) return 0;
  int status = 0;
  waitpid(child, &status, 0);
  const auto store = vkv::store({.storage = vkv::Storage::disk, .path = path});
  std::cout << store->keys().size() << " keys, child " << status << '\n';
}

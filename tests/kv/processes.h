// Other processes for a test.
#pragma once

#include <functional>
#include <vector>

namespace vkv {

// Forks; to be called while the process has one thread and no connection open. The child runs
// `body` and exits, with failure when an expectation failed or an exception left `body`. Returns
// the child's id.
int start_process(const std::function<void()>& body);

// Waits for the child to end and answers whether it exited with success.
bool succeeds(int process);

// Runs body(0) … body(count - 1), each in a process of its own, all at once, and expects success.
void run_processes(int count, const std::function<void(int)>& body);

}  // namespace vkv

// A process that works until it is killed, and says what it has done.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <optional>

#include "base/check.h"

namespace narthex::crash {

// `Done` is written by the child to the pipe it is given, as it lies in memory. Not thread-safe,
// and to be made while the process has no other threads.
template <typename Done>
class Child {
 public:
  // The child ends with what `run` returns.
  explicit Child(const std::function<int(int out)>& run) {
    std::array<int, 2> ends{};
    NARTHEX_CHECK(pipe(ends.data()) == 0, "a test needs a pipe");
    pid_ = fork();
    NARTHEX_CHECK(pid_ >= 0, "a test needs a process");
    if (pid_ == 0) {
      close(ends[0]);
      _exit(run(ends[1]));
    }
    close(ends[1]);
    pipe_ = ends[0];
  }
  ~Child() { close(pipe_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Empty when the process is gone and all is read.
  std::optional<Done> Next() {
    Done done{};
    std::size_t size = 0;
    while (size < sizeof(done)) {
      const ssize_t got = read(pipe_, reinterpret_cast<char*>(&done) + size, sizeof(done) - size);
      if (got <= 0) return std::nullopt;
      size += static_cast<std::size_t>(got);
    }
    return done;
  }

  // Whether it was running until now.
  bool Kill() {
    kill(pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFSIGNALED(status);
  }

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};

}  // namespace narthex::crash

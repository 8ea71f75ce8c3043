// The main() of benchmarks that take numbers and need a folder.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <string>

#include "base/number.h"
#include "io/file_system.h"

namespace narthex {

// Puts the arguments into `numbers`, as many as there are, and calls `run` with a folder that is
// removed afterwards. Returns what main() does.
inline int RunBench(int argc, char** argv, std::initializer_list<std::size_t*> numbers,
                    const std::function<Status(const std::string& folder)>& run) {
  int at = 1;
  for (std::size_t* number : numbers) {
    if (at < argc) *number = static_cast<std::size_t>(ParseUint64(argv[at]).value_or(*number));
    ++at;
  }
  std::string folder = "/tmp/narthex-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  const Status status = run(folder);
  (void)io::RemoveAll(io::SystemFiles(), folder);
  if (!status.ok()) fmt::print(stderr, "{}\n", status.error().message());
  return status.ok() ? 0 : 1;
}

}  // namespace narthex

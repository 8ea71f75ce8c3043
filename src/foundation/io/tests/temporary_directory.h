// A folder of a test's own, gone with the object.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "base/check.h"
#include "io/file_system.h"

namespace narthex::io {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    const char* base = std::getenv("TMPDIR");
    path_ = std::string(base != nullptr ? base : "/tmp") + "/narthex-test-XXXXXX";
    NARTHEX_CHECK(mkdtemp(path_.data()) != nullptr, "tests need a folder to write in");
  }
  ~TemporaryDirectory() { (void)RemoveAll(SystemFiles(), path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return JoinPath(path_, name); }

 private:
  std::string path_;
};

}  // namespace narthex::io

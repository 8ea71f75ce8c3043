// Where the conformance corpus is, and what happens without it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace narthex::conformance {

// $NARTHEX_CONFORMANCE, else the folder beside the source tree.
inline std::filesystem::path CorpusRoot() {
  const char* const root = std::getenv("NARTHEX_CONFORMANCE");
  if (root != nullptr && *root != '\0') return root;
  return std::filesystem::path(NARTHEX_SOURCE_DIR) / ".." / "shared" / "conformance";
}

// The bytes of a corpus file, `path` relative to the root; empty if it is not there.
inline std::optional<std::string> ReadCorpusFile(std::string_view path) {
  std::ifstream file(CorpusRoot() / path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

inline bool CorpusIsRequired() {
  const char* const ci = std::getenv("CI");
  return ci != nullptr && std::string_view(ci) == "true";
}

}  // namespace narthex::conformance

// Goes on only where the folder or file `path` of the corpus is. Where it is missing, the test is
// skipped; with CI=true it fails.
#define NARTHEX_NEED_CORPUS(path)                                                         \
  if (!std::filesystem::exists(path)) {                                                   \
    if (::narthex::conformance::CorpusIsRequired()) {                                     \
      FAIL() << "no conformance corpus at " << (path) << "; set NARTHEX_CONFORMANCE";     \
    }                                                                                     \
    GTEST_SKIP() << "no conformance corpus at " << (path) << "; set NARTHEX_CONFORMANCE"; \
  }                                                                                       \
  static_assert(true)

// Reads the corpus file `path` into the new std::string `text`. Where it is missing, the test is
// skipped; with CI=true it fails.
#define NARTHEX_READ_CORPUS(text, path)                                                           \
  const std::optional<std::string> text##_or_none = ::narthex::conformance::ReadCorpusFile(path); \
  if (!text##_or_none) {                                                                          \
    if (::narthex::conformance::CorpusIsRequired()) {                                             \
      FAIL() << "no conformance file " << (path) << "; set NARTHEX_CONFORMANCE";                  \
    }                                                                                             \
    GTEST_SKIP() << "no conformance file " << (path) << "; set NARTHEX_CONFORMANCE";              \
  }                                                                                               \
  const std::string& text = *text##_or_none

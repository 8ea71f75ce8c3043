#include "io/fixed_file.h"

#include <gtest/gtest.h>

#include "io/file_system.h"
#include "temporary_directory.h"

namespace narthex::io {
namespace {

TEST(FixedFile, KeepsItsSizeAndWhatIsWritten) {
  const TemporaryDirectory directory;
  const std::string path = JoinPath(directory.path(), "fixed");
  {
    auto file = FixedFile::Create(path, 40'000);
    ASSERT_TRUE(file.ok()) << file.error().message();
    ASSERT_TRUE((*file)->WriteAt(39'997, "end").ok());
    ASSERT_TRUE((*file)->WriteAt(1, "x").ok());
    ASSERT_TRUE((*file)->WriteAt(1, "y").ok());
  }
  const auto bytes = ReadFile(SystemFiles(), path);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(bytes->size(), 40'000u);
  EXPECT_EQ(bytes->substr(0, 3), std::string_view("\0y\0", 3));
  EXPECT_EQ(bytes->substr(39'996), std::string_view("\0end", 4));
}

TEST(FixedFile, EmptiesWhatWasThere) {
  const TemporaryDirectory directory;
  const std::string path = JoinPath(directory.path(), "fixed");
  ASSERT_TRUE(WriteFileAtomically(SystemFiles(), path, "longer than ten").ok());
  ASSERT_TRUE(FixedFile::Create(path, 10).ok());
  const auto bytes = ReadFile(SystemFiles(), path);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(*bytes, std::string(10, '\0'));
}

TEST(FixedFile, NamesThePathThatCannotBeMade) {
  const auto file = FixedFile::Create("/nonexistent/fixed", 10);
  EXPECT_EQ(file.code(), ErrorCode::kNotFound);
  EXPECT_NE(file.error().message().find("/nonexistent/fixed"), std::string::npos);
}

}  // namespace
}  // namespace narthex::io

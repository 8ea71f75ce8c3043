#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_file_system.h"
#include "io/file_system.h"
#include "io/lock_file.h"
#include "temporary_directory.h"

namespace narthex::io {
namespace {

std::unique_ptr<File> MustOpen(FileSystem& files, std::string_view path, OpenMode mode) {
  Result<std::unique_ptr<File>> file = files.Open(path, mode);
  EXPECT_TRUE(file.ok()) << (file.ok() ? "" : file.error().message());
  return file.ok() ? std::move(file).value() : nullptr;
}

TEST(File, AppendsPartsAndReadsThemBack) {
  const TemporaryDirectory directory;
  const auto file = MustOpen(SystemFiles(), directory / "f", OpenMode::kCreate);
  const std::string_view parts[] = {"abc", "", "def"};
  ASSERT_TRUE(file->Append(parts).ok());
  ASSERT_TRUE(file->Append("gh").ok());
  ASSERT_TRUE(file->Sync().ok());

  std::string buffer(4, '?');
  EXPECT_EQ(file->ReadAt(2, buffer).value(), 4u);
  EXPECT_EQ(buffer, "cdef");
  EXPECT_EQ(file->ReadAt(6, buffer).value(), 2u);
  EXPECT_EQ(file->ReadAt(8, buffer).value(), 0u);
  EXPECT_EQ(file->Size().value(), 8u);
}

TEST(File, TruncateMakesTheNextAppendFollowTheCut) {
  const TemporaryDirectory directory;
  const auto file = MustOpen(SystemFiles(), directory / "f", OpenMode::kAppend);
  ASSERT_TRUE(file->Append("abcdef").ok());
  ASSERT_TRUE(file->Truncate(2).ok());
  ASSERT_TRUE(file->Append("X").ok());
  EXPECT_EQ(ReadFile(SystemFiles(), directory / "f").value(), "abX");
}

TEST(File, PreallocateKeepsTheSize) {
  const TemporaryDirectory directory;
  const auto file = MustOpen(SystemFiles(), directory / "f", OpenMode::kCreate);
  ASSERT_TRUE(file->Preallocate(1 << 20).ok());
  EXPECT_EQ(file->Size().value(), 0u);
}

TEST(FileSystem, OpenNamesPathAndReason) {
  const TemporaryDirectory directory;
  const std::string path = directory / "missing";
  const auto missing = SystemFiles().Open(path, OpenMode::kRead);
  ASSERT_EQ(missing.code(), ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message().find(path), std::string::npos);
  EXPECT_NE(missing.error().message().find("No such file"), std::string::npos);

  (void)MustOpen(SystemFiles(), path, OpenMode::kCreate);
  EXPECT_EQ(SystemFiles().Open(path, OpenMode::kCreate).code(), ErrorCode::kAlreadyExists);
}

TEST(FileSystem, MapShowsTheBytesAlsoAfterRemoval) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(MustOpen(SystemFiles(), directory / "f", OpenMode::kCreate)->Append("bytes").ok());
  Result<Mapping> mapping = SystemFiles().Map(directory / "f");
  ASSERT_TRUE(mapping.ok());
  ASSERT_TRUE(SystemFiles().Remove(directory / "f").ok());
  Mapping moved = std::move(mapping).value();
  moved.ReadAhead();
  EXPECT_EQ(moved.bytes(), "bytes");

  (void)MustOpen(SystemFiles(), directory / "empty", OpenMode::kCreate);
  const Mapping empty = SystemFiles().Map(directory / "empty").value();
  empty.ReadAhead();
  EXPECT_EQ(empty.bytes(), "");
}

TEST(FileSystem, FoldersAreMadeListedAndRemovedWithAllTheyHold) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(SystemFiles().CreateDirectories(directory / "a/b/c").ok());
  ASSERT_TRUE(SystemFiles().CreateDirectories(directory / "a/b/c").ok());
  ASSERT_TRUE(MustOpen(SystemFiles(), directory / "a/z", OpenMode::kCreate)->Append("12345").ok());
  ASSERT_TRUE(MustOpen(SystemFiles(), directory / "a/b/y", OpenMode::kCreate)->Append("1").ok());

  const std::vector<DirectoryEntry> want = {{"b", true}, {"z", false}};
  EXPECT_EQ(SystemFiles().List(directory / "a").value(), want);
  EXPECT_EQ(DirectorySize(SystemFiles(), directory / "a").value(), 6u);
  EXPECT_TRUE(SystemFiles().SyncDirectory(directory / "a").ok());

  EXPECT_TRUE(RemoveAll(SystemFiles(), directory / "a").ok());
  EXPECT_FALSE(Exists(SystemFiles(), directory / "a"));
  EXPECT_TRUE(RemoveAll(SystemFiles(), directory / "a").ok());
}

TEST(FileSystem, AFileInTheWayOfAFolderIsAnError) {
  const TemporaryDirectory directory;
  (void)MustOpen(SystemFiles(), directory / "f", OpenMode::kCreate);
  EXPECT_FALSE(SystemFiles().CreateDirectories(directory / "f").ok());
  EXPECT_FALSE(SystemFiles().CreateDirectories(directory / "f/g").ok());
}

TEST(FileSystem, FreeBytesOfAFolder) {
  EXPECT_GT(SystemFiles().FreeBytes("/tmp").value(), 0u);
  EXPECT_EQ(SystemFiles().FreeBytes("/nonexistent/x").code(), ErrorCode::kNotFound);
}

TEST(FileSystem, TotalBytesOfAFolder) {
  EXPECT_GE(SystemFiles().TotalBytes("/tmp").value(), SystemFiles().FreeBytes("/tmp").value());
  EXPECT_EQ(SystemFiles().TotalBytes("/nonexistent/x").code(), ErrorCode::kNotFound);
  EXPECT_EQ(SystemFiles().TotalBytes("/proc").code(), ErrorCode::kUnsupported);
}

TEST(FileSystem, LinksAndCopiesHoldTheSameBytes) {
  const TemporaryDirectory directory;
  const std::string bytes(3'000'000, 'x');
  ASSERT_TRUE(MustOpen(SystemFiles(), directory / "f", OpenMode::kCreate)->Append(bytes).ok());
  ASSERT_TRUE(SystemFiles().Link(directory / "f", directory / "link").ok());
  ASSERT_TRUE(CopyFile(SystemFiles(), directory / "f", directory / "copy").ok());
  ASSERT_TRUE(SystemFiles().Remove(directory / "f").ok());
  EXPECT_EQ(ReadFile(SystemFiles(), directory / "link").value(), bytes);
  EXPECT_EQ(ReadFile(SystemFiles(), directory / "copy").value(), bytes);
  EXPECT_EQ(SystemFiles().Link(directory / "f", directory / "g").code(), ErrorCode::kNotFound);
  EXPECT_EQ(SystemFiles().Link(directory / "link", directory / "copy").code(),
            ErrorCode::kAlreadyExists);
}

TEST(ReadFile, RefusesMoreThanTheLimit) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(MustOpen(SystemFiles(), directory / "f", OpenMode::kCreate)->Append("12345").ok());
  EXPECT_EQ(ReadFile(SystemFiles(), directory / "f", 5).value(), "12345");
  EXPECT_EQ(ReadFile(SystemFiles(), directory / "f", 4).code(), ErrorCode::kResourceExhausted);
}

TEST(WriteFileAtomically, LeavesTheOldOrTheNewFileWhereverItStops) {
  for (std::int64_t stop = 0; stop < 12; ++stop) {
    SCOPED_TRACE(stop);
    const TemporaryDirectory directory;
    const std::string path = directory / "f";
    FaultFileSystem files;
    ASSERT_TRUE(WriteFileAtomically(files, path, "old").ok());
    files.StopAfter(stop);
    const Status written = WriteFileAtomically(files, path, "new and longer");
    const std::string content = ReadFile(SystemFiles(), path).value();
    if (written.ok()) {
      EXPECT_EQ(content, "new and longer");
    } else {
      EXPECT_TRUE(content == "old" || content == "new and longer") << content;
    }
    // What a stopped attempt left behind is no hindrance.
    files.Heal();
    ASSERT_TRUE(WriteFileAtomically(files, path, "last").ok());
    EXPECT_EQ(ReadFile(SystemFiles(), path).value(), "last");
  }
}

TEST(WriteFileAtomically, FullDiskKeepsTheOldFileAndLeavesNoRest) {
  const TemporaryDirectory directory;
  FaultFileSystem files;
  ASSERT_TRUE(WriteFileAtomically(files, directory / "f", "old").ok());
  files.SetRoom(3);
  EXPECT_EQ(WriteFileAtomically(files, directory / "f", "new").code(), std::nullopt);
  files.SetRoom(3);
  EXPECT_EQ(WriteFileAtomically(files, directory / "f", "longer").code(), ErrorCode::kNoSpace);
  EXPECT_EQ(ReadFile(SystemFiles(), directory / "f").value(), "new");
  EXPECT_FALSE(Exists(SystemFiles(), directory / "f.tmp"));
}

TEST(LockFile, SecondHolderIsRefusedWithTheFirstOnesProcess) {
  const TemporaryDirectory directory;
  const std::string path = directory / "lock";
  auto first = LockFile::Acquire(path);
  ASSERT_TRUE(first.ok());

  const auto second = LockFile::Acquire(path);
  ASSERT_EQ(second.code(), ErrorCode::kFailedPrecondition);
  EXPECT_NE(second.error().message().find(std::to_string(getpid())), std::string::npos);

  std::move(first).value().reset();
  EXPECT_TRUE(LockFile::Acquire(path).ok());
}

TEST(LockFile, TellsWhetherTheHolderBeforeLetGo) {
  const TemporaryDirectory directory;
  const std::string path = directory / "lock";
  EXPECT_FALSE((*LockFile::Acquire(path))->was_left_behind());
  EXPECT_FALSE((*LockFile::Acquire(path))->was_left_behind());
  ASSERT_TRUE(WriteFileAtomically(SystemFiles(), path, "4711\n").ok());
  EXPECT_TRUE((*LockFile::Acquire(path, LockFile::Note::kNone))->was_left_behind());
  EXPECT_TRUE((*LockFile::Acquire(path))->was_left_behind());
  EXPECT_FALSE((*LockFile::Acquire(path))->was_left_behind());
}

TEST(Paths, JoinAndParent) {
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
  EXPECT_EQ(JoinPath("a/", "b"), "a/b");
  EXPECT_EQ(JoinPath("", "b"), "b");
  EXPECT_EQ(ParentPath("a/b/c"), "a/b");
  EXPECT_EQ(ParentPath("a/b/"), "a");
  EXPECT_EQ(ParentPath("/a"), "/");
  EXPECT_EQ(ParentPath("/"), "/");
  EXPECT_EQ(ParentPath("a"), ".");
}

}  // namespace
}  // namespace narthex::io

// Snapshots, and folders that are not ours.
#include "test_store.h"

namespace narthex::tsdb {
namespace {

TEST(Snapshot, HoldsAllSamplesOfItsMomentAndOpensAsAStore) {
  for (const bool has_links : {true, false}) {
    for (const HeadInSnapshot head : {HeadInSnapshot::kIncluded, HeadInSnapshot::kLeftOut}) {
      SCOPED_TRACE(fmt::format("links {}, head {}", has_links, static_cast<int>(head)));
      const io::TemporaryDirectory directory;
      io::FaultFileSystem files;
      files.RefuseLinks(!has_links);
      TestStore t(directory.path(), files);
      t.AppendRange(0, 5 * kHour);
      ASSERT_TRUE(t.store().Maintain().ok());
      const auto name = t.store().Snapshot(head);
      ASSERT_TRUE(name.ok()) << name.error().message();
      EXPECT_EQ(name->size(), std::string("20060102T150405Z-0123456789abcdef").size());
      t.AppendRange(5 * kHour, 6 * kHour);
      t.store().SetRetention({.time = std::chrono::milliseconds(1)});
      ASSERT_TRUE(t.store().Maintain().ok());

      TestStore copy(directory / "snapshots/" + *name);
      const bool has_head = head == HeadInSnapshot::kIncluded;
      copy.ExpectRange(0, has_head ? 5 * kHour : 2 * kHour);
      // It goes on from there.
      copy.AppendRange(5 * kHour, 6 * kHour);
      if (has_head) copy.ExpectRange(0, 6 * kHour);
    }
  }
}

TEST(Snapshot, TakesLessRoomThanTheBlocksThatAreCutForTheStore) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  // None is merged, which would code it anew too.
  t.options().block_range_max = t.options().block_range;
  t.Open();
  t.AppendRange(0, 20 * kHour);
  const auto name = t.store().Snapshot(HeadInSnapshot::kIncluded);
  ASSERT_TRUE(name.ok()) << name.error().message();
  TestStore copy(directory / "snapshots/" + *name);
  copy.ExpectRange(0, 20 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_GT(t.store().stats().block_count, 1u);
  EXPECT_LT(copy.store().stats().block_bytes, t.store().stats().block_bytes);
}

TEST(Snapshot, OfNothingIsAnEmptyStore) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  const auto name = t.store().Snapshot(HeadInSnapshot::kIncluded);
  ASSERT_TRUE(name.ok());
  TestStore copy(directory / "snapshots/" + *name);
  EXPECT_EQ(copy.store().stats().block_count, 0u);
}

TEST(Snapshot, AFullDiskLeavesNoHalfSnapshot) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  TestStore t(directory.path(), files);
  t.AppendRange(0, 5 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  files.SetRoom(100);
  EXPECT_EQ(t.store().Snapshot(HeadInSnapshot::kIncluded).code(), ErrorCode::kNoSpace);
  EXPECT_TRUE(io::SystemFiles().List(directory / "snapshots")->empty());
  files.Heal();
  EXPECT_TRUE(t.store().Snapshot(HeadInSnapshot::kIncluded).ok());
}

TEST(Snapshot, AStopAtAnyPointLeavesAWholeOneOrNone) {
  bool is_taken = false;
  for (std::int64_t stop = 0; !is_taken; ++stop) {
    SCOPED_TRACE(stop);
    ASSERT_LT(stop, 200);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestStore t(directory.path(), files);
    t.AppendRange(0, 5 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
    files.StopAfter(stop);
    is_taken = t.store().Snapshot(HeadInSnapshot::kIncluded).ok();
    t.Close();
    files.Heal();
    t.Open();
    const auto snapshots = io::SystemFiles().List(directory / "snapshots");
    const std::size_t count = snapshots.ok() ? snapshots->size() : 0;
    ASSERT_TRUE(count == 1 || (count == 0 && !is_taken)) << count;
    if (count == 0) continue;
    TestStore copy(directory / "snapshots/" + snapshots->front().name);
    copy.ExpectRange(0, 5 * kHour);
  }
}

TEST(Tsdb, AFolderOfPrometheusIsRefusedWithTheWayToImport) {
  const struct {
    std::string name;
    std::string folder;
    std::string file;
    bool is_refused;
  } cases[] = {
      {"chunks of a head", "chunks_head", "", true},
      {"log", "wal", "00000003", true},
      {"block", "01KAPX5V2M8E4F0Q9T3B7C6D1A", "meta.json", true},
      {"our log", "wal", "00000003.wal", false},
      {"something else", "01KAPX5V2M8E4F0Q9T3B7C6D1A", "index", false},
      {"a file of that name", "", "chunks_head", false},
      {"ours, with a rest of theirs", "blocks", "", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const io::TemporaryDirectory directory;
    const std::string folder = directory / c.folder;
    ASSERT_TRUE(io::SystemFiles().CreateDirectories(folder).ok());
    if (c.name.starts_with("ours")) {
      ASSERT_TRUE(io::SystemFiles().CreateDirectories(directory / "chunks_head").ok());
    }
    if (!c.file.empty()) {
      ASSERT_TRUE(io::SystemFiles().Open(io::JoinPath(folder, c.file), io::OpenMode::kCreate).ok());
    }
    FakeClock clock;
    TsdbOptions options;
    options.directory = directory.path();
    options.upkeep_interval = std::chrono::milliseconds(0);
    const auto opened = Tsdb::Open(io::SystemFiles(), clock, options);
    ASSERT_EQ(opened.ok(), !c.is_refused);
    if (opened.ok()) continue;
    EXPECT_EQ(opened.code(), ErrorCode::kFailedPrecondition);
    EXPECT_NE(opened.error().message().find("narthex tool tsdb import"), std::string::npos);
    EXPECT_FALSE(io::Exists(io::SystemFiles(), directory / "blocks"));
  }
}

}  // namespace
}  // namespace narthex::tsdb

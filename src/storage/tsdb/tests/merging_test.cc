// Merging blocks: what becomes of samples, whatever happens meanwhile.
#include <set>

#include "block/block.h"
#include "block/writer.h"
#include "test_store.h"

namespace narthex::tsdb {
namespace {

constexpr std::int64_t kPlenty = std::int64_t{1} << 40;

std::set<std::string> Folders(const io::TemporaryDirectory& directory) {
  std::set<std::string> names;
  const auto entries = io::SystemFiles().List(directory / "blocks");
  for (const auto& entry : *entries) names.insert(entry.name);
  return names;
}

// The blocks in the folder; none overlaps another.
std::vector<block::BlockMeta> Metas(const io::TemporaryDirectory& directory) {
  std::vector<block::BlockMeta> metas;
  for (const std::string& name : Folders(directory)) {
    const auto block = block::Block::Open(io::SystemFiles(), directory / "blocks/" + name);
    EXPECT_TRUE(block.ok()) << name;
    if (block.ok()) metas.push_back((*block)->meta());
  }
  std::ranges::sort(metas, {}, &block::BlockMeta::min_time);
  for (std::size_t i = 1; i < metas.size(); ++i) {
    EXPECT_LE(metas[i - 1].max_time, metas[i].min_time);
  }
  return metas;
}

// A store with `hours` of samples in blocks of two hours, none merged yet.
std::unique_ptr<TestStore> Unmerged(const io::TemporaryDirectory& directory,
                                    io::FaultFileSystem& files, TimestampMs hours) {
  auto t = std::make_unique<TestStore>(directory.path(), files);
  t->options().retention = {.time = std::chrono::milliseconds(0)};
  t->options().block_range_max = std::chrono::hours(2);
  t->Open();
  t->AppendRange(0, hours * kHour);
  EXPECT_TRUE(t->store().Maintain().ok());
  t->options().block_range_max = std::chrono::milliseconds(0);
  t->Open();
  return t;
}

TEST(Merging, BlocksGrowByThreeAndNothingIsLost) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.store().SetRetention({.time = std::chrono::milliseconds(0)});
  for (TimestampMs hour = 0; hour < 60; hour += 2) {
    t.AppendRange(hour * kHour, (hour + 2) * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
  }
  t.ExpectRange(0, 60 * kHour);
  const auto metas = Metas(directory);
  ASSERT_EQ(metas.size(), 3u);
  EXPECT_EQ(metas[0].max_time - metas[0].min_time, 54 * kHour);
  EXPECT_EQ(metas[0].level, 4u);
  EXPECT_EQ(metas[0].sources.size(), 3u);
  EXPECT_EQ(metas[0].sample_count, 4u * 54 * 60);
  EXPECT_EQ(metas[0].head_cut_until, 54 * kHour);
  t.Open();
  t.ExpectRange(0, 60 * kHour);
}

TEST(Merging, NoBlockIsLargerThanATenthOfTheRetention) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.store().SetRetention({.time = std::chrono::hours(100)});
  t.AppendRange(0, 40 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  for (const auto& meta : Metas(directory)) {
    EXPECT_LE(meta.max_time - meta.min_time, 6 * kHour);
  }
}

TEST(Merging, AnOpenQuerierKeepsWhatItSaw) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  const auto t = Unmerged(directory, files, 12);
  auto querier = t->store().OpenQuerier({});
  ASSERT_TRUE(t->store().Maintain().ok());
  EXPECT_EQ(Folders(directory).size(), 3u);
  auto set = (*querier)->Select({}, {});
  int count = 0;
  for (; (*set)->Next(); ++count) EXPECT_EQ((*set)->samples()->values.size(), 720u);
  EXPECT_EQ(count, 4);
}

TEST(Merging, AStopAtAnyPointLeavesTheOldBlocksOrTheNew) {
  bool finished = false;
  for (std::int64_t stop = 0; !finished; ++stop) {
    SCOPED_TRACE(stop);
    ASSERT_LT(stop, 200);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    const auto t = Unmerged(directory, files, 12);
    files.StopAfter(stop);
    finished = t->store().Maintain().ok();
    t->ExpectRange(0, 12 * kHour);
    t->Close();
    files.Heal();
    t->Open();
    // Not a folder too many: half blocks and replaced ones are gone.
    const std::size_t count = Metas(directory).size();
    EXPECT_TRUE(count == 5 || count == 3) << count;
    EXPECT_EQ(t->store().stats().block_count, count);
    t->ExpectRange(0, 12 * kHour);
    ASSERT_TRUE(t->store().Maintain().ok());
    EXPECT_EQ(Metas(directory).size(), 3u);
    t->ExpectRange(0, 12 * kHour);
  }
}

TEST(Merging, WaitsForRoomOnTheDisk) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  const auto t = Unmerged(directory, files, 12);
  files.PretendFree(1 << 20);
  ASSERT_TRUE(t->store().Maintain().ok());
  EXPECT_EQ(t->store().stats().merge_skipped_count, 1u);
  EXPECT_EQ(Folders(directory).size(), 5u);
  t->AppendRange(12 * kHour, 12 * kHour + 10 * kStep);
  files.PretendFree(kPlenty);
  ASSERT_TRUE(t->store().Maintain().ok());
  EXPECT_EQ(Folders(directory).size(), 3u);
  t->ExpectRange(0, 12 * kHour + 10 * kStep);
}

TEST(Merging, ADiskThatFillsUpMeanwhileCostsNothingAndIsTriedLater) {
  for (std::int64_t room = 0; room < 30'000; room += 2003) {
    SCOPED_TRACE(room);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    const auto t = Unmerged(directory, files, 12);
    files.PretendFree(kPlenty);
    files.SetRoom(room);
    const Status merged = t->store().Maintain();
    t->ExpectRange(0, 12 * kHour);
    if (merged.ok()) break;
    EXPECT_EQ(merged.code(), ErrorCode::kNoSpace);
    EXPECT_EQ(t->store().stats().compaction_failed_count, 1u);
    EXPECT_EQ(Metas(directory).size(), 5u);
    // Not at once, or a full disk would be written to and cleared all the time.
    files.Heal();
    ASSERT_TRUE(t->store().Maintain().ok());
    EXPECT_EQ(Metas(directory).size(), 5u);
    t->clock().Advance(std::chrono::minutes(11));
    ASSERT_TRUE(t->store().Maintain().ok());
    EXPECT_EQ(Metas(directory).size(), 3u);
    t->ExpectRange(0, 12 * kHour);
  }
}

TEST(Merging, ADamagedBlockIsLeftAloneAndTheOthersAreMerged) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  const auto t = Unmerged(directory, files, 18);
  t->Close();
  const auto metas = Metas(directory);
  // Bytes of a page: found when it is read.
  const std::string path = directory / "blocks/" + metas[1].id + "/pages";
  std::string bytes = io::ReadFile(io::SystemFiles(), path).value();
  for (std::size_t i = 8; i < 12; ++i) bytes[i] = static_cast<char>(~bytes[i]);
  ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), path, bytes).ok());
  t->Open();
  EXPECT_EQ(t->store().Maintain().code(), ErrorCode::kCorruption);
  ASSERT_TRUE(t->store().Maintain().ok());
  const auto after = Metas(directory);
  ASSERT_EQ(after.size(), 6u);
  EXPECT_EQ(after[1].id, metas[1].id);
  EXPECT_EQ(after[3].max_time - after[3].min_time, 6 * kHour);
  EXPECT_EQ(t->store().stats().compaction_failed_count, 1u);
}

TEST(Merging, ABlockPutIntoTheFolderIsReadAndMergedWithWhatItOverlaps) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  const auto t = Unmerged(directory, files, 12);
  block::BlockMeta meta;
  meta.id = block::NewBlockId(0);
  meta.min_time = kHour;
  meta.max_time = 3 * kHour;
  {
    auto writer = block::BlockWriter::Create(files, directory / "blocks", meta);
    ASSERT_TRUE(writer.ok());
    // One sample between two, one that the store has with another value, which comes later in time.
    const std::vector<TimestampMs> times = {kHour + 1, 2 * kHour};
    const std::vector<double> values = {-1, -2};
    ASSERT_TRUE((*writer)->Add({{"__name__", "m"}, {"i", "1"}}, {times, values, 0}).ok());
    ASSERT_TRUE((*writer)->Finish().ok());
  }
  ASSERT_TRUE(t->store().Maintain().ok());
  EXPECT_EQ(t->store().stats().overlap_merge_count, 1u);
  EXPECT_EQ(Metas(directory).size(), 3u);
  const auto samples = t->Read("1");
  ASSERT_EQ(samples.size(), 721u);
  EXPECT_EQ(samples[61].value, -1);
  // Of two with one time, the one of the block that begins earlier holds.
  EXPECT_EQ(samples[121].value, -2);
  EXPECT_EQ(t->Read("0").size(), 720u);
}

TEST(Merging, ABlockTakenOutOfTheFolderIsNoLongerRead) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  const auto t = Unmerged(directory, files, 6);
  const auto metas = Metas(directory);
  ASSERT_TRUE(io::RemoveAll(files, directory / "blocks/" + metas[0].id).ok());
  ASSERT_TRUE(t->store().Maintain().ok());
  EXPECT_EQ(t->Read("0").front().timestamp, 2 * kHour);
}

}  // namespace
}  // namespace narthex::tsdb

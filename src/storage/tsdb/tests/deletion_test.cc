// Deleting samples from blocks and head.
#include "base/bytes.h"
#include "base/hash.h"
#include "head_deletions.h"
#include "test_store.h"

namespace narthex::tsdb {
namespace {

std::vector<model::Matcher> Series(const std::string& value) {
  return {model::Matcher::Equal("i", value)};
}

// Series "1" has no samples of [from, until), the others have all of [0, end).
void ExpectHole(TestStore& t, TimestampMs from, TimestampMs until, TimestampMs end) {
  const auto samples = t.Read("1");
  ASSERT_EQ(samples.size(), static_cast<std::size_t>((end - (until - from)) / kStep));
  for (const model::Sample& sample : samples) {
    ASSERT_TRUE(sample.timestamp < from || sample.timestamp >= until) << sample.timestamp;
  }
  ASSERT_EQ(t.Read("0").size(), static_cast<std::size_t>(end / kStep));
}

TEST(Deletion, HidesSamplesAtOnceAndForGood) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 9 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  // From within a block into the head.
  const TimestampMs from = 5 * kHour;
  const TimestampMs until = 8 * kHour + 30 * kStep;
  auto before = t.store().OpenQuerier({});
  ASSERT_TRUE(t.store().Delete({from, until - 1}, Series("1")).ok());
  ExpectHole(t, from, until, 9 * kHour);
  // A querier goes on with what it began with.
  auto set = (*before)->Select(Series("1"), {});
  ASSERT_TRUE((*set)->Next());
  EXPECT_EQ((*set)->samples()->values.size(), 540u);
  set = Error{ErrorCode::kCanceled, "closed"};
  before = Error{ErrorCode::kCanceled, "closed"};

  t.Open();
  ExpectHole(t, from, until, 9 * kHour);
  // What comes later is not deleted; the hole moves from the head to a block.
  t.AppendRange(9 * kHour, 14 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ExpectHole(t, from, until, 14 * kHour);
  EXPECT_EQ(t.store().stats().deletion_count, 0u);
  t.Open();
  ExpectHole(t, from, until, 14 * kHour);
}

TEST(Deletion, OfAllOfASeriesTakesItOutOfTheAnswers) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 4 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ASSERT_TRUE(t.store().Delete({}, Series("1")).ok());
  const auto querier = t.store().OpenQuerier({});
  storage::SelectHints hints;
  hints.is_labels_only = true;
  const auto set = (*querier)->Select({}, hints);
  int count = 0;
  for (; (*set)->Next(); ++count) EXPECT_NE((*set)->labels().Get("i"), "1");
  EXPECT_EQ(count, 3);
  t.AppendRange(4 * kHour, 4 * kHour + 2 * kStep);
  EXPECT_EQ(t.Read("1").size(), 2u);
}

TEST(Deletion, OfNothingIsNothing) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  EXPECT_TRUE(t.store().Delete({}, Series("1")).ok());
  t.AppendRange(0, kHour);
  EXPECT_TRUE(t.store().Delete({2 * kHour, 3 * kHour}, Series("1")).ok());
  EXPECT_TRUE(t.store().Delete({1, 0}, Series("1")).ok());
  EXPECT_EQ(t.store().stats().deletion_count, 0u);
  t.AppendRange(kHour, 2 * kHour);
  t.ExpectRange(0, 2 * kHour);
}

TEST(Deletion, CleaningFreesTheRoom) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 9 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  const TsdbStats before = t.store().stats();
  for (const char* series : {"1", "2", "3"}) {
    ASSERT_TRUE(t.store().Delete({0, 3 * kHour - 1}, Series(series)).ok());
  }
  EXPECT_GT(t.store().stats().tombstone_count, 0u);
  ASSERT_TRUE(t.store().CleanTombstones({}).ok());
  const TsdbStats after = t.store().stats();
  EXPECT_EQ(after.tombstone_count, 0u);
  EXPECT_LT(after.block_bytes, before.block_bytes);
  ExpectHole(t, 0, 3 * kHour, 9 * kHour);
  // Blocks of which nothing was deleted are not written.
  EXPECT_LT(after.compaction_count - before.compaction_count, before.block_count);
  t.Open();
  ExpectHole(t, 0, 3 * kHour, 9 * kHour);
  EXPECT_TRUE(t.store().CleanTombstones({}).ok());
  EXPECT_EQ(t.store().stats().compaction_count, 0u);
}

TEST(Deletion, CleaningRemovesABlockOfWhichNothingIsLeft) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 4 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ASSERT_EQ(t.store().stats().block_count, 1u);
  ASSERT_TRUE(t.store().Delete({}, {}).ok());
  ASSERT_TRUE(t.store().CleanTombstones({}).ok());
  EXPECT_EQ(t.store().stats().block_count, 0u);
  EXPECT_TRUE(t.Read("0").empty());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(t.store().CleanTombstones(stop.get_token()).code(), ErrorCode::kCanceled);
}

TEST(Deletion, AMergeLeavesDeletedSamplesOut) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  TestStore t(directory.path(), files);
  t.options().retention = {.time = std::chrono::milliseconds(0)};
  t.Open();
  t.AppendRange(0, 5 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ASSERT_TRUE(t.store().Delete({kHour, 2 * kHour - 1}, Series("1")).ok());
  t.AppendRange(5 * kHour, 12 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ExpectHole(t, kHour, 2 * kHour, 12 * kHour);
  EXPECT_EQ(t.store().stats().tombstone_count, 0u);
}

TEST(Deletion, AFullDiskOrAStopLeavesSamplesOrNot) {
  bool finished = false;
  for (std::int64_t stop = 0; !finished; ++stop) {
    SCOPED_TRACE(stop);
    ASSERT_LT(stop, 100);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestStore t(directory.path(), files);
    t.AppendRange(0, 5 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
    files.StopAfter(stop);
    Status done = t.store().Delete({kHour, 4 * kHour - 1}, Series("1"));
    if (done.ok()) done = t.store().CleanTombstones({});
    finished = done.ok();
    t.Close();
    files.Heal();
    t.Open();
    EXPECT_EQ(t.Read("0").size(), 300u);
    const std::size_t count = t.Read("1").size();
    // All, without those of the block, or without those of the head too.
    EXPECT_TRUE(count == 300 || count == 240 || count == 120) << count;
    ASSERT_TRUE(t.store().Delete({kHour, 4 * kHour - 1}, Series("1")).ok());
    ASSERT_TRUE(t.store().CleanTombstones({}).ok());
    ExpectHole(t, kHour, 4 * kHour, 5 * kHour);
  }
}

TEST(HeadDeletions, BytesComeBackAndDamageIsFound) {
  const Deletions deletions = {
      {{-5, 10}, {}},
      {{1'700'000'000'000, 1'800'000'000'000},
       {model::Matcher::Equal("a", "b\n"), model::Matcher::NotEqual("c", ""),
        model::Matcher::Make(model::MatchType::kRegex, "d", "x.*|y").value(),
        model::Matcher::Make(model::MatchType::kNotRegex, "e", ".+").value()}}};
  const std::string bytes = EncodeDeletions(deletions);
  EXPECT_EQ(DecodeDeletions(bytes).value(), deletions);
  EXPECT_TRUE(DecodeDeletions(EncodeDeletions({})).value().empty());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeDeletions(bytes.substr(0, size)).code(), ErrorCode::kCorruption) << size;
  }
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(DecodeDeletions(damaged).code(), ErrorCode::kCorruption) << bit;
  }
}

TEST(HeadDeletions, AnUnknownVersionOrContentIsRefused) {
  const auto seal = [](std::string text) {
    PutLittleEndian32(text, Crc32c(text));
    return text;
  };
  const std::string magic("NXDELS\0\1", 8);
  EXPECT_EQ(DecodeDeletions(seal(std::string("NXDELS\0\2", 8) + '\0')).code(),
            ErrorCode::kUnsupported);
  for (const std::string& body :
       {std::string(), std::string("\1"), std::string("\0x", 2), std::string("\1\0\0", 3),
        std::string("\1\0\0\1", 4), std::string("\1\0\0\1\4\1a\1b", 9),
        std::string("\1\0\0\1\2\1a\1(", 9), std::string("\xff\xff\xff\x7f")}) {
    EXPECT_EQ(DecodeDeletions(seal(magic + body)).code(), ErrorCode::kCorruption) << body.size();
  }
}

TEST(HeadDeletions, ADamagedFileIsSaidAndTheStoreStarts) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, kHour);
  ASSERT_TRUE(t.store().Delete({}, Series("1")).ok());
  t.Close();
  const std::string path = directory / "deletions";
  ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), path, "garbage").ok());
  t.Open();
  EXPECT_EQ(t.Read("1").size(), 60u);
}

}  // namespace
}  // namespace narthex::tsdb

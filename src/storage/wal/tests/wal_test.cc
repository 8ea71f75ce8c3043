#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

#include "fake_clock.h"
#include "fault_file_system.h"
#include "frame.h"
#include "temporary_directory.h"
#include "wal/log.h"
#include "wal/reader.h"

namespace narthex::wal {
namespace {

using Strings = std::vector<std::string>;

struct Content {
  Strings records;
  ReadReport report;
};

Content ReadAll(const std::string& directory) {
  Content content;
  auto report = ReadLog(io::SystemFiles(), directory, [&](RecordType, std::string_view payload) {
    content.records.emplace_back(payload);
    return Ok();
  });
  EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message());
  if (report.ok()) content.report = *report;
  return content;
}

Strings Payloads(std::size_t count) {
  Strings payloads;
  for (std::size_t i = 0; i < count; ++i) {
    payloads.push_back("record " + std::to_string(i) + std::string(i * 7 % 40, char('a' + i % 26)));
  }
  return payloads;
}

// Appends to a log of its own folder.
class TestLog {
 public:
  explicit TestLog(LogOptions options = {.sync_interval = std::chrono::milliseconds(0)},
                   io::FileSystem& files = io::SystemFiles())
      : options_(options), files_(files) {
    Reopen();
  }
  void Reopen() {
    log_.reset();
    auto log = Log::Open(files_, clock_, directory_.path(), options_);
    ASSERT_TRUE(log.ok()) << log.error().message();
    log_ = std::move(log).value();
  }
  Status Append(std::string_view payload) { return log_->Append(RecordType::kBatch, payload); }
  void AppendAll(const Strings& payloads) {
    for (const std::string& payload : payloads) ASSERT_TRUE(Append(payload).ok());
  }
  void Close() { log_.reset(); }
  Log& log() { return *log_; }
  FakeClock& clock() { return clock_; }
  const std::string& directory() const { return directory_.path(); }
  std::string Segment(std::uint64_t number) const { return directory_ / SegmentName(number); }

 private:
  const LogOptions options_;
  io::FileSystem& files_;
  const io::TemporaryDirectory directory_;
  FakeClock clock_;
  std::unique_ptr<Log> log_;
};

std::string Bytes(const std::string& path) { return io::ReadFile(io::SystemFiles(), path).value(); }

void Put(const std::string& path, std::string_view bytes) {
  const auto file = io::SystemFiles().Open(path, io::OpenMode::kAppend);
  ASSERT_TRUE(file.ok() && (*file)->Truncate(0).ok() && (*file)->Append(bytes).ok());
}

TEST(Log, GivesBackEveryRecordInOrderOverReopens) {
  TestLog t;
  const Strings payloads = Payloads(50);
  t.AppendAll(payloads);
  t.Reopen();
  Strings want = payloads;
  EXPECT_EQ(ReadAll(t.directory()).records, want);
  t.AppendAll(payloads);
  want.insert(want.end(), payloads.begin(), payloads.end());
  const Content content = ReadAll(t.directory());
  EXPECT_EQ(content.records, want);
  EXPECT_EQ(content.report.damage_count, 0u);
  EXPECT_EQ(content.report.torn_bytes, 0u);
}

TEST(Log, CutsSegmentsAtTheLimit) {
  TestLog t({.segment_size_bytes_max = 200, .sync_interval = std::chrono::milliseconds(0)});
  const Strings payloads = Payloads(50);
  t.AppendAll(payloads);
  t.AppendAll({std::string(1000, 'x')});
  const LogStats stats = t.log().stats();
  EXPECT_GT(stats.segment, 10u);
  EXPECT_EQ(stats.record_count, 51u);
  EXPECT_EQ(ReadAll(t.directory()).records.size(), 51u);
  EXPECT_EQ(io::DirectorySize(io::SystemFiles(), t.directory()).value(), stats.size_bytes);
}

TEST(Log, RefusesARecordAboveTheLimit) {
  TestLog t;
  const std::string large(kRecordSizeMax, 'x');
  EXPECT_EQ(t.Append(large).code(), ErrorCode::kResourceExhausted);
}

TEST(Log, SyncsAtTheIntervalAndNotBefore) {
  io::FaultFileSystem files;
  TestLog t({.sync_interval = std::chrono::milliseconds(1000)}, files);
  t.AppendAll(Payloads(10));
  EXPECT_EQ(files.sync_count(), 0);
  t.clock().AwaitWaiters(1);
  t.clock().Advance(std::chrono::milliseconds(1000));
  while (t.log().stats().sync_count == 0) std::this_thread::yield();
  t.clock().AwaitWaiters(1);
  EXPECT_EQ(files.sync_count(), 1);
  t.AppendAll(Payloads(1));
  t.Close();
  EXPECT_EQ(files.sync_count(), 2);
}

TEST(Log, SyncsEachRecordWithIntervalZero) {
  io::FaultFileSystem files;
  TestLog t({.sync_interval = std::chrono::milliseconds(0)}, files);
  t.AppendAll(Payloads(10));
  EXPECT_EQ(files.sync_count(), 10);
}

TEST(Log, AFullDiskAtEveryByteKeepsWhatWasAcknowledgedAndNothingElse) {
  for (const bool fails_truncate : {false, true}) {
    for (std::int64_t room = 0; room < 160; ++room) {
      SCOPED_TRACE(room);
      io::FaultFileSystem files;
      TestLog t({.segment_size_bytes_max = 100, .sync_interval = std::chrono::milliseconds(60'000)},
                files);
      Strings acknowledged;
      files.SetRoom(room);
      files.FailTruncate(fails_truncate);
      for (const std::string& payload : Payloads(8)) {
        const Status appended = t.Append(payload);
        if (appended.ok()) {
          acknowledged.push_back(payload);
        } else if (!fails_truncate) {
          EXPECT_EQ(appended.code(), ErrorCode::kNoSpace);
        }
      }
      files.Heal();
      ASSERT_TRUE(t.Append("after").ok());
      acknowledged.push_back("after");
      t.Close();
      const Content content = ReadAll(t.directory());
      EXPECT_EQ(content.records, acknowledged);
      if (!fails_truncate) {
        EXPECT_EQ(content.report.damage_count, 0u);
      }
    }
  }
}

TEST(Log, AMachineThatStopsAtAnyWriteKeepsWhatWasAcknowledged) {
  for (std::int64_t stop = 0; stop < 60; ++stop) {
    SCOPED_TRACE(stop);
    io::FaultFileSystem files;
    TestLog t({.segment_size_bytes_max = 100, .sync_interval = std::chrono::milliseconds(0)},
              files);
    files.StopAfter(stop);
    Strings acknowledged;
    for (const std::string& payload : Payloads(20)) {
      if (t.Append(payload).ok()) acknowledged.push_back(payload);
    }
    t.Close();
    const Strings records = ReadAll(t.directory()).records;
    // A record that was written whole but not synced may be there besides.
    ASSERT_GE(records.size(), acknowledged.size());
    ASSERT_LE(records.size(), acknowledged.size() + 1);
    EXPECT_TRUE(std::equal(acknowledged.begin(), acknowledged.end(), records.begin()));
  }
}

TEST(ReadLog, KeepsEverythingBeforeATornTailOfAnyLength) {
  TestLog t;
  const Strings payloads = Payloads(6);
  t.AppendAll(payloads);
  t.Close();
  const std::string whole = Bytes(t.Segment(1));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    Put(t.Segment(1), whole.substr(0, size));
    const Content content = ReadAll(t.directory());
    std::size_t want = 0;
    std::size_t end = kFileMagic.size();
    while (want < payloads.size() && end + kFrameHeadSize + 1 + payloads[want].size() <= size) {
      end += kFrameHeadSize + 1 + payloads[want++].size();
    }
    EXPECT_EQ(content.records, Strings(payloads.begin(), payloads.begin() + std::ptrdiff_t(want)));
    EXPECT_EQ(content.report.damage_count, 0u);
    // It was cut off, so the next start finds nothing to complain of.
    EXPECT_EQ(ReadAll(t.directory()).report.torn_bytes, 0u);
  }
}

TEST(ReadLog, AFlippedBitCostsOneRecordAtMost) {
  TestLog t;
  const Strings payloads = Payloads(6);
  t.AppendAll(payloads);
  t.Reopen();
  t.AppendAll({"in the next segment"});
  t.Close();
  const std::string whole = Bytes(t.Segment(1));
  for (std::size_t bit = kFileMagic.size() * 8; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    Put(t.Segment(1), flipped);
    const Content content = ReadAll(t.directory());
    ASSERT_EQ(content.records.size(), payloads.size()) << bit;
    ASSERT_EQ(content.report.damage_count, 1u) << bit;
    ASSERT_EQ(content.records.back(), "in the next segment");
    for (const std::string& record : content.records) {
      ASSERT_TRUE(record == content.records.back() || std::ranges::count(payloads, record) == 1);
    }
  }
}

TEST(ReadLog, ZerosBehindTheLastRecordAreATornTail) {
  TestLog t;
  t.AppendAll(Payloads(3));
  t.Close();
  Put(t.Segment(1), Bytes(t.Segment(1)) + std::string(5000, '\0'));
  const Content content = ReadAll(t.directory());
  EXPECT_EQ(content.records, Payloads(3));
  EXPECT_EQ(content.report.torn_bytes, 5000u);
  EXPECT_EQ(content.report.damage_count, 0u);
}

TEST(ReadLog, MissingAndEmptySegmentsAreSaid) {
  TestLog t;
  for (int i = 0; i < 3; ++i) {
    t.AppendAll({"a" + std::to_string(i)});
    t.Reopen();
  }
  t.Close();
  ASSERT_TRUE(io::SystemFiles().Remove(t.Segment(2)).ok());
  Content content = ReadAll(t.directory());
  EXPECT_EQ(content.records, (Strings{"a0", "a2"}));
  EXPECT_EQ(content.report.damage_count, 1u);
  Put(t.Segment(2), "");
  content = ReadAll(t.directory());
  EXPECT_EQ(content.records, (Strings{"a0", "a2"}));
  EXPECT_EQ(content.report.damage_count, 1u);
  ASSERT_TRUE(io::SystemFiles().Remove(t.Segment(1)).ok());
  content = ReadAll(t.directory());
  EXPECT_EQ(content.records, (Strings{"a2"}));
  EXPECT_EQ(content.report.damage_count, 2u);
}

TEST(ReadLog, ALastSegmentWithoutBytesIsNoDamage) {
  for (const std::string_view first_bytes : {"", "NXW"}) {
    TestLog t;
    t.AppendAll({"a"});
    t.Reopen();
    t.Close();
    Put(t.Segment(2), first_bytes);
    EXPECT_EQ(ReadAll(t.directory()).report.damage_count, 0u);
    t.Reopen();
    t.AppendAll({"b"});
    const Content content = ReadAll(t.directory());
    EXPECT_EQ(content.records, (Strings{"a", "b"}));
    EXPECT_EQ(content.report.damage_count, 0u);
    EXPECT_EQ(content.report.torn_bytes, 0u);
  }
}

TEST(ReadLog, DamageInTheVeryLastRecordIsNotTakenForATornWrite) {
  TestLog t;
  t.AppendAll(Payloads(3));
  t.Close();
  std::string bytes = Bytes(t.Segment(1));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  Put(t.Segment(1), bytes);
  const Content content = ReadAll(t.directory());
  EXPECT_EQ(content.records.size(), 2u);
  EXPECT_EQ(content.report.damage_count, 1u);
  EXPECT_EQ(content.report.torn_bytes, 0u);
  EXPECT_EQ(ReadAll(t.directory()).report.damage_count, 0u);
}

TEST(ReadLog, RefusesFilesOfOtherVersions) {
  const struct {
    std::string name;
    std::string first_bytes;
    std::optional<ErrorCode> want;
  } cases[] = {
      {"this one", std::string(kFileMagic), std::nullopt},
      {"the first", std::string("NXWAL\0\0\1", 8), ErrorCode::kUnsupported},
      {"a later one", std::string("NXWAL\0\xfc\3", 8), ErrorCode::kUnsupported},
      {"this one, damaged", std::string("NXWAL\0\xfd\3", 8), std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    TestLog t;
    t.AppendAll({"a", "b"});
    t.Close();
    Put(t.Segment(1), c.first_bytes + Bytes(t.Segment(1)).substr(8));
    const auto report = ReadLog(io::SystemFiles(), t.directory(),
                                [](RecordType, std::string_view) { return Ok(); });
    EXPECT_EQ(report.code(), c.want);
    if (report.ok()) {
      EXPECT_EQ(report->record_count, 2u);
      EXPECT_EQ(report->damage_count, c.first_bytes == kFileMagic ? 0u : 1u);
    }
  }
}

TEST(Checkpoint, StandsForTheSegmentsBeforeIt) {
  TestLog t;
  t.AppendAll({"old 1", "old 2"});
  const std::uint64_t segment = t.log().Cut().value();
  t.AppendAll({"new"});
  {
    auto writer = CheckpointWriter::Create(io::SystemFiles(), t.directory(), segment);
    ASSERT_TRUE((*writer)->Add(RecordType::kSeries, "snapshot").ok());
    // Not before it is finished.
    EXPECT_EQ(ReadAll(t.directory()).records, (Strings{"old 1", "old 2", "new"}));
  }
  {
    auto writer = CheckpointWriter::Create(io::SystemFiles(), t.directory(), segment);
    ASSERT_TRUE((*writer)->Add(RecordType::kSeries, "snapshot").ok());
    ASSERT_TRUE((*writer)->Finish().ok());
  }
  EXPECT_EQ(ReadAll(t.directory()).records, (Strings{"snapshot", "new"}));
  ASSERT_TRUE(t.log().RemoveBefore(segment).ok());
  EXPECT_FALSE(io::Exists(io::SystemFiles(), t.Segment(1)));
  t.Reopen();
  t.AppendAll({"newer"});
  EXPECT_EQ(ReadAll(t.directory()).records, (Strings{"snapshot", "new", "newer"}));
}

TEST(Checkpoint, TheOneBeforeADamagedOneIsUsedIfItIsStillThere) {
  TestLog t;
  const auto write = [&](std::string_view payload) {
    const std::uint64_t segment = t.log().Cut().value();
    auto writer = CheckpointWriter::Create(io::SystemFiles(), t.directory(), segment);
    EXPECT_TRUE((*writer)->Add(RecordType::kSeries, payload).ok() && (*writer)->Finish().ok());
    return segment;
  };
  const std::uint64_t older = write("older");
  t.AppendAll({"between"});
  const std::uint64_t newest = write("newest");
  t.AppendAll({"new"});
  EXPECT_EQ(ReadAll(t.directory()).records, (Strings{"newest", "new"}));
  const std::string path = io::JoinPath(t.directory(), CheckpointName(newest));
  const std::string whole = Bytes(path);
  for (const std::string& damaged : {std::string(), whole.substr(0, whole.size() - 1)}) {
    Put(path, damaged);
    const Content content = ReadAll(t.directory());
    EXPECT_EQ(content.records, (Strings{"older", "between", "new"}));
    EXPECT_EQ(content.report.damage_count, 1u);
  }
  ASSERT_TRUE(t.log().RemoveBefore(newest).ok());
  EXPECT_EQ(ReadAll(t.directory()).records, (Strings{"newest", "new"}));
  EXPECT_GT(newest, older);
}

TEST(Checkpoint, WithoutItsSegmentIsSaid) {
  TestLog t;
  const std::uint64_t segment = t.log().Cut().value();
  auto writer = CheckpointWriter::Create(io::SystemFiles(), t.directory(), segment);
  ASSERT_TRUE((*writer)->Finish().ok());
  EXPECT_EQ(ReadAll(t.directory()).report.damage_count, 0u);
  t.Close();
  ASSERT_TRUE(io::SystemFiles().Remove(t.Segment(segment)).ok());
  EXPECT_EQ(ReadAll(t.directory()).report.damage_count, 1u);
}

TEST(Checkpoint, DamageInItIsSaidAndTheRestUsed) {
  TestLog t;
  const std::uint64_t segment = t.log().Cut().value();
  auto writer = CheckpointWriter::Create(io::SystemFiles(), t.directory(), segment);
  const Strings payloads = Payloads(5);
  for (const std::string& payload : payloads)
    ASSERT_TRUE((*writer)->Add(RecordType::kPage, payload).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  t.AppendAll({"new"});
  t.Close();
  const std::string path = io::JoinPath(t.directory(), CheckpointName(segment));
  const std::string whole = Bytes(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Put(path, whole.substr(0, size));
    const Content content = ReadAll(t.directory());
    ASSERT_EQ(content.report.damage_count, 1u) << size;
    ASSERT_EQ(content.records.back(), "new");
    ASSERT_TRUE(std::equal(content.records.begin(), content.records.end() - 1, payloads.begin()));
  }
}

TEST(Records, SeriesRoundTripAndTruncation) {
  SeriesRecord record;
  record.group = 7;
  record.series = {
      {1, {{"__name__", "a"}, {"b", "c"}}}, {500, {}}, {501, {{"x", std::string(300, 'y')}}}};
  std::string bytes;
  EncodeSeries(record, bytes);
  const auto decoded = DecodeSeries(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->group, 7u);
  ASSERT_EQ(decoded->series.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(decoded->series[i].ref, record.series[i].ref);
    EXPECT_EQ(decoded->series[i].labels, record.series[i].labels);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(DecodeSeries(bytes.substr(0, size)).code(), ErrorCode::kCorruption) << size;
  }
}

TEST(Records, ColumnAndPageRoundTripAndTruncation) {
  std::string bytes;
  EncodeColumn({4, 2, 100, {-5, 0, 0, 1000}}, bytes);
  EXPECT_EQ(DecodeColumn(bytes)->times, (std::vector<model::TimestampMs>{-5, 0, 0, 1000}));
  EXPECT_EQ(DecodeColumn(bytes)->first_ordinal, 100u);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(DecodeColumn(bytes.substr(0, size)).code(), ErrorCode::kCorruption);
  }
  bytes.clear();
  EncodePage({.ref = 9,
              .column = 4,
              .first_ordinal = 100,
              .span = 4,
              .count = 3,
              .presence = "\x0d",
              .page = "page"},
             bytes);
  EXPECT_EQ(DecodePage(bytes)->page, "page");
  EXPECT_EQ(DecodePage(bytes)->presence, "\x0d");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(DecodePage(bytes.substr(0, size)).code(), ErrorCode::kCorruption);
  }
  bytes.clear();
  EncodePage({.ref = 9,
              .column = 4,
              .first_ordinal = 1,
              .span = 4,
              .count = 2,
              .presence = "\x0d",
              .page = ""},
             bytes);
  EXPECT_EQ(DecodePage(bytes).code(), ErrorCode::kCorruption);
}

TEST(Records, RandomBytesAreRefusedOrDecoded) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 8));
    (void)DecodeSeries(bytes);
    (void)DecodeColumn(bytes);
    (void)DecodePage(bytes);
  }
}

}  // namespace
}  // namespace narthex::wal

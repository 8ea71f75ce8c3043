#include "wal/record_list.h"

#include <gtest/gtest.h>

#include "fake_clock.h"
#include "fault_file_system.h"
#include "frame.h"
#include "temporary_directory.h"
#include "wal/log.h"
#include "wal/reader.h"

namespace narthex::wal {
namespace {

using Record = std::pair<RecordType, std::string>;
using Records = std::vector<Record>;

RecordList ListOf(const Records& records) {
  RecordList list;
  for (const auto& [type, payload] : records) list.Start(type).append(payload);
  return list;
}

// The records of append `i`: one, or several of all sizes.
Records Append(std::size_t i) {
  Records records;
  for (std::size_t n = 0; n <= i % 4; ++n) {
    records.emplace_back(n % 2 == 0 ? RecordType::kBatch : RecordType::kLate,
                         std::string(n == 1 ? 0 : 3 * i + n, char('a' + i)));
  }
  return records;
}

Records ReadAll(const std::string& directory, ReadReport* report = nullptr) {
  Records records;
  auto read = ReadLog(io::SystemFiles(), directory, [&](RecordType type, std::string_view payload) {
    records.emplace_back(type, payload);
    return Ok();
  });
  EXPECT_TRUE(read.ok());
  if (read.ok() && report != nullptr) *report = *read;
  return records;
}

// Whether `records` are those of the first appends, each of them whole.
bool IsBeginning(const Records& records, std::size_t append_count) {
  Records want;
  for (std::size_t i = 0;; ++i) {
    if (records == want) return true;
    if (i == append_count) return false;
    for (Record& record : Append(i)) want.push_back(std::move(record));
  }
}

struct Opened {
  explicit Opened(io::FileSystem& files = io::SystemFiles()) {
    auto opened = Log::Open(
        files, clock, directory.path(),
        {.segment_size_bytes_max = 250, .sync_interval = std::chrono::milliseconds(60'000)});
    EXPECT_TRUE(opened.ok());
    log = std::move(opened).value();
  }
  const io::TemporaryDirectory directory;
  FakeClock clock;
  std::unique_ptr<Log> log;
};

TEST(RecordList, OneRecordIsItselfAndSeveralAreOne) {
  RecordList list = ListOf({{RecordType::kLate, "late"}});
  EXPECT_EQ(list.AsRecord().type, RecordType::kLate);
  EXPECT_EQ(list.AsRecord().payload, "late");
  list.Start(RecordType::kBatch).append("batch");
  const RecordView record = list.AsRecord();
  EXPECT_EQ(record.type, RecordType::kTogether);
  EXPECT_EQ(record.payload, std::string_view("\4\0\0\0\10late\5\0\0\0\2batch", 19));
  list.Clear();
  EXPECT_TRUE(list.empty());
}

TEST(RecordList, SizeWithIsABound) {
  RecordList list = ListOf({{RecordType::kLate, "late"}});
  const std::size_t bound = list.SizeWith(2, 10);
  list.Start(RecordType::kBatch).append(3, 'a');
  list.Start(RecordType::kBatch).append(7, 'b');
  EXPECT_EQ(list.AsRecord().payload.size(), bound);
}

TEST(SplitTogether, RefusesWhatIsCutShort) {
  RecordList list = ListOf({{RecordType::kLate, "late"}, {RecordType::kBatch, ""}});
  const std::string payload(list.AsRecord().payload);
  ASSERT_TRUE(SplitTogether(payload));
  for (std::size_t size = 1; size < payload.size(); ++size) {
    // Up to the end of the first record it is a list of one.
    EXPECT_EQ(SplitTogether(payload.substr(0, size)).has_value(), size == 9) << size;
  }
}

TEST(LogAppendTogether, ReadersAreGivenTheRecordsInOrder) {
  Opened t;
  Records want;
  for (std::size_t i = 0; i < 20; ++i) {
    RecordList list = ListOf(Append(i));
    ASSERT_TRUE(t.log->Append(list).ok());
    for (Record& record : Append(i)) want.push_back(std::move(record));
  }
  ReadReport report;
  EXPECT_EQ(ReadAll(t.directory.path(), &report), want);
  EXPECT_EQ(report.record_count, want.size());
  EXPECT_EQ(report.damage_count, 0u);
}

TEST(LogAppendTogether, ATornTailOfAnyLengthLeavesAllOrNone) {
  Opened t;
  for (std::size_t i = 0; i < 6; ++i) {
    RecordList list = ListOf(Append(i));
    ASSERT_TRUE(t.log->Append(list).ok());
  }
  t.log.reset();
  const std::string path = t.directory / SegmentName(1);
  const std::string whole = io::ReadFile(io::SystemFiles(), path).value();
  for (std::size_t size = whole.size(); size-- > 0;) {
    const auto file = io::SystemFiles().Open(path, io::OpenMode::kAppend);
    ASSERT_TRUE((*file)->Truncate(size).ok());
    ASSERT_TRUE(IsBeginning(ReadAll(t.directory.path()), 6)) << size;
  }
}

TEST(LogAppendTogether, AFlippedBitCostsAllOrNone) {
  Opened t;
  for (std::size_t i = 3; i < 5; ++i) {
    RecordList list = ListOf(Append(i));
    ASSERT_TRUE(t.log->Append(list).ok());
  }
  t.log.reset();
  const std::string whole = io::ReadFile(io::SystemFiles(), t.directory / SegmentName(1)).value();
  for (std::size_t bit = kFileMagic.size() * 8; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    Records records;
    ASSERT_TRUE(ScanRecords(flipped, [&](RecordType type, std::string_view payload) {
                  records.emplace_back(type, payload);
                  return Ok();
                }).ok());
    ASSERT_TRUE(records == Append(3) || records == Append(4)) << bit;
  }
}

TEST(LogAppendTogether, AFullDiskAtEveryByteLeavesAllOrNone) {
  for (std::int64_t room = 0; room < 400; room += 3) {
    SCOPED_TRACE(room);
    io::FaultFileSystem files;
    Opened t(files);
    files.SetRoom(room);
    Records acknowledged;
    for (std::size_t i = 0; i < 8; ++i) {
      RecordList list = ListOf(Append(i));
      if (!t.log->Append(list).ok()) continue;
      for (Record& record : Append(i)) acknowledged.push_back(std::move(record));
    }
    files.Heal();
    t.log.reset();
    EXPECT_EQ(ReadAll(t.directory.path()), acknowledged);
  }
}

TEST(LogAppendTogether, WhatDoesNotComeApartIsGivenAsAWhole) {
  Opened t;
  ASSERT_TRUE(t.log->Append(RecordType::kTogether, "no list").ok());
  ASSERT_TRUE(t.log->Append(RecordType::kLate, "behind it").ok());
  const Records want = {{RecordType::kTogether, "no list"}, {RecordType::kLate, "behind it"}};
  EXPECT_EQ(ReadAll(t.directory.path()), want);
}

}  // namespace
}  // namespace narthex::wal

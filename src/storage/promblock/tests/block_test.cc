#include "promblock/block.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fault_file_system.h"
#include "index_reader.h"
#include "prom_testing.h"
#include "promblock/writer.h"
#include "temporary_directory.h"
#include "tombstones.h"

namespace narthex::promblock {
namespace {

using model::LabelSet;
using Content = std::map<LabelSet, OwnedColumns>;

constexpr std::string_view kUlid = "01KAPX00000000000000000000";

Content MakeContent() {
  Content content;
  for (std::uint64_t s = 0; s < 20; ++s) {
    LabelSet labels{{"__name__", s % 2 == 0 ? "even" : "odd"},
                    {"s", std::to_string(s)},
                    {s % 3 == 0 ? "\xc3\xa4" : "z", "\xff{}\n"}};
    content.emplace(std::move(labels), s % 5 == 4 ? MakeHistograms(150, s % 2 == 0 ? 1 : 0.5, {})
                                                  : MakeFloats(s * 40 + 1, s));
  }
  return content;
}

Result<std::string> Write(io::FileSystem& files, const std::string& directory,
                          const Content& content, std::uint64_t segment_size_max = 20'000) {
  PromBlockMeta meta;
  meta.ulid = kUlid;
  meta.min_time = 1'600'000'000'000;
  meta.max_time = 1'900'000'000'000;
  NARTHEX_ASSIGN_OR_RETURN(const auto writer,
                           PromBlockWriter::Create(files, directory, meta, segment_size_max));
  for (const auto& [labels, columns] : content) NARTHEX_TRY(writer->Add(labels, columns.View()));
  NARTHEX_ASSIGN_OR_RETURN(meta, writer->Finish());
  return io::JoinPath(directory, meta.ulid);
}

// Reads everything; the first error ends it.
Status Walk(const PromBlock& block, std::size_t& sample_count) {
  const auto set = block.Select({}, {});
  while (set->Next()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto columns, set->samples());
    sample_count += columns.timestamps.size();
  }
  return set->status();
}

void Overwrite(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string Slurp(const std::string& path) { return io::ReadFile(io::SystemFiles(), path).value(); }

TEST(PromBlock, GivesBackEverySampleFromManySegments) {
  const io::TemporaryDirectory directory;
  const Content content = MakeContent();
  const auto path = Write(io::SystemFiles(), directory.path(), content);
  ASSERT_TRUE(path.ok()) << path.error().message();
  EXPECT_GT(io::SystemFiles().List(*path + "/chunks")->size(), 2u);
  const auto block = PromBlock::Open(io::SystemFiles(), *path);
  ASSERT_TRUE(block.ok()) << block.error().message();
  EXPECT_EQ((*block)->meta().series_count, content.size());
  EXPECT_EQ((*block)->meta().sources, std::vector<std::string>{std::string(kUlid)});
  const auto set = (*block)->Select({}, {});
  auto want = content.begin();
  for (; set->Next(); ++want) {
    ASSERT_NE(want, content.end());
    EXPECT_EQ(set->labels(), want->first);
    const auto columns = set->samples();
    ASSERT_TRUE(columns.ok()) << columns.error().message();
    EXPECT_EQ(Difference(*columns, want->second.View()), "");
  }
  ASSERT_TRUE(set->status().ok()) << set->status().error().message();
  EXPECT_EQ(want, content.end());
}

TEST(PromBlock, GivesTheRangeAndTheSeriesAskedFor) {
  const io::TemporaryDirectory directory;
  Content content;
  for (const char* name : {"a", "b", "c"}) content[{{"n", name}}] = MakeFloats(400, 3);
  const std::vector<model::TimestampMs> times = content.begin()->second.times;
  const auto block = PromBlock::Open(io::SystemFiles(),
                                     Write(io::SystemFiles(), directory.path(), content).value());
  const auto range = (*block)->SampleRange();
  EXPECT_EQ(range->from, times.front());
  EXPECT_EQ(range->until, times.back());
  const Selectors selectors = {{model::Matcher::Equal("n", "c")},
                               {model::Matcher::NotEqual("n", "b")}};
  const auto set = (*block)->Select(selectors, {times[100], times[301]});
  std::string names;
  while (set->Next()) {
    names += set->labels().Get("n");
    const auto columns = set->samples();
    ASSERT_EQ(columns->timestamps.size(), 202u);
    EXPECT_EQ(columns->timestamps.front(), times[100]);
    EXPECT_EQ(columns->timestamps.back(), times[301]);
  }
  EXPECT_EQ(names, "ac");
  EXPECT_FALSE((*block)->Select({}, {times.back() + 1, times.back() + 2})->Next());
}

TEST(PromBlock, LeavesOutWhatTombstonesDelete) {
  const io::TemporaryDirectory directory;
  Content content;
  content[{{"n", "a"}}] = MakeHistograms(100, 1, model::CounterResetHint::kUnknown);
  const std::vector<model::TimestampMs> times = content.begin()->second.times;
  const std::string path = Write(io::SystemFiles(), directory.path(), content).value();
  const std::string index = Slurp(path + "/index");
  const auto reader = IndexReader::Open(index);
  SeriesEntry series;
  std::uint64_t offset = reader->begin();
  ASSERT_TRUE(reader->Next(offset, series).value());
  Overwrite(path + "/tombstones",
            FormatTombstones({{series.id, {{times[10], times[19]}, {times[15], times[29]}}}}));
  const auto block = PromBlock::Open(io::SystemFiles(), path);
  ASSERT_TRUE(block.ok()) << block.error().message();
  const auto set = (*block)->Select({}, {times[5], times[97]});
  ASSERT_TRUE(set->Next());
  const auto columns = set->samples();
  ASSERT_EQ(columns->timestamps.size(), 73u);
  EXPECT_EQ(columns->timestamps[4], times[9]);
  EXPECT_EQ(columns->timestamps[5], times[30]);
  using enum model::CounterResetHint;
  EXPECT_EQ(columns->histograms[0]->reset_hint, kUnknown);
  EXPECT_EQ(columns->histograms[4]->reset_hint, kNotReset);
  EXPECT_EQ(columns->histograms[5]->reset_hint, kUnknown);
  EXPECT_EQ(columns->histograms[6]->reset_hint, kNotReset);
}

TEST(PromBlock, DamageNamesFileAndOffset) {
  const io::TemporaryDirectory directory;
  const std::string path =
      Write(io::SystemFiles(), directory.path(), MakeContent(), kSegmentSizeMax).value();
  const auto error_with = [&](const std::string& file, std::size_t offset) -> std::string {
    const std::string sound = Slurp(path + file);
    std::string damaged = sound;
    damaged[offset] = static_cast<char>(damaged[offset] ^ 0x10);
    Overwrite(path + file, damaged);
    std::size_t sample_count = 0;
    const auto block = PromBlock::Open(io::SystemFiles(), path);
    const Status status = block.ok() ? Walk(**block, sample_count) : Status(block.error());
    Overwrite(path + file, sound);
    EXPECT_EQ(status.code(), ErrorCode::kCorruption) << file << offset;
    return status.ok() ? "" : status.error().message().substr(path.size());
  };
  EXPECT_EQ(error_with("/index", 40), "/index: section fails its checksum at 5");
  EXPECT_EQ(error_with("/index", 0), "/index: not an index of Prometheus");
  EXPECT_EQ(error_with("/chunks/000001", 20), "/chunks/000001: chunk at 8: fails its checksum");
  EXPECT_EQ(error_with("/chunks/000001", 1), "/chunks/000001: not a segment of chunks");
  EXPECT_EQ(error_with("/tombstones", 6), "/tombstones: tombstones fail their checksum at 5");
  EXPECT_EQ(error_with("/meta.json", 0).substr(0, 12), "/meta.json: ");
  std::filesystem::remove_all(path + "/chunks");
  std::size_t sample_count = 0;
  const auto block = PromBlock::Open(io::SystemFiles(), path);
  EXPECT_EQ(Walk(**block, sample_count).code(), ErrorCode::kCorruption);
}

TEST(PromBlock, EveryTruncationAndFlippedBitOfTheIndexIsRefused) {
  const io::TemporaryDirectory directory;
  Content content;
  for (const char* name : {"a", "b", "c"}) content[{{"n", name}, {"o", "x"}}] = MakeFloats(3, 3);
  const std::string path = Write(io::SystemFiles(), directory.path(), content).value();
  const std::string index = Slurp(path + "/index");
  const auto read = [](std::string_view bytes) -> Status {
    NARTHEX_ASSIGN_OR_RETURN(const IndexReader reader, IndexReader::Open(bytes));
    SeriesEntry series;
    std::uint64_t offset = reader.begin();
    for (bool has_one = true; has_one;) {
      NARTHEX_ASSIGN_OR_RETURN(has_one, reader.Next(offset, series));
    }
    return Ok();
  };
  ASSERT_TRUE(read(index).ok());
  for (std::size_t size = 0; size < index.size(); ++size) {
    EXPECT_EQ(read(std::string_view(index).substr(0, size)).code(), ErrorCode::kCorruption) << size;
  }
  std::size_t accepted_count = 0;
  for (std::size_t bit = 0; bit < index.size() * 8; ++bit) {
    std::string damaged = index;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    if (read(damaged).ok()) ++accepted_count;
  }
  // Lists of postings, which are not read, and padding between sections.
  EXPECT_LT(accepted_count, index.size() * 8 / 3);
}

TEST(PromBlock, RefusesVersionsItDoesNotKnow) {
  const io::TemporaryDirectory directory;
  const std::string path =
      Write(io::SystemFiles(), directory.path(), MakeContent(), kSegmentSizeMax).value();
  const struct {
    std::string file;
    std::size_t offset;
  } cases[] = {{"/index", 4}, {"/chunks/000001", 4}, {"/tombstones", 4}};
  for (const auto& c : cases) {
    const std::string sound = Slurp(path + c.file);
    std::string other = sound;
    other[c.offset] = 9;
    Overwrite(path + c.file, other);
    EXPECT_EQ(PromBlock::Open(io::SystemFiles(), path).code(), ErrorCode::kUnsupported) << c.file;
    Overwrite(path + c.file, sound);
  }
}

TEST(PromBlockMeta, IsReadAsWrittenOrRefused) {
  PromBlockMeta meta;
  meta.ulid = kUlid;
  meta.min_time = -5;
  meta.max_time = 7'200'000;
  meta.series_count = 3;
  meta.sample_count = 400;
  meta.chunk_count = 9;
  meta.level = 2;
  meta.sources = {"a", "b"};
  EXPECT_EQ(ParseMeta(FormatMeta(meta)).value(), meta);
  const struct {
    std::string text;
    ErrorCode want;
  } cases[] = {
      {"", ErrorCode::kCorruption},
      {"[]", ErrorCode::kCorruption},
      {R"({"ulid":"x","minTime":1,"maxTime":2,"version":1})", ErrorCode::kCorruption},
      {R"({"ulid":"01KAPX00000000000000000000","minTime":3,"maxTime":2,"version":1})",
       ErrorCode::kCorruption},
      {R"({"ulid":"01KAPX00000000000000000000","minTime":1,"maxTime":2,"version":3})",
       ErrorCode::kUnsupported},
      {R"({"ulid":"01KAPX00000000000000000000","minTime":1,"maxTime":2})", ErrorCode::kUnsupported},
  };
  for (const auto& c : cases) EXPECT_EQ(ParseMeta(c.text).code(), c.want) << c.text;
}

TEST(PromTombstones, AreReadAsWrittenOrRefused) {
  const Tombstones tombstones = {{3, {{-5, 7}, {10, 10}}}, {1ull << 40, {{0, 1}}}};
  const std::string bytes = FormatTombstones(tombstones);
  const auto read = ParseTombstones(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->at(3)[1].from, 10);
  EXPECT_EQ(read->at(1ull << 40)[0].until, 1);
  // Ranges that touch become one.
  EXPECT_EQ(
      ParseTombstones(FormatTombstones({{3, {{8, 9}, {0, 5}, {6, 6}, {7, 7}}}}))->at(3).size(), 1u);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(ParseTombstones(std::string_view(bytes).substr(0, size)).code(),
              ErrorCode::kCorruption);
  }
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(ParseTombstones(damaged).ok()) << bit;
  }
}

TEST(PromBlockWriter, RefusesSeriesThatDoNotAscend) {
  const io::TemporaryDirectory directory;
  PromBlockMeta meta;
  meta.ulid = kUlid;
  const auto writer = PromBlockWriter::Create(io::SystemFiles(), directory.path(), meta);
  const OwnedColumns columns = MakeFloats(3, 1);
  ASSERT_TRUE((*writer)->Add({{"n", "b"}}, columns.View()).ok());
  EXPECT_EQ((*writer)->Add({{"n", "b"}}, columns.View()).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ((*writer)->Add({{"n", "a"}}, columns.View()).code(), ErrorCode::kInvalidArgument);
}

TEST(PromBlockWriter, WithoutSeriesThereIsNoBlock) {
  const io::TemporaryDirectory directory;
  const auto path = Write(io::SystemFiles(), directory.path(), {});
  ASSERT_TRUE(path.ok());
  EXPECT_TRUE(io::SystemFiles().List(directory.path())->empty());
}

TEST(PromBlockWriter, IsWholeOrNotThereWhereverTheDiskFails) {
  const Content content = MakeContent();
  for (std::int64_t change = 0;; ++change) {
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    files.StopAfter(change);
    const auto path = Write(files, directory.path(), content);
    files.Heal();
    const std::string final_path = directory / std::string(kUlid);
    if (!io::Exists(files, final_path)) {
      ASSERT_FALSE(path.ok());
      continue;
    }
    std::size_t sample_count = 0;
    const auto block = PromBlock::Open(files, final_path);
    ASSERT_TRUE(block.ok()) << change;
    ASSERT_TRUE(Walk(**block, sample_count).ok());
    if (path.ok()) break;
  }
}

TEST(FindBlocks, TakesBlocksInOrderOfTimeWithoutThoseReplaced) {
  const io::TemporaryDirectory directory;
  const auto add = [&](const std::string& ulid, int from, const std::string& parent) {
    std::filesystem::create_directories(directory / ulid);
    std::string text = fmt::format(R"({{"ulid":"{}","minTime":{},"maxTime":{},"version":1,)", ulid,
                                   from, from + 9);
    text += fmt::format(R"("compaction":{{"level":1,"parents":[{{"ulid":"{}"}}]}}}})", parent);
    Overwrite(directory / (ulid + "/meta.json"), text);
  };
  EXPECT_EQ(FindBlocks(io::SystemFiles(), directory.path()).code(), ErrorCode::kNotFound);
  add("01KAPX00000000000000000001", 30, "");
  add("01KAPX00000000000000000002", 10, "01KAPX00000000000000000003");
  add("01KAPX00000000000000000003", 20, "");
  add("01KAPX00000000000000000004.tmp-for-deletion", 20, "");
  std::filesystem::create_directories(directory / "01KAPX00000000000000000005");
  std::filesystem::create_directories(directory / "wal");
  EXPECT_EQ(FindBlocks(io::SystemFiles(), directory.path()).value(),
            (std::vector<std::string>{directory / "01KAPX00000000000000000002",
                                      directory / "01KAPX00000000000000000001"}));
  const std::string one = directory / "01KAPX00000000000000000003";
  EXPECT_EQ(FindBlocks(io::SystemFiles(), one).value(), std::vector{one});
}

}  // namespace
}  // namespace narthex::promblock

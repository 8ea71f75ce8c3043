#include "block/block.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "block/writer.h"
#include "fault_file_system.h"
#include "temporary_directory.h"

namespace narthex::block {
namespace {

using model::LabelSet;
using model::Sample;
using Content = std::map<std::string, std::vector<Sample>>;  // by the label "s"

constexpr model::TimestampMs kStart = 7'200'000;

// Series of one target, with late starters, early enders and one of its own pace.
Content MakeContent() {
  Content content;
  std::mt19937_64 random(5);
  for (int s = 0; s < 30; ++s) {
    std::vector<Sample>& samples = content[fmt::format("{:03}", s)];
    const int begin = s % 5 == 4 ? 100 * s % 900 : 0;
    const int end = s % 7 == 6 ? 2000 : 2500;
    for (int i = begin; i < end; ++i) {
      const auto time = kStart + i * 1000 + (s == 17 ? i % 3 : 0);
      double value = s % 3 == 0   ? 5.0
                     : s % 3 == 1 ? i * 10.0
                                  : static_cast<double>(random() % 1000) / 7;
      if (i == end - 1 && s % 4 == 0) value = model::StaleNan();
      samples.push_back({time, value});
    }
  }
  return content;
}

LabelSet LabelsOf(const std::string& series) {
  return {{"__name__", series < "010" ? "few" : "many"}, {"s", series}};
}

struct Columns {
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
};

Columns Split(const std::vector<Sample>& samples) {
  Columns columns;
  for (const Sample& sample : samples) {
    columns.times.push_back(sample.timestamp);
    columns.values.push_back(sample.value);
  }
  return columns;
}

Result<BlockMeta> Write(io::FileSystem& files, const std::string& directory,
                        const Content& content) {
  BlockMeta meta;
  meta.id = NewBlockId(kStart);
  meta.min_time = kStart;
  meta.max_time = 2 * kStart;
  NARTHEX_ASSIGN_OR_RETURN(const auto writer, BlockWriter::Create(files, directory, meta));
  for (const auto& [series, samples] : content) {
    const Columns columns = Split(samples);
    NARTHEX_TRY(writer->Add(LabelsOf(series), {columns.times, columns.values, 0}));
  }
  return writer->Finish();
}

Result<Content> Read(Block& block, model::TimeRange range = {}) {
  NARTHEX_ASSIGN_OR_RETURN(const auto querier, block.OpenQuerier(range));
  NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select({}, {}));
  Content content;
  while (set->Next()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto columns, set->samples());
    auto& samples = content[std::string(set->labels().Get("s"))];
    for (std::size_t i = 0; i < columns.values.size(); ++i) {
      samples.push_back({columns.timestamps[i], columns.values[i]});
    }
  }
  NARTHEX_TRY(set->status());
  return content;
}

void ExpectSame(const Content& got, const Content& want) {
  ASSERT_EQ(got.size(), want.size());
  for (const auto& [series, samples] : want) {
    const auto found = got.find(series);
    ASSERT_NE(found, got.end()) << series;
    ASSERT_EQ(found->second.size(), samples.size()) << series;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      ASSERT_EQ(found->second[i].timestamp, samples[i].timestamp) << series;
      ASSERT_TRUE(model::SameBits(found->second[i].value, samples[i].value)) << series;
    }
  }
}

TEST(Block, GivesBackEverySampleAlsoAfterItIsDeleted) {
  const io::TemporaryDirectory directory;
  const Content content = MakeContent();
  const auto meta = Write(io::SystemFiles(), directory.path(), content);
  ASSERT_TRUE(meta.ok()) << meta.error().message();
  EXPECT_EQ(meta->series_count, content.size());
  const auto block = Block::Open(io::SystemFiles(), directory / meta->id);
  ASSERT_TRUE(block.ok()) << block.error().message();
  EXPECT_EQ((*block)->meta(), *meta);
  ExpectSame(Read(**block).value(), content);
  ASSERT_TRUE(io::RemoveAll(io::SystemFiles(), directory / meta->id).ok());
  ExpectSame(Read(**block).value(), content);
}

TEST(Block, GivesTheRangeAskedForAndNothingElse) {
  const io::TemporaryDirectory directory;
  const Content content = MakeContent();
  const auto block = Block::Open(
      io::SystemFiles(), directory / Write(io::SystemFiles(), directory.path(), content)->id);
  const model::TimeRange ranges[] = {
      {kStart + 1'000'000, kStart + 1'500'000}, {kStart, kStart},
      {kStart + 1'023'000, kStart + 1'024'000}, {kStart - 10, kStart - 1},
      {kStart + 2'400'001, kStart + 9'000'000}, {1, 0}};
  for (const model::TimeRange range : ranges) {
    SCOPED_TRACE(fmt::format("{} to {}", range.from, range.until));
    Content want;
    for (const auto& [series, samples] : content) {
      auto& inside = want[series];
      for (const Sample& sample : samples) {
        if (range.Contains(sample.timestamp)) inside.push_back(sample);
      }
    }
    ExpectSame(Read(**block, range).value(), want);
  }
}

TEST(Block, SeriesOfATargetShareTheirTimes) {
  const io::TemporaryDirectory directory;
  Content content;
  for (int s = 0; s < 100; ++s) {
    for (int i = s; i < 1000; ++i)
      content[fmt::format("{:03}", s)].push_back({kStart + i * 977, 1});
  }
  const auto meta = Write(io::SystemFiles(), directory.path(), content);
  // Constant values are two bytes and a checksum; times of their own would be a hundred times that.
  EXPECT_LT(io::SystemFiles().FileSize(directory / meta->id + "/pages").value(), 2000u);
  const auto block = Block::Open(io::SystemFiles(), directory / meta->id);
  const auto querier = (*block)->OpenQuerier({kStart + 200'000, kStart + 400'000});
  const auto set = (*querier)->Select({}, {});
  std::uint64_t id = 0;
  while ((*set)->Next()) {
    const auto columns = (*set)->samples();
    EXPECT_NE(columns->time_column_id, 0u);
    if (id != 0) {
      EXPECT_EQ(columns->time_column_id, id);
    }
    id = columns->time_column_id;
  }
}

TEST(Block, SelectsByMatcher) {
  const io::TemporaryDirectory directory;
  const auto block = Block::Open(
      io::SystemFiles(), directory / Write(io::SystemFiles(), directory.path(), MakeContent())->id);
  const auto querier = (*block)->OpenQuerier({});
  const auto few = model::Matcher::Equal("__name__", "few");
  EXPECT_EQ((*querier)->LabelValues("s", std::span(&few, 1), {})->entries.size(), 10u);
  EXPECT_EQ((*querier)->LabelNames({}, {})->entries, (std::vector<std::string>{"__name__", "s"}));
  EXPECT_TRUE((*querier)->LabelValues("s", {}, {.limit = 3})->is_truncated);
  storage::SelectHints hints;
  hints.series_count_max = 4;
  const auto set = (*querier)->Select(std::span(&few, 1), hints);
  int count = 0;
  while ((*set)->Next()) ++count;
  EXPECT_EQ(count, 4);
}

TEST(Block, PiecesOfASelectionGiveTheSeriesInItsOrder) {
  const io::TemporaryDirectory directory;
  const auto block = Block::Open(
      io::SystemFiles(), directory / Write(io::SystemFiles(), directory.path(), MakeContent())->id);
  const auto querier = (*block)->OpenQuerier({});
  const auto names =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"s"});
  for (const bool has_names : {false, true}) {
    storage::SelectHints hints;
    if (has_names) hints.label_names = names;
    const auto whole = (*querier)->Select({}, hints);
    std::vector<LabelSet> want;
    while ((*whole)->Next()) want.push_back((*whole)->labels());
    ASSERT_EQ(want.size(), 30u);
    EXPECT_EQ(want[0].size(), has_names ? 1u : 2u);
    const auto set = (*querier)->Select({}, hints);
    ASSERT_TRUE((*set)->is_cuttable());
    std::vector<LabelSet> got;
    while (const std::size_t left = (*set)->remaining_count()) {
      const auto piece = (*set)->TakeAhead(std::min<std::size_t>(left, 7));
      while (piece->Next()) got.push_back(piece->labels());
    }
    EXPECT_EQ(got, want);
  }
}

TEST(Block, WithoutSamplesIsNotWritten) {
  const io::TemporaryDirectory directory;
  const auto meta = Write(io::SystemFiles(), directory.path(), {{"000", {}}});
  ASSERT_TRUE(meta.ok());
  EXPECT_EQ(meta->series_count, 0u);
  EXPECT_TRUE(io::SystemFiles().List(directory.path())->empty());
}

TEST(BlockWriter, LeavesAWholeBlockOrNoneWhereverItStops) {
  const Content content = MakeContent();
  bool finished = false;
  for (std::int64_t stop = 0; !finished; ++stop) {
    SCOPED_TRACE(stop);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    files.StopAfter(stop);
    const auto meta = Write(files, directory.path(), content);
    finished = meta.ok();
    const auto entries = io::SystemFiles().List(directory.path());
    for (const auto& entry : *entries) {
      if (entry.name.ends_with(".tmp")) continue;
      const auto block = Block::Open(io::SystemFiles(), directory / entry.name);
      ASSERT_TRUE(block.ok()) << block.error().message();
      ExpectSame(Read(**block).value(), content);
    }
    ASSERT_LT(stop, 100);
  }
}

TEST(BlockWriter, FullDiskAtEveryPointIsNoSpaceAndLeavesNothing) {
  const Content content = MakeContent();
  for (std::int64_t room = 0; room < 100'000; room += 4999) {
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    files.SetRoom(room);
    const auto meta = Write(files, directory.path(), content);
    ASSERT_EQ(meta.code(), ErrorCode::kNoSpace) << room;
    EXPECT_TRUE(io::SystemFiles().List(directory.path())->empty()) << room;
  }
}

std::string Bytes(const std::string& path) { return io::ReadFile(io::SystemFiles(), path).value(); }

void Put(const std::string& path, std::string_view bytes) {
  const auto file = io::SystemFiles().Open(path, io::OpenMode::kAppend);
  ASSERT_TRUE(file.ok() && (*file)->Truncate(0).ok() && (*file)->Append(bytes).ok());
}

TEST(Block, DamageIsAnErrorAndNeverAWrongSample) {
  const io::TemporaryDirectory directory;
  const Content content = MakeContent();
  const std::string path = directory / Write(io::SystemFiles(), directory.path(), content)->id;
  std::mt19937_64 random(9);
  for (const std::string name : {"meta", "index", "pages"}) {
    const std::string sound = Bytes(path + "/" + name);
    for (int round = 0; round < 200; ++round) {
      std::string damaged = sound;
      if (round % 3 == 0) {
        damaged.resize(random() % sound.size());
      } else {
        const std::size_t at = random() % sound.size();
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      }
      Put(path + "/" + name, damaged);
      const auto block = Block::Open(io::SystemFiles(), path);
      if (!block.ok()) {
        EXPECT_EQ(block.code(), ErrorCode::kCorruption);
        continue;
      }
      const auto querier = (*block)->OpenQuerier({});
      const auto set = (*querier)->Select({}, {});
      int damaged_count = 0;
      while ((*set)->Next()) {
        const auto columns = (*set)->samples();
        if (!columns.ok()) {
          ++damaged_count;
          EXPECT_EQ(columns.code(), ErrorCode::kCorruption);
          continue;
        }
        const Columns want = Split(content.at(std::string((*set)->labels().Get("s"))));
        ASSERT_TRUE(std::ranges::equal(columns->timestamps, want.times));
        ASSERT_TRUE(std::ranges::equal(columns->values, want.values, model::SameBits));
      }
      EXPECT_GT(damaged_count, 0) << name << " " << round;
      EXPECT_EQ((*block)->damaged_page_count(), static_cast<std::uint64_t>(damaged_count));
    }
    Put(path + "/" + name, sound);
  }
}

TEST(BlockMeta, RoundTripAndEveryTruncation) {
  const BlockMeta meta{"01ABC", -5, 10, 1, 2, 3, 2, {"01AAA", "01AAB"}, -7};
  const std::string text = FormatMeta(meta);
  EXPECT_EQ(ParseMeta(text).value(), meta);
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(ParseMeta(text.substr(0, size)).code(), ErrorCode::kCorruption);
  }
}

TEST(BlockId, AscendsWithTimeAndDiffers) {
  const std::string a = NewBlockId(1'000);
  EXPECT_EQ(a.size(), 26u);
  EXPECT_LT(a, NewBlockId(1'001));
  EXPECT_NE(NewBlockId(1'000), NewBlockId(1'000));
}

}  // namespace
}  // namespace narthex::block

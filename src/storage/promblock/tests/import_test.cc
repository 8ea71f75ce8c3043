#include "promblock/import.h"

#include <gtest/gtest.h>

#include "block/block.h"
#include "fake_clock.h"
#include "fault_file_system.h"
#include "io/lock_file.h"
#include "prom_testing.h"
#include "promblock/export.h"
#include "promblock/writer.h"
#include "storage/merge.h"
#include "temporary_directory.h"

namespace narthex::promblock {
namespace {

using model::LabelSet;
using Content = std::map<LabelSet, OwnedColumns>;

constexpr std::string_view kUlids[] = {"01KAPX00000000000000000001", "01KAPX00000000000000000002"};

// 900 samples a series, one each `gap`: two days and a half, in two blocks that follow one another.
Content WriteSource(const std::string& directory, model::TimestampMs gap = 240'000) {
  Content content;
  for (const char* name : {"a", "b", "c", "d"}) {
    OwnedColumns& columns = content[{{"__name__", "m"}, {"n", name}}];
    columns = MakeFloats(900, 3);
    model::TimestampMs time = 1'700'000'000'000 + (name[0] == 'b' ? 1 : 0);
    for (model::TimestampMs& one : columns.times) one = time += gap;
  }
  // Native histograms of both kinds, one sample a time of the floats.
  const std::vector<model::TimestampMs> times = content.begin()->second.times;
  for (const double step : {1.0, 0.5}) {
    OwnedColumns& columns = content[{{"__name__", "h"}, {"n", step == 1 ? "e" : "f"}}];
    columns = MakeHistograms(900, step, model::CounterResetHint::kUnknown);
    columns.times = times;
  }
  const model::TimestampMs middle = times[500];
  for (const bool is_first : {true, false}) {
    PromBlockMeta meta;
    meta.ulid = kUlids[is_first ? 0 : 1];
    meta.min_time = is_first ? times.front() : middle;
    meta.max_time = is_first ? middle : times.back() + 1;
    auto writer = PromBlockWriter::Create(io::SystemFiles(), directory, meta).value();
    for (const auto& [labels, columns] : content) {
      OwnedColumns part;
      for (std::size_t i = 0; i < columns.times.size(); ++i) {
        if ((columns.times[i] < middle) != is_first) continue;
        if (columns.pointers[i] == nullptr) {
          part.Add(columns.times[i], columns.values[i]);
        } else {
          part.Add(columns.times[i], *columns.pointers[i]);
        }
      }
      EXPECT_TRUE(writer->Add(labels, part.View()).ok());
    }
    EXPECT_TRUE(writer->Finish().ok());
  }
  return content;
}

// All blocks of a data folder as one store.
class Blocks final : public storage::Queryable {
 public:
  explicit Blocks(const std::string& data_directory) {
    const std::string directory = data_directory + "/blocks";
    const auto entries = io::SystemFiles().List(directory);
    for (const io::DirectoryEntry& entry : entries.value()) {
      blocks_.push_back(
          block::Block::Open(io::SystemFiles(), io::JoinPath(directory, entry.name)).value());
    }
  }
  std::size_t size() const { return blocks_.size(); }
  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange range) override {
    std::vector<std::unique_ptr<storage::Querier>> parts;
    for (const auto& block : blocks_) {
      NARTHEX_ASSIGN_OR_RETURN(auto part, block->OpenQuerier(range));
      parts.push_back(std::move(part));
    }
    return storage::MergeQueriers(std::move(parts));
  }

 private:
  std::vector<std::shared_ptr<block::Block>> blocks_;
};

void ExpectContent(Blocks& blocks, const Content& content) {
  const auto querier = blocks.OpenQuerier({});
  const auto set = (*querier)->Select({}, {});
  for (const auto& [labels, columns] : content) {
    ASSERT_TRUE((*set)->Next());
    EXPECT_EQ((*set)->labels(), labels);
    EXPECT_EQ(Difference((*set)->samples().value(), columns.View()), "") << labels.ToString();
  }
  EXPECT_FALSE((*set)->Next());
}

TEST(ImportBlocks, TakesEverySampleOnce) {
  const io::TemporaryDirectory source;
  const io::TemporaryDirectory data;
  const Content content = WriteSource(source.path());
  ImportOptions options{source.path(), data.path()};
  std::vector<std::string> told;
  options.on_block = [&](const PromBlockMeta& meta, const ImportReport&) {
    told.push_back(meta.ulid);
  };
  const auto first = ImportBlocks(io::SystemFiles(), options);
  ASSERT_TRUE(first.ok()) << first.error().message();
  EXPECT_EQ(first->sample_count, 6u * 900);
  EXPECT_GE(first->block_count, 4u);
  EXPECT_EQ(told, (std::vector<std::string>(std::begin(kUlids), std::end(kUlids))));
  Blocks blocks(data.path());
  EXPECT_EQ(blocks.size(), first->block_count);
  ExpectContent(blocks, content);

  const auto second = ImportBlocks(io::SystemFiles(), options);
  ASSERT_TRUE(second.ok()) << second.error().message();
  EXPECT_EQ(second->block_count, 0u);
  EXPECT_EQ(second->skipped_block_count, first->block_count);
  EXPECT_EQ(Blocks(data.path()).size(), first->block_count);
}

TEST(ImportBlocks, TakesTheSeriesAskedForAndTheRestLater) {
  const io::TemporaryDirectory source;
  const io::TemporaryDirectory data;
  Content content = WriteSource(source.path());
  ImportOptions options{source.path(), data.path()};
  options.selectors = {{model::Matcher::Equal("n", "b")}, {model::Matcher::Equal("n", "c")}};
  const auto some = ImportBlocks(io::SystemFiles(), options);
  ASSERT_TRUE(some.ok()) << some.error().message();
  EXPECT_EQ(some->sample_count, 2u * 900);
  options.selectors.clear();
  EXPECT_EQ(ImportBlocks(io::SystemFiles(), options)->sample_count, 6u * 900);
  Blocks blocks(data.path());
  ExpectContent(blocks, content);
}

TEST(ImportBlocks, GoesOnWhereItWasEnded) {
  const io::TemporaryDirectory source;
  const Content content = WriteSource(source.path());
  std::int64_t change_count = 0;
  {
    const io::TemporaryDirectory data;
    io::FaultFileSystem files;
    ASSERT_TRUE(ImportBlocks(files, {source.path(), data.path()}).ok());
    change_count = files.change_count();
  }
  for (std::int64_t change = 0; change < change_count; change += 9) {
    SCOPED_TRACE(change);
    const io::TemporaryDirectory data;
    io::FaultFileSystem files;
    files.StopAfter(change);
    EXPECT_FALSE(ImportBlocks(files, {source.path(), data.path()}).ok());
    files.Heal();
    const auto again = ImportBlocks(files, {source.path(), data.path()});
    ASSERT_TRUE(again.ok()) << again.error().message();
    Blocks blocks(data.path());
    EXPECT_EQ(blocks.size(), again->block_count + again->skipped_block_count);
    ExpectContent(blocks, content);
  }
}

TEST(ImportBlocks, NamesTheFault) {
  const io::TemporaryDirectory source;
  const io::TemporaryDirectory data;
  EXPECT_EQ(ImportBlocks(io::SystemFiles(), {source.path(), data.path()}).code(),
            ErrorCode::kNotFound);
  WriteSource(source.path());
  {
    const auto lock = io::LockFile::Acquire(data / "lock");
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(ImportBlocks(io::SystemFiles(), {source.path(), data.path()}).code(),
              ErrorCode::kFailedPrecondition);
  }
  EXPECT_EQ(ImportBlocks(io::SystemFiles(), {source.path(), source.path()}).code(),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(ImportBlocks(io::SystemFiles(),
                         {source.path(), data.path(), {}, std::chrono::milliseconds(0)})
                .code(),
            ErrorCode::kInvalidArgument);
  const std::string imported = data / "imported";
  ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), imported, "something else").ok());
  EXPECT_EQ(ImportBlocks(io::SystemFiles(), {source.path(), data.path()}).code(),
            ErrorCode::kCorruption);
  ASSERT_TRUE(io::SystemFiles().Remove(imported).ok());

  PromBlockMeta meta;
  meta.ulid = "01KAPX00000000000000000009";
  auto writer = PromBlockWriter::Create(io::SystemFiles(), source.path(), meta).value();
  OwnedColumns columns;
  columns.Add(0, 1.0);
  columns.Add(model::TimestampMs{1} << 60, 1.0);
  ASSERT_TRUE(writer->Add({{"n", "a"}}, columns.View()).ok());
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_EQ(ImportBlocks(io::SystemFiles(), {source.path(), data.path()}).code(),
            ErrorCode::kOutOfRange);
}

TEST(ExportBlocks, WritesAlignedBlocksThatCanBeImported) {
  const io::TemporaryDirectory source;
  const io::TemporaryDirectory data;
  const io::TemporaryDirectory exported;
  const io::TemporaryDirectory data_again;
  const Content content = WriteSource(source.path(), 30'000);
  ASSERT_TRUE(ImportBlocks(io::SystemFiles(), {source.path(), data.path()}).ok());
  Blocks blocks(data.path());
  FakeClock clock;
  ExportOptions options{exported.path()};
  options.range = {content.begin()->second.times.front(), content.begin()->second.times.back()};
  for (const auto& [labels, columns] : content) {
    options.range.from = std::min(options.range.from, columns.times.front());
    options.range.until = std::max(options.range.until, columns.times.back());
  }
  model::TimestampMs last_end = 0;
  options.on_block = [&](const PromBlockMeta& meta) {
    EXPECT_EQ(meta.min_time % 7'200'000, 0);
    EXPECT_LE(meta.max_time - meta.min_time, 7'200'000);
    last_end = meta.max_time;
  };
  const auto report = ExportBlocks(io::SystemFiles(), clock, blocks, options);
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report->sample_count, 6u * 900);
  // Or a Prometheus with these blocks would refuse samples until the end of the last two hours.
  EXPECT_EQ(last_end, options.range.until + 1);
  ASSERT_TRUE(ImportBlocks(io::SystemFiles(), {exported.path(), data_again.path()}).ok());
  Blocks again(data_again.path());
  ExpectContent(again, content);

  options.block_range = std::chrono::milliseconds(0);
  EXPECT_EQ(ExportBlocks(io::SystemFiles(), clock, blocks, options).code(),
            ErrorCode::kInvalidArgument);
}

TEST(ExportBlocks, TakesTheRangeAndTheSeriesAskedFor) {
  const io::TemporaryDirectory source;
  const io::TemporaryDirectory data;
  const Content content = WriteSource(source.path());
  ASSERT_TRUE(ImportBlocks(io::SystemFiles(), {source.path(), data.path()}).ok());
  Blocks blocks(data.path());
  FakeClock clock;
  const std::vector<model::TimestampMs>& times = content.begin()->second.times;
  const struct {
    Selectors selectors;
    std::uint64_t series_factor;
  } cases[] = {
      {{{model::Matcher::Equal("n", "a")}}, 1},
      {{{model::Matcher::Equal("n", "a")}, {model::Matcher::Equal("n", "c")}}, 2},
  };
  for (const auto& c : cases) {
    const io::TemporaryDirectory exported;
    ExportOptions options{exported.path(), {times[10], times[19]}, c.selectors};
    EXPECT_EQ(ExportBlocks(io::SystemFiles(), clock, blocks, options)->sample_count,
              10 * c.series_factor);
  }
}

}  // namespace
}  // namespace narthex::promblock

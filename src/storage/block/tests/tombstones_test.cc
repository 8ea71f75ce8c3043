// Deleting samples of a block.
#include "tombstones.h"

#include "fault_file_system.h"
#include "rich_series.h"
#include "temporary_directory.h"

namespace narthex::block {
namespace {

constexpr model::TimestampMs kStart = 7'200'000;

RichContent MakeContent() {
  RichContent content;
  for (int s = 0; s < 4; ++s) {
    auto& samples = content[{{"__name__", "m"}, {"s", std::to_string(s)}}];
    for (int i = s * 10; i < 200; ++i) {
      RichSample sample{kStart + i * 1000, s * 1000.0 + i, {}, s == 1 ? kStart - 1 : 0};
      if (s == 2) sample.histogram = model::FloatHistogram{.count = 1.0 * i, .sum = 2.0 * i};
      samples.push_back(sample);
    }
  }
  return content;
}

std::shared_ptr<Block> Make(const io::TemporaryDirectory& directory, io::FileSystem& files,
                            const RichContent& content) {
  BlockMeta meta;
  meta.id = NewBlockId(kStart);
  meta.min_time = kStart;
  meta.max_time = 2 * kStart;
  meta = WriteRich(io::SystemFiles(), directory.path(), meta, content).value();
  return Block::Open(files, directory / meta.id).value();
}

RichContent Without(RichContent content, std::string_view series, model::TimeRange range) {
  for (auto& [labels, samples] : content) {
    if (series != "all" && labels.Get("s") != series) continue;
    std::erase_if(samples, [&](const RichSample& s) { return range.Contains(s.time); });
  }
  std::erase_if(content, [](const auto& entry) { return entry.second.empty(); });
  return content;
}

TEST(Block, DeletedSamplesAreNotGivenAlsoAfterTheNextStart) {
  const io::TemporaryDirectory directory;
  const RichContent content = MakeContent();
  const auto block = Make(directory, io::SystemFiles(), content);
  const auto before = block->OpenQuerier({});
  const struct {
    std::string series;
    model::TimeRange range;
    std::size_t series_count;
  } steps[] = {{"1", {kStart + 20'000, kStart + 29'999}, 1},
               {"2", {kStart + 50'000, kStart + 60'000}, 1},
               {"all", {kStart, kStart + 5'000}, 1},  // only series 0 begins so early
               {"0", {kStart, 2 * kStart}, 1},
               {"3", {kStart, kStart + 100'000}, 1},
               {"3", {kStart + 100'001, kStart + 900'000}, 1},
               {"3", {kStart, kStart + 900'000}, 0},
               {"1", {0, kStart - 1}, 0},
               {"1", {1, 0}, 0}};
  RichContent left = content;
  for (const auto& step : steps) {
    SCOPED_TRACE(fmt::format("{} {}", step.series, step.range.from));
    std::vector<model::Matcher> matchers;
    if (step.series != "all") matchers.push_back(model::Matcher::Equal("s", step.series));
    EXPECT_EQ(block->Delete(step.range, matchers).value(), step.series_count);
    left = Without(left, step.series, step.range);
    ExpectContent(*block, {}, left);
    ExpectContent(*block, {kStart + 25'000, kStart + 55'000},
                  Within(left, {kStart + 25'000, kStart + 55'000}));
  }
  const auto again = Block::Open(io::SystemFiles(), block->directory());
  ASSERT_TRUE(again.ok());
  ExpectContent(**again, {}, left);
  EXPECT_EQ((*again)->tombstone_series_count(), 4u);
  EXPECT_EQ((*again)->tombstone_count(), 4u);
  EXPECT_TRUE((*again)->Verify().is_sound());
  // A querier that was open before sees what it saw.
  const auto set = (*before)->Select({}, {});
  ASSERT_TRUE((*set)->Next());
  ExpectSameSamples(*(*set)->samples(), content.begin()->second);
}

TEST(Block, ASeriesThatIsDeletedIsLeftOut) {
  const io::TemporaryDirectory directory;
  const auto block = Make(directory, io::SystemFiles(), MakeContent());
  const auto matcher = model::Matcher::Equal("s", "3");
  // No more than the samples it has.
  ASSERT_EQ(block->Delete({kStart + 30'000, kStart + 199'000}, std::span(&matcher, 1)).value(), 1u);
  const auto querier = block->OpenQuerier({});
  const auto set = (*querier)->Select({}, {});
  int count = 0;
  while ((*set)->Next()) {
    EXPECT_NE((*set)->labels().Get("s"), "3");
    ++count;
  }
  EXPECT_EQ(count, 3);
}

TEST(Block, ADeletionThatCannotBeWrittenChangesNothing) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  const RichContent content = MakeContent();
  const auto block = Make(directory, files, content);
  files.SetRoom(3);
  EXPECT_EQ(block->Delete({kStart, kStart + 50'000}, {}).code(), ErrorCode::kNoSpace);
  ExpectContent(*block, {}, content);
  ExpectContent(**Block::Open(io::SystemFiles(), block->directory()), {}, content);
}

TEST(Block, ADeletionThatStopsAnywhereIsDoneOrNot) {
  const RichContent content = MakeContent();
  const model::TimeRange range{kStart + 40'000, kStart + 50'000};
  bool is_finished = false;
  for (std::int64_t stop = 0; !is_finished; ++stop) {
    SCOPED_TRACE(stop);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    const auto block = Make(directory, files, content);
    files.StopAfter(stop);
    is_finished = block->Delete(range, {}).ok();
    const auto opened = Block::Open(io::SystemFiles(), block->directory());
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    const bool is_deleted = (*opened)->tombstone_count() > 0;
    ExpectContent(**opened, {}, is_deleted ? Without(content, "all", range) : content);
    EXPECT_TRUE(is_deleted || !is_finished);
    ASSERT_LT(stop, 20);
  }
}

TEST(Block, DamagedTombstonesAreAnErrorAndNeverAReturnOfTheDeleted) {
  const io::TemporaryDirectory directory;
  const auto block = Make(directory, io::SystemFiles(), MakeContent());
  ASSERT_TRUE(block->Delete({kStart, kStart + 50'000}, {}).ok());
  const std::string path = block->directory() + "/tombstones";
  const std::string sound = io::ReadFile(io::SystemFiles(), path).value();
  for (std::size_t size = 0; size < sound.size(); ++size) {
    ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), path, sound.substr(0, size)).ok());
    EXPECT_EQ(Block::Open(io::SystemFiles(), block->directory()).code(), ErrorCode::kCorruption);
  }
  for (std::size_t bit = 0; bit < sound.size() * 8; ++bit) {
    std::string damaged = sound;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(Tombstones::Decode(damaged, 4).code(), ErrorCode::kCorruption) << bit;
  }
}

TEST(Tombstones, RangesThatTouchBecomeOneAndComeBack) {
  using Ranges = std::vector<std::pair<model::TimestampMs, model::TimestampMs>>;
  const struct {
    std::string name;
    Ranges added;
    Ranges want;
  } cases[] = {{"one", {{1, 5}}, {{1, 5}}},
               {"empty", {{5, 1}, {7, 7}}, {{7, 7}}},
               {"apart", {{7, 9}, {1, 5}}, {{1, 5}, {7, 9}}},
               {"side by side", {{1, 5}, {6, 9}}, {{1, 9}}},
               {"overlap", {{1, 5}, {9, 12}, {3, 10}}, {{1, 12}}},
               {"inside", {{1, 50}, {9, 12}}, {{1, 50}}},
               {"below zero", {{-50, -9}, {-5, 2}}, {{-50, -9}, {-5, 2}}}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Tombstones tombstones;
    for (const auto& [from, until] : c.added) tombstones.Add(3, {from, until});
    tombstones.Add(9, {0, 1});
    const auto decoded = Tombstones::Decode(tombstones.Encode(), 10);
    ASSERT_TRUE(decoded.ok());
    Ranges got;
    const auto& ranges = *decoded->Of(3);
    for (const model::TimeRange range : ranges) got.emplace_back(range.from, range.until);
    EXPECT_EQ(got, c.want);
    EXPECT_EQ(decoded->Of(4), nullptr);
    EXPECT_EQ(Tombstones::Decode(tombstones.Encode(), 9).code(), ErrorCode::kCorruption);
  }
}

}  // namespace
}  // namespace narthex::block

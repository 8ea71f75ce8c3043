// Blocks of series of every kind.
#include <random>

#include "base/hash.h"
#include "chunk/histogram_page.h"
#include "chunk/page.h"
#include "fault_file_system.h"
#include "rich_series.h"
#include "temporary_directory.h"

namespace narthex::block {
namespace {

using model::LabelSet;

constexpr model::TimestampMs kStart = 86'400'000;
constexpr model::TimestampMs kHour = 3'600'000;

BlockMeta MetaOf(int hours) {
  BlockMeta meta;
  meta.id = NewBlockId(kStart);
  meta.min_time = kStart;
  meta.max_time = kStart + hours * kHour;
  return meta;
}

model::FloatHistogram HistogramOf(std::size_t bucket_count, double value) {
  model::FloatHistogram histogram;
  histogram.schema = 3;
  histogram.zero_threshold = 1e-128;
  histogram.sum = value / 7;
  histogram.positive_spans = {{0, static_cast<std::uint32_t>(bucket_count)}};
  for (std::size_t i = 0; i < bucket_count; ++i) {
    histogram.positive_buckets.push_back(std::floor(value * static_cast<double>(i + 1)));
    histogram.count += histogram.positive_buckets.back();
  }
  return histogram;
}

// Classic histograms of several pods, whose label comes behind `le`; counters in step with them.
void AddBuckets(RichContent& content, std::size_t count, std::mt19937_64& random) {
  const std::string bounds[] = {"0.005", "0.01", "0.1", "1", "10", "100", "+Inf"};
  for (int pod = 0; pod < 3; ++pod) {
    std::vector<double> counts(std::size(bounds));
    const std::string pod_name = fmt::format("p{}", pod);
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t at = random() % counts.size();
      for (; at < counts.size(); ++at) counts[at] += static_cast<double>(random() % 50);
      const auto time = kStart + static_cast<model::TimestampMs>(i) * 15'000;
      for (std::size_t b = 0; b < counts.size(); ++b) {
        content[{{"__name__", "d_bucket"}, {"le", bounds[b]}, {"pod", pod_name}}].push_back(
            {time, counts[b]});
      }
      content[{{"__name__", "d_count"}, {"pod", pod_name}}].push_back({time, counts.back()});
      content[{{"__name__", "requests"}, {"pod", pod_name}}].push_back({time, counts.back() + 7});
    }
  }
}

RichContent MakeRich(std::size_t count) {
  RichContent content;
  std::mt19937_64 random(3);
  AddBuckets(content, count, random);
  for (std::size_t i = 0; i < count; ++i) {
    const auto time = kStart + static_cast<model::TimestampMs>(i) * 15'000;
    const auto n = static_cast<double>(i);
    content[{{"__name__", "constant"}}].push_back({time, 5});
    content[{{"__name__", "fraction"}}].push_back({time, 0.1});
    content[{{"__name__", "noise"}}].push_back({time, static_cast<double>(random()) / 3});
    content[{{"__name__", "native"}}].push_back({time, 0, HistogramOf(20, n)});
    content[{{"__name__", "native_wide"}}].push_back({time, 0, HistogramOf(300, n * 1e5)});
    RichSample mixed{time, n, {}, kStart - 5};
    if (i / 50 % 2 == 1) mixed.histogram = HistogramOf(5, n);
    if (i == count - 1) {
      mixed.histogram = HistogramOf(0, 0);
      mixed.histogram->sum = model::StaleNan();
    }
    content[{{"__name__", "mixed"}}].push_back(mixed);
    content[{{"__name__", "started"}}].push_back({time, n, {}, i < 90 ? 0 : time - 100'000});
    if (i % 9 != 4) content[{{"__name__", "gaps"}}].push_back({time, n * n});
    if (i > 100 && i % 50 < 40) content[{{"__name__", "gaps"}, {"z", "late"}}].push_back({time, n});
    if (i > count / 2) content[{{"__name__", "late"}}].push_back({time, n + 0.5});
    content[{{"__name__", "own"}}].push_back({time + static_cast<int>(random() % 999), n});
    if (i == 70) content[{{"__name__", "single"}}].push_back({time, -0.0});
  }
  return content;
}

class RichBlock : public testing::TestWithParam<int> {};

TEST_P(RichBlock, GivesBackEverythingInEveryRange) {
  const io::TemporaryDirectory directory;
  const RichContent content = MakeRich(static_cast<std::size_t>(GetParam()) * 240 - 100);
  const auto meta = WriteRich(io::SystemFiles(), directory.path(), MetaOf(GetParam()), content);
  ASSERT_TRUE(meta.ok()) << meta.error().message();
  const auto block = Block::Open(io::SystemFiles(), directory / meta->id);
  ASSERT_TRUE(block.ok()) << block.error().message();
  const VerifyReport report = (*block)->Verify();
  EXPECT_TRUE(report.is_sound()) << testing::PrintToString(report.errors);
  EXPECT_EQ(report.sample_count, meta->sample_count);
  EXPECT_EQ(report.series_count, content.size());
  const model::TimeRange ranges[] = {{},
                                     {kStart, kStart},
                                     {kStart + 70 * 15'000, kStart + 70 * 15'000},
                                     {kStart + 4 * 15'000, kStart + 5 * 15'000 - 1},
                                     {kStart + kHour / 2, kStart + kHour},
                                     {kStart + 1020 * 15'000, kStart + 1030 * 15'000},
                                     {kStart - 9, kStart - 1},
                                     {1, 0}};
  for (const model::TimeRange range : ranges) {
    SCOPED_TRACE(fmt::format("{} to {}", range.from, range.until));
    ExpectContent(**block, range, Within(content, range));
  }
}

INSTANTIATE_TEST_SUITE_P(Hours, RichBlock, testing::Values(2, 24));

TEST(BlockWriter, SharesBucketsAndCountersInStep) {
  const io::TemporaryDirectory directory;
  std::mt19937_64 random(3);
  RichContent content;
  AddBuckets(content, 480, random);
  const auto meta = WriteRich(io::SystemFiles(), directory.path(), MetaOf(2), content);
  ASSERT_TRUE(meta.ok());
  std::size_t alone = 0;
  for (const auto& [labels, samples] : content) {
    std::string page;
    chunk::EncodeValues(RichColumns(samples).values, page);
    alone += page.size();
  }
  EXPECT_LT(io::SystemFiles().FileSize(directory / meta->id + "/pages").value(), alone * 8 / 10);
}

// Gives pages, as a head does.
class PageSet final : public storage::SeriesSet {
 public:
  explicit PageSet(const RichContent& content) : next_(content.begin()), end_(content.end()) {}

  bool Next() override {
    if (next_ == end_) return false;
    labels_ = next_->first;
    columns_.emplace(next_->second);
    bytes_.clear();
    pages_.clear();
    // A page of another length each time; one of each kind where they change.
    std::size_t length = 100;
    for (std::size_t at = 0; at < columns_->times.size(); length = length % 240 + 61) {
      const auto is_histogram = [&](std::size_t i) {
        return !columns_->histograms.empty() && columns_->histograms[i] != nullptr;
      };
      std::size_t end = at + 1;
      while (end < std::min(at + length, columns_->times.size()) &&
             is_histogram(end) == is_histogram(at)) {
        ++end;
      }
      std::string& page = *bytes_.emplace_back(std::make_unique<std::string>());
      if (is_histogram(at)) {
        chunk::EncodeHistograms(std::span(columns_->histograms).subspan(at, end - at), page);
      } else {
        chunk::EncodeValues(std::span(columns_->values).subspan(at, end - at), page);
      }
      pages_.push_back({page, end - at, is_histogram(at)});
      at = end;
    }
    ++next_;
    return true;
  }
  const LabelSet& labels() const override { return labels_; }
  Result<storage::SampleColumns> samples() override { return columns_->columns(); }
  Result<std::optional<storage::EncodedColumns>> encoded() override {
    return std::optional(storage::EncodedColumns{columns_->times, 0, pages_, columns_->starts});
  }
  Status status() const override { return Ok(); }

 private:
  RichContent::const_iterator next_;
  const RichContent::const_iterator end_;
  LabelSet labels_;
  std::optional<RichColumns> columns_;
  std::vector<std::unique_ptr<std::string>> bytes_;
  std::vector<storage::EncodedPage> pages_;
};

TEST(BlockWriter, CopiesPagesAsTheyAre) {
  const io::TemporaryDirectory directory;
  const RichContent content = MakeRich(480);
  const auto writer = BlockWriter::Create(io::SystemFiles(), directory.path(), MetaOf(2));
  ASSERT_TRUE(writer.ok());
  PageSet set(content);
  while (set.Next()) ASSERT_TRUE((*writer)->Add(set).ok());
  const auto meta = (*writer)->Finish();
  ASSERT_TRUE(meta.ok());
  const auto block = Block::Open(io::SystemFiles(), directory / meta->id);
  ASSERT_TRUE(block.ok());
  EXPECT_TRUE((*block)->Verify().is_sound());
  for (const model::TimeRange range :
       {model::TimeRange{}, model::TimeRange{kStart + kHour / 3, kStart + kHour}}) {
    ExpectContent(**block, range, Within(content, range));
  }
}

TEST(BlockWriter, RefusesPagesOfOtherSamples) {
  const io::TemporaryDirectory directory;
  const auto writer = BlockWriter::Create(io::SystemFiles(), directory.path(), MetaOf(2)).value();
  const std::vector<model::TimestampMs> times = {kStart, kStart + 1};
  std::string page;
  chunk::EncodeValues(std::vector<double>{1, 2, 3}, page);
  const storage::EncodedPage pages[] = {{page, 3, false}};
  EXPECT_EQ(writer->Add({{"a", "b"}}, storage::EncodedColumns{times, 0, pages, {}}).code(),
            ErrorCode::kInternal);
}

TEST(Block, AFlippedBitCostsTheSeriesThatNeedItsFrameAndNothingElse) {
  const io::TemporaryDirectory directory;
  const RichContent content = MakeRich(5700);
  const auto meta = WriteRich(io::SystemFiles(), directory.path(), MetaOf(24), content);
  ASSERT_TRUE(meta.ok());
  const std::string path = directory / meta->id + "/pages";
  const std::string sound = io::ReadFile(io::SystemFiles(), path).value();
  std::mt19937_64 random(11);
  std::size_t most_sound_series = 0;
  for (int round = 0; round < 40; ++round) {
    std::string damaged = sound;
    const std::size_t at = random() % sound.size();
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
    ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), path, damaged).ok());
    const auto block = Block::Open(io::SystemFiles(), directory / meta->id);
    if (!block.ok()) {
      EXPECT_EQ(block.code(), ErrorCode::kCorruption);
      continue;
    }
    const VerifyReport report = (*block)->Verify();
    EXPECT_EQ(report.damaged_frame_count, 1u) << at;
    EXPECT_FALSE(report.errors.empty());
    const auto querier = (*block)->OpenQuerier({});
    const auto set = (*querier)->Select({}, {});
    std::size_t sound_count = 0;
    while ((*set)->Next()) {
      const auto columns = (*set)->samples();
      if (!columns.ok()) {
        EXPECT_EQ(columns.code(), ErrorCode::kCorruption);
        continue;
      }
      ExpectSameSamples(*columns, content.at((*set)->labels()));
      ++sound_count;
    }
    EXPECT_EQ(content.size() - sound_count, report.damaged_series_count);
    most_sound_series = std::max(most_sound_series, sound_count);
  }
  EXPECT_GT(most_sound_series, content.size() / 2);
}

TEST(Block, RecordsAndColumnsGoOnInTheNextFrame) {
  const io::TemporaryDirectory directory;
  std::mt19937_64 random(7);
  RichContent content;
  auto& noise = content[{{"__name__", "noise"}}];
  auto time = kStart;
  for (int i = 0; i < 60'000; ++i) {
    time += 1 + static_cast<model::TimestampMs>(random() % 20'000);
    noise.push_back({time, static_cast<double>(random()) / 3});
  }
  // A page that is larger than a frame.
  model::FloatHistogram wide = HistogramOf(20'000, 1);
  for (double& bucket : wide.positive_buckets) bucket = static_cast<double>(random() >> 14);
  content[{{"__name__", "wide"}}] = {{kStart + 1, 0, HistogramOf(3, 5)}, {kStart + 2, 0, wide}};
  content[{{"__name__", "wider"}}] = {{kStart + 1, 0, wide}, {kStart + 5, 1.5}};
  BlockMeta meta = MetaOf(24 * 20);
  meta = WriteRich(io::SystemFiles(), directory.path(), meta, content).value();
  const auto block = Block::Open(io::SystemFiles(), directory / meta.id);
  ASSERT_TRUE(block.ok());
  const VerifyReport report = (*block)->Verify();
  EXPECT_TRUE(report.is_sound()) << testing::PrintToString(report.errors);
  EXPECT_GT(report.frame_count, 8u);
  for (const model::TimeRange range :
       {model::TimeRange{}, model::TimeRange{time - 40'000'000, time - 20'000'000},
        model::TimeRange{kStart + 2, kStart + 300'000}}) {
    ExpectContent(**block, range, Within(content, range));
  }
}

TEST(BlockWriter, WritesMoreSeriesThanItHoldsBack) {
  const io::TemporaryDirectory directory;
  constexpr int kSeriesCount = 130'000;
  const auto writer = BlockWriter::Create(io::SystemFiles(), directory.path(), MetaOf(2)).value();
  const std::vector<model::TimestampMs> times = {kStart, kStart + 1, kStart + 2, kStart + 3};
  const auto values_of = [](int i) {
    return std::vector<double>{i / 7.0, i / 3.0, i + 0.1, std::sqrt(i)};
  };
  for (int i = 0; i < kSeriesCount; ++i) {
    const std::string id = fmt::format("{:06}", i);
    const LabelSet labels{{"__name__", i < 105'000 ? "a" : "b"}, {"s", id}};
    ASSERT_TRUE(writer->Add(labels, {times, values_of(i), 1}).ok());
  }
  const BlockMeta meta = writer->Finish().value();
  EXPECT_EQ(meta.series_count, static_cast<std::uint64_t>(kSeriesCount));
  const auto block = Block::Open(io::SystemFiles(), directory / meta.id).value();
  const auto querier = block->OpenQuerier({});
  const auto set = (*querier)->Select({}, {});
  for (int i = 0; i < kSeriesCount; ++i) {
    ASSERT_TRUE((*set)->Next());
    const auto columns = (*set)->samples();
    ASSERT_TRUE(columns.ok()) << columns.error().message();
    ASSERT_TRUE(std::ranges::equal(columns->values, values_of(i), model::SameBits)) << i;
  }
  EXPECT_FALSE((*set)->Next());
}

TEST(BlockMeta, AnotherVersionIsRefusedWithTheWayOut) {
  std::string text = FormatMeta(MetaOf(2));
  text.replace(text.find(" 2\n"), 3, " 1\n");
  const std::size_t checksum_at = text.rfind("crc32c ");
  text = text.substr(0, checksum_at);
  text += fmt::format("crc32c {:08x}\n", Crc32c(text));
  const auto meta = ParseMeta(text);
  EXPECT_EQ(meta.code(), ErrorCode::kUnsupported);
  EXPECT_NE(meta.error().message().find("move its folder away"), std::string::npos);
}

}  // namespace
}  // namespace narthex::block

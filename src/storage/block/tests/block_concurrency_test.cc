// One block, many readers, and deletions between them.
#include <thread>

#include "rich_series.h"
#include "temporary_directory.h"

namespace narthex::block {
namespace {

constexpr model::TimestampMs kStart = 7'200'000;
constexpr int kSampleCount = 1500;

RichContent MakeContent() {
  RichContent content;
  for (int s = 0; s < 40; ++s) {
    auto& samples = content[{{"__name__", "b_bucket"}, {"le", std::to_string(s)}}];
    for (int i = 0; i < kSampleCount; ++i) {
      samples.push_back({kStart + i * 1000, static_cast<double>(i * s + i * i % 7), {}, 0});
    }
  }
  return content;
}

TEST(Block, IsReadByManyThreadsWhileSamplesAreDeleted) {
  const io::TemporaryDirectory directory;
  const RichContent content = MakeContent();
  BlockMeta meta;
  meta.id = NewBlockId(kStart);
  meta.min_time = kStart;
  meta.max_time = kStart + 86'400'000;
  meta = WriteRich(io::SystemFiles(), directory.path(), meta, content).value();
  const auto block = Block::Open(io::SystemFiles(), directory / meta.id).value();

  const auto read = [&](int thread) {
    for (int round = 0; round < 6; ++round) {
      const auto querier = block->OpenQuerier({kStart + thread * 1000, kStart + 2'000'000});
      const auto set = (*querier)->Select({}, {});
      while ((*set)->Next()) {
        const auto columns = (*set)->samples();
        ASSERT_TRUE(columns.ok());
        const auto& want = content.at((*set)->labels());
        for (std::size_t i = 0; i < columns->timestamps.size(); ++i) {
          const auto at = static_cast<std::size_t>((columns->timestamps[i] - kStart) / 1000);
          ASSERT_EQ(columns->values[i], want[at].value);
        }
      }
    }
  };
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) threads.emplace_back(read, thread);
  threads.emplace_back([&] {
    for (int i = 0; i < 20; ++i) {
      const auto matcher = model::Matcher::Equal("le", std::to_string(i));
      const model::TimeRange range{kStart + i * 1000, kStart + i * 2000};
      ASSERT_EQ(block->Delete(range, std::span(&matcher, 1)).value(), 1u);
    }
  });
  threads.clear();
  EXPECT_EQ(block->tombstone_count(), 20u);
}

}  // namespace
}  // namespace narthex::block

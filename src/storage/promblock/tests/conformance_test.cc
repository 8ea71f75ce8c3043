// Blocks that Prometheus wrote, of the conformance corpus.
#include <gtest/gtest.h>

#include <map>

#include "base/number.h"
#include "corpus.h"
#include "json/reader.h"
#include "json/value.h"
#include "promblock/block.h"

namespace narthex::promblock {
namespace {

struct Read {
  std::size_t series_count = 0;
  std::size_t sample_count = 0;
};

Result<Read> ReadAll(const PromBlock& block) {
  Read read;
  const auto set = block.Select({}, {});
  while (set->Next()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto columns, set->samples());
    ++read.series_count;
    read.sample_count += columns.timestamps.size();
  }
  NARTHEX_TRY(set->status());
  return read;
}

TEST(PromBlockConformance, ReadsASnapshot) {
  const auto root = conformance::CorpusRoot() / "tsdb" / "prometheus_snapshot";
  NARTHEX_NEED_CORPUS(root);
  const auto directories = FindBlocks(io::SystemFiles(), root.string());
  ASSERT_TRUE(directories.ok()) << directories.error().message();
  ASSERT_EQ(directories->size(), 1u);
  const auto block = PromBlock::Open(io::SystemFiles(), directories->front());
  ASSERT_TRUE(block.ok()) << block.error().message();
  const auto all = ReadAll(**block);
  ASSERT_TRUE(all.ok()) << all.error().message();
  EXPECT_EQ(all->series_count, (*block)->meta().series_count);
  EXPECT_EQ(all->sample_count, (*block)->meta().sample_count);

  const auto expected = io::ReadFile(io::SystemFiles(), (root / "expected_response.json").string());
  const auto answer = json::Parse(*expected);
  std::map<model::LabelSet, std::pair<double, std::string>> want;  // of one sample each
  const json::Value& result = (*answer)["data"]["result"];
  for (const json::Value& series : result.items()) {
    std::vector<std::pair<std::string, std::string>> labels;
    for (const json::Member& label : series["metric"].members()) {
      labels.emplace_back(label.key, label.value.AsString());
    }
    const json::Value& sample = series["values"].items().front();
    want[model::LabelSet::From(labels)] = {*sample.items()[0].AsDouble(),
                                           std::string(sample.items()[1].AsString())};
  }
  const auto set = (*block)->Select(
      {{model::Matcher::Equal("__name__", "vm_log_messages_total"),
        model::Matcher::Make(model::MatchType::kRegex, "location",
                             "VictoriaMetrics/lib/ingestserver/opentsdb/server.go:(48|59)")
            .value()}},
      {});
  std::size_t found_count = 0;
  for (; set->Next(); ++found_count) {
    ASSERT_TRUE(want.contains(set->labels())) << set->labels().ToString();
    const auto& [time, value] = want[set->labels()];
    const auto columns = set->samples();
    ASSERT_EQ(columns->timestamps.size(), 1u);
    EXPECT_DOUBLE_EQ(static_cast<double>(columns->timestamps[0]) / 1000, time);
    EXPECT_EQ(FormatDouble(columns->values[0]), value);
  }
  EXPECT_EQ(found_count, want.size());
}

TEST(PromBlockConformance, ReadsIndexVersionOne) {
  const auto root = conformance::CorpusRoot() / "tsdb" / "index_format_v1";
  NARTHEX_NEED_CORPUS(root);
  const auto block = PromBlock::Open(io::SystemFiles(), root.string());
  ASSERT_TRUE(block.ok()) << block.error().message();
  const auto all = ReadAll(**block);
  ASSERT_TRUE(all.ok()) << all.error().message();
  EXPECT_EQ(all->series_count, (*block)->meta().series_count);
  EXPECT_EQ(all->sample_count, (*block)->meta().sample_count);
}

TEST(PromBlockConformance, ReadsAnIndexThatClaimsAWrongVersion) {
  const auto root = conformance::CorpusRoot() / "tsdb" / "repair_index_version";
  NARTHEX_NEED_CORPUS(root);
  const auto directories = FindBlocks(io::SystemFiles(), root.string());
  ASSERT_TRUE(directories.ok()) << directories.error().message();
  const auto block = PromBlock::Open(io::SystemFiles(), directories->front());
  ASSERT_TRUE(block.ok()) << block.error().message();
  // Its two series have no chunks.
  const auto range = (*block)->SampleRange();
  ASSERT_TRUE(range.ok()) << range.error().message();
  EXPECT_TRUE(range->empty());
}

}  // namespace
}  // namespace narthex::promblock

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "index/index_file.h"
#include "index/memory_index.h"
#include "index/posting_list.h"

namespace narthex::index {
namespace {

using model::LabelSet;
using model::Matcher;
using model::MatchType;

std::vector<LabelSet> SomeSeries() {
  std::vector<LabelSet> all;
  for (int i = 0; i < 60; ++i) {
    std::vector<std::pair<std::string, std::string>> labels = {
        {"__name__", i % 3 == 0   ? "up"
                     : i % 3 == 1 ? "http_requests_total"
                                  : "http_errors_total"},
        {"i", std::to_string(i)}};
    if (i % 2 == 0) labels.emplace_back("job", i % 4 == 0 ? "api" : "node");
    if (i % 7 == 0) labels.emplace_back("zone", "");
    if (i % 5 == 0) labels.emplace_back("path", "/a\n" + std::to_string(i));
    all.push_back(LabelSet::From(labels));
  }
  std::ranges::sort(all);
  return all;
}

std::string MakeFile(const std::vector<LabelSet>& series) {
  IndexWriter writer;
  for (std::size_t i = 0; i < series.size(); ++i) {
    writer.Add(series[i], "payload " + std::to_string(i));
  }
  return writer.Finish().value();
}

// Each selection, from both kinds of index, against the matchers applied one by one.
TEST(SelectSeries, AgreesWithTheMatchersInEveryIndex) {
  const std::vector<LabelSet> series = SomeSeries();
  MemoryIndex memory;
  for (std::size_t i = 0; i < series.size(); ++i) memory.Add(static_cast<SeriesId>(i), series[i]);
  const std::string bytes = MakeFile(series);
  const auto file = IndexFile::Open(bytes);
  ASSERT_TRUE(file.ok()) << file.error().message();

  using Type = MatchType;
  using Condition = std::tuple<Type, std::string, std::string>;
  const std::vector<std::vector<Condition>> selections = {
      {},
      {{Type::kEqual, "__name__", "up"}},
      {{Type::kEqual, "__name__", "u"}},
      {{Type::kEqual, "__name__", "none"}},
      {{Type::kEqual, "nolabel", ""}},
      {{Type::kEqual, "nolabel", "x"}},
      {{Type::kEqual, "job", ""}},
      {{Type::kNotEqual, "job", ""}},
      {{Type::kNotEqual, "job", "api"}},
      {{Type::kRegex, "__name__", "http_.*"}},
      {{Type::kRegex, "__name__", "up|http_errors_total|nope"}},
      {{Type::kNotRegex, "__name__", "up|http_errors_total"}},
      {{Type::kNotRegex, "__name__", "http_.*"}},
      {{Type::kRegex, "job", ".*"}},
      {{Type::kRegex, "job", ".+"}},
      {{Type::kNotRegex, "job", ".+"}},
      {{Type::kNotRegex, "job", ".*"}},
      {{Type::kRegex, "job", "api|"}},
      {{Type::kNotRegex, "job", "api|"}},
      {{Type::kRegex, "path", "/a.[0-9]+"}},
      {{Type::kEqual, "__name__", "up"}, {Type::kRegex, "i", "[1-3]."}},
      {{Type::kEqual, "__name__", "up"}, {Type::kNotEqual, "job", "api"}},
      {{Type::kEqual, "job", "api"}, {Type::kEqual, "__name__", "up"}},
      {{Type::kNotEqual, "job", "api"}, {Type::kNotEqual, "job", "node"}},
      {{Type::kRegex, "i", "1|2|3|30"}, {Type::kEqual, "job", ""}},
      {{Type::kNotEqual, "i", "3"},
       {Type::kRegex, "__name__", "up|http.+"},
       {Type::kEqual, "zone", ""}},
  };
  for (const auto& conditions : selections) {
    std::vector<Matcher> matchers;
    std::string trace;
    for (const auto& [type, name, value] : conditions) {
      matchers.push_back(Matcher::Make(type, name, value).value());
      trace += matchers.back().ToString() + " ";
    }
    SCOPED_TRACE(trace);
    std::vector<SeriesId> want;
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (model::MatchesAll(matchers, series[i])) want.push_back(static_cast<SeriesId>(i));
    }
    EXPECT_EQ(SelectSeries(memory, matchers), want);
    EXPECT_EQ(SelectSeries(**file, matchers), want);
    EXPECT_EQ(SelectNames(memory, matchers), SelectNames(**file, matchers));
    EXPECT_EQ(SelectValues(memory, "job", matchers), SelectValues(**file, "job", matchers));
  }
}

TEST(MemoryIndex, FindsAndGivesBackEveryLabelSet) {
  const std::vector<LabelSet> series = SomeSeries();
  MemoryIndex index;
  for (std::size_t i = 0; i < series.size(); ++i)
    index.Add(static_cast<SeriesId>(i * 100), series[i]);
  for (std::size_t i = 0; i < series.size(); ++i) {
    EXPECT_EQ(index.Find(series[i]), static_cast<SeriesId>(i * 100));
    EXPECT_EQ(index.Labels(static_cast<SeriesId>(i * 100)), series[i]);
  }
  EXPECT_EQ(index.Find({{"__name__", "other"}}), std::nullopt);
  EXPECT_EQ(index.Labels(1), LabelSet());
}

TEST(MemoryIndex, RemovedSeriesAndTheirSymbolsAreGone) {
  const std::vector<LabelSet> series = SomeSeries();
  MemoryIndex index;
  for (std::size_t i = 0; i < series.size(); ++i) index.Add(static_cast<SeriesId>(i), series[i]);
  std::vector<SeriesId> odd;
  for (SeriesId i = 1; i < series.size(); i += 2) odd.push_back(i);
  index.Remove(odd);
  index.Remove(odd);
  EXPECT_EQ(index.series_count(), series.size() - odd.size());
  for (SeriesId i = 0; i < series.size(); ++i) {
    EXPECT_EQ(index.Find(series[i]).has_value(), i % 2 == 0);
    EXPECT_EQ(index.ValueOf(i, "i").empty(), i % 2 != 0);
  }
  index.Remove(index.All());
  EXPECT_EQ(index.symbol_count(), 0u);
  EXPECT_EQ(index.symbol_bytes(), 0u);
  EXPECT_TRUE(SelectNames(index, {}).empty());
  index.Add(1000, series[0]);
  EXPECT_EQ(index.All(), std::vector<SeriesId>{1000});
}

TEST(PostingList, GivesBackWhatWasAppended) {
  std::mt19937_64 random(3);
  for (const std::size_t count : {0u, 1u, 2u, 3u, 1000u}) {
    std::vector<SeriesId> ids;
    SeriesId id = 0;
    for (std::size_t i = 0; i < count; ++i)
      ids.push_back(id += 1 + SeriesId(random() % (i % 10 == 0 ? 100'000 : 3)));
    const PostingList list = PostingList::From(ids);
    std::vector<SeriesId> got;
    list.AppendTo(got);
    EXPECT_EQ(got, ids);
    EXPECT_EQ(list.size(), count);
  }
}

TEST(IndexFile, GivesBackLabelsAndPayloads) {
  const std::vector<LabelSet> series = SomeSeries();
  const std::string bytes = MakeFile(series);
  const auto file = IndexFile::Open(bytes);
  ASSERT_TRUE(file.ok());
  ASSERT_EQ((*file)->series_count(), series.size());
  for (SeriesId i = 0; i < series.size(); ++i) {
    EXPECT_EQ((*file)->Labels(i), series[i]);
    EXPECT_EQ((*file)->Payload(i), "payload " + std::to_string(i));
  }
  EXPECT_EQ((*file)->ValueCount("job"), 2u);
  EXPECT_EQ((*file)->ValueOf(0, "nolabel"), "");
}

TEST(IndexFile, AnEmptyIndexIsOne) {
  const std::string bytes = MakeFile({});
  const auto file = IndexFile::Open(bytes);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(SelectSeries(**file, {}).empty());
}

TEST(IndexFile, RefusesEveryTruncationAndEveryFlippedBit) {
  const std::string bytes = MakeFile(SomeSeries());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(IndexFile::Open(std::string_view(bytes).substr(0, size)).code(),
              ErrorCode::kCorruption)
        << size;
  }
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_EQ(IndexFile::Open(flipped).code(), ErrorCode::kCorruption) << bit;
  }
}

}  // namespace
}  // namespace narthex::index

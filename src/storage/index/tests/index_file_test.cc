#include "index/index_file.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "index_format.h"
#include "some_series.h"

namespace narthex::index {
namespace {

using model::LabelSet;

// Asks everything there is to ask.
void AskAll(const IndexFile& file) {
  const std::vector<SeriesId> selected = SelectSeries(file, {}).value();
  for (const SeriesId id : selected) {
    (void)file.Labels(id);
    (void)file.Payload(id);
  }
  std::vector<SeriesId> all = file.All();
  (void)file.SortByLabels(all);
  const std::vector<std::string> names = SelectNames(file, {}).value();
  for (const std::string& name : names) {
    file.VisitValues(name, [&](std::string_view value, std::size_t) {
      (void)SelectSeries(file, std::vector{model::Matcher::Equal(name, std::string(value)),
                                           model::Matcher::NotEqual("i", "3")});
    });
    (void)SelectValues(file, name, std::vector{model::Matcher::NotEqual("__name__", "")});
  }
  (void)SelectNames(file, std::vector{model::Matcher::NotEqual("__name__", "")});
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
  EXPECT_EQ((*file)->Payload(1000), "");
  EXPECT_TRUE((*file)->Verify().ok());
  AskAll(**file);
  EXPECT_TRUE((*file)->status().ok());
}

TEST(IndexFile, KeepsTheOrderItIsGiven) {
  std::mt19937_64 random(5);
  const std::vector<LabelSet> series = RandomSeries(random, 500);
  const std::string bytes = MakeFile(series);
  const auto file = IndexFile::Open(bytes);
  ASSERT_TRUE(file.ok());
  std::vector<SeriesId> ids = (*file)->All();
  for (const SeriesId id : ids) EXPECT_EQ((*file)->Labels(id), series[id]);
  ASSERT_TRUE((*file)->SortByLabels(ids).ok());
  EXPECT_TRUE(std::ranges::is_sorted(ids, {}, [&](SeriesId id) { return series[id]; }));
}

TEST(IndexFile, AnEmptyIndexIsOne) {
  const std::string bytes = MakeFile({});
  const auto file = IndexFile::Open(bytes);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(SelectSeries(**file, {})->empty());
  EXPECT_TRUE(SelectNames(**file, {})->empty());
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

// Too large to be checked when it is opened.
TEST(IndexFile, DamageInALargeFileIsMetWhenItIsRead) {
  IndexWriter writer;
  const std::string payload(5000, 'p');
  for (int i = 0; i < 1000; ++i) writer.Add({{"i", std::to_string(i)}}, payload);
  std::string bytes = writer.Finish().value();
  ASSERT_GT(bytes.size(), std::size_t{4} << 20);
  const std::size_t place = bytes.find(payload) + 2'000'000;
  bytes[place] = '!';

  const auto file = IndexFile::Open(bytes);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ((*file)->Payload(0), payload);
  EXPECT_EQ((*file)->Labels(999), (LabelSet{{"i", "999"}}));
  EXPECT_TRUE((*file)->status().ok());
  std::size_t missing_count = 0;
  for (SeriesId id = 0; id < 1000; ++id) missing_count += (*file)->Payload(id).empty() ? 1 : 0;
  EXPECT_GT(missing_count, 0u);
  EXPECT_LT(missing_count, 100u);
  EXPECT_EQ((*file)->status().code(), ErrorCode::kCorruption);
  EXPECT_EQ((*file)->Verify().code(), ErrorCode::kCorruption);
}

// With the checksums made to fit, damage reaches what reads the sections.
TEST(IndexFile, NonsenseWithRightChecksumsIsReadOrRefused) {
  constexpr std::uint64_t kSeed = 3;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  const std::vector<LabelSet> series = RandomSeries(random, 60);
  const std::string bytes = MakeFile(series);
  const std::string_view footer = std::string_view(bytes).substr(bytes.size() - kFooterSize);
  std::array<std::string, kSectionCount> sections;
  ByteReader reader(footer);
  for (std::string& section : sections) {
    const auto offset = *reader.ReadLittleEndian64();
    section = bytes.substr(offset, *reader.ReadLittleEndian64());
  }
  ASSERT_EQ(AssembleIndex(sections, kHasRanks).value(), bytes);
  for (int i = 0; i < 2000; ++i) {
    auto damaged = sections;
    std::string& section = damaged[random() % kSectionCount];
    for (std::size_t changes = 1 + random() % 3; changes > 0; --changes) {
      section[random() % section.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) section.resize(random() % section.size());
    const std::string whole = AssembleIndex(damaged, static_cast<std::uint32_t>(i % 2)).value();
    const auto file = IndexFile::Open(whole);
    if (file.ok()) AskAll(**file);
  }
}

}  // namespace
}  // namespace narthex::index

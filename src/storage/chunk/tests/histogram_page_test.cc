#include "chunk/histogram_page.h"

#include <gtest/gtest.h>

#include "columns.h"

namespace narthex::chunk {
namespace {

using model::FloatHistogram;
using Histograms = std::vector<FloatHistogram>;

void Encode(const Histograms& histograms, std::string& out) {
  std::vector<const FloatHistogram*> pointers;
  for (const FloatHistogram& histogram : histograms) pointers.push_back(&histogram);
  EncodeHistograms(pointers, out);
}

// `count` samples of one growing histogram.
Histograms Growing(std::size_t count, double step) {
  FloatHistogram histogram{.schema = 3,
                           .zero_threshold = 0x1p-128,
                           .positive_spans = {{-2, 3}, {4, 2}},
                           .negative_spans = {{0, 1}},
                           .positive_buckets = {1, 2, 3, 4, 5},
                           .negative_buckets = {7}};
  Histograms histograms;
  for (std::size_t i = 0; i < count; ++i) {
    for (double& bucket : histogram.positive_buckets) bucket += step * double(i % 5);
    histogram.negative_buckets[0] += step;
    histogram.zero_count += step;
    histogram.count += 12 * step;
    histogram.sum += 0.1 * step;
    histograms.push_back(histogram);
  }
  return histograms;
}

std::vector<std::pair<std::string, Histograms>> Cases() {
  FloatHistogram stale;
  stale.sum = model::StaleNan();
  FloatHistogram custom{.schema = model::kCustomBucketsSchema,
                        .positive_spans = {{0, 2}},
                        .positive_buckets = {1, 2},
                        .custom_values = {0.5}};
  FloatHistogram other_bound = custom;
  other_bound.custom_values = {0.25};
  Histograms hints = Growing(6, 1);
  for (std::size_t i = 0; i < hints.size(); ++i) {
    hints[i].reset_hint = static_cast<model::CounterResetHint>(i % 4);
  }
  Histograms stale_end = Growing(10, 1);
  stale_end.push_back(stale);
  FloatHistogram odd = Growing(1, 1)[0];
  odd.count = Bits(0x7ff0000000000001);
  odd.zero_threshold = -0.0;
  odd.positive_buckets = {Bits(0xfff8deadbeef0001), -0.0, kInfinity};  // not what the spans say
  FloatHistogram wide_spans;
  wide_spans.positive_spans = {{std::numeric_limits<std::int32_t>::min(), 0xffffffff}};
  return {
      {"one", Growing(1, 1)},       {"integers", Growing(1024, 3)},
      {"floats", Growing(300, .3)}, {"stale at the end", stale_end},
      {"only stale", {stale}},      {"empty", Histograms(3)},
      {"each hint", hints},         {"bounds change", {custom, custom, other_bound}},
      {"not valid", {odd, odd}},    {"extreme spans", {wide_spans}},
  };
}

void ExpectSame(const FloatHistogram& got, const FloatHistogram& want) {
  EXPECT_EQ(got.reset_hint, want.reset_hint);
  EXPECT_EQ(got.schema, want.schema);
  EXPECT_EQ(got.positive_spans, want.positive_spans);
  EXPECT_EQ(got.negative_spans, want.negative_spans);
  ExpectSameBits({got.zero_threshold, got.zero_count, got.count, got.sum},
                 {want.zero_threshold, want.zero_count, want.count, want.sum});
  ExpectSameBits(got.positive_buckets, want.positive_buckets);
  ExpectSameBits(got.negative_buckets, want.negative_buckets);
  ExpectSameBits(got.custom_values, want.custom_values);
}

TEST(HistogramPage, GivesEveryHistogramBackBitForBit) {
  // Holds what an earlier page left, as in use.
  Histograms got = Growing(20, 1);
  for (const auto& [name, histograms] : Cases()) {
    SCOPED_TRACE(name);
    std::string page;
    Encode(histograms, page);
    ASSERT_TRUE(DecodeHistograms(page, histograms.size(), got).ok());
    ASSERT_EQ(got.size(), histograms.size());
    for (std::size_t i = 0; i < got.size(); ++i) ExpectSame(got[i], histograms[i]);
  }
}

TEST(HistogramPage, BucketsAreColumns) {
  std::string page;
  Encode(Growing(1024, 3), page);
  // Nine columns, of which five grow in a pattern of five steps.
  EXPECT_LT(page.size(), 12000u);
  page.clear();
  Encode(Histograms(1024, Growing(5, 3)[4]), page);
  EXPECT_LT(page.size(), 70u);
}

TEST(HistogramPage, RefusesTruncationAndBytesBehindTheEnd) {
  for (const auto& [name, histograms] : Cases()) {
    SCOPED_TRACE(name);
    std::string page;
    Encode(histograms, page);
    Histograms got;
    const std::size_t step = page.size() > 2000 ? 17 : 1;
    for (std::size_t size = 0; size < page.size(); size += step) {
      const std::vector<char> exact(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(size));
      ASSERT_EQ(DecodeHistograms({exact.data(), size}, histograms.size(), got).code(),
                ErrorCode::kCorruption)
          << size;
    }
    page.push_back('\0');
    EXPECT_EQ(DecodeHistograms(page, histograms.size(), got).code(), ErrorCode::kCorruption);
  }
}

TEST(HistogramPage, FlippedBitsNeverReadOutOfBounds) {
  for (const auto& [name, histograms] : Cases()) {
    std::string page;
    Encode(histograms, page);
    Histograms got;
    for (std::size_t bit = 0; bit<page.size() * 8; bit += page.size()> 1000 ? 61 : 1) {
      std::vector<char> flipped(page.begin(), page.end());
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      (void)DecodeHistograms({flipped.data(), flipped.size()}, histograms.size(), got);
    }
  }
}

TEST(HistogramPage, RefusesCountsOutOfBounds) {
  Histograms got;
  EXPECT_EQ(DecodeHistograms("x", 0, got).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(DecodeHistograms("x", kPageSampleCountMax + 1, got).code(),
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace narthex::chunk

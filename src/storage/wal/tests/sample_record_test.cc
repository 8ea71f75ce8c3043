#include "wal/sample_record.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "wal/attachment_record.h"

namespace narthex::wal {
namespace {

std::shared_ptr<const model::FloatHistogram> SomeHistogram() {
  auto histogram = std::make_shared<model::FloatHistogram>();
  histogram->reset_hint = model::CounterResetHint::kNotReset;
  histogram->schema = 3;
  histogram->zero_threshold = 1e-9;
  histogram->zero_count = 2;
  histogram->count = 14.5;
  histogram->sum = -3.25;
  histogram->positive_spans = {{-2, 2}, {3, 1}};
  histogram->positive_buckets = {1, 2.5, 4};
  histogram->negative_spans = {{0, 1}};
  histogram->negative_buckets = {5};
  return histogram;
}

std::shared_ptr<const model::FloatHistogram> CustomHistogram() {
  auto histogram = std::make_shared<model::FloatHistogram>();
  histogram->schema = model::kCustomBucketsSchema;
  histogram->count = 3;
  histogram->sum = 9;
  histogram->positive_spans = {{0, 2}};
  histogram->positive_buckets = {1, 2};
  histogram->custom_values = {0.5};
  return histogram;
}

std::shared_ptr<const model::FloatHistogram> StaleHistogram() {
  auto histogram = std::make_shared<model::FloatHistogram>();
  histogram->sum = model::StaleNan();
  return histogram;
}

SampleRecord SomeSamples() {
  return {7,
          {{5, 1000, -3.25, SomeHistogram()},
           {5, 2000, 9, CustomHistogram()},
           {4, INT64_MIN, std::bit_cast<double>(model::kNormalNanBits), nullptr},
           {900'000, INT64_MAX, model::StaleNan(), StaleHistogram()}}};
}

std::string Encoded(const SampleRecord& record) {
  std::string bytes;
  EncodeSamples(record, bytes);
  return bytes;
}

TEST(SampleRecord, RoundTrip) {
  const SampleRecord want = SomeSamples();
  const auto got = DecodeSamples(Encoded(want));
  ASSERT_TRUE(got.ok()) << got.error().message();
  EXPECT_EQ(got->group, 7u);
  ASSERT_EQ(got->samples.size(), want.samples.size());
  for (std::size_t i = 0; i < want.samples.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(got->samples[i].ref, want.samples[i].ref);
    EXPECT_EQ(got->samples[i].timestamp, want.samples[i].timestamp);
    EXPECT_TRUE(model::SameBits(got->samples[i].value, want.samples[i].value));
    ASSERT_EQ(got->samples[i].histogram == nullptr, want.samples[i].histogram == nullptr);
    if (i < 2) {
      EXPECT_EQ(*got->samples[i].histogram, *want.samples[i].histogram);
    }
  }
  EXPECT_TRUE(model::IsStaleNan(got->samples[3].histogram->sum));
}

TEST(SampleRecord, RefusesTruncationAndWhatIsNotValid) {
  const std::string bytes = Encoded(SomeSamples());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeSamples(bytes.substr(0, size)).code(), ErrorCode::kCorruption) << size;
  }
  EXPECT_EQ(DecodeSamples(bytes + '\0').code(), ErrorCode::kCorruption);
  auto bad = std::make_shared<model::FloatHistogram>(*SomeHistogram());
  bad->positive_buckets.pop_back();
  EXPECT_EQ(DecodeSamples(Encoded({0, {{1, 1, 1, bad}}})).code(), ErrorCode::kCorruption);
}

StartRecord SomeStarts() { return {{{3, 1000, 500}, {2, INT64_MIN, INT64_MAX}, {9, 5, 0}}}; }

ExemplarRecord SomeExemplars() {
  return {{{3, {{{"trace_id", "a"}}, 1.5, 1000}}, {1, {{}, model::StaleNan(), -7}}}};
}

TEST(AttachmentRecords, RoundTripAndTruncation) {
  std::string bytes;
  EncodeStarts(SomeStarts(), bytes);
  const auto starts = DecodeStarts(bytes);
  ASSERT_TRUE(starts.ok());
  ASSERT_EQ(starts->changes.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(starts->changes[i].ref, SomeStarts().changes[i].ref);
    EXPECT_EQ(starts->changes[i].from, SomeStarts().changes[i].from);
    EXPECT_EQ(starts->changes[i].start, SomeStarts().changes[i].start);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeStarts(bytes.substr(0, size)).code(), ErrorCode::kCorruption) << size;
  }
  EXPECT_EQ(DecodeStarts(bytes + '\0').code(), ErrorCode::kCorruption);

  bytes.clear();
  EncodeExemplars(SomeExemplars(), bytes);
  const auto exemplars = DecodeExemplars(bytes);
  ASSERT_TRUE(exemplars.ok());
  ASSERT_EQ(exemplars->entries.size(), 2u);
  EXPECT_EQ(exemplars->entries[0].ref, 3u);
  EXPECT_EQ(exemplars->entries[0].exemplar, SomeExemplars().entries[0].exemplar);
  EXPECT_EQ(exemplars->entries[1].exemplar.timestamp, -7);
  EXPECT_TRUE(model::IsStaleNan(exemplars->entries[1].exemplar.value));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeExemplars(bytes.substr(0, size)).code(), ErrorCode::kCorruption) << size;
  }
  EXPECT_EQ(DecodeExemplars(bytes + '\0').code(), ErrorCode::kCorruption);
}

TEST(AttachmentRecords, FlippedBitsAreRefusedOrDecoded) {
  // No checksum here: what is left is that nothing goes astray.
  std::string records[3];
  EncodeSamples(SomeSamples(), records[0]);
  EncodeStarts(SomeStarts(), records[1]);
  EncodeExemplars(SomeExemplars(), records[2]);
  for (std::string& bytes : records) {
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto flip = [&] { bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8); };
      flip();
      (void)DecodeSamples(bytes).ok();
      (void)DecodeStarts(bytes).ok();
      (void)DecodeExemplars(bytes).ok();
      flip();
    }
  }
}

}  // namespace
}  // namespace narthex::wal

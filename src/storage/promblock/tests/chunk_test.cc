#include "chunk.h"

#include <gtest/gtest.h>

#include "bit_codes.h"
#include "prom_testing.h"

namespace narthex::promblock {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;

std::vector<EncodedChunk> Encode(const storage::SampleColumns& columns) {
  std::vector<EncodedChunk> chunks;
  for (std::size_t at = 0; at < columns.timestamps.size(); at += chunks.back().sample_count) {
    chunks.push_back(EncodeChunk(columns, at));
  }
  return chunks;
}

void ExpectRoundTrip(const storage::SampleColumns& columns) {
  DecodedSamples decoded;
  for (const EncodedChunk& chunk : Encode(columns)) {
    EXPECT_LE(chunk.sample_count, kChunkSampleCountMax);
    const std::size_t begin = decoded.times.size();
    const Status status = DecodeChunk(static_cast<std::uint8_t>(chunk.kind), chunk.bytes, decoded);
    ASSERT_TRUE(status.ok()) << status.error().message();
    EXPECT_EQ(decoded.times.size() - begin, chunk.sample_count);
    EXPECT_EQ(decoded.times[begin], chunk.min_time);
    EXPECT_EQ(decoded.times.back(), chunk.max_time);
  }
  decoded.Finish();
  EXPECT_EQ(Difference(decoded.Columns(), columns), "");
}

OwnedColumns StaleHistograms(double step) {
  OwnedColumns columns = MakeHistograms(20, step, CounterResetHint::kUnknown);
  FloatHistogram stale;
  stale.sum = model::StaleNan();
  for (const int i : {0, 1, 2}) columns.Add(columns.times.back() + 15'000 + i, stale);
  const OwnedColumns more = MakeHistograms(20, step, CounterResetHint::kUnknown);
  for (const auto& histogram : more.histograms) {
    columns.Add(columns.times.back() + 15'000, *histogram);
  }
  return columns;
}

TEST(PromChunk, GivesBackEverySample) {
  struct Case {
    std::string name;
    OwnedColumns columns;
  };
  std::vector<Case> cases;
  cases.push_back({"one float", MakeFloats(1, 1)});
  cases.push_back({"two floats", MakeFloats(2, 2)});
  cases.push_back({"floats of three chunks", MakeFloats(300, 3)});
  OwnedColumns odd;
  for (const double value : {0.0, -0.0, std::nan(""), model::StaleNan(), 5e-324, 1e308, -1e308,
                             std::numeric_limits<double>::infinity()}) {
    odd.Add(odd.times.empty() ? -5'000'000'000'000 : odd.times.back() * -1 / 2 + 9'000'000'000'000,
            value);
    odd.times.back() = static_cast<std::int64_t>(odd.times.size()) * 3'000'000'000'000 - 9;
  }
  cases.push_back({"odd floats", std::move(odd)});
  cases.push_back({"integers", MakeHistograms(400, 3, CounterResetHint::kUnknown)});
  cases.push_back({"floats", MakeHistograms(400, 0.7, CounterResetHint::kUnknown)});
  cases.push_back({"gauges", MakeHistograms(300, 2, CounterResetHint::kGauge)});
  cases.push_back({"stale integers", StaleHistograms(1)});
  cases.push_back({"stale floats", StaleHistograms(0.3)});
  OwnedColumns mixed = MakeFloats(10, 4);
  for (int i = 1; i < 10; ++i) mixed.Add(mixed.times.back() + i, CustomHistogram(i));
  FloatHistogram stale;
  stale.sum = model::StaleNan();
  mixed.Add(mixed.times.back() + 1, stale);
  mixed.Add(mixed.times.back() + 1, 5.0);
  mixed.Add(mixed.times.back() + 1, stale);
  mixed.Add(mixed.times.back() + 1, CustomHistogram(0.5));
  mixed.Add(mixed.times.back() + 1, CustomHistogram(9007199254740992.0));
  cases.push_back({"mixed", std::move(mixed)});
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    ExpectRoundTrip(c.columns.View());
  }
}

TEST(PromChunk, KeepsThresholdsAndBounds) {
  for (const double threshold : {0.0, 1e-128, 0x1p-128, 0x1p-243, 0x1p-244, 0x1p10, 0x1p11, 0.1}) {
    OwnedColumns columns;
    FloatHistogram histogram;
    histogram.zero_threshold = threshold;
    histogram.zero_count = histogram.count = 7;
    columns.Add(1, histogram);
    ExpectRoundTrip(columns.View());
  }
  OwnedColumns columns;
  FloatHistogram histogram = CustomHistogram(1);
  histogram.custom_values = {-1.5, 0, 0.001, 0.0015, 33554.43, 33554.431, 1e300};
  columns.Add(1, histogram);
  ExpectRoundTrip(columns.View());
}

TEST(PromChunk, IntegersAreToldFromFloats) {
  const struct {
    std::string name;
    double count;
    ChunkKind want;
  } cases[] = {
      {"whole", 5, ChunkKind::kHistogram},
      {"largest whole", 9007199254740991.0 / 8, ChunkKind::kFloatHistogram},
      {"half", 0.5, ChunkKind::kFloatHistogram},
      {"2^53", 9007199254740992.0, ChunkKind::kFloatHistogram},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    OwnedColumns columns;
    columns.Add(1, CustomHistogram(c.count));
    EXPECT_EQ(EncodeChunk(columns.View(), 0).kind, c.want);
  }
}

// The header of each chunk of the histograms, and how many samples each has.
std::vector<std::pair<int, std::size_t>> Headers(const OwnedColumns& columns) {
  std::vector<std::pair<int, std::size_t>> headers;
  for (const EncodedChunk& chunk : Encode(columns.View())) {
    headers.emplace_back(static_cast<unsigned char>(chunk.bytes[2]) >> 6, chunk.sample_count);
  }
  return headers;
}

TEST(PromChunk, HeaderSaysWhatIsKnownOfAReset) {
  constexpr int kUnknown = 0;
  constexpr int kNotReset = 1;
  constexpr int kReset = 2;
  constexpr int kGauge = 3;
  using Headers2 = std::vector<std::pair<int, std::size_t>>;
  EXPECT_EQ(Headers(MakeHistograms(150, 1, CounterResetHint::kUnknown)),
            (Headers2{{kUnknown, 70}, {kReset, 70}, {kReset, 10}}));
  EXPECT_EQ(Headers(MakeHistograms(150, 1, CounterResetHint::kGauge)),
            (Headers2{{kGauge, 120}, {kGauge, 30}}));
  OwnedColumns growing;
  for (int i = 0; i < 130; ++i) growing.Add(i, CustomHistogram(i));
  EXPECT_EQ(Headers(growing), (Headers2{{kUnknown, 120}, {kNotReset, 10}}));

  OwnedColumns told;
  FloatHistogram histogram = CustomHistogram(1);
  for (int i = 0; i < 3; ++i) told.Add(i, histogram);
  histogram.reset_hint = CounterResetHint::kReset;
  told.Add(3, histogram);
  EXPECT_EQ(Headers(told), (Headers2{{kUnknown, 3}, {kReset, 1}}));

  OwnedColumns lost;
  lost.Add(0, CustomHistogram(1));
  histogram = CustomHistogram(8);
  histogram.positive_spans = {{0, 1}};  // two buckets are gone, the count has grown
  histogram.positive_buckets = {32};
  lost.Add(1, histogram);
  EXPECT_EQ(Headers(lost), (Headers2{{kUnknown, 1}, {kReset, 1}}));
}

TEST(PromChunk, SamplesWithinAChunkHaveNoReset) {
  DecodedSamples decoded;
  for (const EncodedChunk& chunk :
       Encode(MakeHistograms(72, 1, CounterResetHint::kUnknown).View())) {
    ASSERT_TRUE(DecodeChunk(2, chunk.bytes, decoded).ok());
  }
  EXPECT_EQ(decoded.histogram_at[0]->reset_hint, CounterResetHint::kUnknown);
  EXPECT_EQ(decoded.histogram_at[69]->reset_hint, CounterResetHint::kNotReset);
  EXPECT_EQ(decoded.histogram_at[70]->reset_hint, CounterResetHint::kUnknown);
  EXPECT_EQ(decoded.histogram_at[71]->reset_hint, CounterResetHint::kNotReset);
}

// Floats with start times, every control of the kind once.
std::string Xor2Bytes() {
  std::string bytes("\x00\x09\x82", 3);  // nine samples, first start known, changes from 2 on
  BitWriter bits(bytes);
  bits.WriteSignedVarint(1000);
  bits.WriteDouble(2.0);
  bits.WriteSignedVarint(400);  // start 600
  bits.WriteVarint(100);        // 1100
  bits.Write(0b0, 1);           // same value, start as before
  bits.Write(0b0, 1);           // 1200, same
  WriteSignedCode(bits, 50);    // start 1050
  bits.Write(0b10, 2);          // 1300, another value
  bits.Write(0b1, 1);
  bits.Write(1, 5);   // leading zeros
  bits.Write(11, 6);  // bits of the difference: 2.0 to 4.0 is bit 52
  bits.Write(1, 11);
  WriteSignedCode(bits, 100);  // 150 behind 1200: 1050
  bits.Write(0b110, 3);
  bits.Write(static_cast<std::uint64_t>(-10), 13);  // 1390
  bits.Write(0b111, 3);                             // stale
  WriteSignedCode(bits, 0);                         // 150 behind 1300: 1150
  bits.Write(0b1110, 4);
  bits.Write(5000, 20);  // 6480
  bits.Write(0b10, 2);   // in the window
  bits.Write(1, 11);     // back to 2.0
  WriteSignedCode(bits, 0);
  bits.Write(0b11110, 5);
  bits.Write(static_cast<std::uint64_t>(-5000), 64);  // 6570
  bits.Write(0b0, 1);
  WriteSignedCode(bits, 0);
  bits.Write(0b11111, 5);  // 6660, stale
  WriteSignedCode(bits, 0);
  bits.Write(0b10, 2);  // 6750
  bits.Write(0b0, 1);
  bits.Write(1, 11);  // 4.0
  WriteSignedCode(bits, 0);
  bits.Finish();
  return bytes;
}

TEST(PromChunk, ReadsFloatsWithStartTimes) {
  DecodedSamples decoded;
  const Status status = DecodeChunk(4, Xor2Bytes(), decoded);
  ASSERT_TRUE(status.ok()) << status.error().message();
  decoded.Finish();
  EXPECT_EQ(decoded.times, (std::vector<model::TimestampMs>{1000, 1100, 1200, 1300, 1390, 6480,
                                                            6570, 6660, 6750}));
  const double s = model::StaleNan();
  const std::vector<double> want = {2, 2, 2, 4, s, 2, 2, s, 4};
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_TRUE(model::SameBits(decoded.values[i], want[i])) << i << ": " << decoded.values[i];
  }
  EXPECT_EQ(decoded.start_times,
            (std::vector<model::TimestampMs>{600, 600, 1050, 1050, 1150, 1240, 6330, 6420, 6510}));
}

TEST(PromChunk, ReadsHistogramsWithStartTimes) {
  for (const bool is_integer : {true, false}) {
    std::string bytes("\xc0\x03\x01", 3);  // gauge, three samples, starts change from 1 on
    BitWriter bits(bytes);
    bits.Write(0, 8);          // threshold
    WriteSignedCode(bits, 0);  // schema
    bits.Write(0, 2);          // no spans
    for (int i = 0; i < 3; ++i) {
      WriteSignedCode(bits, i == 0 ? 1000 : i == 1 ? 100 : 0);
      if (is_integer) {
        i == 0 ? WriteUnsignedCode(bits, 5) : WriteSignedCode(bits, i == 1 ? 2 : 0);
        bits.Write(0, 1);
        i == 0 ? bits.WriteDouble(1.5) : bits.Write(0, 1);
      } else if (i == 0) {
        for (const double value : {5.5, 0.0, 1.5}) bits.WriteDouble(value);
      } else {
        bits.Write(0, 3);
      }
      if (i > 0) WriteSignedCode(bits, i == 1 ? 10 : 5);
    }
    bits.Finish();
    DecodedSamples decoded;
    const Status status = DecodeChunk(is_integer ? 5 : 6, bytes, decoded);
    ASSERT_TRUE(status.ok()) << status.error().message();
    decoded.Finish();
    EXPECT_EQ(decoded.times, (std::vector<model::TimestampMs>{1000, 1100, 1200}));
    EXPECT_EQ(decoded.start_times, (std::vector<model::TimestampMs>{0, 990, 1085}));
    ASSERT_NE(decoded.histogram_at[2], nullptr);
    EXPECT_EQ(decoded.histogram_at[2]->count, is_integer ? 9 : 5.5);
    EXPECT_EQ(decoded.histogram_at[2]->reset_hint, CounterResetHint::kGauge);
  }
}

struct AnyChunk {
  std::string name;
  std::uint8_t kind;
  std::string bytes;
};

std::vector<AnyChunk> ManyChunks() {
  std::vector<AnyChunk> chunks;
  const auto add = [&](std::string name, const OwnedColumns& columns) {
    const EncodedChunk chunk = EncodeChunk(columns.View(), 0);
    chunks.push_back({std::move(name), static_cast<std::uint8_t>(chunk.kind), chunk.bytes});
  };
  add("floats", MakeFloats(40, 8));
  add("integers", MakeHistograms(30, 1, CounterResetHint::kUnknown));
  add("float histograms", MakeHistograms(30, 0.5, CounterResetHint::kUnknown));
  OwnedColumns custom;
  for (int i = 0; i < 5; ++i) custom.Add(i, CustomHistogram(i));
  add("custom buckets", custom);
  chunks.push_back({"floats with starts", 4, Xor2Bytes()});
  return chunks;
}

TEST(PromChunk, CutShortIsCorrupt) {
  for (const AnyChunk& chunk : ManyChunks()) {
    SCOPED_TRACE(chunk.name);
    for (std::size_t size = 0; size < chunk.bytes.size(); ++size) {
      DecodedSamples decoded;
      EXPECT_EQ(
          DecodeChunk(chunk.kind, std::string_view(chunk.bytes).substr(0, size), decoded).code(),
          ErrorCode::kCorruption)
          << size;
    }
  }
}

TEST(PromChunk, FlippedBitsAreReadOrRefused) {
  for (const AnyChunk& chunk : ManyChunks()) {
    SCOPED_TRACE(chunk.name);
    for (std::size_t bit = 0; bit < chunk.bytes.size() * 8; ++bit) {
      std::string bytes = chunk.bytes;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
      DecodedSamples decoded;
      (void)DecodeChunk(chunk.kind, bytes, decoded);
      for (const FloatHistogram& histogram : decoded.histograms) {
        EXPECT_TRUE(model::IsStaleNan(histogram.sum) || model::Validate(histogram).ok());
      }
    }
  }
}

TEST(PromChunk, RefusesWhatItDoesNotKnowOrWouldTakeTooMuch) {
  DecodedSamples decoded;
  EXPECT_EQ(DecodeChunk(0, "\0\1", decoded).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(DecodeChunk(7, "\0\1", decoded).code(), ErrorCode::kUnsupported);
  // A few kilobytes that say: 65535 samples of 20000 bounds each.
  std::string bytes("\xff\xff\x00", 3);
  BitWriter bits(bytes);
  bits.Write(0, 8);
  WriteSignedCode(bits, model::kCustomBucketsSchema);
  bits.Write(0, 2);
  WriteUnsignedCode(bits, 20'000);
  for (int i = 0; i < 20'000; ++i) WriteUnsignedCode(bits, static_cast<std::uint64_t>(i) + 1);
  for (int i = 0; i < 100'000; ++i) bits.Write(0, 8);
  bits.Finish();
  EXPECT_EQ(DecodeChunk(2, bytes, decoded).code(), ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace narthex::promblock

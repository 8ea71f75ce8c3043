#include "wal/batch.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace narthex::wal {
namespace {

using Values = std::vector<double>;
using Times = std::vector<model::TimestampMs>;
using Refs = std::vector<std::uint64_t>;

// A batch with memory of its own, and what it is coded against.
struct OwnedBatch {
  std::uint64_t group = 3;
  model::TimestampMs timestamp = -77;
  Times times = {};
  Refs refs = {};
  Values values = {};
  ValueBases bases = {};

  BatchRecord record() const { return {group, timestamp, times, refs, values}; }
  std::string Encode() const {
    ValueBases scratch = bases;
    std::string bytes;
    EncodeBatch(record(), scratch, bytes);
    EXPECT_LE(bytes.size(), BatchSizeMax(values.size()));
    return bytes;
  }
  void AddRow(std::uint64_t ref, std::optional<double> base, std::uint8_t exponent,
              const Values& row) {
    bases.Add(base.value_or(0), exponent, base.has_value());
    refs.insert(refs.end(), row.size(), ref);
    values.insert(values.end(), row.begin(), row.end());
  }
};

// Decodes with the bases of `batch`; the code of the error if there is one.
std::optional<ErrorCode> Decode(BatchDecoder& decoder, std::string_view bytes,
                                const OwnedBatch& batch, BatchRecord* out = nullptr) {
  auto record = decoder.DecodeKeys(bytes);
  if (!record.ok()) return record.code();
  ValueBases& bases = decoder.bases();
  for (std::size_t i = 0; i < bases.size() && i < batch.bases.size(); ++i) {
    if (bases.are_known[i] == 0) continue;
    bases.values[i] = batch.bases.values[i];
    bases.exponents[i] = batch.bases.exponents[i];
  }
  const auto values = decoder.DecodeValues();
  if (!values.ok()) return values.code();
  record->values = *values;
  if (out != nullptr) *out = *record;
  return std::nullopt;
}

void ExpectRoundTrip(const OwnedBatch& batch) {
  const std::string bytes = batch.Encode();
  BatchDecoder decoder;
  BatchRecord got;
  ASSERT_EQ(Decode(decoder, bytes, batch, &got), std::nullopt);
  EXPECT_EQ(got.group, batch.group);
  EXPECT_TRUE(std::ranges::equal(got.refs, batch.refs));
  EXPECT_TRUE(std::ranges::equal(got.timestamps, batch.times));
  if (batch.times.empty()) {
    EXPECT_EQ(got.timestamp, batch.timestamp);
  }
  ASSERT_EQ(got.values.size(), batch.values.size());
  for (std::size_t i = 0; i < got.values.size(); ++i) {
    ASSERT_TRUE(model::SameBits(got.values[i], batch.values[i])) << i << " " << batch.values[i];
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_NE(Decode(decoder, std::string_view(bytes).substr(0, size), batch), std::nullopt)
        << size;
  }
  ASSERT_EQ(Decode(decoder, bytes + "x", batch), ErrorCode::kCorruption);
}

const Values& OddValues() {
  static const Values values = {0.0,
                                -0.0,
                                1,
                                -1,
                                47,
                                143,
                                144,
                                -49,
                                7167,
                                7168,
                                -3073,
                                393'215,
                                393'216,
                                0x1p51,
                                0x1p51 - 1,
                                -0x1p51 + 1,
                                1e300,
                                -1e300,
                                0.1,
                                1.0 / 3,
                                0.30000000000000004,
                                123.456789,
                                1e-12,
                                model::StaleNan(),
                                std::bit_cast<double>(model::kNormalNanBits),
                                std::numeric_limits<double>::infinity(),
                                -std::numeric_limits<double>::infinity(),
                                5e-324,
                                12345.678};
  return values;
}

TEST(Batch, EveryValueBehindEveryOther) {
  for (const double base : OddValues()) {
    for (const int exponent : {0, 1, 3, 12, 15}) {
      OwnedBatch batch;
      for (std::size_t i = 0; i < OddValues().size(); ++i) {
        batch.AddRow(100 + i, base, static_cast<std::uint8_t>(exponent), {OddValues()[i]});
      }
      SCOPED_TRACE(base);
      ExpectRoundTrip(batch);
    }
  }
}

TEST(Batch, ReferencesOfAnyOrder) {
  OwnedBatch batch;
  for (const std::uint64_t ref :
       {5ull, 6ull, 7ull, 1ull, 2ull, 9ull, 1'000'000'000'000ull, 3ull, 0ull, ~0ull, 8ull}) {
    batch.AddRow(ref, std::nullopt, 0, {double(ref % 7)});
  }
  ExpectRoundTrip(batch);
}

TEST(Batch, RowsOfAnyLengthWithTimesOfAnyKind) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 120; ++round) {
    SCOPED_TRACE(round);
    OwnedBatch batch;
    // Decoding is tried at every length of the record: most are short.
    const std::size_t row_count = 1 + random() % (round < 10 ? 150 : 12);
    for (std::size_t row = 0; row < row_count; ++row) {
      const bool is_known = round % 3 == 1 || (round % 3 == 2 && random() % 3 == 0);
      const double base = static_cast<double>(random() % 1000) / 8;
      Values values(round % 2 == 0 ? 1 : 1 + random() % 9, base);
      for (double& value : values) value = random() % 2 == 0 ? value : value + double(row);
      batch.AddRow(row + random() % 2 * 1000, is_known ? std::optional(base) : std::nullopt, 3,
                   values);
      const bool is_same = round % 5 == 0;
      const auto start = is_same ? 0 : static_cast<model::TimestampMs>(random());
      if (round % 4 == 0) continue;
      for (std::size_t i = 0; i < values.size(); ++i) {
        batch.times.push_back(start + static_cast<model::TimestampMs>(i) * 15'000);
      }
    }
    // Rows that follow each other have other references.
    for (std::size_t i = 1; i < batch.refs.size(); ++i) ASSERT_LT(batch.refs[i], 2000u);
    std::size_t rows = 0;
    for (std::size_t i = 0; i < batch.refs.size(); ++i) {
      rows += i == 0 || batch.refs[i] != batch.refs[i - 1] ? 1u : 0u;
    }
    if (rows == row_count) ExpectRoundTrip(batch);
  }
}

TEST(Batch, ExtremeTimes) {
  OwnedBatch batch;
  batch.AddRow(1, std::nullopt, 0, {1, 2, 3, 4});
  batch.times = {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min(),
                 0, -1};
  ExpectRoundTrip(batch);
}

TEST(Batch, EmptyBatch) { ExpectRoundTrip({}); }

TEST(Batch, OtherBasesAreNoticed) {
  OwnedBatch batch;
  for (std::uint64_t i = 0; i < 100; ++i) batch.AddRow(i, double(i), 0, {double(i)});
  const std::string bytes = batch.Encode();
  BatchDecoder decoder;
  for (std::size_t i = 0; i < 100; ++i) {
    OwnedBatch other = batch;
    other.bases.values[i] += 1;
    EXPECT_EQ(Decode(decoder, bytes, other), ErrorCode::kFailedPrecondition);
    other = batch;
    other.bases.exponents[i] = 1;
    EXPECT_EQ(Decode(decoder, bytes, other), ErrorCode::kFailedPrecondition);
  }
  EXPECT_EQ(Decode(decoder, bytes, batch), std::nullopt);
}

TEST(Batch, RowsThatStandByThemselvesNeedNoBase) {
  OwnedBatch batch;
  for (std::uint64_t i = 0; i < 100; ++i) batch.AddRow(i, std::nullopt, 0, {double(i) / 4});
  BatchDecoder decoder;
  EXPECT_EQ(Decode(decoder, batch.Encode(), {}), std::nullopt);
}

TEST(Batch, WhatDoesNotChangeCostsNearlyNothing) {
  OwnedBatch batch;
  for (std::uint64_t i = 0; i < 6400; ++i) batch.AddRow(i, double(i), 0, {double(i)});
  EXPECT_LT(batch.Encode().size(), 120u);
  for (double& value : batch.values) value += 100;
  EXPECT_LT(batch.Encode().size(), 6400u + 900u + 20u);
}

TEST(Batch, TimesThatRepeatCostNothing) {
  OwnedBatch batch;
  for (std::uint64_t row = 0; row < 1000; ++row) {
    batch.AddRow(row, std::nullopt, 0, Values(8, 0.0));
    for (int i = 0; i < 8; ++i) batch.times.push_back(1'700'000'000'000 + i * 15'000);
  }
  EXPECT_LT(batch.Encode().size(), 200u);
}

TEST(Batch, FlippedBitsAreRefusedOrDecoded) {
  std::mt19937_64 random(3);
  OwnedBatch batch;
  for (std::uint64_t row = 0; row < 40; ++row) {
    batch.AddRow(row, row % 3 == 0 ? std::nullopt : std::optional(double(row)), 0,
                 {double(row) * 3, double(row) / 7, double(row)});
    batch.times.insert(batch.times.end(), {10, 20, 30});
  }
  const std::string bytes = batch.Encode();
  BatchDecoder decoder;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    (void)Decode(decoder, flipped, batch);
  }
  for (int round = 0; round < 20'000; ++round) {
    std::string noise(random() % 60, '\0');
    for (char& c : noise) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 8));
    (void)Decode(decoder, noise, batch);
  }
}

}  // namespace
}  // namespace narthex::wal

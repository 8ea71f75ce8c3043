// Field numbers of io.prometheus.client, the messages of the protobuf exposition.
#pragma once

#include <cstdint>

namespace narthex::exposition::proto {

// Source: prometheus/client_model, metrics.proto.
enum FamilyField : std::uint32_t { kFamilyName = 1, kHelp = 2, kType = 3, kMetric = 4, kUnit = 5 };
enum MetricField : std::uint32_t {
  kLabel = 1,
  kGauge = 2,
  kCounter = 3,
  kSummary = 4,
  kUntyped = 5,
  kTimestampMs = 6,
  kHistogram = 7,
};
enum LabelField : std::uint32_t { kName = 1, kValue = 2 };
enum ValueField : std::uint32_t { kNumber = 1, kCounterExemplar = 2, kCounterCreated = 3 };
enum SummaryField : std::uint32_t {
  kSummaryCount = 1,
  kSummarySum = 2,
  kQuantile = 3,
  kSummaryCreated = 4
};
enum QuantileField : std::uint32_t { kQuantileRank = 1, kQuantileValue = 2 };
enum HistogramField : std::uint32_t {
  kCount = 1,
  kSum = 2,
  kBucket = 3,
  kCountFloat = 4,
  kSchema = 5,
  kZeroThreshold = 6,
  kZeroCount = 7,
  kZeroCountFloat = 8,
  kNegativeSpan = 9,
  kNegativeDelta = 10,
  kNegativeCount = 11,
  kPositiveSpan = 12,
  kPositiveDelta = 13,
  kPositiveCount = 14,
  kHistogramCreated = 15,
  kNativeExemplar = 16,
};
enum BucketField : std::uint32_t {
  kBucketCount = 1,
  kUpperBound = 2,
  kBucketExemplar = 3,
  kBucketCountFloat = 4
};
enum SpanField : std::uint32_t { kOffset = 1, kLength = 2 };
enum ExemplarField : std::uint32_t {
  kExemplarLabel = 1,
  kExemplarValue = 2,
  kExemplarTimestamp = 3
};
enum TimestampField : std::uint32_t { kSeconds = 1, kNanos = 2 };

enum class Type {
  kCounter = 0,
  kGauge = 1,
  kSummary = 2,
  kUntyped = 3,
  kHistogram = 4,
  kGaugeHistogram = 5,
};

}  // namespace narthex::exposition::proto

#include "protobuf_metric.h"

#include <fmt/format.h>

#include <numeric>
#include <protozero/pbf_reader.hpp>

namespace narthex::exposition {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::tag_and_type;

std::string_view ToText(protozero::data_view view) { return {view.data(), view.size()}; }

SentLabel DecodeLabel(pbf_reader message) {
  SentLabel label;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kName, pbf_wire_type::length_delimited):
        label.name = ToText(message.get_view());
        break;
      case tag_and_type(proto::kValue, pbf_wire_type::length_delimited):
        label.value = ToText(message.get_view());
        break;
      default:
        message.skip();
    }
  }
  return label;
}

// Seconds that 64 bits of nanoseconds cannot hold become the nearest they can.
Instant DecodeInstant(pbf_reader message) {
  constexpr std::int64_t kSecondsMax = 9'000'000'000;
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kSeconds, pbf_wire_type::varint):
        seconds = std::clamp(message.get_int64(), -kSecondsMax, kSecondsMax);
        break;
      case tag_and_type(proto::kNanos, pbf_wire_type::varint):
        nanos = message.get_int32();
        break;
      default:
        message.skip();
    }
  }
  return std::chrono::seconds(seconds) + Instant(nanos);
}

SentExemplar DecodeExemplar(pbf_reader message) {
  SentExemplar exemplar;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kExemplarLabel, pbf_wire_type::length_delimited):
        exemplar.labels.push_back(DecodeLabel(message.get_message()));
        break;
      case tag_and_type(proto::kExemplarValue, pbf_wire_type::fixed64):
        exemplar.value = message.get_double();
        break;
      case tag_and_type(proto::kExemplarTimestamp, pbf_wire_type::length_delimited):
        exemplar.timestamp = DecodeInstant(message.get_message());
        break;
      default:
        message.skip();
    }
  }
  return exemplar;
}

// A counter, gauge or untyped value; the fields of a gauge are among those of a counter.
void DecodeNumber(pbf_reader message, SentMetric& metric) {
  metric.number = 0;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kNumber, pbf_wire_type::fixed64):
        metric.number = message.get_double();
        break;
      case tag_and_type(proto::kCounterExemplar, pbf_wire_type::length_delimited):
        metric.exemplar = DecodeExemplar(message.get_message());
        break;
      case tag_and_type(proto::kCounterCreated, pbf_wire_type::length_delimited):
        metric.created = DecodeInstant(message.get_message());
        break;
      default:
        message.skip();
    }
  }
}

Quantile DecodeQuantile(pbf_reader message) {
  Quantile quantile;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kQuantileRank, pbf_wire_type::fixed64):
        quantile.quantile = message.get_double();
        break;
      case tag_and_type(proto::kQuantileValue, pbf_wire_type::fixed64):
        quantile.value = message.get_double();
        break;
      default:
        message.skip();
    }
  }
  return quantile;
}

void DecodeSummary(pbf_reader message, SentMetric& metric) {
  SentSummary summary;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kSummaryCount, pbf_wire_type::varint):
        summary.count = static_cast<double>(message.get_uint64());
        break;
      case tag_and_type(proto::kSummarySum, pbf_wire_type::fixed64):
        summary.sum = message.get_double();
        break;
      case tag_and_type(proto::kQuantile, pbf_wire_type::length_delimited):
        summary.quantiles.push_back(DecodeQuantile(message.get_message()));
        break;
      case tag_and_type(proto::kSummaryCreated, pbf_wire_type::length_delimited):
        metric.created = DecodeInstant(message.get_message());
        break;
      default:
        message.skip();
    }
  }
  metric.summary = std::move(summary);
}

// A count that is sent as an integer or as a float; a float that is not 0 wins.
struct SentCount {
  std::uint64_t whole = 0;
  double fraction = 0;

  double value() const { return fraction > 0 ? fraction : static_cast<double>(whole); }
};

SentBucket DecodeBucket(pbf_reader message) {
  SentBucket bucket;
  SentCount count;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kBucketCount, pbf_wire_type::varint):
        count.whole = message.get_uint64();
        break;
      case tag_and_type(proto::kBucketCountFloat, pbf_wire_type::fixed64):
        count.fraction = message.get_double();
        break;
      case tag_and_type(proto::kUpperBound, pbf_wire_type::fixed64):
        bucket.upper_bound = message.get_double();
        break;
      case tag_and_type(proto::kBucketExemplar, pbf_wire_type::length_delimited):
        bucket.exemplar = DecodeExemplar(message.get_message());
        break;
      default:
        message.skip();
    }
  }
  bucket.cumulative_count = count.value();
  return bucket;
}

model::HistogramSpan DecodeSpan(pbf_reader message) {
  model::HistogramSpan span;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kOffset, pbf_wire_type::varint):
        span.offset = message.get_sint32();
        break;
      case tag_and_type(proto::kLength, pbf_wire_type::varint):
        span.length = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return span;
}

// One side of a native histogram as it is sent: with differences, or with counts.
struct Side {
  std::vector<model::HistogramSpan> spans;
  std::vector<std::int64_t> differences;
  std::vector<double> counts;
};

// Both encodings of repeated numbers: packed, and a field for each.
void ReadDifferences(pbf_reader& message, std::vector<std::int64_t>& differences) {
  if (message.wire_type() == pbf_wire_type::varint) {
    differences.push_back(message.get_sint64());
  } else if (message.wire_type() == pbf_wire_type::length_delimited) {
    for (const std::int64_t one : message.get_packed_sint64()) differences.push_back(one);
  } else {
    message.skip();
  }
}

void ReadCounts(pbf_reader& message, std::vector<double>& counts) {
  if (message.wire_type() == pbf_wire_type::fixed64) {
    counts.push_back(message.get_double());
  } else if (message.wire_type() == pbf_wire_type::length_delimited) {
    for (const double one : message.get_packed_double()) counts.push_back(one);
  } else {
    message.skip();
  }
}

class HistogramDecoder {
 public:
  explicit HistogramDecoder(SentMetric& metric) : metric_(metric) {}

  Result<SentHistogram> Decode(pbf_reader message) {
    while (message.next()) {
      if (!TakeScalar(message) && !TakeRepeated(message)) message.skip();
    }
    model::FloatHistogram& native = sent_.native;
    const bool is_float = count_.fraction > 0 || zero_count_.fraction > 0;
    native.count = count_.value();
    native.zero_count = zero_count_.value();
    sent_.is_native = !positive_.spans.empty() || !negative_.spans.empty() ||
                      native.zero_count > 0 || native.zero_threshold > 0;
    if (!sent_.is_native) return std::move(sent_);
    NARTHEX_TRY(Settle(positive_, is_float, "positive side", native.positive_spans,
                       native.positive_buckets));
    NARTHEX_TRY(Settle(negative_, is_float, "negative side", native.negative_spans,
                       native.negative_buckets));
    return std::move(sent_);
  }

 private:
  bool TakeScalar(pbf_reader& message) {
    switch (message.tag_and_type()) {
      case tag_and_type(proto::kCount, pbf_wire_type::varint):
        count_.whole = message.get_uint64();
        return true;
      case tag_and_type(proto::kCountFloat, pbf_wire_type::fixed64):
        count_.fraction = message.get_double();
        return true;
      case tag_and_type(proto::kSum, pbf_wire_type::fixed64):
        sent_.native.sum = message.get_double();
        return true;
      case tag_and_type(proto::kSchema, pbf_wire_type::varint):
        sent_.native.schema = message.get_sint32();
        return true;
      case tag_and_type(proto::kZeroThreshold, pbf_wire_type::fixed64):
        sent_.native.zero_threshold = message.get_double();
        return true;
      case tag_and_type(proto::kZeroCount, pbf_wire_type::varint):
        zero_count_.whole = message.get_uint64();
        return true;
      case tag_and_type(proto::kZeroCountFloat, pbf_wire_type::fixed64):
        zero_count_.fraction = message.get_double();
        return true;
      default:
        return false;
    }
  }

  bool TakeRepeated(pbf_reader& message) {
    switch (message.tag()) {
      case proto::kNegativeDelta:
        ReadDifferences(message, negative_.differences);
        return true;
      case proto::kPositiveDelta:
        ReadDifferences(message, positive_.differences);
        return true;
      case proto::kNegativeCount:
        ReadCounts(message, negative_.counts);
        return true;
      case proto::kPositiveCount:
        ReadCounts(message, positive_.counts);
        return true;
      default:
        break;
    }
    return message.wire_type() == pbf_wire_type::length_delimited && TakeMessage(message);
  }

  bool TakeMessage(pbf_reader& message) {
    switch (message.tag()) {
      case proto::kBucket:
        sent_.buckets.push_back(DecodeBucket(message.get_message()));
        return true;
      case proto::kNegativeSpan:
        negative_.spans.push_back(DecodeSpan(message.get_message()));
        return true;
      case proto::kPositiveSpan:
        positive_.spans.push_back(DecodeSpan(message.get_message()));
        return true;
      case proto::kNativeExemplar:
        sent_.exemplars.push_back(DecodeExemplar(message.get_message()));
        return true;
      case proto::kHistogramCreated:
        metric_.created = DecodeInstant(message.get_message());
        return true;
      default:
        return false;
    }
  }

  static Status Settle(Side& side, bool is_float, std::string_view what,
                       std::vector<model::HistogramSpan>& spans, std::vector<double>& buckets) {
    std::uint64_t room = 0;
    for (const model::HistogramSpan& span : side.spans) room += span.length;
    // Spans without buckets say only that the histogram is a native one.
    std::erase_if(side.spans, [](const model::HistogramSpan& span) {
      return span.length == 0 && span.offset == 0;
    });
    spans = std::move(side.spans);
    buckets = std::move(side.counts);
    if (!is_float) {
      buckets.clear();
      std::uint64_t count = 0;
      for (const std::int64_t difference : side.differences) {
        count += static_cast<std::uint64_t>(difference);
        buckets.push_back(static_cast<double>(static_cast<std::int64_t>(count)));
      }
    }
    if (room == buckets.size()) return Ok();
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("{}: spans need {} buckets, have {} buckets", what, room, buckets.size())};
  }

  SentMetric& metric_;
  SentHistogram sent_;
  SentCount count_;
  SentCount zero_count_;
  Side positive_;
  Side negative_;
};

Status TakeField(pbf_reader& message, SentMetric& metric) {
  switch (message.tag_and_type()) {
    case tag_and_type(proto::kLabel, pbf_wire_type::length_delimited):
      metric.labels.push_back(DecodeLabel(message.get_message()));
      return Ok();
    case tag_and_type(proto::kGauge, pbf_wire_type::length_delimited):
    case tag_and_type(proto::kCounter, pbf_wire_type::length_delimited):
    case tag_and_type(proto::kUntyped, pbf_wire_type::length_delimited):
      DecodeNumber(message.get_message(), metric);
      return Ok();
    case tag_and_type(proto::kSummary, pbf_wire_type::length_delimited):
      DecodeSummary(message.get_message(), metric);
      return Ok();
    case tag_and_type(proto::kHistogram, pbf_wire_type::length_delimited): {
      NARTHEX_ASSIGN_OR_RETURN(metric.histogram,
                               HistogramDecoder(metric).Decode(message.get_message()));
      return Ok();
    }
    case tag_and_type(proto::kTimestampMs, pbf_wire_type::varint):
      // 0 is what a writer without a time leaves there.
      metric.timestamp = message.get_int64();
      if (metric.timestamp == 0) metric.timestamp.reset();
      return Ok();
    default:
      message.skip();
      return Ok();
  }
}

void TakeField(pbf_reader& message, SentFamily& family) {
  switch (message.tag_and_type()) {
    case tag_and_type(proto::kFamilyName, pbf_wire_type::length_delimited):
      family.name = ToText(message.get_view());
      break;
    case tag_and_type(proto::kHelp, pbf_wire_type::length_delimited):
      family.help = ToText(message.get_view());
      break;
    case tag_and_type(proto::kType, pbf_wire_type::varint):
      family.type = static_cast<proto::Type>(message.get_enum());
      break;
    case tag_and_type(proto::kMetric, pbf_wire_type::length_delimited):
      family.metrics.push_back(ToText(message.get_view()));
      break;
    case tag_and_type(proto::kUnit, pbf_wire_type::length_delimited):
      family.unit = ToText(message.get_view());
      break;
    default:
      message.skip();
  }
}

// What protozero throws ends here.
Error Malformed(std::string_view what, const std::exception& error) {
  return {ErrorCode::kInvalidArgument, fmt::format("malformed {}: {}", what, error.what())};
}

}  // namespace

Result<SentFamily> DecodeFamily(std::string_view message) {
  SentFamily family;
  try {
    pbf_reader reader(message.data(), message.size());
    while (reader.next()) TakeField(reader, family);
  } catch (const std::exception& error) {
    return Malformed("MetricFamily", error);
  }
  return family;
}

Result<SentMetric> DecodeMetric(std::string_view message) {
  SentMetric metric;
  try {
    pbf_reader reader(message.data(), message.size());
    while (reader.next()) NARTHEX_TRY(TakeField(reader, metric));
  } catch (const std::exception& error) {
    return Malformed("Metric", error);
  }
  return metric;
}

}  // namespace narthex::exposition

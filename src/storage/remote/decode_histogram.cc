#include "decode_histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <vector>

#include "model/histogram_buckets.h"

namespace narthex::remote {
namespace {

using protozero::pbf_wire_type;
using protozero::tag_and_type;

// Upstream's ReservedMax: what a later version may send.
constexpr std::int32_t kSchemaReservedMax = 52;

// One side as it is sent: counts as differences (integer) or as such (float).
struct Side {
  std::vector<model::HistogramSpan> spans;
  std::vector<std::int64_t> deltas;
  std::vector<double> counts;
};

struct Parts {
  Side positive;
  Side negative;
  std::uint64_t integer_count = 0;
  std::uint64_t integer_zero_count = 0;
  bool is_integer = false;
};

model::HistogramSpan DecodeSpan(protozero::data_view bytes) {
  model::HistogramSpan span;
  protozero::pbf_reader message(bytes);
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::varint):
        span.offset = message.get_sint32();
        break;
      case tag_and_type(2, pbf_wire_type::varint):
        span.length = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return span;
}

// Both encodings of a repeated number: packed, and a field for each.
void ReadDeltas(protozero::pbf_reader& message, std::vector<std::int64_t>& deltas) {
  if (message.wire_type() == pbf_wire_type::varint) {
    deltas.push_back(message.get_sint64());
    return;
  }
  for (const std::int64_t delta : message.get_packed_sint64()) deltas.push_back(delta);
}

void ReadDoubles(protozero::pbf_reader& message, std::vector<double>& values) {
  if (message.wire_type() == pbf_wire_type::fixed64) {
    values.push_back(message.get_double());
    return;
  }
  for (const double value : message.get_packed_double()) values.push_back(value);
}

model::CounterResetHint HintOf(std::int32_t number) {
  switch (number) {
    case 1:
      return model::CounterResetHint::kReset;
    case 2:
      return model::CounterResetHint::kNotReset;
    case 3:
      return model::CounterResetHint::kGauge;
    default:
      return model::CounterResetHint::kUnknown;
  }
}

void ReadScalar(protozero::pbf_reader& message, SentHistogram& sent, Parts& parts) {
  switch (message.tag_and_type()) {
    case tag_and_type(1, pbf_wire_type::varint):
      parts.is_integer = true;
      parts.integer_count = message.get_uint64();
      break;
    case tag_and_type(2, pbf_wire_type::fixed64):
      parts.is_integer = false;
      sent.histogram.count = message.get_double();
      break;
    case tag_and_type(3, pbf_wire_type::fixed64):
      sent.histogram.sum = message.get_double();
      break;
    case tag_and_type(4, pbf_wire_type::varint):
      sent.histogram.schema = message.get_sint32();
      break;
    case tag_and_type(5, pbf_wire_type::fixed64):
      sent.histogram.zero_threshold = message.get_double();
      break;
    case tag_and_type(6, pbf_wire_type::varint):
      parts.integer_zero_count = message.get_uint64();
      break;
    case tag_and_type(7, pbf_wire_type::fixed64):
      sent.histogram.zero_count = message.get_double();
      break;
    case tag_and_type(14, pbf_wire_type::varint):
      sent.histogram.reset_hint = HintOf(message.get_enum());
      break;
    case tag_and_type(15, pbf_wire_type::varint):
      sent.timestamp = message.get_int64();
      break;
    case tag_and_type(17, pbf_wire_type::varint):
      sent.start_timestamp = message.get_int64();
      break;
    default:
      message.skip();
  }
}

bool ReadList(protozero::pbf_reader& message, SentHistogram& sent, Parts& parts) {
  const bool is_length_delimited = message.wire_type() == pbf_wire_type::length_delimited;
  const bool is_delta = is_length_delimited || message.wire_type() == pbf_wire_type::varint;
  const bool is_double = is_length_delimited || message.wire_type() == pbf_wire_type::fixed64;
  switch (message.tag()) {
    case 8:
    case 11:
      if (!is_length_delimited) return false;
      (message.tag() == 8 ? parts.negative : parts.positive)
          .spans.push_back(DecodeSpan(message.get_view()));
      return true;
    case 9:
    case 12:
      if (!is_delta) return false;
      ReadDeltas(message, (message.tag() == 9 ? parts.negative : parts.positive).deltas);
      return true;
    case 10:
    case 13:
      if (!is_double) return false;
      ReadDoubles(message, (message.tag() == 10 ? parts.negative : parts.positive).counts);
      return true;
    case 16:
      if (!is_double) return false;
      ReadDoubles(message, sent.histogram.custom_values);
      return true;
    default:
      return false;
  }
}

// Wraps around where a malicious sender wants it to: validity is judged on the result.
std::vector<double> Summed(const std::vector<std::int64_t>& deltas, double& total) {
  std::vector<double> counts;
  counts.reserve(deltas.size());
  std::uint64_t count = 0;
  for (const std::int64_t delta : deltas) {
    count += static_cast<std::uint64_t>(delta);
    counts.push_back(static_cast<double>(static_cast<std::int64_t>(count)));
    total += counts.back();
  }
  return counts;
}

// What Validate() cannot ask of floats: integers come out even.
Status CheckTotal(const model::FloatHistogram& histogram, double total) {
  if (std::isnan(histogram.sum)) {
    if (total <= histogram.count) return Ok();
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{:.0f} observations found in buckets, but the Count field is {:.0f}: "
                             "histogram's observation count should be at least the number of "
                             "observations found in the buckets",
                             total, histogram.count)};
  }
  if (total == histogram.count) return Ok();
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("{:.0f} observations found in buckets, but the Count field is {:.0f}: "
                           "histogram's observation count should equal the number of observations "
                           "found in the buckets (in absence of NaN)",
                           total, histogram.count)};
}

Status Finish(model::FloatHistogram& histogram, Parts parts) {
  double total = static_cast<double>(parts.integer_zero_count);
  if (parts.is_integer) {
    histogram.count = static_cast<double>(parts.integer_count);
    histogram.zero_count = static_cast<double>(parts.integer_zero_count);
    histogram.positive_buckets = Summed(parts.positive.deltas, total);
    histogram.negative_buckets = Summed(parts.negative.deltas, total);
  } else {
    histogram.positive_buckets = std::move(parts.positive.counts);
    histogram.negative_buckets = std::move(parts.negative.counts);
  }
  histogram.positive_spans = std::move(parts.positive.spans);
  histogram.negative_spans = std::move(parts.negative.spans);
  const std::int32_t schema = histogram.schema;
  const bool is_too_fine = schema > model::kExponentialSchemaMax && schema <= kSchemaReservedMax;
  if (is_too_fine) histogram.schema = model::kExponentialSchemaMax;
  NARTHEX_TRY(model::Validate(histogram));
  if (is_too_fine) {
    histogram.schema = schema;
    model::ReduceResolution(histogram, model::kExponentialSchemaMax);
  }
  return parts.is_integer ? CheckTotal(histogram, total) : Ok();
}

}  // namespace

SentHistogram DecodeHistogram(std::string_view bytes) {
  SentHistogram sent;
  Parts parts;
  protozero::pbf_reader message(bytes.data(), bytes.size());
  while (message.next()) {
    if (!ReadList(message, sent, parts)) ReadScalar(message, sent, parts);
  }
  sent.validity = Finish(sent.histogram, std::move(parts));
  return sent;
}

}  // namespace narthex::remote

// What flows between the queries of one request.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace narthex::expression {

using Labels = std::vector<std::pair<std::string, std::string>>;  // by name, each name once

enum class ValueKind { kNoData, kScalar, kNumber, kSeries };

// "no data", "scalar", "number", "series".
std::string_view KindName(ValueKind kind);

// One item of an answer. A scalar is a constant of an expression; a number comes from an instant
// query or a reduction and has labels.
struct Value {
  ValueKind kind = ValueKind::kNoData;
  Labels labels;                              // of numbers and series
  std::vector<TimestampMs> timestamps;        // of series, ascending
  std::vector<std::optional<double>> values;  // one for each timestamp; one of scalars and numbers

  static Value NoData() { return {}; }
  static Value Scalar(std::optional<double> value) { return {ValueKind::kScalar, {}, {}, {value}}; }
  static Value Number(Labels labels, std::optional<double> value) {
    return {ValueKind::kNumber, std::move(labels), {}, {value}};
  }

  friend bool operator==(const Value&, const Value&) = default;
};

struct ValueSet {
  std::vector<Value> values;
  std::vector<std::string> warnings;
};

// Answers by the `refId` of their query.
using Inputs = std::map<std::string, ValueSet, std::less<>>;

}  // namespace narthex::expression

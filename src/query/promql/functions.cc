#include "promql/functions.h"

#include <algorithm>
#include <functional>

namespace narthex::promql {
namespace {

using enum ValueType;

constexpr ValueType kMatrixArgs[] = {kMatrix};
constexpr ValueType kMatrixScalarArgs[] = {kMatrix, kScalar};
constexpr ValueType kMatrixScalarScalarArgs[] = {kMatrix, kScalar, kScalar};
constexpr ValueType kScalarArgs[] = {kScalar};
constexpr ValueType kScalarMatrixArgs[] = {kScalar, kMatrix};
constexpr ValueType kScalarScalarArgs[] = {kScalar, kScalar};
constexpr ValueType kScalarScalarVectorArgs[] = {kScalar, kScalar, kVector};
constexpr ValueType kScalarVectorArgs[] = {kScalar, kVector};
constexpr ValueType kVectorArgs[] = {kVector};
constexpr ValueType kVectorScalarArgs[] = {kVector, kScalar};
constexpr ValueType kVectorScalarScalarArgs[] = {kVector, kScalar, kScalar};
constexpr ValueType kVectorStringArgs[] = {kVector, kString};
constexpr ValueType kVectorStringScalarArgs[] = {kVector, kString, kScalar, kScalar};
constexpr ValueType kVectorStringStringStringArgs[] = {kVector, kString, kString, kString};
constexpr ValueType kVectorStringStringStringStringArgs[] = {kVector, kString, kString, kString,
                                                             kString};
constexpr ValueType kVectorVectorArgs[] = {kVector, kVector};

// Sorted by name, for the binary search.
constexpr Function kFunctions[] = {
    {"abs", kVectorArgs, 0, kVector, false},
    {"absent", kVectorArgs, 0, kVector, false},
    {"absent_over_time", kMatrixArgs, 0, kVector, false},
    {"acos", kVectorArgs, 0, kVector, false},
    {"acosh", kVectorArgs, 0, kVector, false},
    {"asin", kVectorArgs, 0, kVector, false},
    {"asinh", kVectorArgs, 0, kVector, false},
    {"atan", kVectorArgs, 0, kVector, false},
    {"atanh", kVectorArgs, 0, kVector, false},
    {"avg_over_time", kMatrixArgs, 0, kVector, false},
    {"ceil", kVectorArgs, 0, kVector, false},
    {"changes", kMatrixArgs, 0, kVector, false},
    {"clamp", kVectorScalarScalarArgs, 0, kVector, false},
    {"clamp_max", kVectorScalarArgs, 0, kVector, false},
    {"clamp_min", kVectorScalarArgs, 0, kVector, false},
    {"cos", kVectorArgs, 0, kVector, false},
    {"cosh", kVectorArgs, 0, kVector, false},
    {"count_over_time", kMatrixArgs, 0, kVector, false},
    {"day_of_month", kVectorArgs, 1, kVector, false},
    {"day_of_week", kVectorArgs, 1, kVector, false},
    {"day_of_year", kVectorArgs, 1, kVector, false},
    {"days_in_month", kVectorArgs, 1, kVector, false},
    {"deg", kVectorArgs, 0, kVector, false},
    {"delta", kMatrixArgs, 0, kVector, false},
    {"deriv", kMatrixArgs, 0, kVector, false},
    {"double_exponential_smoothing", kMatrixScalarScalarArgs, 0, kVector, true},
    {"end", {}, 0, kScalar, true},
    {"exp", kVectorArgs, 0, kVector, false},
    {"first_over_time", kMatrixArgs, 0, kVector, false},
    {"floor", kVectorArgs, 0, kVector, false},
    {"histogram_avg", kVectorArgs, 0, kVector, false},
    {"histogram_count", kVectorArgs, 0, kVector, false},
    {"histogram_fraction", kScalarScalarVectorArgs, 0, kVector, false},
    {"histogram_quantile", kScalarVectorArgs, 0, kVector, false},
    {"histogram_quantiles", kVectorStringScalarArgs, 9, kVector, true},
    {"histogram_stddev", kVectorArgs, 0, kVector, false},
    {"histogram_stdvar", kVectorArgs, 0, kVector, false},
    {"histogram_sum", kVectorArgs, 0, kVector, false},
    {"hour", kVectorArgs, 1, kVector, false},
    {"idelta", kMatrixArgs, 0, kVector, false},
    {"increase", kMatrixArgs, 0, kVector, false},
    {"info", kVectorVectorArgs, 1, kVector, true},
    {"irate", kMatrixArgs, 0, kVector, false},
    {"label_join", kVectorStringStringStringArgs, -1, kVector, false},
    {"label_replace", kVectorStringStringStringStringArgs, 0, kVector, false},
    {"last_over_time", kMatrixArgs, 0, kVector, false},
    {"ln", kVectorArgs, 0, kVector, false},
    {"log10", kVectorArgs, 0, kVector, false},
    {"log2", kVectorArgs, 0, kVector, false},
    {"mad_over_time", kMatrixArgs, 0, kVector, true},
    {"max_of", kScalarScalarArgs, 0, kScalar, true},
    {"max_over_time", kMatrixArgs, 0, kVector, false},
    {"min_of", kScalarScalarArgs, 0, kScalar, true},
    {"min_over_time", kMatrixArgs, 0, kVector, false},
    {"minute", kVectorArgs, 1, kVector, false},
    {"month", kVectorArgs, 1, kVector, false},
    {"pi", {}, 0, kScalar, false},
    {"predict_linear", kMatrixScalarArgs, 0, kVector, false},
    {"present_over_time", kMatrixArgs, 0, kVector, false},
    {"quantile_over_time", kScalarMatrixArgs, 0, kVector, false},
    {"rad", kVectorArgs, 0, kVector, false},
    {"range", {}, 0, kScalar, true},
    {"rate", kMatrixArgs, 0, kVector, false},
    {"resets", kMatrixArgs, 0, kVector, false},
    {"round", kVectorScalarArgs, 1, kVector, false},
    {"scalar", kVectorArgs, 0, kScalar, false},
    {"sgn", kVectorArgs, 0, kVector, false},
    {"sin", kVectorArgs, 0, kVector, false},
    {"sinh", kVectorArgs, 0, kVector, false},
    {"sort", kVectorArgs, 0, kVector, false},
    {"sort_by_label", kVectorStringArgs, -1, kVector, true},
    {"sort_by_label_desc", kVectorStringArgs, -1, kVector, true},
    {"sort_desc", kVectorArgs, 0, kVector, false},
    {"sqrt", kVectorArgs, 0, kVector, false},
    {"start", {}, 0, kScalar, true},
    {"start_timestamp", kVectorArgs, 0, kVector, true},
    {"stddev_over_time", kMatrixArgs, 0, kVector, false},
    {"stdvar_over_time", kMatrixArgs, 0, kVector, false},
    {"step", {}, 0, kScalar, true},
    {"sum_over_time", kMatrixArgs, 0, kVector, false},
    {"tan", kVectorArgs, 0, kVector, false},
    {"tanh", kVectorArgs, 0, kVector, false},
    {"time", {}, 0, kScalar, false},
    {"timestamp", kVectorArgs, 0, kVector, false},
    {"ts_of_first_over_time", kMatrixArgs, 0, kVector, true},
    {"ts_of_last_over_time", kMatrixArgs, 0, kVector, true},
    {"ts_of_max_over_time", kMatrixArgs, 0, kVector, true},
    {"ts_of_min_over_time", kMatrixArgs, 0, kVector, true},
    {"vector", kScalarArgs, 0, kVector, false},
    {"year", kVectorArgs, 1, kVector, false},
};

}  // namespace

const Function* FindFunction(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kFunctions, name, std::less<>(), &Function::name);
  return found != std::end(kFunctions) && found->name == name ? found : nullptr;
}

std::span<const Function> Functions() { return kFunctions; }

std::string_view ValueTypeText(ValueType type) {
  switch (type) {
    case kNone:
      return "none";
    case kScalar:
      return "scalar";
    case kString:
      return "string";
    case kVector:
      return "instant vector";
    case kMatrix:
      return "range vector";
  }
  return "none";
}

std::string_view ValueTypeName(ValueType type) {
  switch (type) {
    case kNone:
      return "none";
    case kScalar:
      return "scalar";
    case kString:
      return "string";
    case kVector:
      return "vector";
    case kMatrix:
      return "matrix";
  }
  return "none";
}

}  // namespace narthex::promql

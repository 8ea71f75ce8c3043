// A series to one number.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace narthex::expression {

using Samples = std::span<const std::optional<double>>;
using Reducer = std::optional<double> (*)(Samples samples);

// Strict: a null or NaN among the samples makes NaN of all but `count` and `last`.
// sum, mean, min, max, count, last, median; null for any other name.
Reducer FindReducer(std::string_view name);

// Of classic conditions: null and NaN are passed over; null if nothing is left.
// Besides those above avg, diff, diff_abs, percent_diff, percent_diff_abs, count_non_null.
Reducer FindClassicReducer(std::string_view name);

}  // namespace narthex::expression

// Functions that look at one value at a time.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "context.h"
#include "stream.h"

namespace narthex::engine {

// The new value; empty where the element drops out. `parameters` are the scalar arguments at the
// step.
using ValueFunction = std::optional<double> (*)(double value, std::span<const double> parameters);

// Null if `name` is no such function.
ValueFunction FindMathFunction(std::string_view name);
// Parts of a date in UTC, from seconds since the epoch.
ValueFunction FindDateFunction(std::string_view name);

// `function` of every value; names are dropped.
RowStreamPtr ApplyValueFunction(ValueFunction function, RowStreamPtr input,
                                std::vector<std::vector<double>> parameters, const StepGrid& grid,
                                Context& context);

}  // namespace narthex::engine

// Queries of the data source `__expr__`.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expression/value.h"
#include "json/value.h"

namespace narthex::expression {

// More in one answer is refused: a product of two answers can be far larger than both.
inline constexpr std::size_t kValueCountMax = 100'000;
inline constexpr std::size_t kSampleCountMax = 20'000'000;

struct Command {
  std::vector<std::string> inputs;  // `refId`s that have to be there first, each once

  // May be called often. An input that is missing counts as empty.
  // Errors: kInvalidArgument    not for values of this kind
  //         kResourceExhausted  more than kValueCountMax values or kSampleCountMax samples
  std::function<Result<ValueSet>(const Inputs&)> run;
};

// What a query does not say itself.
struct QueryTimes {
  TimestampMs from = 0;
  TimestampMs to = 0;
  std::optional<std::chrono::milliseconds> window;  // its "window" as a duration; resample only
};

// Errors: kInvalidArgument  malformed; the message says what, and where in a formula
//         kUnsupported      "type": "sql"
// Source: Grafana, "Write expression queries"; DSAPI-5.
Result<Command> ReadCommand(const json::Value& query, const QueryTimes& times);

// The names of `waits` so that each comes behind those it waits for; names that are no key are
// there already.
//
// Errors: kInvalidArgument  some wait for each other in a circle; the message names them
Result<std::vector<std::string>> RunOrder(
    const std::map<std::string, std::vector<std::string>, std::less<>>& waits);

}  // namespace narthex::expression

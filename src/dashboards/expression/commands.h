// The kinds of expressions, each from its query.
#pragma once

#include "expression/command.h"

namespace narthex::expression {

Result<Command> ReadMath(const json::Value& query);
Result<Command> ReadReduce(const json::Value& query);
Result<Command> ReadResample(const json::Value& query, const QueryTimes& times);
Result<Command> ReadThreshold(const json::Value& query);
Result<Command> ReadClassicConditions(const json::Value& query);

// The `refId` in "expression", which may be written "$A".
// Errors: kInvalidArgument  none
Result<std::string> ReadInputName(const json::Value& query);

// What the query `name` gave; empty if it did not.
const ValueSet& InputNamed(const Inputs& inputs, std::string_view name);

// Errors: kInvalidArgument  "can only <verb> series, got <kind>"
Error OnlySeries(std::string_view verb, ValueKind kind);

}  // namespace narthex::expression

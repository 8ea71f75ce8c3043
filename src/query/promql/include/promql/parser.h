// From text to syntax tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/matcher.h"
#include "promql/ast.h"
#include "promql/position.h"

namespace narthex::promql {

// Parts of the language that are off by default upstream.
struct ParseOptions {
  bool allows_experimental_functions = false;
  bool allows_duration_expressions = true;
  bool allows_extended_range_selectors = false;  // anchored, smoothed
  bool allows_fill_modifiers = false;
  // Nesting of parentheses, calls and operators beyond this is refused: it would exhaust the stack.
  std::size_t depth_max = 500;
};

struct ParseIssue {
  PositionRange position;
  std::string message;
};

// A tree, or at least one issue.
struct ParseOutcome {
  ExprPtr expr;
  std::vector<ParseIssue> issues;
};

// Parses and type-checks a query, naming every fault.
ParseOutcome ParseWithIssues(std::string_view query, const ParseOptions& options = {});

// The same, with the first fault as an error.
// Errors: kInvalidArgument  "LINE:COLUMN: parse error: MESSAGE"
Result<ExprPtr> ParseExpression(std::string_view query, const ParseOptions& options = {});

// Parses a selector without range and modifiers, `name{label="value"}`, as match[] parameters are.
// Unlike a query's, it may accept every series: `{}`.
// Errors: kInvalidArgument  "LINE:COLUMN: parse error: MESSAGE"
Result<std::vector<model::Matcher>> ParseMetricSelector(std::string_view selector,
                                                        const ParseOptions& options = {});

// The value of a string literal, quotes and escapes removed; empty if it is malformed.
// Source: Go's strconv.Unquote, with single quotes allowed around any text.
std::optional<std::string> Unquote(std::string_view literal);

}  // namespace narthex::promql

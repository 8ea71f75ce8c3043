// Queries: what is accepted must print as a text that parses to the same print.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "promql/parser.h"
#include "promql/printer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  narthex::promql::ParseOptions options;
  options.allows_experimental_functions = true;
  options.allows_extended_range_selectors = true;
  options.allows_fill_modifiers = true;

  const auto outcome = narthex::promql::ParseWithIssues(query, options);
  for (const auto& issue : outcome.issues) {
    NARTHEX_CHECK(issue.position.start <= issue.position.end || issue.position.end == 0,
                  "a position must not run backwards");
    NARTHEX_CHECK(issue.position.start <= size, "a position must lie in the query");
  }
  if (outcome.expr == nullptr) {
    NARTHEX_CHECK(!outcome.issues.empty(), "a refusal must have a reason");
    return 0;
  }
  const std::string printed = narthex::promql::Print(*outcome.expr);
  const auto again = narthex::promql::ParseWithIssues(printed, options);
  NARTHEX_CHECK(again.expr != nullptr, "what is printed must parse");
  NARTHEX_CHECK(narthex::promql::Print(*again.expr) == printed, "printing must be stable");
  narthex::promql::Format(*outcome.expr);
  return 0;
}

#include "anchored_regex.h"

#include <fmt/format.h>

namespace narthex::model {
namespace {

// Go's words for RE2's error codes. Source: Go, regexp/syntax, type ErrorCode.
std::string_view GoText(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case RE2::ErrorBadCharClass:
      return "invalid character class";
    case RE2::ErrorBadCharRange:
      return "invalid character class range";
    case RE2::ErrorMissingBracket:
      return "missing closing ]";
    case RE2::ErrorMissingParen:
      return "missing closing )";
    case RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case RE2::ErrorPatternTooLarge:
      return "expression too large";
    case RE2::NoError:
    case RE2::ErrorInternal:
      break;
  }
  return "internal error";
}

// Go knows `(?<name>...)` as well as `(?P<name>...)`; this RE2 only the second.
std::string WithLongGroupNames(std::string_view expression) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\' && i + 1 < expression.size()) {
      out += c;
      out += expression[++i];
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    if (!in_class && expression.substr(i).starts_with("(?<")) {
      out += "(?P<";
      i += 2;
      continue;
    }
    out += c;
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<const RE2>> CompileAnchored(std::string_view expression, RegexBlame blame) {
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_unique<const RE2>(
      fmt::format("^(?s:{})$", WithLongGroupNames(expression)), options);
  if (compiled->ok()) return compiled;
  if (blame == RegexBlame::kExpression) {
    auto bare = std::make_unique<const RE2>(WithLongGroupNames(expression), options);
    if (!bare->ok()) compiled = std::move(bare);
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("error parsing regexp: {}: `{}`", GoText(compiled->error_code()),
                           compiled->error_arg())};
}

}  // namespace narthex::model

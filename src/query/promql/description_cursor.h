// Walks over the tokens of a series line.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/labels.h"
#include "promql/position.h"
#include "promql/token.h"

namespace narthex::promql {

// `line` must outlive the cursor.
class DescriptionCursor {
 public:
  explicit DescriptionCursor(std::string_view line)
      : line_(line), list_(Tokenize(line, LexMode::kSeriesDescription)) {}

  const Token& Peek() const { return list_.tokens[next_]; }
  bool At(TokenKind kind) const { return Peek().kind == kind; }
  Token Take() {
    const Token token = Peek();
    if (next_ + 1 < list_.tokens.size()) ++next_;
    return token;
  }
  bool TakeIf(TokenKind kind) {
    if (!At(kind)) return false;
    Take();
    return true;
  }
  Status Expect(TokenKind kind) {
    if (!At(kind)) return Unexpected("series values", {});
    Take();
    return Ok();
  }

  // Errors at a place of the line, and about the token ahead.
  Error Fail(std::size_t offset, std::string_view message) const {
    return {ErrorCode::kInvalidArgument,
            fmt::format("{}: parse error: {}", LineAndColumn(line_, offset), message)};
  }
  Error Unexpected(std::string_view context, std::string_view expected) const;

 private:
  const std::string_view line_;
  const TokenList list_;
  std::size_t next_ = 0;
};

}  // namespace narthex::promql

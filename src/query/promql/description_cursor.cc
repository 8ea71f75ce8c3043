#include "description_cursor.h"

namespace narthex::promql {

Error DescriptionCursor::Unexpected(std::string_view context, std::string_view expected) const {
  const Token& token = Peek();
  if (token.kind == TokenKind::kError) return Fail(token.offset, list_.error);
  std::string what = model::Quote(token.text);
  if (token.kind == TokenKind::kEof) what = "end of input";
  if (token.kind == TokenKind::kIdentifier) what = "identifier " + what;
  std::string message = fmt::format("unexpected {} in {}", what, context);
  if (!expected.empty()) message += fmt::format(", expected {}", expected);
  return Fail(token.offset, message);
}

}  // namespace narthex::promql

// Expressions that pick something out of a JSON document.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace narthex::jmespath {

struct Node;

// One expression, ready to be asked of documents. A value type; copies share what was read, which
// nothing changes any more. Thread-safe.
// Source: https://jmespath.org/specification.html
class Expression {
 public:
  // Longer ones are nobody's.
  static constexpr std::size_t kSizeBytesMax = 16u << 10;
  // Calls, brackets and operators inside each other.
  static constexpr int kDepthMax = 64;
  // Values that may be made while one document is asked, those inside others counted, too.
  static constexpr std::int64_t kValueCountMax = 200'000;

  // Errors: kInvalidArgument    the grammar, with the place as "at 5", counted from 1 in bytes
  //         kResourceExhausted  one of the limits above
  static Result<Expression> Parse(std::string_view text);

  // What it picks; null where the document has nothing there.
  // Errors: kInvalidArgument    a function that is not there, or values that it does not take
  //         kResourceExhausted  kValueCountMax
  Result<json::Value> Search(const json::Value& document) const;

 private:
  explicit Expression(std::shared_ptr<const Node> root) : root_(std::move(root)) {}

  std::shared_ptr<const Node> root_;  // shared by copies
};

}  // namespace narthex::jmespath

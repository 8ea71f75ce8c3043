#include "formula.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "base/number.h"

namespace narthex::expression {
namespace {

// Deeper ones are no person's; each level is a call on the stack.
constexpr int kDepthMax = 200;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <double (*of_number)(double)>
std::optional<double> OfNumber(std::optional<double> value) {
  return value ? of_number(*value) : kNaN;
}

double IsNan(double value) { return std::isnan(value) ? 1 : 0; }
double IsInf(double value) { return std::isinf(value) ? 1 : 0; }
double Abs(double value) { return std::fabs(value); }
double Log(double value) { return std::log(value); }
double Round(double value) { return std::round(value); }
double Ceil(double value) { return std::ceil(value); }
double Floor(double value) { return std::floor(value); }
std::optional<double> IsNull(std::optional<double> value) { return value ? 0 : 1; }
std::optional<double> IsNumber(std::optional<double> value) {
  return value && std::isfinite(*value) ? 1 : 0;
}

constexpr std::pair<std::string_view, Function> kFunctions[] = {
    {"abs", OfNumber<Abs>},      {"log", OfNumber<Log>},     {"round", OfNumber<Round>},
    {"ceil", OfNumber<Ceil>},    {"floor", OfNumber<Floor>}, {"is_nan", OfNumber<IsNan>},
    {"is_inf", OfNumber<IsInf>}, {"is_null", IsNull},        {"is_number", IsNumber}};

constexpr std::pair<std::string_view, std::optional<double>> kConstants[] = {
    {"nan", kNaN}, {"inf", std::numeric_limits<double>::infinity()}, {"null", std::nullopt}};

struct Symbol {
  std::string_view text;
  Operator op;
  int level;  // 0 binds loosest
};
// Longer ones first where one begins another.
constexpr Symbol kSymbols[] = {{"||", Operator::kOr, 0},           {"&&", Operator::kAnd, 1},
                               {"==", Operator::kEqual, 2},        {"!=", Operator::kNotEqual, 2},
                               {">=", Operator::kGreaterEqual, 2}, {"<=", Operator::kLessEqual, 2},
                               {">", Operator::kGreater, 2},       {"<", Operator::kLess, 2},
                               {"+", Operator::kAdd, 3},           {"-", Operator::kSubtract, 3},
                               {"**", Operator::kPower, 5},        {"*", Operator::kMultiply, 4},
                               {"/", Operator::kDivide, 4},        {"%", Operator::kModulo, 4}};
constexpr int kUnaryLevel = 6;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Bytes of characters beyond ASCII count as letters.
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsNameByte(char c) { return IsLetter(c) || IsDigit(c); }

Node Operation(Node::Kind kind, Operator op, std::vector<Node> arguments) {
  Node node;
  node.kind = kind;
  node.op = op;
  node.arguments = std::move(arguments);
  return node;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Node> Parse() {
    NARTHEX_ASSIGN_OR_RETURN(Node root, ReadBinary(0));
    SkipSpace();
    if (!rest().empty()) return Fail(fmt::format("unexpected '{}'", rest().front()));
    return root;
  }

 private:
  std::string_view rest() const { return text_.substr(place_); }

  Error Fail(std::string_view what) const {
    return {ErrorCode::kInvalidArgument, fmt::format("{} at {}", what, place_ + 1)};
  }

  void SkipSpace() {
    while (place_ < text_.size() && IsSpace(text_[place_])) ++place_;
  }

  bool Take(std::string_view token) {
    SkipSpace();
    if (!rest().starts_with(token)) return false;
    place_ += token.size();
    return true;
  }

  // The operator of `level` that comes next, taken.
  std::optional<Operator> TakeOperator(int level) {
    SkipSpace();
    for (const Symbol& symbol : kSymbols) {
      if (!rest().starts_with(symbol.text)) continue;
      if (symbol.level != level) return std::nullopt;
      place_ += symbol.text.size();
      return symbol.op;
    }
    return std::nullopt;
  }

  Result<Node> ReadBinary(int level) {
    if (level == kUnaryLevel) return ReadUnary();
    NARTHEX_ASSIGN_OR_RETURN(Node left, ReadBinary(level + 1));
    int chain = 0;
    while (const auto op = TakeOperator(level)) {
      // A chain is a tree that is as deep as it is long.
      if (++chain + depth_ > kDepthMax) return Fail("the expression is too long");
      NARTHEX_ASSIGN_OR_RETURN(Node right, ReadBinary(level + 1));
      std::vector<Node> sides;
      sides.push_back(std::move(left));
      sides.push_back(std::move(right));
      left = Operation(Node::Kind::kBinary, *op, std::move(sides));
    }
    return left;
  }

  Result<Node> ReadUnary() {
    if (++depth_ > kDepthMax) return Fail("the expression is nested too deeply");
    Result<Node> node = ReadSignOrOperand();
    --depth_;
    return node;
  }

  Result<Node> ReadSignOrOperand() {
    const bool is_not = Take("!");
    if (!is_not && !Take("-")) return ReadOperand();
    NARTHEX_ASSIGN_OR_RETURN(Node operand, ReadUnary());
    std::vector<Node> arguments;
    arguments.push_back(std::move(operand));
    return Operation(Node::Kind::kUnary, is_not ? Operator::kNot : Operator::kSubtract,
                     std::move(arguments));
  }

  Result<Node> ReadOperand() {
    if (Take("(")) {
      NARTHEX_ASSIGN_OR_RETURN(Node inner, ReadBinary(0));
      if (!Take(")")) return Fail("expected ')'");
      return inner;
    }
    if (Take("$")) return ReadInput();
    if (rest().empty()) return Fail("unexpected end");
    if (IsDigit(rest().front()) || rest().front() == '.') return ReadNumber();
    if (IsLetter(rest().front())) return ReadCall();
    return Fail(fmt::format("unexpected '{}'", rest().front()));
  }

  std::string_view TakeName() {
    const std::size_t begin = place_;
    while (place_ < text_.size() && IsNameByte(text_[place_])) ++place_;
    return text_.substr(begin, place_ - begin);
  }

  Result<Node> ReadInput() {
    Node node;
    node.kind = Node::Kind::kInput;
    if (rest().starts_with('{')) {
      const std::size_t end = text_.find('}', place_);
      if (end == std::string_view::npos) return Fail("expected '}'");
      node.input = text_.substr(place_ + 1, end - place_ - 1);
      place_ = end + 1;
    } else {
      node.input = TakeName();
    }
    if (node.input.empty()) return Fail("expected the refId of a query");
    return node;
  }

  // Octal behind a leading 0, hexadecimal behind 0x, else decimal.
  Result<Node> ReadNumber() {
    const std::size_t begin = place_;
    const bool is_hex = rest().starts_with("0x") || rest().starts_with("0X");
    while (place_ < text_.size() && (IsNameByte(text_[place_]) || text_[place_] == '.' ||
                                     (!is_hex && IsSignOfExponent(begin)))) {
      ++place_;
    }
    const std::string_view written = text_.substr(begin, place_ - begin);
    Node node;
    node.constant = Number(written, is_hex);
    if (node.constant) return node;
    place_ = begin;
    return Fail(fmt::format("'{}' is no number", written));
  }

  bool IsSignOfExponent(std::size_t begin) const {
    const char before = place_ > begin ? text_[place_ - 1] : ' ';
    return (text_[place_] == '+' || text_[place_] == '-') && (before == 'e' || before == 'E');
  }

  static std::optional<double> Number(std::string_view written, bool is_hex) {
    const int base = is_hex ? 16 : 8;
    if (is_hex || (written.size() > 1 && written.front() == '0')) {
      const std::string_view digits = written.substr(is_hex ? 2 : 1);
      std::uint64_t whole = 0;
      const auto [end, fault] =
          std::from_chars(digits.data(), digits.data() + digits.size(), whole, base);
      if (fault == std::errc() && end == digits.data() + digits.size()) {
        return static_cast<double>(whole);
      }
    }
    return IsDigit(written.front()) || written.front() == '.' ? ParseDouble(written) : std::nullopt;
  }

  Result<Node> ReadCall() {
    const std::size_t begin = place_;
    const std::string_view name = TakeName();
    Node node;
    for (const auto& [known, constant] : kConstants) {
      if (known != name) continue;
      node.constant = constant;
      if (!Take("(") || !Take(")")) return Fail(fmt::format("expected '()' behind {}", name));
      return node;
    }
    for (const auto& [known, function] : kFunctions) {
      if (known == name) node.function = function;
    }
    if (node.function == nullptr) {
      place_ = begin;
      return Fail(fmt::format("there is no function '{}'", name));
    }
    node.kind = Node::Kind::kCall;
    if (!Take("(")) return Fail(fmt::format("expected '(' behind {}", name));
    NARTHEX_ASSIGN_OR_RETURN(Node argument, ReadBinary(0));
    node.arguments.push_back(std::move(argument));
    if (!Take(")")) return Fail("expected ')'");
    return node;
  }

  const std::string_view text_;
  std::size_t place_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Node> ParseFormula(std::string_view text) { return Parser(text).Parse(); }

}  // namespace narthex::expression

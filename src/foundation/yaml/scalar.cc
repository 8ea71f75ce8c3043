// What a scalar's characters mean.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/number.h"
#include "yaml/node.h"

namespace narthex::yaml {
namespace {

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::optional<bool> BoolOf(std::string_view text) {
  if (IsOneOf(text, {"true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}))
    return true;
  if (IsOneOf(text, {"false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF"}))
    return false;
  return std::nullopt;
}

bool IsNullWord(std::string_view text) { return IsOneOf(text, {"", "~", "null", "Null", "NULL"}); }

struct Magnitude {
  bool is_negative = false;
  std::uint64_t value = 0;
};

std::optional<Magnitude> IntOf(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  std::string_view rest = digits;
  Magnitude result;
  if (rest.starts_with('-') || rest.starts_with('+')) {
    result.is_negative = rest.front() == '-';
    rest.remove_prefix(1);
  }

  int base = 10;
  if (rest.starts_with("0x") || rest.starts_with("0o") || rest.starts_with("0b")) {
    base = rest[1] == 'x' ? 16 : rest[1] == 'o' ? 8 : 2;
    rest.remove_prefix(2);
  } else if (rest.size() > 1 && rest.front() == '0') {
    base = 8;
    rest.remove_prefix(1);
  }
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), result.value, base);
  if (rest.empty() || error != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
  return result;
}

std::optional<double> FloatOf(std::string_view text) {
  if (IsOneOf(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) return HUGE_VAL;
  if (IsOneOf(text, {"-.inf", "-.Inf", "-.INF"})) return -HUGE_VAL;
  if (IsOneOf(text, {".nan", ".NaN", ".NAN"})) return std::nan("");
  // Words that a float parser knows but YAML does not: inf, nan, 0x1p3.
  const bool has_letters = std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z' && c != 'e') || (c >= 'A' && c <= 'Z' && c != 'E');
  });
  if (has_letters) return std::nullopt;
  std::string digits(text);
  std::erase(digits, '_');
  return ParseDouble(digits);
}

// 2026-01-31, with or without a time behind it.
bool LooksLikeDate(std::string_view text) {
  if (text.size() < 8 || text.find('-') != 4) return false;
  return std::all_of(text.begin(), text.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
}

Error CannotRead(const Node& node, std::string_view type) {
  switch (node.kind()) {
    case NodeKind::kSequence:
      return LineError(node.position(), fmt::format("cannot unmarshal !!seq into {}", type));
    case NodeKind::kMapping:
      return LineError(node.position(), fmt::format("cannot unmarshal !!map into {}", type));
    default:
      break;
  }
  const std::string_view text_tag = node.is_quoted()       ? "!!str"
                                    : BoolOf(node.text())  ? "!!bool"
                                    : IntOf(node.text())   ? "!!int"
                                    : FloatOf(node.text()) ? "!!float"
                                    : node.is_null()       ? "!!null"
                                                           : "!!str";
  // Long values are cut: they may be whole files that slipped one level.
  std::string text = node.text();
  if (text.size() > 10) text = text.substr(0, 7) + "...";
  return LineError(node.position(),
                   fmt::format("cannot unmarshal {} `{}` into {}", text_tag, text, type));
}

}  // namespace

bool IsTypedPlain(std::string_view text) {
  return IsNullWord(text) || BoolOf(text) || IntOf(text) || FloatOf(text) || LooksLikeDate(text);
}

Result<bool> AsBool(const Node& node) {
  if (!node.is_scalar() || node.is_quoted()) return CannotRead(node, "bool");
  const std::optional<bool> value = BoolOf(node.text());
  if (!value) return CannotRead(node, "bool");
  return *value;
}

Result<std::int64_t> AsInt64(const Node& node) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (!node.is_scalar() || node.is_quoted()) return CannotRead(node, "int");
  const std::optional<Magnitude> value = IntOf(node.text());
  if (!value || value->value > kMax + (value->is_negative ? 1 : 0)) return CannotRead(node, "int");
  return value->is_negative ? static_cast<std::int64_t>(0 - value->value)
                            : static_cast<std::int64_t>(value->value);
}

Result<std::uint64_t> AsUint64(const Node& node) {
  if (!node.is_scalar() || node.is_quoted()) return CannotRead(node, "uint");
  const std::optional<Magnitude> value = IntOf(node.text());
  if (!value || (value->is_negative && value->value != 0)) return CannotRead(node, "uint");
  return value->value;
}

Result<double> AsDouble(const Node& node) {
  if (!node.is_scalar() || node.is_quoted()) return CannotRead(node, "float64");
  if (const std::optional<Magnitude> whole = IntOf(node.text())) {
    const auto value = static_cast<double>(whole->value);
    return whole->is_negative ? -value : value;
  }
  const std::optional<double> value = FloatOf(node.text());
  if (!value) return CannotRead(node, "float64");
  return *value;
}

Result<std::string> AsString(const Node& node) {
  if (!node.is_scalar()) return CannotRead(node, "string");
  return node.text();
}

}  // namespace narthex::yaml

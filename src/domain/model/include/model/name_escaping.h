// UTF-8 names for readers that know only the legacy alphabet.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace narthex::model {

enum class NameEscaping {
  kNone,         // allow-utf-8: names go out as they are
  kUnderscores,  // what the legacy alphabet lacks becomes _; cannot be undone
  kDots,         // . becomes _dot_, _ becomes __, anything else __; undone but for the last
  kValues,       // U__ in front, _ becomes __, anything else _hex_; undone
};

// "allow-utf-8", "underscores", "dots", "values", as content types carry them.
std::string_view NameEscapingText(NameEscaping escaping);
std::optional<NameEscaping> ParseNameEscaping(std::string_view text);

// Legacy names stay as they are, but for kDots, which has to double underscores.
// Source: Prometheus, "Escaping schemes". Conformance: escape_name.
std::string EscapeName(std::string_view name, NameEscaping escaping);

// Back again; `name` itself where it is not an escaped one.
std::string UnescapeName(std::string_view name, NameEscaping escaping);

// What is not [a-zA-Z0-9_] becomes _, as discovery makes label names out of foreign keys.
std::string SanitizeLabelName(std::string_view name);
// The same, and the result is a label name by itself: a digit in front becomes _, and so does
// nothing.
std::string SanitizeFullLabelName(std::string_view name);

}  // namespace narthex::model

#include "openmetrics_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/number.h"

namespace narthex::exposition {
namespace {

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

// The size of the name or quoted text at the front of `text`, quotes included.
std::size_t NameSize(std::string_view text) {
  if (!text.starts_with('"')) return std::min(text.find(' '), text.size());
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

// Where the series text ends: behind the name, or behind the closing brace.
std::size_t SeriesSize(std::string_view line) {
  std::size_t i = 0;
  bool is_in_braces = false;
  for (; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && is_in_braces) {
      i += NameSize(line.substr(i)) - 1;
    } else if (c == '{') {
      is_in_braces = true;
    } else if (c == '}' && is_in_braces) {
      return i + 1;
    } else if (c == ' ' && !is_in_braces) {
      return i;
    }
  }
  return i;
}

// A comma that stands before the closing brace, outside of quotes.
bool HasTrailingComma(std::string_view series) {
  char last = '\0';
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i] == '"') i += NameSize(series.substr(i)) - 1;
    if (series[i] == '}' && last == ',') return true;
    if (series[i] != ' ') last = series[i];
  }
  return false;
}

// Without the blanks that may follow a comma, and which the lenient parser refuses.
std::string WithoutBlanksBehindCommas(std::string_view series) {
  std::string out;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i] == '"') {
      const std::size_t size = NameSize(series.substr(i));
      out += series.substr(i, size);
      i += size - 1;
    } else if (series[i] != ' ' || !out.ends_with(',')) {
      out += series[i];
    }
  }
  return out;
}

// Blanks in front of values and times, one each; none at the end. `tail` is what follows a series.
Status CheckBlanks(std::string_view tail) {
  if (!tail.starts_with(' ')) return Invalid("a blank must follow the series");
  const std::size_t mark = tail.find(" # {");
  std::string_view numbers = tail.substr(0, mark);
  if (numbers.find('#') != std::string_view::npos) return Invalid("malformed exemplar");
  std::string_view exemplar;
  if (mark != std::string_view::npos) {
    const std::string_view behind = tail.substr(mark + 3);
    exemplar = behind.substr(std::min(SeriesSize(behind), behind.size()));
  }
  for (const std::string_view part : {numbers, exemplar}) {
    const bool has_gap = part.find("  ") != std::string_view::npos ||
                         part.find('\t') != std::string_view::npos || part.ends_with(' ');
    if (has_gap) return Invalid("blanks must stand alone, and not at the end");
  }
  return Ok();
}

// The times in the digits as they are written: milliseconds would make different ones equal.
std::optional<double> TimestampOf(std::string_view tail) {
  std::string_view numbers = tail.substr(1, tail.find(" # {") - 1);
  const std::size_t blank = numbers.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  return ParseDouble(numbers.substr(blank + 1));
}

// A value between braces: keys with numbers, or with lists between brackets.
Status CheckComposite(std::string_view value) {
  if (!value.ends_with('}')) return Invalid("composite value without closing brace");
  value.remove_prefix(1);
  value.remove_suffix(1);
  std::vector<std::string_view> keys;
  while (!value.empty()) {
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos) return Invalid("composite value: a key without a value");
    keys.push_back(value.substr(0, colon));
    value.remove_prefix(colon + 1);
    std::size_t end = value.find(',');
    if (value.starts_with('[')) {
      end = value.find(']');
      if (end == std::string_view::npos) return Invalid("composite value: list without end");
      ++end;
    } else if (!ParseDouble(value.substr(0, end))) {
      return Invalid(fmt::format("composite value: {} is no number", keys.back()));
    }
    if (end < value.size() && value[end] != ',') return Invalid("composite value: missing comma");
    value.remove_prefix(std::min(end, value.size()));
    if (value.starts_with(',')) value.remove_prefix(1);
  }
  for (const std::string_view needed : {"count", "sum", "schema", "zero_threshold", "zero_count"}) {
    if (std::find(keys.begin(), keys.end(), needed) == keys.end()) {
      return Invalid(fmt::format("composite value: {} is missing", needed));
    }
  }
  return Ok();
}

// `text` is one entry, ended as a body is.
Result<StrictSample> ParseOne(const std::string& text) {
  Parser parser(text, Format::kOpenMetrics);
  NARTHEX_ASSIGN_OR_RETURN(const EntryKind kind, parser.Next());
  if (kind != EntryKind::kSeries) return Invalid("not a sample");
  NARTHEX_ASSIGN_OR_RETURN(const model::LabelSet labels, parser.Labels());
  StrictSample sample;
  sample.name = labels.Get(model::kMetricName);
  sample.labels = labels.DropMetricName();
  sample.value = parser.entry().value;
  if (parser.entry().has_exemplar) sample.exemplar = parser.GetExemplar();
  NARTHEX_ASSIGN_OR_RETURN(const EntryKind next, parser.Next());
  if (next != EntryKind::kEnd) return Invalid("more than a sample in a line");
  return sample;
}

}  // namespace

Result<StrictMetadata> ParseStrictMetadata(std::string_view line) {
  constexpr struct {
    std::string_view start;
    StrictMetadata::Word word;
  } kWords[] = {{"# HELP ", StrictMetadata::Word::kHelp},
                {"# TYPE ", StrictMetadata::Word::kType},
                {"# UNIT ", StrictMetadata::Word::kUnit}};
  for (const auto& [start, word] : kWords) {
    if (!line.starts_with(start)) continue;
    const std::string_view rest = line.substr(start.size());
    const std::size_t size = NameSize(rest);
    if (size == 0 || size >= rest.size() || rest[size] != ' ') {
      return Invalid("a name, a blank and a text must follow");
    }
    // The lenient parser checks the words, the name and the escapes.
    const std::string text = std::string(line).append("\n# EOF\n");
    Parser parser(text, Format::kOpenMetrics);
    NARTHEX_TRY(parser.Next());
    return StrictMetadata{word, std::string(parser.entry().metric), rest.substr(size + 1)};
  }
  return Invalid("only HELP, TYPE, UNIT and EOF may follow #");
}

Result<StrictSample> ParseStrictSample(std::string_view line) {
  const std::size_t size = SeriesSize(line);
  const std::string_view series = line.substr(0, size);
  const std::string_view tail = line.substr(size);
  if (HasTrailingComma(series)) return Invalid("comma without a label behind it");
  std::string plain_series = WithoutBlanksBehindCommas(series);
  if (tail.starts_with(" {")) {
    NARTHEX_TRY(CheckComposite(tail.substr(1)));
    NARTHEX_ASSIGN_OR_RETURN(StrictSample sample, ParseOne(plain_series + " 0\n# EOF\n"));
    sample.is_composite = true;
    return sample;
  }
  NARTHEX_TRY(CheckBlanks(tail));
  NARTHEX_ASSIGN_OR_RETURN(StrictSample sample, ParseOne(plain_series.append(tail) + "\n# EOF\n"));
  sample.timestamp_seconds = TimestampOf(tail);
  return sample;
}

}  // namespace narthex::exposition

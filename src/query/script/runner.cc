#include "script/runner.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "base/number.h"
#include "load.h"
#include "model/duration.h"
#include "promql/parser.h"
#include "script/check.h"

namespace narthex::script {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The first word of `text`, cut off with the blanks behind it.
std::string_view TakeWord(std::string_view& text) {
  const std::size_t size = std::min(text.find_first_of(kBlanks), text.size());
  const std::string_view word = text.substr(0, size);
  text = Trim(text.substr(size));
  return word;
}

Error ScriptError(std::size_t line, std::string_view message) {
  return {ErrorCode::kInvalidArgument, fmt::format("line {}: {}", line, message)};
}

Result<std::int64_t> ParseMs(std::string_view text, std::size_t line) {
  const auto duration = model::ParseDuration(text);
  if (!duration.ok()) return ScriptError(line, duration.error().message());
  return std::int64_t{duration.value().count()};
}

bool IsPattern(std::string_view text) {
  return re2::RE2(re2::StringPiece(text.data(), text.size()), re2::RE2::Quiet).ok();
}

bool IsBareNumber(std::string_view text) { return ParseDouble(text).has_value(); }

bool IsEval(std::string_view word) {
  return word == "eval" || word == "eval_fail" || word == "eval_warn" || word == "eval_info" ||
         word == "eval_ordered";
}

// "scalar 3", for what has no labels to be told by.
std::string ShortText(const engine::QueryResult& result) {
  if (const auto* scalar = std::get_if<model::Sample>(&result.value))
    return "the scalar " + FormatDouble(scalar->value);
  if (const auto* text = std::get_if<engine::StringValue>(&result.value))
    return "the string " + model::Quote(text->value);
  if (const auto* vector = std::get_if<engine::Vector>(&result.value))
    return fmt::format("a vector of {} series", vector->size());
  return fmt::format("a matrix of {} series", std::get<engine::Matrix>(result.value).size());
}

}  // namespace

engine::EngineOptions ScriptOptions() {
  engine::EngineOptions options;
  options.samples_max = 10000;
  options.timeout = std::chrono::seconds(100);
  options.delays_name_removal = true;
  options.uses_start_timestamps = true;
  options.parse.allows_experimental_functions = true;
  options.parse.allows_extended_range_selectors = true;
  options.parse.allows_fill_modifiers = true;
  return options;
}

Result<std::vector<ScriptResult>> ScriptRunner::Run(std::string_view script) {
  store_.Clear();
  std::vector<Line> lines;
  for (std::size_t number = 1; !script.empty(); ++number) {
    const std::size_t end = std::min(script.find('\n'), script.size());
    std::string_view text = Trim(script.substr(0, end));
    if (text.starts_with('#')) text = {};
    lines.push_back({number, text});
    script.remove_prefix(std::min(end + 1, script.size()));
  }

  std::vector<ScriptResult> results;
  for (std::size_t i = 0; i < lines.size();) {
    const Line& command = lines[i++];
    if (command.text.empty()) continue;
    std::string_view arguments = command.text;
    const std::string_view word = TakeWord(arguments);
    if (word == "clear") {
      store_.Clear();
      continue;
    }
    const bool is_load = word == "load" || word == "load_with_nhcb";
    if (!is_load && !IsEval(word)) {
      return ScriptError(command.number, fmt::format("unknown command \"{}\"", word));
    }
    std::vector<Line> body;
    while (i < lines.size() && !lines[i].text.empty()) {
      body.push_back(lines[i++]);
      if (IsBareNumber(body.back().text)) break;
    }
    if (is_load) {
      LoadCommand load{arguments, {}, word == "load_with_nhcb"};
      for (const Line& line : body) load.body.push_back({line.number, line.text});
      NARTHEX_TRY(LoadSeries(load, store_));
      continue;
    }
    NARTHEX_ASSIGN_OR_RETURN(const Eval eval, ParseEval(command, body));
    results.push_back({eval.line, eval.query, RunEval(eval)});
  }
  return results;
}

Result<ScriptRunner::Eval> ScriptRunner::ParseEval(const Line& command,
                                                   const std::vector<Line>& body) const {
  Eval eval;
  NARTHEX_TRY(ParseEvalCommand(command, eval));
  for (const Line& line : body) NARTHEX_TRY(ParseEvalLine(line, eval));
  if (eval.has_no_warnings && !eval.warnings.empty())
    return ScriptError(command.number, "warn and no_warn cannot be used together");
  if (eval.has_no_infos && !eval.infos.empty())
    return ScriptError(command.number, "info and no_info cannot be used together");
  if (eval.is_range && eval.is_ordered)
    return ScriptError(command.number, "the result of a range query is ordered by labels");
  return eval;
}

Status ScriptRunner::ParseEvalCommand(const Line& command, Eval& eval) const {
  eval.line = command.number;
  std::string_view rest = command.text;
  const std::string_view word = TakeWord(rest);
  if (word == "eval_fail") eval.failure = Expectation{};
  if (word == "eval_warn") eval.warnings.push_back({});
  if (word == "eval_info") eval.infos.push_back({});
  if (word == "eval_ordered") eval.is_ordered = true;
  const std::string_view type = TakeWord(rest);
  eval.is_range = type == "range";
  if (eval.is_range) {
    std::int64_t step_ms = 0;
    const auto take = [&](std::string_view expected, std::int64_t& out) -> Status {
      if (TakeWord(rest) != expected) {
        return ScriptError(command.number, fmt::format("expected \"{}\"", expected));
      }
      NARTHEX_ASSIGN_OR_RETURN(out, ParseMs(TakeWord(rest), command.number));
      return Ok();
    };
    NARTHEX_TRY(take("from", eval.range.start));
    NARTHEX_TRY(take("to", eval.range.end));
    NARTHEX_TRY(take("step", step_ms));
    eval.range.step = std::chrono::milliseconds(step_ms);
  } else {
    if (type != "instant" || TakeWord(rest) != "at") {
      return ScriptError(command.number, "expected \"instant at\" or \"range from\"");
    }
    NARTHEX_ASSIGN_OR_RETURN(eval.range.start, ParseMs(TakeWord(rest), command.number));
    eval.range.end = eval.range.start;
  }
  eval.query = std::string(rest);
  const auto expr = promql::ParseExpression(eval.query, engine_.options().parse);
  if (!expr.ok()) return ScriptError(command.number, expr.error().message());
  return Ok();
}

Status ScriptRunner::ParseEvalLine(const Line& line, Eval& eval) const {
  std::string_view rest = line.text;
  const std::string_view word = TakeWord(rest);
  if (word == "expect") return ParseExpect({line.number, rest}, eval);
  if (word == "expected_fail_message") {
    eval.failure = Expectation{Expectation::Kind::kMessage, std::string(rest)};
    return Ok();
  }
  if (word == "expected_fail_regexp") {
    if (!IsPattern(rest)) return ScriptError(line.number, fmt::format("malformed regex {}", rest));
    eval.failure = Expectation{Expectation::Kind::kPattern, std::string(rest)};
    return Ok();
  }
  if (const auto number = ParseDouble(line.text)) {
    eval.scalar = *number;
    return Ok();
  }
  auto description = promql::ParseSeriesDescription(line.text);
  if (!description.ok()) return ScriptError(line.number, description.error().message());
  eval.series.push_back(
      {std::move(description.value().labels), std::move(description.value().values)});
  return Ok();
}

Status ScriptRunner::ParseExpect(const Line& line, Eval& eval) const {
  std::string_view rest = line.text;
  const std::string_view what = TakeWord(rest);
  if (what == "ordered") {
    eval.is_ordered = true;
    return Ok();
  }
  if (what == "string") {
    eval.string = promql::Unquote(rest);
    if (!eval.string) {
      return ScriptError(line.number, fmt::format("{} is no quoted string", rest));
    }
    return Ok();
  }
  if (what == "range") {
    std::string_view words[7];
    for (std::string_view& word : words) word = TakeWord(rest);
    const bool is_whole = words[0] == "vector" && words[1] == "from" && words[3] == "to" &&
                          words[5] == "step" && rest.empty();
    if (!is_whole) {
      return ScriptError(line.number, "must be `expect range vector from T to T step D`");
    }
    engine::RangeSpec range;
    NARTHEX_ASSIGN_OR_RETURN(range.start, ParseMs(words[2], line.number));
    NARTHEX_ASSIGN_OR_RETURN(range.end, ParseMs(words[4], line.number));
    NARTHEX_ASSIGN_OR_RETURN(const std::int64_t step_ms, ParseMs(words[6], line.number));
    range.step = std::chrono::milliseconds(step_ms);
    eval.range_vector = range;
    return Ok();
  }
  if (what == "no_warn") eval.has_no_warnings = true;
  if (what == "no_info") eval.has_no_infos = true;
  if (what == "no_warn" || what == "no_info") return Ok();
  return ParseAnnotation(line, eval);
}

Status ScriptRunner::ParseAnnotation(const Line& line, Eval& eval) const {
  std::string_view rest = line.text;
  const std::string_view what = TakeWord(rest);
  Expectation expectation;
  if (rest.starts_with("msg:")) {
    expectation = {Expectation::Kind::kMessage, std::string(Trim(rest.substr(4)))};
  } else if (rest.starts_with("regex:")) {
    expectation = {Expectation::Kind::kPattern, std::string(Trim(rest.substr(6)))};
    if (!IsPattern(expectation.text)) {
      return ScriptError(line.number, fmt::format("malformed regex {}", expectation.text));
    }
  } else if (!rest.empty()) {
    return ScriptError(line.number, "expected \"msg:\" or \"regex:\"");
  }
  if (what == "fail") {
    if (std::exchange(eval.has_fail_line, true))
      return ScriptError(line.number, "more than one `expect fail`");
    eval.failure = std::move(expectation);
  } else if (what == "warn") {
    eval.warnings.push_back(std::move(expectation));
  } else if (what == "info") {
    eval.infos.push_back(std::move(expectation));
  } else {
    return ScriptError(line.number, fmt::format("unknown expectation \"{}\"", what));
  }
  return Ok();
}

std::string ScriptRunner::RunEval(const Eval& eval) {
  if (eval.is_range) {
    return CheckOutcome(eval, engine_.Range(store_, eval.query, eval.range));
  }
  const model::TimestampMs time = eval.range.start;
  const std::string plain = CheckOutcome(eval, engine_.Instant(store_, eval.query, time));
  if (!plain.empty()) return plain;
  if (std::string failure = RunInstantAsRange(eval); !failure.empty()) return failure;

  const auto pinned = PinToTime(eval.query, time, engine_.options().parse);
  if (!pinned) return {};
  // Positions differ in the pinned query: annotations are not compared.
  Eval again = eval;
  again.query = *pinned;
  again.warnings.clear();
  again.infos.clear();
  again.has_no_warnings = again.has_no_infos = false;
  std::set<model::TimestampMs> times = {-10 * time, 0, time / 5, time, 10 * time};
  if (time == 0) times = {-1000, 0, 1000};
  for (const model::TimestampMs at : times) {
    const std::string failure = CheckOutcome(again, engine_.Instant(store_, again.query, at));
    if (!failure.empty()) return fmt::format("as `{}` at {} ms: {}", again.query, at, failure);
    again.range.start = again.range.end = at;
    if (std::string ranged = RunInstantAsRange(again); !ranged.empty()) return ranged;
    again.range = eval.range;
  }
  return {};
}

std::string ScriptRunner::RunInstantAsRange(const Eval& eval) {
  const bool is_left_out =
      eval.failure || eval.string || eval.range_vector ||
      CallsAny(eval.query, {"start", "end", "range", "step"}, engine_.options().parse);
  if (is_left_out) return {};
  constexpr std::int64_t kMinuteMs = 60'000;
  const model::TimestampMs time = eval.range.start;
  auto outcome =
      engine_.Range(store_, eval.query,
                    {time - kMinuteMs, time + kMinuteMs, std::chrono::milliseconds(kMinuteMs)});
  if (!outcome.ok()) return fmt::format("as range query: {}", outcome.error().message());
  if (eval.is_ordered) return {};
  engine::QueryResult middle = MiddleStep(outcome.value(), time);
  if (eval.scalar) {
    // A range query shows a scalar as the one series without labels.
    const auto& vector = std::get<engine::Vector>(middle.value);
    if (vector.size() != 1) return "as range query: no scalar";
    const model::Sample sample = vector[0].sample;  // a copy: the vector goes as the value changes
    middle.value = sample;
  }
  const std::string failure = CheckValue(eval, middle);
  return failure.empty() ? "" : fmt::format("as range query: {}", failure);
}

std::string ScriptRunner::Text(const Expectation& expectation, std::string_view before) {
  switch (expectation.kind) {
    case Expectation::Kind::kAny:
      return "";
    case Expectation::Kind::kMessage:
      return fmt::format("{}\"{}\"", before, expectation.text);
    case Expectation::Kind::kPattern:
      return fmt::format("{}that matches {}", before, expectation.text);
  }
  return "";
}

std::string ScriptRunner::CheckOutcome(const Eval& eval,
                                       const Result<engine::QueryResult>& outcome) const {
  const auto matches = [](const Expectation& expectation, const std::string& text) {
    switch (expectation.kind) {
      case Expectation::Kind::kAny:
        return true;
      case Expectation::Kind::kMessage:
        return text == expectation.text;
      case Expectation::Kind::kPattern:
        return re2::RE2::PartialMatch(text, expectation.text);
    }
    return false;
  };
  if (!outcome.ok()) {
    const std::string& message = outcome.error().message();
    // What the engine does not know is never what a script expects.
    if (outcome.code() == ErrorCode::kUnsupported) return "unsupported: " + message;
    if (!eval.failure) return "error: " + message;
    if (matches(*eval.failure, message)) return "";
    return fmt::format("got the error \"{}\", expected one{}", message, Text(*eval.failure, " "));
  }
  if (eval.failure) {
    return fmt::format("got {}, expected an error{}", ShortText(outcome.value()),
                       Text(*eval.failure, " "));
  }

  const auto check_notes = [&](std::string_view kind, const std::vector<Expectation>& wanted,
                               bool has_none,
                               const std::vector<std::string>& notes) -> std::string {
    if (has_none && !notes.empty())
      return fmt::format("got \"{}\", expected no {}", notes[0], kind);
    for (const Expectation& expectation : wanted) {
      const bool is_met = std::ranges::any_of(
          notes, [&](const std::string& note) { return matches(expectation, note); });
      if (!is_met) {
        return fmt::format("got {}, expected {}{}",
                           notes.empty() ? fmt::format("no {}", kind)
                                         : fmt::format("\"{}\"", fmt::join(notes, "\", \"")),
                           kind, Text(expectation, " "));
      }
    }
    for (const std::string& note : notes) {
      const bool is_wanted = wanted.empty() || std::ranges::any_of(wanted, [&](const auto& w) {
                               return matches(w, note);
                             });
      if (!is_wanted) return fmt::format("got \"{}\", which no line expects", note);
    }
    return {};
  };
  const engine::QueryResult& result = outcome.value();
  std::string failure =
      check_notes("warning", eval.warnings, eval.has_no_warnings, result.warnings);
  if (failure.empty()) failure = check_notes("info", eval.infos, eval.has_no_infos, result.infos);
  return failure.empty() ? CheckValue(eval, result) : failure;
}

std::string ScriptRunner::CheckValue(const Eval& eval, const engine::QueryResult& result) const {
  if (eval.string) {
    const auto* got = std::get_if<engine::StringValue>(&result.value);
    if (got != nullptr && got->value == *eval.string) return "";
    return fmt::format("got {}, expected the string {}", ShortText(result),
                       model::Quote(*eval.string));
  }
  if (eval.scalar) {
    const auto* got = std::get_if<model::Sample>(&result.value);
    if (got == nullptr) {
      return fmt::format("got {}, expected the scalar {}", ShortText(result),
                         FormatDouble(*eval.scalar));
    }
    return SameValue(got->value, *eval.scalar)
               ? ""
               : fmt::format("got {}, expected {}", FormatDouble(got->value),
                             FormatDouble(*eval.scalar));
  }
  std::vector<ExpectedRow> wanted;
  for (const ExpectedSeries& series : eval.series) wanted.push_back({series.labels, series.values});
  if (const auto* vector = std::get_if<engine::Vector>(&result.value)) {
    return CompareVector(wanted, *vector, eval.is_ordered);
  }
  const auto* matrix = std::get_if<engine::Matrix>(&result.value);
  if (matrix == nullptr) return fmt::format("got {}, expected series", ShortText(result));
  return CompareMatrix(wanted, *matrix, eval.range_vector.value_or(eval.range));
}

}  // namespace narthex::script

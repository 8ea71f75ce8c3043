// label_replace and label_join.
#include <fmt/format.h>
#include <re2/re2.h>

#include "evaluator.h"
#include "label_change.h"

namespace narthex::engine {
namespace {

bool IsLabelName(std::string_view name) { return !name.empty() && model::IsUtf8(name); }

// What `$1`, `${1}`, `$name`, `${name}` and `$$` in a replacement stand for.
class Replacement {
 public:
  Replacement(std::string_view text, const re2::RE2& pattern) {
    std::string literal;
    while (!text.empty()) {
      const std::size_t dollar = text.find('$');
      literal += text.substr(0, dollar);
      if (dollar == std::string_view::npos) break;
      text.remove_prefix(dollar + 1);
      if (text.starts_with('$')) {
        literal += '$';
        text.remove_prefix(1);
      } else if (const std::string_view name = TakeName(text); name.empty()) {
        literal += '$';
      } else {
        parts_.push_back({std::exchange(literal, {}), GroupIndex(name, pattern)});
      }
    }
    tail_ = std::move(literal);
  }

  std::string Expand(std::span<const re2::StringPiece> groups) const {
    std::string out;
    for (const Part& part : parts_) {
      out += part.literal;
      if (part.group < groups.size()) {
        out.append(groups[part.group].data(), groups[part.group].size());
      }
    }
    return out + tail_;
  }

 private:
  struct Part {
    std::string literal;
    std::size_t group;  // beyond the groups: nothing
  };

  // The name behind a `$`, cut off `text` with its braces; empty if there is none.
  static std::string_view TakeName(std::string_view& text) {
    const bool has_brace = text.starts_with('{');
    const std::string_view body = has_brace ? text.substr(1) : text;
    std::size_t size = 0;
    while (size < body.size() &&
           (std::isalnum(static_cast<unsigned char>(body[size])) != 0 || body[size] == '_')) {
      ++size;
    }
    const bool is_closed = !has_brace || (size < body.size() && body[size] == '}');
    if (size == 0 || !is_closed) return {};
    text.remove_prefix(size + (has_brace ? 2 : 0));
    return body.substr(0, size);
  }

  static std::size_t GroupIndex(std::string_view name, const re2::RE2& pattern) {
    constexpr std::size_t kNone = 1'000'000;
    if (name.find_first_not_of("0123456789") == std::string_view::npos) {
      if (name.size() > 6) return kNone;
      std::size_t index = 0;
      for (const char c : name) index = index * 10 + static_cast<std::size_t>(c - '0');
      return index;
    }
    const auto& groups = pattern.NamedCapturingGroups();
    const auto found = groups.find(std::string(name));
    return found == groups.end() ? kNone : static_cast<std::size_t>(found->second);
  }

  std::vector<Part> parts_;
  std::string tail_;
};

class LabelStream : public RowStream {
 public:
  LabelStream(RowStreamPtr input, std::string destination)
      : input_(std::move(input)), destination_(std::move(destination)) {}

  Result<bool> Next(Row& row) override {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
    if (!has_row) return false;
    if (auto value = NewValue(row.labels)) {
      row.labels = model::LabelSetBuilder(row.labels).Set(destination_, *value).Build();
      if (destination_ == model::kMetricName) row.drops_name = false;
    }
    return true;
  }
  StreamTraits traits() const override { return {false, true}; }

 protected:
  // Empty: the labels stay as they are.
  virtual std::optional<std::string> NewValue(const model::LabelSet& labels) const = 0;

 private:
  const RowStreamPtr input_;
  const std::string destination_;
};

class LabelReplaceStream : public LabelStream {
 public:
  struct Rule {
    std::string source;
    std::unique_ptr<re2::RE2> pattern;
    Replacement replacement;
  };
  LabelReplaceStream(RowStreamPtr input, std::string destination, Rule rule)
      : LabelStream(std::move(input), std::move(destination)), rule_(std::move(rule)) {}

 protected:
  std::optional<std::string> NewValue(const model::LabelSet& labels) const override {
    const std::string_view value = labels.Get(rule_.source);
    const int count = rule_.pattern->NumberOfCapturingGroups() + 1;
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(count));
    const re2::StringPiece text(value.data(), value.size());
    const bool matches =
        rule_.pattern->Match(text, 0, text.size(), re2::RE2::ANCHOR_BOTH, groups.data(), count);
    if (!matches) return std::nullopt;
    return rule_.replacement.Expand(groups);
  }

 private:
  const Rule rule_;
};

class LabelJoinStream : public LabelStream {
 public:
  struct Rule {
    std::string separator;
    std::vector<std::string> sources;
  };
  LabelJoinStream(RowStreamPtr input, std::string destination, Rule rule)
      : LabelStream(std::move(input), std::move(destination)), rule_(std::move(rule)) {}

 protected:
  std::optional<std::string> NewValue(const model::LabelSet& labels) const override {
    std::string out;
    for (std::size_t i = 0; i < rule_.sources.size(); ++i) {
      if (i > 0) out += rule_.separator;
      out += labels.Get(rule_.sources[i]);
    }
    return out;
  }

 private:
  const Rule rule_;
};

std::vector<std::string> StringArguments(const promql::Call& call) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    out.push_back(Evaluator::StringOf(*call.arguments[i]));
  }
  return out;
}

// The rule of a call, with the label that it sets.
struct LabelReplacement {
  std::string destination;
  LabelReplaceStream::Rule rule;
};

Result<LabelReplacement> ReplacementOf(const promql::Call& call) {
  const auto arguments = StringArguments(call);
  const std::string& destination = arguments[0];
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  auto pattern = std::make_unique<re2::RE2>(arguments[3], options);
  if (!pattern->ok()) {
    return ExecutionError(
        fmt::format("invalid regular expression in label_replace(): {}", arguments[3]));
  }
  if (!IsLabelName(destination)) {
    return ExecutionError(
        fmt::format("invalid destination label name in label_replace(): {}", destination));
  }
  Replacement replacement(arguments[1], *pattern);
  return LabelReplacement{destination, {arguments[2], std::move(pattern), std::move(replacement)}};
}

struct LabelJoining {
  std::string destination;
  LabelJoinStream::Rule rule;
};

Result<LabelJoining> JoiningOf(const promql::Call& call) {
  auto arguments = StringArguments(call);
  const std::string& destination = arguments[0];
  LabelJoinStream::Rule rule{arguments[1], {arguments.begin() + 2, arguments.end()}};
  for (const std::string& source : rule.sources) {
    if (IsLabelName(source)) continue;
    return ExecutionError(fmt::format("invalid source label name in label_join(): {}", source));
  }
  if (!IsLabelName(destination)) {
    return ExecutionError(
        fmt::format("invalid destination label name in label_join(): {}", destination));
  }
  return LabelJoining{destination, std::move(rule)};
}

}  // namespace

Result<RowStreamPtr> Evaluator::OpenLabelCall(const promql::Call& call, const StepGrid& grid) {
  // Faults of the arguments come before those of the vector, whose evaluation may find some.
  RowStreamPtr stream;
  if (call.function->name == "label_replace") {
    NARTHEX_ASSIGN_OR_RETURN(LabelReplacement replacement, ReplacementOf(call));
    NARTHEX_ASSIGN_OR_RETURN(auto input, OpenVector(*call.arguments[0], grid));
    stream = std::make_unique<LabelReplaceStream>(
        std::move(input), std::move(replacement.destination), std::move(replacement.rule));
  } else {
    NARTHEX_ASSIGN_OR_RETURN(LabelJoining joining, JoiningOf(call));
    NARTHEX_ASSIGN_OR_RETURN(auto input, OpenVector(*call.arguments[0], grid));
    stream = std::make_unique<LabelJoinStream>(std::move(input), std::move(joining.destination),
                                               std::move(joining.rule));
  }
  return MergeRepeats(std::move(stream), grid.count, context_);
}

}  // namespace narthex::engine

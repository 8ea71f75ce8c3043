#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "parser_impl.h"

namespace narthex::exposition {

Result<EntryKind> Parser::Impl::NextWithCreated() {
  while (true) {
    NARTHEX_ASSIGN_OR_RETURN(const EntryKind kind, NextOpenMetrics());
    if (kind == EntryKind::kType) {
      created_.reset();
      start_.reset();
      started_key_.clear();
    }
    if (kind != EntryKind::kSeries || !CanHaveCreated()) return kind;
    if (IsCreatedLine()) {
      entry_.timestamp.reset();
      entry_.has_exemplar = false;
      continue;
    }
    entry_.start_timestamp = FindStart();
    return kind;
  }
}

bool Parser::Impl::CanHaveCreated() const {
  return type_ == model::MetricType::kCounter || type_ == model::MetricType::kHistogram ||
         type_ == model::MetricType::kSummary;
}

bool Parser::Impl::IsCreatedLine() const {
  std::string scratch;
  const std::string_view name = Unescape(name_, Escapes::kQuoted, scratch);
  constexpr std::string_view kSuffix = "_created";
  return name.size() == typed_metric_.size() + kSuffix.size() && name.ends_with(kSuffix) &&
         name.starts_with(typed_metric_);
}

// The labels that the samples of one metric share, whatever their order.
std::string Parser::Impl::CreatedKey() const {
  std::vector<std::pair<std::string_view, std::string_view>> labels;
  for (const RawLabel& label : labels_) {
    if (!IsFloatLabel(label.name)) labels.emplace_back(label.name, label.value);
  }
  std::sort(labels.begin(), labels.end());
  std::string key;
  for (const auto& [name, value] : labels) {
    PutLengthPrefixed(key, name);
    PutLengthPrefixed(key, value);
  }
  return key;
}

// Walks the rest of the family once. Where it is malformed, reading it says so later.
CreatedLines Parser::Impl::FindCreatedLines() const {
  CreatedLines lines;
  Impl ahead(*this);
  while (true) {
    const std::size_t offset = ahead.offset();
    const auto kind = ahead.NextOpenMetrics();
    if (!kind.ok() || *kind == EntryKind::kEnd || *kind == EntryKind::kType) return lines;
    if (*kind == EntryKind::kSeries && ahead.IsCreatedLine()) {
      lines.Add(ahead.CreatedKey(), offset, static_cast<TimestampMs>(ahead.entry().value * 1000));
    }
  }
}

std::optional<TimestampMs> Parser::Impl::FindStart() {
  std::string key = CreatedKey();
  if (start_ && key == started_key_) return start_;
  if (!created_) created_ = FindCreatedLines();
  start_ = created_->FindBehind(key, offset());
  started_key_ = std::move(key);
  return start_;
}

}  // namespace narthex::exposition

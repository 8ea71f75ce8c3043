#include "exposition/metric_labels.h"

#include <algorithm>

#include "base/check.h"
#include "model/labels.h"
#include "text_pieces.h"

namespace narthex::exposition {

struct MetricLabels::Block {
  LabelPairs pairs;
  std::string text;
  bool is_legacy = true;
};

MetricLabels::MetricLabels(const LabelPairs& pairs) {
  if (pairs.empty()) return;
  const bool is_legacy = std::all_of(pairs.begin(), pairs.end(), [](const auto& pair) {
    return model::IsLegacyLabelName(pair.first);
  });
  const bool is_escaped = std::any_of(pairs.begin(), pairs.end(), [](const auto& pair) {
    return pair.second.find_first_of("\\\n\"") != std::string::npos;
  });
  std::string text;
  if (is_legacy) AppendLabels(text, pairs, model::NameEscaping::kNone);
  is_plain_ = is_legacy && !is_escaped;
  if (!is_plain_) {
    block_ = std::make_shared<Block>(Block{pairs, std::move(text), is_legacy});
    return;
  }
  NARTHEX_CHECK(text.size() <= UINT32_MAX, "labels are short");
  const auto characters = std::make_shared_for_overwrite<char[]>(text.size());
  std::copy(text.begin(), text.end(), characters.get());
  block_ = characters;
  text_size_ = static_cast<std::uint32_t>(text.size());
}

std::optional<std::string_view> MetricLabels::text() const {
  if (is_plain_) return std::string_view(static_cast<const char*>(block_.get()), text_size_);
  const auto* block = static_cast<const Block*>(block_.get());
  if (!block->is_legacy) return std::nullopt;
  return block->text;
}

LabelPairs MetricLabels::pairs() const {
  LabelPairs pairs;
  for (LabelReader label(*this); label.Next();) pairs.emplace_back(label.name(), label.value());
  return pairs;
}

bool operator==(const MetricLabels& a, const MetricLabels& b) {
  if (a.is_plain_ && b.is_plain_) return a.text() == b.text();
  return a.pairs() == b.pairs();
}

LabelReader::LabelReader(const MetricLabels& labels) {
  if (labels.is_plain_) {
    rest_ = *labels.text();
  } else {
    pairs_ = &static_cast<const MetricLabels::Block*>(labels.block_.get())->pairs;
  }
}

bool LabelReader::Next() {
  if (pairs_ != nullptr) {
    if (index_ == pairs_->size()) return false;
    name_ = (*pairs_)[index_].first;
    value_ = (*pairs_)[index_].second;
    ++index_;
    return true;
  }
  if (rest_.empty()) return false;
  const std::size_t name_size = rest_.find('=');
  name_ = rest_.substr(0, name_size);
  rest_.remove_prefix(name_size + 2);
  const std::size_t value_size = rest_.find('"');
  value_ = rest_.substr(0, value_size);
  rest_.remove_prefix(std::min(value_size + 2, rest_.size()));
  return true;
}

bool IsLess(const MetricLabels& a, const MetricLabels& b) {
  LabelReader of_a(a);
  LabelReader of_b(b);
  while (of_b.Next()) {
    if (!of_a.Next()) return true;
    if (const int order = of_a.name().compare(of_b.name()); order != 0) return order < 0;
    if (const int order = of_a.value().compare(of_b.value()); order != 0) return order < 0;
  }
  return false;
}

}  // namespace narthex::exposition

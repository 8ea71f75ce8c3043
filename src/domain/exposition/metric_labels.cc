#include "exposition/metric_labels.h"

#include <algorithm>

#include "model/labels.h"
#include "text_pieces.h"

namespace narthex::exposition {

struct MetricLabels::Block {
  LabelPairs pairs;
  std::string text;
  bool is_legacy = true;
};

MetricLabels::MetricLabels(LabelPairs pairs) {
  if (pairs.empty()) return;
  auto block = std::make_shared<Block>();
  block->is_legacy = std::all_of(pairs.begin(), pairs.end(), [](const auto& pair) {
    return model::IsLegacyLabelName(pair.first);
  });
  if (block->is_legacy) AppendLabels(block->text, pairs, model::NameEscaping::kNone);
  block->pairs = std::move(pairs);
  block_ = std::move(block);
}

const LabelPairs& MetricLabels::pairs() const {
  static const LabelPairs none;
  return block_ ? block_->pairs : none;
}

const std::string* MetricLabels::text() const {
  static const std::string none;
  if (!block_) return &none;
  return block_->is_legacy ? &block_->text : nullptr;
}

}  // namespace narthex::exposition

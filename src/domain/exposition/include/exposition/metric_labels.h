// The labels of a metric: made once, shown in every scrape.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace narthex::exposition {

// Names and values in the order in which they are written.
using LabelPairs = std::vector<std::pair<std::string, std::string>>;

// Immutable and cheap to copy: copies share one block, with the pairs and their text.
class MetricLabels {
 public:
  MetricLabels() = default;
  MetricLabels(LabelPairs pairs);  // NOLINT(google-explicit-constructor): stands for the pairs
  MetricLabels(std::initializer_list<LabelPairs::value_type> pairs)
      : MetricLabels(LabelPairs(pairs)) {}

  const LabelPairs& pairs() const;
  LabelPairs::const_iterator begin() const { return pairs().begin(); }
  LabelPairs::const_iterator end() const { return pairs().end(); }
  bool empty() const { return block_ == nullptr; }
  std::size_t size() const { return pairs().size(); }
  const LabelPairs::value_type& operator[](std::size_t index) const { return pairs()[index]; }

  // `a="b",c="d"`, as the text formats have it; null where a name is not a legacy one, so that it
  // hangs on the reader how it is written.
  const std::string* text() const;

  friend bool operator==(const MetricLabels& a, const MetricLabels& b) {
    return a.pairs() == b.pairs();
  }

 private:
  struct Block;
  // Shared, because metrics are copied while their children may be removed.
  std::shared_ptr<const Block> block_;
};

}  // namespace narthex::exposition

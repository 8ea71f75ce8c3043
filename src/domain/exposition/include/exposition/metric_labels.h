// The labels of a metric: made once, shown in every scrape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace narthex::exposition {

// Names and values in the order in which they are written.
using LabelPairs = std::vector<std::pair<std::string, std::string>>;

// Immutable and cheap to copy: copies share one block, which as a rule is just the labels' text.
class MetricLabels {
 public:
  MetricLabels() = default;
  MetricLabels(const LabelPairs& pairs);  // NOLINT(google-explicit-constructor): stands for them
  MetricLabels(std::initializer_list<LabelPairs::value_type> pairs)
      : MetricLabels(LabelPairs(pairs)) {}

  bool empty() const { return block_ == nullptr; }
  // Made anew: for tests and for what is seldom done. See LabelReader.
  LabelPairs pairs() const;
  LabelPairs::value_type operator[](std::size_t index) const { return pairs()[index]; }

  // `a="b",c="d"`, as the text formats have it; nothing where a name is not a legacy one, so that
  // it hangs on the reader how it is written.
  std::optional<std::string_view> text() const;

  friend bool operator==(const MetricLabels& a, const MetricLabels& b);

 private:
  friend class LabelReader;
  struct Block;

  // Shared, because metrics are copied while their children may be removed. Characters, of which
  // text_size_ count, or a Block.
  std::shared_ptr<const void> block_;
  std::uint32_t text_size_ = 0;
  // The names are legacy ones and nothing in the values is escaped: pairs are read off the text.
  bool is_plain_ = true;
};

// Reads labels one by one, without making strings. The labels must outlive it.
class LabelReader {
 public:
  explicit LabelReader(const MetricLabels& labels);

  // False: there are no more.
  bool Next();
  // Of the label read.
  std::string_view name() const { return name_; }
  std::string_view value() const { return value_; }

 private:
  std::string_view rest_;  // of plain labels
  const LabelPairs* pairs_ = nullptr;
  std::size_t index_ = 0;
  std::string_view name_;
  std::string_view value_;
};

// By names and values, the first difference decides.
bool IsLess(const MetricLabels& a, const MetricLabels& b);

}  // namespace narthex::exposition

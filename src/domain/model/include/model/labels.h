// Label sets: the identity of a series.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace narthex::model {

inline constexpr std::string_view kMetricName = "__name__";
inline constexpr std::string_view kBucketLabel = "le";
inline constexpr std::string_view kQuantileLabel = "quantile";
// Of the feature type-and-unit-labels.
inline constexpr std::string_view kTypeLabel = "__type__";
inline constexpr std::string_view kUnitLabel = "__unit__";

// A name and its value, seen in a label set; valid as long as that set lives unchanged.
struct Label {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const Label&, const Label&) = default;
  friend auto operator<=>(const Label&, const Label&) = default;
};

// Labels in order of their names, no name twice, no value empty (an empty value is no label).
//
// A value type in one string: for each label the length of the name as a varint, the name, the
// length of the value, the value. Equal sets are equal strings. Not synchronised; reading is safe
// from many threads.
class LabelSet {
 public:
  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Label;
    using difference_type = std::ptrdiff_t;
    using pointer = const Label*;
    using reference = const Label&;

    const_iterator() = default;
    explicit const_iterator(std::string_view rest) : rest_(rest) { Load(); }

    reference operator*() const { return label_; }
    pointer operator->() const { return &label_; }
    const_iterator& operator++() {
      rest_.remove_prefix(size_);
      Load();
      return *this;
    }
    const_iterator operator++(int) {
      const_iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const const_iterator& a, const const_iterator& b) {
      return a.rest_.size() == b.rest_.size();
    }

   private:
    // Reads the label at the front of rest_, if there is one.
    void Load();

    std::string_view rest_;
    std::size_t size_ = 0;  // of the encoded label at the front of rest_
    Label label_;
  };

  LabelSet() = default;
  // Sorts; of a name given twice the last value holds; empty values are dropped.
  LabelSet(std::initializer_list<Label> labels);
  static LabelSet From(std::span<const Label> labels);
  // The same for labels that mostly are in order already, no name twice, no value empty: quicker.
  static LabelSet FromSorted(std::span<const Label> labels);
  static LabelSet From(std::vector<std::pair<std::string, std::string>> labels);

  // The encoding described above, checked: empty if it is malformed, unsorted or holds a repeat.
  static std::optional<LabelSet> Decode(std::string_view encoded);
  std::string_view encoded() const { return encoded_; }

  const_iterator begin() const { return const_iterator(encoded_); }
  const_iterator end() const { return const_iterator(); }
  bool empty() const { return encoded_.empty(); }
  std::size_t size() const;

  // The value of `name`, empty when there is no such label. Linear in the number of labels.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;

  // A copy with only, or without, the labels named; `names` in any order.
  LabelSet Keep(std::span<const std::string> names) const;
  LabelSet Drop(std::span<const std::string> names) const;
  LabelSet DropMetricName() const;

  // Not stable over versions: for hash tables of this process.
  std::uint64_t Hash() const;
  // xxHash64 over name, 0xff, value, 0xff of each label; equal to upstream's StableHash.
  std::uint64_t StableHash() const;

  // `{a="1", b="2"}`; names that are not [a-zA-Z_][a-zA-Z0-9_]* are quoted.
  // Conformance: labels_string.
  std::string ToString() const;
  // `name{a="1", b="2"}`, as series are shown to people; `{}` if there is no label at all.
  std::string ToMetricString() const;

  friend bool operator==(const LabelSet&, const LabelSet&) = default;
  // By first differing name, then value; a set that is the beginning of another comes first.
  friend std::strong_ordering operator<=>(const LabelSet& a, const LabelSet& b);

 private:
  friend class LabelSetBuilder;
  std::string encoded_;
};

struct LabelSetHash {
  std::size_t operator()(const LabelSet& labels) const { return labels.Hash(); }
};

// Changes to a label set, applied in one go.
//
// Keeps copies: `base` and the views passed in need not outlive the call.
class LabelSetBuilder {
 public:
  LabelSetBuilder() = default;
  explicit LabelSetBuilder(const LabelSet& base);

  // An empty value removes the label.
  LabelSetBuilder& Set(std::string_view name, std::string_view value);
  LabelSetBuilder& Remove(std::string_view name);
  // Forgets everything and starts again from `base`.
  void Reset(const LabelSet& base);

  // The value as changed so far; empty when there is none.
  std::string_view Get(std::string_view name) const;
  // In order of names.
  const std::vector<std::pair<std::string, std::string>>& labels() const { return labels_; }

  LabelSet Build() const;

 private:
  std::vector<std::pair<std::string, std::string>> labels_;  // sorted by name, no name twice
};

// Legacy rules: [a-zA-Z_:][a-zA-Z0-9_:]* and [a-zA-Z_][a-zA-Z0-9_]*.
// UTF-8 rules: any text, not empty.
bool IsLegacyMetricName(std::string_view name);
bool IsLegacyLabelName(std::string_view name);
bool IsUtf8(std::string_view text);

// Which names a scrape or a rule accepts.
enum class NameValidation { kUtf8, kLegacy };
bool IsValidMetricName(std::string_view name, NameValidation validation);
bool IsValidLabelName(std::string_view name, NameValidation validation);

// `text` in double quotes with Go's escapes (\n, \t, \", \\, \x.., \u....), as label
// values are shown.
std::string Quote(std::string_view text);

}  // namespace narthex::model

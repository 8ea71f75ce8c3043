// The steps of an evaluation and the values of one series at all of them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/result.h"
#include "model/labels.h"
#include "model/sample.h"

namespace narthex::engine {

// The instants start, start + interval, ...; at least one.
struct StepGrid {
  model::TimestampMs start = 0;
  std::int64_t interval_ms = 1;
  std::size_t count = 1;

  model::TimestampMs At(std::size_t index) const {
    return start + static_cast<std::int64_t>(index) * interval_ms;
  }
  model::TimestampMs last() const { return At(count - 1); }
  StepGrid First() const { return {start, interval_ms, 1}; }
  friend bool operator==(const StepGrid&, const StepGrid&) = default;
};

// Which steps have a value: one bit each.
class Presence {
 public:
  void Reset(std::size_t count) { words_.assign((count + 63) / 64, 0); }
  void Set(std::size_t index) { words_[index / 64] |= std::uint64_t{1} << index % 64; }
  void Clear(std::size_t index) { words_[index / 64] &= ~(std::uint64_t{1} << index % 64); }
  bool Has(std::size_t index) const { return (words_[index / 64] >> index % 64 & 1) != 0; }

  void SetAll(std::size_t count) {
    words_.assign((count + 63) / 64, ~std::uint64_t{0});
    if (count % 64 != 0) words_.back() = (std::uint64_t{1} << count % 64) - 1;
  }
  bool Any() const {
    for (const std::uint64_t word : words_) {
      if (word != 0) return true;
    }
    return false;
  }
  std::size_t Count() const {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) {
      // Most rows have no gaps, and without an instruction for it counting is a call.
      count += word == ~std::uint64_t{0} ? 64 : static_cast<std::size_t>(std::popcount(word));
    }
    return count;
  }

  void Union(const Presence& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  void Intersect(const Presence& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }
  void Subtract(const Presence& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
  }
  bool Overlaps(const Presence& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i] & other.words_[i]) != 0) return true;
    }
    return false;
  }

  // Calls `visit(index)` for each step that has a value, in order.
  template <typename Visit>
  void ForEach(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      std::uint64_t word = words_[i];
      if (word == ~std::uint64_t{0}) {
        for (std::size_t bit = 0; bit < 64; ++bit) visit(i * 64 + bit);
        continue;
      }
      while (word != 0) {
        visit(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
        word &= word - 1;
      }
    }
  }

  // Calls `visit(begin, end)` for each run of steps [begin, end) that all have a value, in order.
  template <typename Visit>
  void ForEachRun(Visit&& visit) const {
    std::size_t begin = 0;
    bool is_inside = false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      // Bits that say the same as the run, or the gap, that reaches up to them.
      for (std::size_t bit = 0; bit < 64;) {
        const std::uint64_t rest = (is_inside ? ~words_[i] : words_[i]) >> bit;
        if (rest == 0) break;
        bit += static_cast<std::size_t>(std::countr_zero(rest));
        if (is_inside) {
          visit(begin, i * 64 + bit);
        } else {
          begin = i * 64 + bit;
        }
        is_inside = !is_inside;
      }
    }
    if (is_inside) visit(begin, words_.size() * 64);
  }

 private:
  std::vector<std::uint64_t> words_;
};

// One series of an instant vector at all steps. Values of steps that have none are undefined.
struct Row {
  model::LabelSet labels;
  // The name is still in `labels` but no longer belongs to the result.
  bool drops_name = false;
  std::vector<double> values;
  Presence presence;
  // Empty while all values are floats. Else one for each step: where it is not null and the step
  // has a value, it is that value.
  std::vector<HistogramPtr> histograms = {};

  // No value at any of `count` steps; labels stay.
  void Reset(std::size_t count) {
    values.resize(count);
    presence.Reset(count);
    histograms.clear();
  }
  // For steps that have no histogram.
  void Set(std::size_t index, double value) {
    values[index] = value;
    presence.Set(index);
  }
  void SetHistogram(std::size_t index, HistogramPtr histogram) {
    if (histograms.empty()) histograms.resize(values.size());
    histograms[index] = std::move(histogram);
    presence.Set(index);
  }
  bool has_histograms() const { return !histograms.empty(); }
  // Null: the value is a float.
  const model::FloatHistogram* HistogramAt(std::size_t index) const {
    return histograms.empty() ? nullptr : histograms[index].get();
  }
  // Puts a float in place of whatever the step had.
  void Replace(std::size_t index, double value) {
    if (has_histograms()) histograms[index] = nullptr;
    Set(index, value);
  }
  // Leaves only the floats; whether there was anything else.
  bool DropHistograms() {
    if (histograms.empty()) return false;
    bool has_any = false;
    presence.ForEach([&](std::size_t index) {
      if (histograms[index] == nullptr) return;
      presence.Clear(index);
      has_any = true;
    });
    histograms.clear();
    return has_any;
  }
  // Takes the step over from `other`.
  void CopyStep(const Row& other, std::size_t index) {
    if (other.HistogramAt(index) != nullptr) return SetHistogram(index, other.histograms[index]);
    Replace(index, other.values[index]);
  }
};

}  // namespace narthex::engine

// Since when the series of a target count, so that unchanged lines need not be parsed to know it.
#pragma once

#include <string_view>
#include <vector>

#include "base/hash.h"
#include "model/sample.h"
#include "text_key.h"

namespace narthex::scrape {

// What the _created lines of the last good scrape said. While a body has the same ones in the same
// order, each series counts since when it did.
//
// Not thread-safe. Memory: 8 bytes for each series and 16 for each line; none for targets that say
// nothing of the kind.
class StartCache {
 public:
  // 0: not known.
  model::TimestampMs at(SeriesIndex index) const {
    return index < starts_.size() ? starts_[index] : 0;
  }
  void Set(SeriesIndex index, model::TimestampMs start);

  // Begins a body: the first line is expected.
  void Begin();
  // Whether `line` is the one that is expected next; then it is passed over.
  bool TakeKnown(std::string_view line);
  // Notes lines, each with its newline, that were parsed.
  void Take(std::string_view lines);
  // Whether a line was not the expected one.
  bool is_changed() const { return is_changed_; }
  // Ends the body: whether its lines were those of the last one.
  bool IsAsBefore() const { return !is_changed_ && expected_ == lines_.size(); }
  // The lines of this body are those of the last good scrape.
  void Settle();
  void Forget();

 private:
  std::vector<model::TimestampMs> starts_;
  std::vector<TextKey> lines_;
  std::vector<TextKey> next_lines_;  // of this body; counts once is_changed_
  std::size_t expected_ = 0;         // place in lines_
  bool is_changed_ = false;
};

}  // namespace narthex::scrape

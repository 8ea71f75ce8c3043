#include "start_cache.h"

#include <algorithm>
#include <utility>

namespace narthex::scrape {

void StartCache::Set(SeriesIndex index, model::TimestampMs start) {
  if (index >= starts_.size()) {
    if (start == 0) return;
    starts_.resize(index + 1);
  }
  starts_[index] = start;
}

void StartCache::Begin() {
  expected_ = 0;
  is_changed_ = false;
  next_lines_.clear();
}

bool StartCache::TakeKnown(std::string_view line) {
  if (is_changed_ || expected_ == lines_.size() || lines_[expected_] != KeyOf(line)) return false;
  ++expected_;
  return true;
}

void StartCache::Take(std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (TakeKnown(line)) continue;
    if (!is_changed_) {
      is_changed_ = true;
      next_lines_.assign(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(expected_));
    }
    next_lines_.push_back(KeyOf(line));
  }
}

void StartCache::Settle() {
  if (is_changed_) {
    lines_ = std::exchange(next_lines_, {});
  } else {
    lines_.resize(expected_);
  }
}

void StartCache::Forget() {
  starts_.clear();
  lines_.clear();
}

}  // namespace narthex::scrape

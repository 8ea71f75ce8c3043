// What an index answers, and the selection of series by matchers.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"
#include "model/matcher.h"

namespace narthex::index {

// A series within one index.
using SeriesId = std::uint32_t;

// Reading is safe from many threads as long as nobody changes the index.
class LabelIndex {
 public:
  virtual ~LabelIndex() = default;

  virtual std::size_t series_count() const = 0;
  // Of all series, ascending.
  virtual std::vector<SeriesId> All() const = 0;
  // Of the series with that label, ascending.
  virtual std::vector<SeriesId> Postings(std::string_view name, std::string_view value) const = 0;
  // Of the series whose value of `name` begins with `prefix` and is accepted; in any order, none
  // twice.
  virtual std::vector<SeriesId> PostingsWhere(
      std::string_view name, std::string_view prefix,
      const std::function<bool(std::string_view)>& accepts) const = 0;

  virtual std::size_t ValueCount(std::string_view name) const = 0;
  // The series' value of `name`, empty if it has none. The view lives as long as the series.
  virtual std::string_view ValueOf(SeriesId id, std::string_view name) const = 0;
  virtual model::LabelSet Labels(SeriesId id) const = 0;

  // In any order, each once, with the number of series.
  using Visitor = std::function<void(std::string_view, std::size_t series_count)>;
  virtual void VisitNames(const Visitor& visit) const = 0;
  virtual void VisitValues(std::string_view name, const Visitor& visit) const = 0;
};

// The series that all matchers accept, ascending; all series if there is no matcher.
std::vector<SeriesId> SelectSeries(const LabelIndex& index,
                                   std::span<const model::Matcher> matchers);

// Names, or values of `name`, of the series that all matchers accept; sorted, each once.
std::vector<std::string> SelectNames(const LabelIndex& index,
                                     std::span<const model::Matcher> matchers);
std::vector<std::string> SelectValues(const LabelIndex& index, std::string_view name,
                                      std::span<const model::Matcher> matchers);

}  // namespace narthex::index

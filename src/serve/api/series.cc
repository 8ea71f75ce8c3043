// series, labels, label values.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "answer.h"
#include "encode.h"
#include "handlers.h"
#include "model/name_escaping.h"
#include "params.h"
#include "storage/querier.h"

namespace narthex::api {
namespace {

constexpr std::size_t kSmallSeriesCount = 1000;

struct Selection {
  std::unique_ptr<storage::Querier> querier;
  std::vector<std::vector<model::Matcher>> matcher_sets;
  std::size_t limit = 0;
  model::TimeRange range;
};

// What an error in match[] reads like: upstream names the parameter in some routes only.
enum class MatchFailure { kPlain, kNamesParameter };

// An answer that is due at once, or what was asked for.
using Selected = std::variant<http::Response, Selection>;

Selected Select(Backend& backend, const http::Parameters& parameters,
                MatchFailure match_failure = MatchFailure::kPlain) {
  Selection selection;
  const Result<std::size_t> limit = LimitParameter(parameters);
  if (!limit.ok()) return Failure(ErrorType::kBadData, limit.error().message());
  selection.limit = *limit;
  const Result<model::TimeRange> range = RangeParameters(parameters);
  if (!range.ok()) return Failure(ErrorType::kBadData, range.error().message());
  selection.range = *range;
  Result<std::vector<std::vector<model::Matcher>>> sets = MatchParameters(parameters);
  if (!sets.ok()) {
    return match_failure == MatchFailure::kNamesParameter
               ? BadParameter("match[]", sets.error().message())
               : Failure(ErrorType::kBadData, sets.error().message());
  }
  selection.matcher_sets = *std::move(sets);
  Result<std::unique_ptr<storage::Querier>> querier = backend.store().OpenQuerier(*range);
  if (!querier.ok()) return StoreFailure(querier.error());
  selection.querier = *std::move(querier);
  return selection;
}

http::Response TextsAnswer(std::vector<std::string> texts, bool is_truncated) {
  Notes notes;
  if (is_truncated) notes.warnings.emplace_back(kTruncated);
  return Success(
      [texts = std::move(texts)](json::Writer& writer) {
        writer.BeginArray();
        for (const std::string& text : texts) writer.String(text);
        writer.EndArray();
      },
      std::move(notes));
}

// The union of two lists that are in order.
template <typename T>
std::vector<T> Unite(std::vector<T> a, std::vector<T> b) {
  if (a.empty()) return b;
  std::vector<T> united;
  united.reserve(a.size() + b.size());
  std::set_union(std::move_iterator(a.begin()), std::move_iterator(a.end()),
                 std::move_iterator(b.begin()), std::move_iterator(b.end()),
                 std::back_inserter(united));
  return united;
}

// The union over all sets of matchers of what `list` gives for one, cut to the limit.
http::Response ListAnswer(
    const Selection& selection,
    const std::function<Result<storage::LabelList>(std::span<const model::Matcher>)>& list) {
  std::vector<std::string> texts;
  bool is_truncated = false;
  std::vector<std::vector<model::Matcher>> sets = selection.matcher_sets;
  if (sets.empty()) sets.emplace_back();
  for (const std::vector<model::Matcher>& matchers : sets) {
    Result<storage::LabelList> found = list(matchers);
    if (!found.ok()) return StoreFailure(found.error());
    is_truncated = is_truncated || found->is_truncated;
    texts = Unite(std::move(texts), std::move(found->entries));
  }
  if (selection.limit > 0 && texts.size() > selection.limit) {
    texts.resize(selection.limit);
    is_truncated = true;
  }
  return TextsAnswer(std::move(texts), is_truncated);
}

http::Response Labels(Backend& backend, const http::Request& request) {
  Selected selected = Select(backend, request.AllParameters());
  if (auto* answer = std::get_if<http::Response>(&selected)) return std::move(*answer);
  const Selection& selection = std::get<Selection>(selected);
  return ListAnswer(selection, [&](std::span<const model::Matcher> matchers) {
    return selection.querier->LabelNames(matchers, selection.limit);
  });
}

http::Response LabelValues(Backend& backend, const http::Request& request) {
  const std::string name =
      model::UnescapeName(request.path_parameter("name"), model::NameEscaping::kValues);
  if (!model::IsValidLabelName(name, model::NameValidation::kUtf8)) {
    return Failure(ErrorType::kBadData, fmt::format("invalid label name: {}", model::Quote(name)));
  }
  Selected selected = Select(backend, request.AllParameters());
  if (auto* answer = std::get_if<http::Response>(&selected)) return std::move(*answer);
  const Selection& selection = std::get<Selection>(selected);
  return ListAnswer(selection, [&](std::span<const model::Matcher> matchers) {
    return selection.querier->LabelValues(name, matchers, selection.limit);
  });
}

// The series of one set of matchers, in order; more than the limit if it cuts them short.
Result<std::vector<model::LabelSet>> CollectSeries(const Selection& selection,
                                                   std::span<const model::Matcher> matchers,
                                                   std::stop_token canceled) {
  storage::SelectHints hints;
  hints.range = selection.range;
  hints.is_labels_only = true;
  // One more than asked for tells whether there are more.
  hints.series_count_max = selection.limit == 0 ? 0 : selection.limit + 1;
  NARTHEX_ASSIGN_OR_RETURN(const std::unique_ptr<storage::SeriesSet> series,
                           selection.querier->Select(matchers, hints));
  std::vector<model::LabelSet> found;
  while (series->Next()) {
    if (canceled.stop_requested()) return Error{ErrorCode::kCanceled, "the request was canceled"};
    found.push_back(series->labels());
  }
  NARTHEX_TRY(series->status());
  return found;
}

http::Response Series(Backend& backend, const http::Request& request) {
  const http::Parameters parameters = request.AllParameters();
  if (!parameters.Has("match[]"))
    return Failure(ErrorType::kBadData, "no match[] parameter provided");
  Selected selected = Select(backend, parameters, MatchFailure::kNamesParameter);
  if (auto* answer = std::get_if<http::Response>(&selected)) return std::move(*answer);
  const Selection& selection = std::get<Selection>(selected);
  std::vector<model::LabelSet> found;
  for (const std::vector<model::Matcher>& matchers : selection.matcher_sets) {
    Result<std::vector<model::LabelSet>> some =
        CollectSeries(selection, matchers, request.canceled);
    if (!some.ok()) return StoreFailure(some.error());
    found = Unite(std::move(found), *std::move(some));
    if (selection.limit > 0 && found.size() > selection.limit) break;
  }
  Notes notes;
  if (selection.limit > 0 && found.size() > selection.limit) {
    notes.warnings.emplace_back(kTruncated);
    found.resize(selection.limit);
  }
  const AnswerSize size =
      found.size() > kSmallSeriesCount ? AnswerSize::kLarge : AnswerSize::kSmall;
  const auto shared = std::make_shared<const std::vector<model::LabelSet>>(std::move(found));
  return Success(
      [shared](json::Writer& writer) {
        writer.BeginArray();
        for (const model::LabelSet& labels : *shared) {
          if (writer.failed()) break;
          WriteLabels(writer, labels);
        }
        writer.EndArray();
      },
      std::move(notes), size);
}

}  // namespace

void AddSeriesRoutes(Routes& routes, Backend& backend) {
  routes.GetAndPost("/labels",
                    [&](const http::Request& request) { return Labels(backend, request); });
  routes.Get("/label/:name/values",
             [&](const http::Request& request) { return LabelValues(backend, request); });
  routes.GetAndPost("/series",
                    [&](const http::Request& request) { return Series(backend, request); });
}

}  // namespace narthex::api

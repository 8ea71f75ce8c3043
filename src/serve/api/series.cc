// series, labels, label values.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "answer.h"
#include "base/alive_order.h"
#include "encode.h"
#include "handlers.h"
#include "model/name_escaping.h"
#include "params.h"
#include "request_alive.h"
#include "storage/querier.h"

namespace narthex::api {
namespace {

// More are written while they are sent.
constexpr std::size_t kSmallSeriesCount = 1000;
constexpr std::size_t kSmallTextCount = 10'000;
// Of series that are written as they are found.
constexpr std::size_t kPieceBytes = 64u << 10;

struct Selection {
  std::unique_ptr<storage::Querier> querier;
  std::vector<std::vector<model::Matcher>> matcher_sets;
  std::size_t limit = 0;
  model::TimeRange range;
  AliveCheck check_alive;
};

// What an error in match[] reads like: upstream names the parameter in some routes only.
enum class MatchFailure { kPlain, kNamesParameter };

// An answer that is due at once, or what was asked for.
using Selected = std::variant<http::Response, Selection>;

Selected Select(Backend& backend, const http::Parameters& parameters, AliveCheck check_alive,
                MatchFailure match_failure = MatchFailure::kPlain) {
  Selection selection;
  selection.check_alive = std::move(check_alive);
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
  const AnswerSize size = texts.size() > kSmallTextCount ? AnswerSize::kLarge : AnswerSize::kSmall;
  return Success(
      [texts = std::move(texts)](json::Writer& writer) {
        writer.BeginArray();
        for (const std::string& text : texts) {
          if (writer.failed()) break;
          writer.String(text);
        }
        writer.EndArray();
      },
      std::move(notes), size);
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
    Result<std::vector<std::string>> united =
        UniteWhileAlive(std::move(texts), std::move(found->entries), selection.check_alive);
    if (!united.ok()) return StoreFailure(united.error());
    texts = *std::move(united);
  }
  if (selection.limit > 0 && texts.size() > selection.limit) {
    texts.resize(selection.limit);
    is_truncated = true;
  }
  return TextsAnswer(std::move(texts), is_truncated);
}

http::Response Labels(Backend& backend, const Clock& clock, const http::Request& request) {
  Selected selected =
      Select(backend, request.AllParameters(), AliveCheckOf(request, backend, clock));
  if (auto* answer = std::get_if<http::Response>(&selected)) return std::move(*answer);
  const Selection& selection = std::get<Selection>(selected);
  return ListAnswer(selection, [&](std::span<const model::Matcher> matchers) {
    return selection.querier->LabelNames(matchers, {selection.limit, selection.check_alive});
  });
}

http::Response LabelValues(Backend& backend, const Clock& clock, const http::Request& request) {
  const std::string name =
      model::UnescapeName(request.path_parameter("name"), model::NameEscaping::kValues);
  if (!model::IsValidLabelName(name, model::NameValidation::kUtf8)) {
    return Failure(ErrorType::kBadData, fmt::format("invalid label name: {}", model::Quote(name)));
  }
  Selected selected =
      Select(backend, request.AllParameters(), AliveCheckOf(request, backend, clock));
  if (auto* answer = std::get_if<http::Response>(&selected)) return std::move(*answer);
  const Selection& selection = std::get<Selection>(selected);
  return ListAnswer(selection, [&](std::span<const model::Matcher> matchers) {
    return selection.querier->LabelValues(name, matchers, {selection.limit, selection.check_alive});
  });
}

Result<std::unique_ptr<storage::SeriesSet>> SelectLabels(const Selection& selection,
                                                         std::span<const model::Matcher> matchers) {
  storage::SelectHints hints;
  hints.range = selection.range;
  hints.is_labels_only = true;
  hints.check_alive = selection.check_alive;
  // One more than asked for tells whether there are more.
  hints.series_count_max = selection.limit == 0 ? 0 : selection.limit + 1;
  return selection.querier->Select(matchers, hints);
}

// The series of one set of matchers, in order; more than the limit if it cuts them short.
Result<std::vector<model::LabelSet>> CollectSeries(const Selection& selection,
                                                   std::span<const model::Matcher> matchers) {
  NARTHEX_ASSIGN_OR_RETURN(const std::unique_ptr<storage::SeriesSet> series,
                           SelectLabels(selection, matchers));
  std::vector<model::LabelSet> found;
  while (series->Next()) {
    NARTHEX_TRY(selection.check_alive());
    found.push_back(series->labels());
  }
  NARTHEX_TRY(series->status());
  return found;
}

struct WrittenSeries {
  std::vector<std::string> pieces;  // of several series, with commas between them
  std::size_t count = 0;
  bool is_truncated = false;
};

// As CollectSeries, cut to the limit and written: to keep the labels until then would cost as much
// as to find them.
Result<WrittenSeries> WriteSeries(const Selection& selection,
                                  std::span<const model::Matcher> matchers) {
  NARTHEX_ASSIGN_OR_RETURN(const std::unique_ptr<storage::SeriesSet> series,
                           SelectLabels(selection, matchers));
  WrittenSeries written;
  bool has_next = series->Next();
  while (has_next && !written.is_truncated) {
    std::string piece;
    json::Writer writer(piece);
    for (; has_next && piece.size() < kPieceBytes; has_next = series->Next()) {
      NARTHEX_TRY(selection.check_alive());
      written.is_truncated = selection.limit > 0 && written.count == selection.limit;
      if (written.is_truncated) break;
      WriteLabels(writer, series->labels());
      ++written.count;
    }
    if (!piece.empty()) written.pieces.push_back(std::move(piece));
  }
  NARTHEX_TRY(series->status());
  return written;
}

AnswerSize SizeOf(std::size_t series_count) {
  return series_count > kSmallSeriesCount ? AnswerSize::kLarge : AnswerSize::kSmall;
}

http::Response WrittenAnswer(WrittenSeries written) {
  Notes notes;
  if (written.is_truncated) notes.warnings.emplace_back(kTruncated);
  const AnswerSize size = SizeOf(written.count);
  const auto pieces = std::make_shared<const std::vector<std::string>>(std::move(written.pieces));
  return Success(
      [pieces](json::Writer& writer) {
        writer.BeginArray();
        for (const std::string& piece : *pieces) {
          if (writer.failed()) break;
          writer.Raw(piece);
        }
        writer.EndArray();
      },
      std::move(notes), size);
}

http::Response Series(Backend& backend, const Clock& clock, const http::Request& request) {
  const http::Parameters parameters = request.AllParameters();
  if (!parameters.Has("match[]"))
    return Failure(ErrorType::kBadData, "no match[] parameter provided");
  Selected selected = Select(backend, parameters, AliveCheckOf(request, backend, clock),
                             MatchFailure::kNamesParameter);
  if (auto* answer = std::get_if<http::Response>(&selected)) return std::move(*answer);
  const Selection& selection = std::get<Selection>(selected);
  if (selection.matcher_sets.size() == 1) {
    Result<WrittenSeries> written = WriteSeries(selection, selection.matcher_sets.front());
    return written.ok() ? WrittenAnswer(*std::move(written)) : StoreFailure(written.error());
  }
  std::vector<model::LabelSet> found;
  for (const std::vector<model::Matcher>& matchers : selection.matcher_sets) {
    Result<std::vector<model::LabelSet>> some = CollectSeries(selection, matchers);
    if (!some.ok()) return StoreFailure(some.error());
    some = UniteWhileAlive(std::move(found), *std::move(some), selection.check_alive);
    if (!some.ok()) return StoreFailure(some.error());
    found = *std::move(some);
    if (selection.limit > 0 && found.size() > selection.limit) break;
  }
  Notes notes;
  if (selection.limit > 0 && found.size() > selection.limit) {
    notes.warnings.emplace_back(kTruncated);
    found.resize(selection.limit);
  }
  const AnswerSize size = SizeOf(found.size());
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

void AddSeriesRoutes(Routes& routes, Backend& backend, const Clock& clock) {
  routes.GetAndPost("/labels",
                    [&](const http::Request& request) { return Labels(backend, clock, request); });
  routes.Get("/label/:name/values",
             [&](const http::Request& request) { return LabelValues(backend, clock, request); });
  routes.GetAndPost("/series",
                    [&](const http::Request& request) { return Series(backend, clock, request); });
}

}  // namespace narthex::api

// search/metric_names, search/label_names, search/label_values.
//
// Answers are lines of JSON: batches {"results":[...]}, the first even if it is empty, then
// {"status":"success","has_more":...}. Errors before that are answered as everywhere.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "answer.h"
#include "base/boolean.h"
#include "base/number.h"
#include "handlers.h"
#include "json/writer.h"
#include "model/labels.h"
#include "params.h"
#include "request_alive.h"
#include "scrape/manager.h"
#include "search_filter.h"
#include "storage/querier.h"

namespace narthex::api {
namespace {

// Source: upstream, web/api/v1/search.go.
constexpr std::size_t kDefaultLimit = 100;
constexpr std::size_t kDefaultBatchSize = 100;
constexpr std::size_t kTermCountMax = 32;
constexpr std::int64_t kDefaultWindowMs = 60 * 60 * 1000;

enum class Order { kAscending, kDescending, kByScore };

struct Search {
  model::TimeRange range;
  std::vector<std::vector<model::Matcher>> matcher_sets;
  SearchFilter::Options filter;
  Order order = Order::kAscending;
  bool shows_score = false;
  std::size_t limit = kDefaultLimit;
  std::size_t batch_size = kDefaultBatchSize;
};

struct Found {
  std::string text;
  double score = 1;
};

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Result<bool> BooleanParameter(const http::Parameters& parameters, std::string_view name,
                              bool otherwise) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return otherwise;
  const std::optional<bool> value = ParseBoolean(text);
  if (!value) return Wrong(fmt::format("invalid {} {}: must be boolean", name, model::Quote(text)));
  return *value;
}

Result<std::size_t> CountParameter(const http::Parameters& parameters, std::string_view name,
                                   std::size_t otherwise) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return otherwise;
  const std::optional<std::int64_t> count = ParseInt64(text);
  if (!count || *count <= 0) {
    return Wrong(
        fmt::format("invalid {} {}: must be a positive integer", name, model::Quote(text)));
  }
  return static_cast<std::size_t>(*count);
}

// The last hour where nothing is said.
Result<model::TimeRange> WindowOf(const http::Parameters& parameters, TimestampMs now) {
  model::TimeRange range;
  for (const auto& [name, into, otherwise] :
       {std::tuple("start", &range.from, now - kDefaultWindowMs),
        std::tuple("end", &range.until, now)}) {
    const std::string_view text = parameters.Get(name);
    *into = otherwise;
    if (text.empty()) continue;
    Result<TimestampMs> time = ParseTime(text);
    if (!time.ok()) {
      return std::move(time).error().Under(fmt::format("invalid time value for '{}'", name));
    }
    *into = *time;
  }
  if (range.until < range.from) return Wrong("end timestamp must not be before start timestamp");
  return range;
}

Result<SearchFilter::Options> FilterOf(const http::Parameters& parameters) {
  SearchFilter::Options filter;
  for (const std::string_view term : parameters.GetAll("search[]")) filter.terms.emplace_back(term);
  if (filter.terms.size() > kTermCountMax) {
    return Wrong(fmt::format("too many search[] terms: got {}, maximum is {}", filter.terms.size(),
                             kTermCountMax));
  }
  if (const std::string_view text = parameters.Get("fuzz_threshold"); !text.empty()) {
    const std::optional<std::int64_t> threshold = ParseInt64(text);
    if (!threshold || *threshold < 0 || *threshold > 100)
      return Wrong(fmt::format("invalid fuzz_threshold {}: must be 0-100", model::Quote(text)));
    filter.threshold = static_cast<double>(*threshold) / 100;
  }
  if (const std::string_view text = parameters.Get("fuzz_alg"); text == "jarowinkler") {
    filter.algorithm = FuzzyAlgorithm::kJaroWinkler;
  } else if (!text.empty() && text != "subsequence") {
    return Wrong(fmt::format("unsupported fuzz_alg {}: must be one of [subsequence jarowinkler]",
                             model::Quote(text)));
  }
  NARTHEX_ASSIGN_OR_RETURN(filter.is_case_sensitive,
                           BooleanParameter(parameters, "case_sensitive", true));
  return filter;
}

Result<Order> OrderOf(const http::Parameters& parameters, bool has_terms) {
  const std::string_view by = parameters.Get("sort_by");
  const std::string_view direction = parameters.Get("sort_dir");
  if (!direction.empty() && by.empty()) return Wrong("sort_dir is only valid when sort_by is set");
  if (!direction.empty() && by == "score")
    return Wrong("sort_dir is not supported for sort_by=score");
  if (!direction.empty() && direction != "asc" && direction != "dsc") {
    return Wrong(
        fmt::format("invalid sort_dir {}: must be \"asc\" or \"dsc\"", model::Quote(direction)));
  }
  if (by == "score" && !has_terms) return Wrong("sort_by=score requires search[] to be set");
  if (by == "score") return Order::kByScore;
  if (by == "alpha" || by.empty())
    return direction == "dsc" ? Order::kDescending : Order::kAscending;
  return Wrong(fmt::format("invalid sort_by {}: must be \"alpha\" or \"score\"", model::Quote(by)));
}

Result<Search> SearchOf(const http::Parameters& parameters, TimestampMs now,
                        std::size_t limit_max) {
  Search search;
  NARTHEX_ASSIGN_OR_RETURN(search.range, WindowOf(parameters, now));
  NARTHEX_ASSIGN_OR_RETURN(search.matcher_sets, MatchParameters(parameters));
  if (search.matcher_sets.empty()) search.matcher_sets.emplace_back();
  NARTHEX_ASSIGN_OR_RETURN(search.filter, FilterOf(parameters));
  NARTHEX_ASSIGN_OR_RETURN(search.shows_score,
                           BooleanParameter(parameters, "include_score", false));
  NARTHEX_ASSIGN_OR_RETURN(search.order, OrderOf(parameters, !search.filter.terms.empty()));
  const std::size_t default_limit =
      limit_max > 0 ? std::min(limit_max, kDefaultLimit) : kDefaultLimit;
  NARTHEX_ASSIGN_OR_RETURN(search.limit, CountParameter(parameters, "limit", default_limit));
  if (limit_max > 0 && search.limit > limit_max) {
    return Wrong(
        fmt::format("limit {} exceeds the configured maximum ({}, see --web.search.max-limit)",
                    search.limit, limit_max));
  }
  NARTHEX_ASSIGN_OR_RETURN(search.batch_size,
                           CountParameter(parameters, "batch_size", kDefaultBatchSize));
  return search;
}

void Sort(std::vector<Found>& found, Order order) {
  std::ranges::sort(found, [order](const Found& a, const Found& b) {
    if (order == Order::kByScore && a.score != b.score) return a.score > b.score;
    return order == Order::kDescending ? a.text > b.text : a.text < b.text;
  });
}

using WriteFound = std::function<void(json::Writer&, const Found&)>;

// The results to show, and whether there are more.
struct Results {
  std::vector<Found> shown;
  bool has_more = false;
};

std::string BatchLine(std::span<const Found> batch, const WriteFound& write) {
  std::string line;
  json::Writer writer(line);
  writer.BeginObject();
  writer.Key("results");
  writer.BeginArray();
  for (const Found& one : batch) {
    writer.BeginObject();
    write(writer, one);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return line + "\n";
}

http::Response Stream(Results results, std::size_t batch_size, WriteFound write) {
  http::Response response;
  response.headers.Set("Content-Type", "application/x-ndjson; charset=utf-8");
  response.stream = [results = std::move(results), batch_size,
                     write = std::move(write)](http::BodyWriter& body) -> Status {
    std::span<const Found> rest = results.shown;
    do {
      const std::size_t count = std::min(batch_size, rest.size());
      NARTHEX_TRY(body.Write(BatchLine(rest.first(count), write)));
      rest = rest.subspan(count);
    } while (!rest.empty());
    return body.Write(
        fmt::format("{{\"status\":\"success\",\"has_more\":{}}}\n", results.has_more));
  };
  return response;
}

using List = std::function<Result<storage::LabelList>(
    storage::Querier&, std::span<const model::Matcher>, const storage::ListHints&)>;

// What `list` gives for any set of matchers and the filter takes.
Result<Results> Find(Backend& backend, const Search& search, const List& list,
                     const AliveCheck& check_alive) {
  NARTHEX_ASSIGN_OR_RETURN(const auto querier, backend.store().OpenQuerier(search.range));
  std::set<std::string> texts;
  for (const std::vector<model::Matcher>& matchers : search.matcher_sets) {
    NARTHEX_ASSIGN_OR_RETURN(storage::LabelList found,
                             list(*querier, matchers, {.check_alive = check_alive}));
    texts.insert(std::make_move_iterator(found.entries.begin()),
                 std::make_move_iterator(found.entries.end()));
  }
  const SearchFilter filter(search.filter);
  Results results;
  for (const std::string& text : texts) {
    if (const std::optional<double> score = filter.Score(text))
      results.shown.push_back({text, *score});
  }
  Sort(results.shown, search.order);
  results.has_more = results.shown.size() > search.limit;
  if (results.has_more) results.shown.resize(search.limit);
  return results;
}

// What the endpoints have in common.
class SearchRoutes {
 public:
  SearchRoutes(Backend& backend, const Clock& clock, const ApiOptions& options)
      : backend_(backend),
        clock_(clock),
        is_enabled_(options.has_search),
        limit_max_(options.search_limit_max) {}

  http::Response Answer(const http::Request& request, const List& list, std::string_view key,
                        WriteFound write_more = {}) const {
    if (!is_enabled_) return Failure(ErrorType::kUnavailable, "search API disabled");
    Result<Search> search = SearchOf(request.AllParameters(), clock_.Now(), limit_max_);
    if (!search.ok()) return Failure(ErrorType::kBadData, search.error().message());
    Result<Results> results =
        Find(backend_, *search, list, AliveCheckOf(request, backend_, clock_));
    if (!results.ok()) return StoreFailure(results.error());
    return Stream(*std::move(results), search->batch_size,
                  [key = std::string(key), shows_score = search->shows_score,
                   write_more = std::move(write_more)](json::Writer& writer, const Found& found) {
                    json::Field(writer, key, found.text);
                    if (shows_score) {
                      writer.Key("score");
                      writer.Double(found.score);
                    }
                    if (write_more) write_more(writer, found);
                  });
  }

  http::Response MetricNames(const http::Request& request) const {
    const Result<bool> has_metadata =
        BooleanParameter(request.AllParameters(), "include_metadata", false);
    if (is_enabled_ && !has_metadata.ok())
      return Failure(ErrorType::kBadData, has_metadata.error().message());
    return Answer(request, ValuesOf(std::string(model::kMetricName)), "name",
                  has_metadata.ok() && *has_metadata ? MetadataWriter() : WriteFound());
  }

  http::Response LabelNames(const http::Request& request) const {
    return Answer(
        request,
        [](storage::Querier& querier, std::span<const model::Matcher> matchers,
           const storage::ListHints& hints) { return querier.LabelNames(matchers, hints); },
        "name");
  }

  http::Response LabelValues(const http::Request& request) const {
    const std::string label(request.AllParameters().Get("label"));
    if (is_enabled_ && label.empty())
      return Failure(ErrorType::kBadData, "missing required parameter \"label\"");
    return Answer(request, ValuesOf(label), "value");
  }

 private:
  static List ValuesOf(std::string label) {
    return [label = std::move(label)](storage::Querier& querier,
                                      std::span<const model::Matcher> matchers,
                                      const storage::ListHints& hints) {
      return querier.LabelValues(label, matchers, hints);
    };
  }

  // Of the first target that tells something of a metric.
  WriteFound MetadataWriter() const {
    std::map<std::string, model::Metadata, std::less<>> known;
    for (const scrape::TargetMetadata& one : backend_.scrape().metadata(""))
      known.emplace(one.metric, one.metadata);
    return [known = std::move(known)](json::Writer& writer, const Found& found) {
      const auto metadata = known.find(found.text);
      if (metadata == known.end()) return;
      json::Field(writer, "type", model::MetricTypeText(metadata->second.type));
      if (!metadata->second.help.empty()) json::Field(writer, "help", metadata->second.help);
      if (!metadata->second.unit.empty()) json::Field(writer, "unit", metadata->second.unit);
    };
  }

  Backend& backend_;
  const Clock& clock_;
  const bool is_enabled_;
  const std::size_t limit_max_;
};

}  // namespace

void AddSearchRoutes(Routes& routes, Backend& backend, const Clock& clock,
                     const ApiOptions& options) {
  const auto search = std::make_shared<const SearchRoutes>(backend, clock, options);
  routes.GetAndPost("/search/metric_names", [search](const http::Request& request) {
    return search->MetricNames(request);
  });
  routes.GetAndPost("/search/label_names",
                    [search](const http::Request& request) { return search->LabelNames(request); });
  routes.GetAndPost("/search/label_values", [search](const http::Request& request) {
    return search->LabelValues(request);
  });
}

}  // namespace narthex::api

#include "endpoints.h"

namespace narthex::api {
namespace {

using Type = ParameterType;
using Methods = EndpointMethods;

constexpr ParameterFacts::Need kRequired = ParameterFacts::Need::kRequired;

constexpr ParameterFacts kLimit = {"limit", Type::kInteger, "The most results; 0: all."};
constexpr ParameterFacts kStart = {"start", Type::kTime, "Where the range begins, included."};
constexpr ParameterFacts kEnd = {"end", Type::kTime, "Where the range ends, included."};
constexpr ParameterFacts kQuery = {"query", Type::kText, "An expression of PromQL.", kRequired};
constexpr ParameterFacts kTimeout = {"timeout", Type::kDuration,
                                     "When to give up, waiting included; at most --query.timeout."};
constexpr ParameterFacts kLookback = {"lookback_delta", Type::kDuration,
                                      "How old a sample may be to be shown."};
constexpr ParameterFacts kStats = {"stats", Type::kText,
                                   "\"true\": what the query cost; \"all\": by step as well."};
constexpr ParameterFacts kMatch = {"match[]", Type::kTexts,
                                   "Selectors; what one of them selects is taken."};
constexpr ParameterFacts kRequiredMatch = {
    "match[]", Type::kTexts, "Selectors; what one of them selects is taken.", kRequired};
constexpr ParameterFacts kPool = {"scrapePool", Type::kText, "The job."};

std::vector<Endpoint> QueryEndpoints() {
  return {
      {"/query",
       "query",
       "query",
       "Evaluates an expression at one instant",
       Methods::kGetAndPost,
       {kQuery,
        {"time", Type::kTime, "When to evaluate; now, if it is not given."},
        kTimeout,
        kLimit,
        kLookback,
        kStats},
       AnswerKind::kEnvelope,
       "QueryResult"},
      {"/query_range",
       "query-range",
       "query",
       "Evaluates an expression at each step of a range",
       Methods::kGetAndPost,
       {kQuery,
        {"start", Type::kTime, "The first step.", kRequired},
        {"end", Type::kTime, "No step is after it.", kRequired},
        {"step", Type::kDuration, "Between two steps; at most 11,000 fit.", kRequired},
        kTimeout,
        kLimit,
        kLookback,
        kStats},
       AnswerKind::kEnvelope,
       "QueryResult"},
      {"/query_exemplars",
       "query-exemplars",
       "query",
       "Exemplars of the series of an expression",
       Methods::kGetAndPost,
       {kQuery, kStart, kEnd},
       AnswerKind::kEnvelope,
       "SeriesExemplars"},
      {"/format_query",
       "format-query",
       "query",
       "Writes an expression in its canonical form",
       Methods::kGetAndPost,
       {kQuery},
       AnswerKind::kEnvelope,
       "Text"},
      {"/parse_query",
       "parse-query",
       "query",
       "The syntax tree of an expression",
       Methods::kGetAndPost,
       {kQuery},
       AnswerKind::kEnvelope,
       "SyntaxTree"},
  };
}

std::vector<Endpoint> SeriesEndpoints() {
  return {
      {"/series",
       "series",
       "series",
       "Series that have samples in a range",
       Methods::kGetAndPost,
       {kRequiredMatch, kStart, kEnd, kLimit},
       AnswerKind::kEnvelope,
       "LabelSets"},
      {"/labels",
       "labels",
       "labels",
       "Names of labels",
       Methods::kGetAndPost,
       {kMatch, kStart, kEnd, kLimit},
       AnswerKind::kEnvelope,
       "Texts"},
      {"/label/{name}/values",
       "label-values",
       "labels",
       "Values of a label",
       Methods::kGet,
       {{"name", Type::kText, "The label; with the prefix U__ it is escaped.", kRequired,
         ParameterFacts::Place::kPath},
        kMatch,
        kStart,
        kEnd,
        kLimit},
       AnswerKind::kEnvelope,
       "Texts"},
  };
}

// The parameters that all searches have, and then `more`.
std::vector<ParameterFacts> SearchParameters(std::vector<ParameterFacts> more) {
  std::vector<ParameterFacts> all = {
      {"search[]", Type::kTexts, "Terms; one that fits is enough."},
      {"fuzz_threshold", Type::kInteger, "How well a term must fit, from 0 to 100."},
      {"fuzz_alg", Type::kText, "\"subsequence\" or \"jarowinkler\"."},
      {"case_sensitive", Type::kBoolean, "Whether case counts; it does if this is not given."},
      {"sort_by", Type::kText, "\"alpha\" or \"score\"."},
      {"sort_dir", Type::kText, "\"asc\" or \"dsc\"."},
      {"include_score", Type::kBoolean, "Adds to each result how well it fits."},
      {"batch_size", Type::kInteger, "Results a line."},
      kMatch,
      kStart,
      kEnd,
      kLimit};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<Endpoint> SearchEndpoints() {
  return {
      {"/search/metric_names", "search-metric-names", "search", "Finds names of metrics",
       Methods::kGetAndPost,
       SearchParameters({{"include_metadata", Type::kBoolean, "Adds type, help and unit."}}),
       AnswerKind::kLines},
      {"/search/label_names", "search-label-names", "search", "Finds names of labels",
       Methods::kGetAndPost, SearchParameters({}), AnswerKind::kLines},
      {"/search/label_values", "search-label-values", "search", "Finds values of a label",
       Methods::kGetAndPost, SearchParameters({{"label", Type::kText, "The label.", kRequired}}),
       AnswerKind::kLines},
  };
}

std::vector<Endpoint> TargetEndpoints() {
  return {
      {"/metadata",
       "get-metadata",
       "metadata",
       "Type, help and unit of metrics",
       Methods::kGet,
       {{"metric", Type::kText, "One metric; all, if it is not given."},
        {"limit", Type::kInteger, "The most metrics."},
        {"limit_per_metric", Type::kInteger, "The most entries of one metric."}},
       AnswerKind::kEnvelope,
       "Metadata"},
      {"/targets",
       "get-targets",
       "targets",
       "What is scraped, and what was dropped",
       Methods::kGet,
       {{"state", Type::kText, "\"active\", \"dropped\" or \"any\"."}, kPool},
       AnswerKind::kEnvelope,
       "Targets"},
      {"/targets/metadata",
       "get-targets-metadata",
       "targets",
       "Type, help and unit of metrics, by target",
       Methods::kGet,
       {{"match_target", Type::kText, "A selector of the labels of targets."},
        {"metric", Type::kText, "One metric; all, if it is not given."},
        {"limit", Type::kInteger, "The most targets."}},
       AnswerKind::kEnvelope,
       "Objects"},
      {"/targets/relabel_steps",
       "get-targets-relabel-steps",
       "targets",
       "What each rule makes of labels",
       Methods::kGet,
       {{"scrapePool", Type::kText, "The job whose rules are taken.", kRequired},
        {"labels", Type::kText, "A JSON object of labels.", kRequired}},
       AnswerKind::kEnvelope,
       "Object"},
      {"/scrape_pools",
       "get-scrape-pools",
       "targets",
       "Names of the jobs",
       Methods::kGet,
       {},
       AnswerKind::kEnvelope,
       "Object"},
  };
}

// One that takes no parameters.
Endpoint Plain(std::string_view path, std::string_view id, std::string_view tag,
               std::string_view summary, std::string_view data = "Object") {
  return {path, id, tag, summary, Methods::kGet, {}, AnswerKind::kEnvelope, data};
}

std::vector<Endpoint> StatusEndpoints() {
  const Endpoint tsdb = {"/status/tsdb",
                         "status-tsdb",
                         "status",
                         "What the head holds most of",
                         Methods::kGet,
                         {{"limit", Type::kInteger, "Entries of each list, from 1 to 10,000."}},
                         AnswerKind::kEnvelope,
                         "Object"};
  const Endpoint description = {"/openapi.yaml",
                                "openapi",
                                "features",
                                "This description",
                                Methods::kGet,
                                {{"openapi_version", Type::kText, "\"3.1\" or \"3.2\"."}},
                                AnswerKind::kDescription};
  return {
      Plain("/rules", "rules", "rules", "Recording and alerting rules"),
      Plain("/alerts", "alerts", "alerts", "Alerts that are active"),
      Plain("/alertmanagers", "alertmanagers", "alerts", "Where alerts are sent"),
      Plain("/status/config", "get-status-config", "status", "The configuration in force, as YAML"),
      Plain("/status/flags", "get-status-flags", "status", "Flags and their values", "LabelSet"),
      Plain("/status/runtimeinfo", "get-status-runtimeinfo", "status", "Of the process"),
      Plain("/status/buildinfo", "get-status-buildinfo", "status", "Of the program", "LabelSet"),
      tsdb,
      Plain("/status/tsdb/blocks", "status-tsdb-blocks", "status", "The blocks"),
      Plain("/features", "get-features", "features", "What is on and what is off", "Features"),
      description,
  };
}

std::vector<Endpoint> WritingEndpoints() {
  return {
      {"/write",
       "remoteWrite",
       "remote",
       "Takes samples by remote write, in protobuf and snappy",
       Methods::kPost,
       {},
       AnswerKind::kNothing},
      {"/admin/tsdb/delete_series",
       "deleteSeries",
       "admin",
       "Hides samples of series",
       Methods::kPostAndPut,
       {kRequiredMatch, kStart, kEnd},
       AnswerKind::kNothing},
      {"/admin/tsdb/clean_tombstones",
       "cleanTombstones",
       "admin",
       "Frees the room that hidden samples take",
       Methods::kPostAndPut,
       {},
       AnswerKind::kNothing},
      {"/admin/tsdb/snapshot",
       "snapshot",
       "admin",
       "Copies the store",
       Methods::kPostAndPut,
       {{"skip_head", Type::kBoolean, "Leaves out what is in no block yet."}},
       AnswerKind::kEnvelope,
       "Object"},
  };
}

}  // namespace

std::span<const Endpoint> Endpoints() {
  static const std::vector<Endpoint> all = [] {
    std::vector<Endpoint> endpoints;
    for (auto* part : {&QueryEndpoints, &SeriesEndpoints, &SearchEndpoints, &TargetEndpoints,
                       &StatusEndpoints, &WritingEndpoints}) {
      for (Endpoint& endpoint : part()) endpoints.push_back(std::move(endpoint));
    }
    return endpoints;
  }();
  return all;
}

}  // namespace narthex::api

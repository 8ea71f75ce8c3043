// query_exemplars.
#include "answer.h"
#include "encode.h"
#include "engine/engine.h"
#include "handlers.h"
#include "params.h"
#include "promql/parser.h"
#include "storage/querier.h"

namespace narthex::api {
namespace {

constexpr std::size_t kSmallExemplarCount = 1000;

http::Response Exemplars(Backend& backend, const http::Request& request) {
  const http::Parameters parameters = request.AllParameters();
  const Result<model::TimeRange> range = RangeParameters(parameters);
  if (!range.ok()) return Failure(ErrorType::kBadData, range.error().message());
  if (range->until < range->from)
    return Failure(ErrorType::kBadData, "end timestamp must not be before start timestamp");
  const Result<promql::ExprPtr> expr =
      promql::ParseExpression(parameters.Get("query"), backend.engine().options().parse);
  if (!expr.ok()) return Failure(ErrorType::kBadData, expr.error().message());

  std::vector<std::vector<model::Matcher>> selectors;
  for (const promql::VectorSelector* selector : promql::Selectors(**expr))
    selectors.push_back(selector->matchers);
  if (selectors.empty()) return http::Response::Text(204, "");

  Result<std::vector<storage::SeriesExemplars>> found =
      backend.exemplars().SelectExemplars(*range, selectors);
  if (!found.ok()) return StoreFailure(found.error());
  std::size_t count = 0;
  for (const storage::SeriesExemplars& series : *found) count += series.exemplars.size();
  const auto shared =
      std::make_shared<const std::vector<storage::SeriesExemplars>>(*std::move(found));
  return Success([shared](json::Writer& writer) { WriteExemplars(writer, *shared); }, {},
                 count > kSmallExemplarCount ? AnswerSize::kLarge : AnswerSize::kSmall);
}

}  // namespace

void AddExemplarRoutes(Routes& routes, Backend& backend) {
  routes.GetAndPost("/query_exemplars",
                    [&](const http::Request& request) { return Exemplars(backend, request); });
}

}  // namespace narthex::api

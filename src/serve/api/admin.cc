// admin/tsdb/*: deleting samples, and snapshots.
#include <fmt/format.h>

#include "answer.h"
#include "base/boolean.h"
#include "handlers.h"
#include "model/labels.h"
#include "params.h"

namespace narthex::api {
namespace {

http::Response NoContent() {
  http::Response response;
  response.status = 204;
  return response;
}

http::Response DeleteSeries(Backend& backend, const http::Request& request) {
  const http::Parameters parameters = request.AllParameters();
  if (!parameters.Has("match[]"))
    return Failure(ErrorType::kBadData, "no match[] parameter provided");
  const Result<model::TimeRange> range = RangeParameters(parameters);
  if (!range.ok()) return Failure(ErrorType::kBadData, range.error().message());
  const Result<std::vector<std::vector<model::Matcher>>> selectors = MatchParameters(parameters);
  if (!selectors.ok()) return BadParameter("match[]", selectors.error().message());
  for (const std::vector<model::Matcher>& matchers : *selectors) {
    if (const Status deleted = backend.DeleteSeries(*range, matchers); !deleted.ok()) {
      return StoreFailure(deleted.error());
    }
  }
  return NoContent();
}

http::Response CleanTombstones(Backend& backend, const http::Request& request) {
  const Status cleaned = backend.CleanTombstones(request.canceled);
  return cleaned.ok() ? NoContent() : StoreFailure(cleaned.error());
}

http::Response Snapshot(Backend& backend, const http::Request& request) {
  const http::Parameters parameters = request.AllParameters();
  const std::string_view text = parameters.Get("skip_head");
  const std::optional<bool> skips_head = text.empty() ? false : ParseBoolean(text);
  if (!skips_head) {
    return BadParameter(
        "skip_head", fmt::format("unable to parse boolean: strconv.ParseBool: parsing {}: invalid "
                                 "syntax",
                                 model::Quote(text)));
  }
  const Result<std::string> name =
      backend.Snapshot(*skips_head ? SnapshotHead::kLeftOut : SnapshotHead::kIncluded);
  if (!name.ok()) {
    return StoreFailure(Error(name.error()).Under("create snapshot"));
  }
  return Success([&name](json::Writer& writer) {
    writer.BeginObject();
    json::Field(writer, "name", *name);
    writer.EndObject();
  });
}

}  // namespace

void AddAdminRoutes(Routes& routes, Backend& backend, const ApiOptions& options) {
  const auto add = [&](std::string_view path, http::Handler handler) {
    if (!options.has_admin) {
      handler = [](const http::Request&) {
        return Failure(ErrorType::kUnavailable, "admin APIs disabled");
      };
    }
    routes.PostAndPut(path, handler);
  };
  add("/admin/tsdb/delete_series",
      [&backend](const http::Request& request) { return DeleteSeries(backend, request); });
  add("/admin/tsdb/clean_tombstones",
      [&backend](const http::Request& request) { return CleanTombstones(backend, request); });
  add("/admin/tsdb/snapshot",
      [&backend](const http::Request& request) { return Snapshot(backend, request); });
}

}  // namespace narthex::api

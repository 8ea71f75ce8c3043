#include "paging.h"

#include <algorithm>

#include "base/number.h"

namespace narthex::dashapi {
namespace {

constexpr std::int64_t kPageMax = 100'000;
constexpr std::int64_t kSizeMax = 5000;

}  // namespace

Paging ReadPaging(const http::Request& request, std::int64_t size_default) {
  const std::string_view size =
      request.query.Has("perpage") ? request.query.Get("perpage") : request.query.Get("limit");
  Paging paging;
  paging.page =
      std::clamp(ParseInt64(request.query.Get("page")).value_or(1), std::int64_t{1}, kPageMax);
  paging.size = std::clamp(ParseInt64(size).value_or(size_default), std::int64_t{1}, kSizeMax);
  return paging;
}

Result<std::int64_t> PathNumber(const http::Request& request, std::string_view name) {
  const auto number = ParseInt64(request.path_parameter(name));
  if (!number) return Error(ErrorCode::kInvalidArgument, std::string(name) + " is invalid");
  return *number;
}

}  // namespace narthex::dashapi

// Pages of long lists, and the numbers that name things in paths.
#pragma once

#include <cstdint>

#include "context.h"
#include "http/message.h"

namespace narthex::dashapi {

struct Paging {
  std::int64_t page = 1;
  std::int64_t size = 1000;

  std::int64_t offset() const { return (page - 1) * size; }
};

// `page` and `perpage` (or `limit`) of the query, within bounds.
Paging ReadPaging(const http::Request& request, std::int64_t size_default = 1000);

// Neither is negative.
struct Slice {
  std::int64_t offset = 0;
  std::int64_t limit = 0;
};

// Those items of `all` that stand in the slice.
template <typename T>
std::vector<T> SliceOf(std::vector<T> all, Slice slice) {
  const auto begin = std::min<std::size_t>(static_cast<std::size_t>(slice.offset), all.size());
  const auto end = std::min<std::size_t>(begin + static_cast<std::size_t>(slice.limit), all.size());
  return std::vector<T>(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(begin)),
                        std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(end)));
}

// The items of `all` on the page.
template <typename T>
std::vector<T> PageOf(std::vector<T> all, Paging paging) {
  return SliceOf(std::move(all), {paging.offset(), paging.size});
}

// The path's parameter `name`. Errors: kInvalidArgument "<name> is invalid"
Result<std::int64_t> PathNumber(const http::Request& request, std::string_view name);

}  // namespace narthex::dashapi

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

// The items of `all` on the page.
template <typename T>
std::vector<T> PageOf(std::vector<T> all, Paging paging) {
  const auto begin = std::min<std::size_t>(static_cast<std::size_t>(paging.offset()), all.size());
  const auto end = std::min<std::size_t>(begin + static_cast<std::size_t>(paging.size), all.size());
  return std::vector<T>(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(begin)),
                        std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(end)));
}

// The path's parameter `name`. Errors: kInvalidArgument "<name> is invalid"
Result<std::int64_t> PathNumber(const http::Request& request, std::string_view name);

}  // namespace narthex::dashapi

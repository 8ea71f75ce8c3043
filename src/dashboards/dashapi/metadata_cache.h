// Answers about the names of metrics and labels, kept for all viewers.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/mutex.h"
#include "dashstore/datasources.h"
#include "http/message.h"

namespace narthex::dashapi {

// How long the answer of `path` ("api/v1/labels") stays good, by jsonData.cacheLevel: a minute
// ("Low" or nothing), ten ("Medium"), an hour ("High"); 0 for "None" and for paths that tell of
// samples or of the server's state. Source: Grafana's Prometheus data source, cache level.
std::chrono::milliseconds MetadataLifetime(const dashstore::Datasource& datasource,
                                           std::string_view path);

// Thread-safe. Memory: kHeldSizeBytesMax; what is oldest goes first.
class MetadataCache {
 public:
  // The parameters of a query string or a form, with "start" and "end" in steps of `lifetime`: as
  // long as an answer stays good, a range that has moved on a little has the same.
  static std::string KeyOf(std::string_view encoded, std::chrono::milliseconds lifetime);

  static constexpr std::size_t kHeldSizeBytesMax = 8u << 20;
  static constexpr std::size_t kAnswerSizeBytesMax = 1u << 20;  // a larger one is not kept

  explicit MetadataCache(Clock& clock);

  // The answer that is kept and not too old.
  std::optional<http::Response> Find(const std::string& key);
  // `response`, whose body is kept while it is sent if it is whole, has status 200 and is not too
  // large. The response may outlive the cache.
  http::Response Keep(std::string key, std::chrono::milliseconds lifetime, http::Response response);

 private:
  struct Shared;
  Clock& clock_;
  const std::shared_ptr<Shared> shared_;
};

}  // namespace narthex::dashapi

#include "metadata_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "base/number.h"

namespace narthex::dashapi {

struct MetadataCache::Shared {
  struct Kept {
    http::Headers headers;
    std::string body;
    TimestampMs until = 0;
  };

  Mutex mutex;
  std::map<std::string, Kept> kept GUARDED_BY(mutex);
  std::deque<std::string> keys GUARDED_BY(mutex);  // oldest first; some may be gone
  std::size_t size_bytes GUARDED_BY(mutex) = 0;

  static std::size_t SizeOf(const std::string& key, const Kept& entry) {
    return 2 * key.size() + entry.body.size();
  }

  void Remove(const std::string& key) REQUIRES(mutex) {
    const auto found = kept.find(key);
    if (found == kept.end()) return;
    size_bytes -= SizeOf(key, found->second);
    kept.erase(found);
    keys.erase(std::find(keys.begin(), keys.end(), key));
  }

  void Put(const std::string& key, Kept entry) EXCLUDES(mutex) {
    const MutexLock lock(mutex);
    Remove(key);
    size_bytes += SizeOf(key, entry);
    kept.emplace(key, std::move(entry));
    keys.push_back(key);
    while (size_bytes > kHeldSizeBytesMax) Remove(std::string(keys.front()));
  }
};

namespace {

constexpr std::string_view kNames[] = {"api/v1/labels", "api/v1/series", "api/v1/metadata",
                                       "api/v1/status/buildinfo"};

// Passes a body on and keeps a copy of it as long as it is small.
class CopyingWriter final : public http::BodyWriter {
 public:
  explicit CopyingWriter(http::BodyWriter& out) : out_(out) {}

  Status Write(std::string_view bytes) override {
    is_small_ = is_small_ && copy_.size() + bytes.size() <= MetadataCache::kAnswerSizeBytesMax;
    if (is_small_) {
      copy_.append(bytes);
    } else {
      copy_ = std::string();
    }
    return out_.Write(bytes);
  }
  Status Flush() override { return out_.Flush(); }

  std::optional<std::string> TakeCopy() {
    return is_small_ ? std::optional(std::move(copy_)) : std::nullopt;
  }

 private:
  http::BodyWriter& out_;
  std::string copy_;
  bool is_small_ = true;
};

}  // namespace

std::chrono::milliseconds MetadataLifetime(const dashstore::Datasource& datasource,
                                           std::string_view path) {
  const bool is_values = path.starts_with("api/v1/label/") && path.ends_with("/values");
  if (!is_values && std::find(std::begin(kNames), std::end(kNames), path) == std::end(kNames)) {
    return std::chrono::milliseconds(0);
  }
  const std::string_view level = datasource.json_data["cacheLevel"].AsString();
  if (level == "None") return std::chrono::milliseconds(0);
  if (level == "Medium") return std::chrono::minutes(10);
  return level == "High" ? std::chrono::minutes(60) : std::chrono::minutes(1);
}

MetadataCache::MetadataCache(Clock& clock) : clock_(clock), shared_(std::make_shared<Shared>()) {}

std::string MetadataCache::KeyOf(std::string_view encoded, std::chrono::milliseconds lifetime) {
  const auto step_s = std::chrono::duration<double>(lifetime).count();
  http::Parameters rounded;
  for (const auto& [name, value] : http::Parameters::Parse(encoded)) {
    const auto time_s = name == "start" || name == "end" ? ParseDouble(value) : std::nullopt;
    rounded.Add(name, time_s && std::isfinite(*time_s)
                          ? fmt::format("{}", std::floor(*time_s / step_s))
                          : value);
  }
  return rounded.ToString();
}

std::optional<http::Response> MetadataCache::Find(const std::string& key) {
  const TimestampMs now = clock_.Now();
  const MutexLock lock(shared_->mutex);
  const auto found = shared_->kept.find(key);
  if (found == shared_->kept.end()) return std::nullopt;
  if (now >= found->second.until) {
    shared_->Remove(key);
    return std::nullopt;
  }
  http::Response response;
  response.headers = found->second.headers;
  response.body = found->second.body;
  return response;
}

http::Response MetadataCache::Keep(std::string key, std::chrono::milliseconds lifetime,
                                   http::Response response) {
  if (response.status != 200 || response.stream == nullptr) return response;
  response.stream = [shared = shared_, key = std::move(key),
                     until = clock_.Now() + lifetime.count(), headers = response.headers,
                     stream = std::move(response.stream)](http::BodyWriter& out) -> Status {
    CopyingWriter copying(out);
    NARTHEX_TRY(stream(copying));
    if (auto copy = copying.TakeCopy()) {
      shared->Put(key, {headers, *std::move(copy), until});
    }
    return Ok();
  };
  return response;
}

}  // namespace narthex::dashapi

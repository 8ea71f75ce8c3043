#include "http/asset.h"

#include <algorithm>

#include "base/check.h"
#include "coding.h"

namespace narthex::http {
namespace {

// More than any file that a front end is made of.
constexpr std::uint64_t kAssetSizeBytesMax = 256u << 20;

// Whether If-None-Match names the tag.
bool IsStillFresh(const Request& request, std::string_view etag) {
  const std::string_view known = request.headers.Get("If-None-Match");
  return known == "*" || (!etag.empty() && known.find(etag) != std::string_view::npos);
}

void FillBody(const Asset& asset, const Request& request, Response& response) {
  if (!asset.brotli.empty() && request.Accepts("br")) {
    response.headers.Set("Content-Encoding", "br");
    response.body = asset.brotli;
    return;
  }
  if (!asset.gzip.empty() && request.Accepts("gzip")) {
    response.headers.Set("Content-Encoding", "gzip");
    response.body = asset.gzip;
    return;
  }
  response.body = AssetText(asset);
}

}  // namespace

const Asset* FindAsset(AssetTable assets, std::string_view path) {
  const auto found = std::lower_bound(
      assets.begin(), assets.end(), path,
      [](const Asset& asset, std::string_view wanted) { return asset.path < wanted; });
  return found != assets.end() && found->path == path ? &*found : nullptr;
}

Response AssetResponse(const Asset& asset, const Request& request) {
  Response response;
  response.headers.Set("Content-Type", asset.mime);
  response.headers.Set("Vary", "Accept-Encoding");
  if (!asset.etag.empty()) response.headers.Set("ETag", asset.etag);
  // A year is the longest that caches honour.
  response.headers.Set("Cache-Control",
                       asset.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (IsStillFresh(request, asset.etag)) {
    response.status = 304;
    return response;
  }
  FillBody(asset, request, response);
  return response;
}

std::string AssetText(const Asset& asset) {
  if (!asset.identity.empty() || asset.gzip.empty()) return std::string(asset.identity);
  auto text = Decompress(Coding::kGzip, asset.gzip, kAssetSizeBytesMax);
  NARTHEX_CHECK(text.ok(), "an asset of this program is whole");
  return std::move(text).value();
}

}  // namespace narthex::http

#include "webassets/webassets.h"

#include <cstdint>
#include <string_view>
#include <vector>

// Bytes that the assembler takes in from the packed files (assets.S.in).
extern "C" const char narthex_web_prom_begin[];
extern "C" const char narthex_web_dash_begin[];

namespace narthex::webassets {
namespace {

// Part of a packed file. The generated lists below are made of these.
struct Span {
  std::uint32_t offset;
  std::uint32_t size;
};

// tools/pack.mjs: this offset means that a body is not stored, only its size is known.
constexpr std::uint32_t kNotStored = 0xffffffff;

struct PackedAsset {
  std::string_view path;
  std::string_view mime;
  std::string_view etag;
  bool is_immutable;
  Span identity;
  Span gzip;
  Span brotli;
};

constexpr PackedAsset kServer[] = {
#include "prom_index.inc"
};

constexpr PackedAsset kDashboards[] = {
#include "dash_index.inc"
};

std::string_view View(const char* begin, Span span) {
  if (span.offset == kNotStored) return {};
  return {begin + span.offset, span.size};
}

std::vector<http::Asset> Unpack(std::span<const PackedAsset> packed, const char* begin) {
  std::vector<http::Asset> assets;
  assets.reserve(packed.size());
  for (const PackedAsset& asset : packed) {
    assets.push_back({.path = asset.path,
                      .mime = asset.mime,
                      .etag = asset.etag,
                      .is_immutable = asset.is_immutable,
                      .identity = View(begin, asset.identity),
                      .gzip = View(begin, asset.gzip),
                      .brotli = View(begin, asset.brotli)});
  }
  return assets;
}

}  // namespace

std::span<const http::Asset> ServerAssets() {
  static const std::vector<http::Asset> assets = Unpack(kServer, narthex_web_prom_begin);
  return assets;
}

std::span<const http::Asset> DashboardsAssets() {
  static const std::vector<http::Asset> assets = Unpack(kDashboards, narthex_web_dash_begin);
  return assets;
}

}  // namespace narthex::webassets

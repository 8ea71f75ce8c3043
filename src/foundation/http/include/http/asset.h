// Static files that are part of the program.
#pragma once

#include <span>
#include <string_view>

#include "http/message.h"

namespace narthex::http {

// One file. The bytes belong to the program and live as long as it does; an encoding that does not
// pay is empty, and so is `identity` where only a compressed form is kept.
struct Asset {
  std::string_view path;  // "/assets/index-1a2b.js"
  std::string_view mime;
  std::string_view etag;  // with its quotes
  bool is_immutable;      // the name carries a hash of the content
  std::string_view identity;
  std::string_view gzip;
  std::string_view brotli;
};

// In order of paths.
using AssetTable = std::span<const Asset>;

// Null if the table has no such path.
const Asset* FindAsset(AssetTable assets, std::string_view path);

// The answer to `request` that carries `asset`: brotli, gzip or identity by Accept-Encoding;
// immutable files may be kept for a year, the others are asked for again with their ETag (304 if it
// still holds).
Response AssetResponse(const Asset& asset, const Request& request);

// The asset's bytes, uncompressed; for pages whose text is changed before they are sent.
std::string AssetText(const Asset& asset);

}  // namespace narthex::http

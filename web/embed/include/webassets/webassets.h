// The web front ends, compiled into the program: what the HTTP servers hand out as static files.
#pragma once

#include <span>

#include "http/asset.h"

namespace narthex::webassets {

// Both functions: sorted by path as bytes, the same list at each call, valid for the life of the
// process. Thread-safe. "/index.html" is always there; its address is the same for every page of
// the front end, so the server answers it for each page route.
//
// An asset without identity bytes has a gzip form to inflate for the odd client that takes neither.

// The server's expression browser and status pages. All addresses in it are relative: it works
// below any route prefix as long as a page's path has one segment ("/prefix/query").
std::span<const http::Asset> ServerAssets();

// The dashboards' front end.
std::span<const http::Asset> DashboardsAssets();

}  // namespace narthex::webassets

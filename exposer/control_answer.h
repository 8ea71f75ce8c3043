// What all answers of the control routes have.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"
#include "json/value.h"

namespace narthex::demo_exposer {

// Adds what keeps an answer out of caches and of frames of other pages.
inline http::Response Guarded(http::Response response) {
  response.headers.Set("Cache-Control", "no-store");
  response.headers.Set("X-Content-Type-Options", "nosniff");
  response.headers.Set("Content-Security-Policy",
                       "default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
  return response;
}

inline http::Response ErrorAnswer(int status, std::string_view message) {
  auto object = json::Value::MakeObject();
  object.Set("error", json::Value(message));
  return Guarded(http::Response::Json(status, json::Print(object)));
}

}  // namespace narthex::demo_exposer

#include "control_page.h"

#include <string>
#include <string_view>

#include "control_answer.h"
#include "control_guard.h"

namespace narthex::demo_exposer {
namespace {

struct PageFile {
  std::string_view name;
  std::string_view text;
};

constexpr PageFile kFiles[] = {
#include "control_page_files.inc"
};

std::string_view MimeType(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  return "text/javascript; charset=utf-8";
}

http::Response Serve(std::string_view name) {
  for (const PageFile& file : kFiles) {
    if (file.name != name) continue;
    http::Response response = http::Response::Text(200, file.text);
    response.headers.Set("Content-Type", MimeType(name));
    return Guarded(std::move(response));
  }
  return ErrorAnswer(404, "the page has no such file");
}

}  // namespace

void AddControlPage(http::Router& router, ControlAccess access) {
  router.Get("/control",
             Checked(access, [](const http::Request&) { return Serve("control.html"); }));
  router.Get("/control/page/:name", Checked(access, [](const http::Request& request) {
               return Serve(request.path_parameter("name"));
             }));
}

}  // namespace narthex::demo_exposer

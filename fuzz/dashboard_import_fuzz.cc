// The body of POST /api/dashboards/import, and dashboards as files: whatever the bytes, a document
// that can be stored or an error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "dashboard/document.h"
#include "json/reader.h"

namespace {

using narthex::json::Value;

// What the route does with a body: inputs replaced, then the summary that the store takes.
void Import(Value body) {
  std::vector<narthex::dashboard::ImportInput> inputs;
  for (const Value& input : body["inputs"].items()) {
    inputs.push_back({std::string(input["name"].AsString()), std::string(input["type"].AsString()),
                      std::string(input["value"].AsString())});
  }
  Value* given = body.Find("dashboard");
  if (given == nullptr || !given->is_object()) return;
  auto document = narthex::dashboard::ApplyInputs(std::move(*given), inputs);
  if (!document.ok()) return;
  NARTHEX_CHECK(document->is_object(), "what was imported is a document");
  NARTHEX_CHECK(document->Find("__inputs") == nullptr, "no input is left");
  // Stored as text and read again at each request.
  const std::string text = narthex::json::Print(*document);
  const auto again = narthex::json::Parse(text);
  NARTHEX_CHECK(again.ok() && *again == *document, "what was stored reads back as it was");
  const auto summary = narthex::dashboard::Summarise(*document);
  if (summary.ok()) (void)narthex::dashboard::Slug(summary->title).size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto body = narthex::json::Parse(text);
  if (!body.ok() || !body->is_object()) return 0;
  (void)narthex::dashboard::Summarise(*body).ok();  // as a file
  Import(*std::move(body));
  return 0;
}

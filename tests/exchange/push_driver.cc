// Pushes metrics as a batch job would; push_test.py looks at what the other side makes of it.
//
//   push_driver push|add|delete URL    to a Pushgateway
//   push_driver write1|write2 URL      by remote write 1.0 or 2.0
#include <fmt/format.h>

#include <string_view>

#include "base/result.h"
#include "client/registry.h"
#include "exposer/push_gateway.h"
#include "exposer/remote_writer.h"

namespace narthex::exposer {
namespace {

void Fill(client::Registry& registry) {
  registry
      .NewCounter({.name = "batch_rows_total", .help = "Rows read.", .label_names = {"table"}})
      .With({"a \"b\" \\c\n\u00e9"})
      .Increment(1234567);
  registry.NewGauge({.name = "batch_last_success_timestamp_seconds", .help = "When it ended."})
      .With({})
      .Set(1.7e9);
  auto& seconds = registry
                      .NewHistogram({.name = "batch_step_seconds", .help = "Of a step."},
                                    {.bounds = {0.1, 1}, .native = client::NativeOptions{}})
                      .With({});
  for (const double value : {0.05, 0.5, 0.5, 5.0}) seconds.Observe(value);
}

Status Send(std::string_view what, std::string_view url) {
  client::Registry registry;
  Fill(registry);
  auto http_client = http::Client::Make({});
  if (!http_client.ok()) return http_client.error();
  if (what.starts_with("write")) {
    const auto version = what == "write1" ? RemoteWriteVersion::k1 : RemoteWriteVersion::k2;
    auto writer = RemoteWriter::Start({registry, **http_client},
                                      {.url = std::string(url),
                                       .version = version,
                                       .external_labels = {{"job", std::string(what)}}});
    return writer.ok() ? (*writer)->Push() : writer.error();
  }
  auto gateway = PushGateway::Make({.url = std::string(url),
                                    .job = "night/batch",
                                    .grouping = {{"shard", ""}, {"host", "\u00e9/1"}}},
                                   **http_client);
  if (!gateway.ok()) return gateway.error();
  if (what == "push") return gateway->Push(registry);
  if (what == "add") return gateway->PushAdd(registry);
  return gateway->Delete();
}

}  // namespace
}  // namespace narthex::exposer

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const narthex::Status sent = narthex::exposer::Send(argv[1], argv[2]);
  if (!sent.ok()) fmt::print(stderr, "{}\n", sent.error().message());
  return sent.ok() ? 0 : 1;
}

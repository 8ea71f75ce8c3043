// Remote write of both versions: any bytes are refused or become requests that hold together, and
// what is said to be stored is in the store.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/clock.h"
#include "client/registry.h"
#include "head/head.h"
#include "remote/write_receiver.h"
#include "request_append.h"
#include "write_request.h"

namespace {

namespace head = narthex::head;
namespace remote = narthex::remote;

constexpr std::string_view kV2Type = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
constexpr remote::DecodeLimits kLimits{
    .series_count_max = 1000, .sample_count_max = 10'000, .key_seed = 1};

std::unique_ptr<head::Head> NewHead() {
  head::HeadOptions options;
  options.exemplar_count_max = 10;
  options.out_of_order_window_ms = 1000;
  return head::Head::Open(narthex::io::SystemFiles(), narthex::SystemClock(), options).value();
}

void CheckRequest(const remote::WriteRequest& request) {
  const auto fits = [&](std::size_t size) { return size == 0 || size == request.values.size(); };
  NARTHEX_CHECK(
      request.timestamps.size() == request.values.size() && fits(request.start_timestamps.size()),
      "columns are of one length");
  std::uint32_t begin = 0;
  for (const remote::SentSeries& series : request.series) {
    NARTHEX_CHECK(series.sample_begin == begin && series.sample_end >= begin,
                  "samples stand in the order of their series");
    begin = series.sample_end;
  }
  NARTHEX_CHECK(begin == request.values.size(), "each sample is of a series");
  NARTHEX_CHECK(request.values.size() <= kLimits.sample_count_max &&
                    request.series.size() <= kLimits.series_count_max,
                "limits hold");
  for (const remote::SentHistogram& sent : request.histograms) {
    NARTHEX_CHECK(sent.series_index < request.series.size(), "a histogram is of a series");
  }
  for (const remote::SentExemplar& sent : request.exemplars) {
    NARTHEX_CHECK(sent.series_index < request.series.size(), "an exemplar is of a series");
  }
}

void Store(const remote::WriteRequest& request, remote::WriteMessage message) {
  const auto store = NewHead();
  remote::SeriesCache cache(1000);
  const remote::AppendParts parts{
      .appender = *store, .cache = cache, .latest = 1'000'000'000'000, .keeps_exemplars = true};
  // Twice: the second time the series are known.
  std::uint64_t stored_count = 0;
  for (int round = 0; round < 2; ++round) {
    const auto outcome = remote::RequestAppend(parts, request, message).Run();
    NARTHEX_CHECK(outcome.ok(), "a store without a disk takes whatever is sound");
    const bool is_refused = message == remote::WriteMessage::kV1 && outcome->fault_count > 0;
    const std::size_t count = outcome->sample_count + outcome->histogram_count;
    NARTHEX_CHECK(!is_refused || count + outcome->exemplar_count == 0,
                  "of a refused request nothing is stored");
    stored_count += count;
  }
  NARTHEX_CHECK(store->stats().appended_count == stored_count, "the counts are the store's");
}

void Answer(std::string_view body, bool is_v2) {
  const auto store = NewHead();
  narthex::client::Registry registry;
  remote::WriteReceiver receiver({*store, narthex::SystemClock(), registry},
                                 {.decoded_size_bytes_max = 1 << 20});
  narthex::http::Request request;
  request.headers.Add("Content-Encoding", "snappy");
  if (is_v2) request.headers.Add("Content-Type", kV2Type);
  request.body = body;
  const int status = receiver.Answer(request).status;
  NARTHEX_CHECK(status == 204 || status == 400 || status == 413, "no bytes are the store's fault");
}

}  // namespace

// The first byte says which version, and whether the rest is compressed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const bool is_v2 = (bytes[0] & 1) != 0;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if ((bytes[0] & 2) != 0) {
    Answer(input, is_v2);
    return 0;
  }
  const auto request = is_v2 ? remote::DecodeV2(input, kLimits) : remote::DecodeV1(input, kLimits);
  if (!request.ok()) return 0;
  CheckRequest(*request);
  Store(*request, is_v2 ? remote::WriteMessage::kV2 : remote::WriteMessage::kV1);
  return 0;
}

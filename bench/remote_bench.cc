// Remote write 1.0 into a head with its log: what a request costs from its bytes to memory.
// Usage: remote_bench [samples per series and request] [series] [samples per series]
#include <fmt/format.h>
#include <snappy.h>

#include <bit>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "client/registry.h"
#include "cpu_seconds.h"
#include "head/head.h"
#include "io/file_system.h"
#include "numbers_and_folder.h"
#include "remote/write_receiver.h"

namespace narthex {
namespace {

constexpr TimestampMs kBegin = 1'700'000'000'000;
constexpr std::size_t kSeriesPerTarget = 1000;
constexpr std::size_t kSamplesPerRequest = 4000;

struct Shape {
  std::size_t run_length = 8;  // samples of a series in one request
  std::size_t series_count = 10'000;
  std::size_t step_count = 240;
};

void PutField(std::string& out, char tag, std::string_view bytes) {
  out.push_back(tag);
  PutLengthPrefixed(out, bytes);
}

std::string EncodedLabels(std::size_t series) {
  const std::size_t i = series % kSeriesPerTarget;
  const std::pair<std::string, std::string> labels[] = {
      {"__name__", fmt::format("demo_metric_{}_total", i / 20)},
      {"device", fmt::format("dev{}", i % 7)},
      {"instance", fmt::format("host-{}:9100", series / kSeriesPerTarget)},
      {"job", "node"},
      {"mode", fmt::format("mode-{}", i % 20)}};
  std::string out;
  for (const auto& [name, value] : labels) {
    std::string label;
    PutField(label, '\x0a', name);
    PutField(label, '\x12', value);
    PutField(out, '\x0a', label);
  }
  return out;
}

// A quarter constant, half counters, the rest gauges with two decimals.
double ValueOf(std::size_t series, std::size_t step) {
  switch (series % 4) {
    case 0:
      return static_cast<double>(series);
    case 1:
    case 2:
      return static_cast<double>(step * (series % 100) + (step * 7919 + series) % 13);
    default:
      return static_cast<double>((step * 7919 + series) % 10'000) / 100;
  }
}

void PutSeries(std::string& request, std::string& scratch, std::string_view labels,
               std::size_t series, std::size_t step, std::size_t count) {
  scratch.assign(labels);
  for (std::size_t at = step; at < step + count; ++at) {
    std::string sample;
    sample.push_back('\x09');
    PutLittleEndian64(sample, std::bit_cast<std::uint64_t>(ValueOf(series, at)));
    sample.push_back('\x10');
    PutVarint(sample, static_cast<std::uint64_t>(kBegin) + 15'000 * at);
    PutField(scratch, '\x12', sample);
  }
  PutField(request, '\x0a', scratch);
}

Status Push(remote::WriteReceiver& receiver, const Shape& shape) {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < shape.series_count; ++i) labels.push_back(EncodedLabels(i));
  http::Request request;
  request.method = http::Method::kPost;
  request.headers = {{"Content-Type", "application/x-protobuf"}, {"Content-Encoding", "snappy"}};
  const std::size_t request_length =
      std::max<std::size_t>(1, kSamplesPerRequest / shape.run_length);
  double cpu = 0;
  double first_cpu = 0;
  std::string message;
  std::string scratch;
  for (std::size_t step = 0; step < shape.step_count; step += shape.run_length) {
    const std::size_t count = std::min(shape.run_length, shape.step_count - step);
    for (std::size_t begin = 0; begin < shape.series_count; begin += request_length) {
      message.clear();
      for (std::size_t i = begin; i < std::min(begin + request_length, shape.series_count); ++i) {
        PutSeries(message, scratch, labels[i], i, step, count);
      }
      snappy::Compress(message.data(), message.size(), &request.body);
      const double start = CpuSeconds();
      const http::Response response = receiver.Answer(request);
      cpu += CpuSeconds() - start;
      if (response.status != 204) return Error{ErrorCode::kInternal, response.body};
    }
    if (step == 0) first_cpu = std::exchange(cpu, 0);
  }
  const std::size_t left = shape.step_count - std::min(shape.run_length, shape.step_count);
  fmt::print("{:<28} {:>8.3f} CPU s per million series\n", "first requests",
             first_cpu / static_cast<double>(shape.series_count) * 1e6);
  fmt::print("{:<28} {:>8.3f} CPU s per million samples\n",
             fmt::format("{} samples of each series", shape.run_length),
             cpu / static_cast<double>(shape.series_count * left) * 1e6);
  return Ok();
}

Status Run(const Shape& shape, const std::string& directory) {
  if (shape.run_length == 0 || shape.series_count == 0) {
    return Error{ErrorCode::kInvalidArgument, "some samples of some series are needed"};
  }
  head::HeadOptions options;
  options.wal_directory = directory;
  NARTHEX_ASSIGN_OR_RETURN(const auto head,
                           head::Head::Open(io::SystemFiles(), SystemClock(), options));
  client::Registry registry;
  remote::WriteReceiver receiver({*head, SystemClock(), registry}, {});
  NARTHEX_TRY(Push(receiver, shape));
  const head::HeadStats stats = head->stats();
  fmt::print(
      "{:<28} {:>8.2f} bytes a sample\n", "written to the log",
      static_cast<double>(stats.wal.written_bytes) / static_cast<double>(stats.appended_count));
  return Ok();
}

}  // namespace
}  // namespace narthex

int main(int argc, char** argv) {
  narthex::Shape shape;
  return narthex::RunBench(
      argc, argv, {&shape.run_length, &shape.series_count, &shape.step_count},
      [&](const std::string& folder) { return narthex::Run(shape, folder + "/wal"); });
}

// Evaluation: any query over a small store ends in time, within its limits, with a result that is
// in order or with an error.
//
// The first byte chooses between a query as text and one that is built from the bytes, which gets
// past the parser more often; the next four choose its times.
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>

#include "base/check.h"
#include "engine/engine.h"
#include "promql/functions.h"
#include "promql/value_type.h"
#include "storage/memory_store.h"

namespace {

using narthex::model::LabelSet;

constexpr std::size_t kSamplesMax = 20'000;
constexpr std::size_t kDepthMax = 6;

// Bytes as choices; all zero once they are used up.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}
  std::size_t Below(std::size_t bound) { return Byte() % bound; }
  std::uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }
  bool is_used_up() const { return bytes_.empty(); }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

// Builds queries whose types fit.
class Builder {
 public:
  explicit Builder(Choices& choices) : choices_(choices) {}

  std::string Vector(std::size_t depth) {
    if (depth == 0 || choices_.is_used_up()) return Selector();
    switch (choices_.Below(6)) {
      case 0:
        return Selector();
      case 1:
        return Function(depth - 1);
      case 2:
        return Aggregation(depth - 1);
      case 3:
        return Binary(depth - 1);
      case 4:
        return "-(" + Vector(depth - 1) + ")";
      default:
        return "vector(" + Scalar(depth - 1) + ")";
    }
  }

 private:
  template <std::size_t N>
  std::string Pick(const char* const (&words)[N]) {
    return words[choices_.Below(N)];
  }

  std::string Selector() {
    return Pick({"a", "b_total", "c_bucket", "special", "{job=\"x\"}", "{__name__=~\".+\"}", "none",
                 "a{i!=\"1\"}", "a{i=~\"1|2\"}"}) +
           Pick({"", "", "", " offset 1m", " offset -7s", " @ 60", " @ start()", " @ end()",
                 " smoothed", " offset step()"});
  }
  std::string Range(std::size_t depth) {
    const std::string duration =
        Pick({"1m", "10s", "5m", "1ms", "1h", "3", "max_of(step(), 7s)", "1m anchored", "1y"});
    const bool is_anchored = duration.ends_with("anchored");
    const std::string range = is_anchored ? "[1m] anchored" : "[" + duration + "]";
    if (depth == 0 || is_anchored || choices_.Below(4) != 0) {
      return Pick({"a", "b_total", "c_bucket", "special", "{job=\"x\"}"}) + range;
    }
    return "(" + Vector(depth - 1) + ")[" + duration + ":" + Pick({"", "1s", "13s", "1m", "1ms"}) +
           "]";
  }
  std::string Scalar(std::size_t depth) {
    if (depth == 0 || choices_.Below(3) == 0) {
      return Pick(
          {"0", "1", "-1", "0.5", "NaN", "Inf", "-Inf", "1e300", "5e-324", "time()", "3", "1e18"});
    }
    return "scalar(" + Vector(depth - 1) + ")";
  }
  std::string Text() {
    return Pick(
        {"\"i\"", "\"job\"", "\"(.*)\"", "\"$1\"", "\"__name__\"", "\"\"", "\"le\"", "\"x\""});
  }
  std::string Function(std::size_t depth) {
    const auto functions = narthex::promql::Functions();
    const narthex::promql::Function& function =
        functions[(choices_.Byte() * 256u + choices_.Byte()) % functions.size()];
    std::string text = std::string(function.name) + "(";
    std::size_t count = function.arguments.size();
    if (function.variadic != 0 && count > 0 && choices_.Below(2) == 0) --count;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += ", ";
      text += Argument(function.arguments[i], depth);
    }
    text += ")";
    return function.result == narthex::promql::ValueType::kScalar ? "vector(" + text + ")" : text;
  }
  std::string Argument(narthex::promql::ValueType type, std::size_t depth) {
    switch (type) {
      case narthex::promql::ValueType::kScalar:
        return Scalar(depth);
      case narthex::promql::ValueType::kString:
        return Text();
      case narthex::promql::ValueType::kMatrix:
        return Range(depth);
      default:
        return Vector(depth);
    }
  }
  std::string Labels() { return Pick({"()", "(i)", "(job)", "(i, job)", "(le)", "(__name__)"}); }
  std::string Aggregation(std::size_t depth) {
    const std::string by = Pick({"", " by ", " without "});
    const std::string grouping = by.empty() ? "" : by + Labels();
    switch (choices_.Below(3)) {
      case 0:
        return Pick({"sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"}) + grouping +
               "(" + Vector(depth) + ")";
      case 1:
        return Pick({"topk", "bottomk", "quantile", "limitk", "limit_ratio"}) + grouping + "(" +
               Scalar(depth) + ", " + Vector(depth) + ")";
      default:
        return "count_values" + grouping + "(\"v\", " + Vector(depth) + ")";
    }
  }
  std::string Binary(std::size_t depth) {
    const std::string op = Pick({"+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "<",
                                 ">=", "> bool", "and", "or", "unless", "</", ">/"});
    const bool is_set = op == "and" || op == "or" || op == "unless";
    const std::string left = "(" + Vector(depth) + ") " + op;
    if (!is_set && choices_.Below(3) == 0) return left + " " + Scalar(depth);
    std::string matching = Pick({"", " on ", " ignoring "});
    if (!matching.empty()) matching += Labels();
    if (!is_set && !matching.empty()) matching += Pick({"", " group_left", " group_right(x)"});
    if (!is_set) matching += Pick({"", "", " fill(0)", " fill_left(1)"});
    return left + matching + " (" + Vector(depth) + ")";
  }

  Choices& choices_;
};

narthex::storage::MemoryStore& Store() {
  static narthex::storage::MemoryStore* const store = [] {
    auto* made = new narthex::storage::MemoryStore;  // lives as long as the process
    const double kInf = std::numeric_limits<double>::infinity();
    const double specials[] = {0, -0.0, 1, kInf, -kInf, std::nan(""), 1e308, 5e-324, -3};
    for (int step = 0; step < 40; ++step) {
      const std::int64_t at = step * 5000;
      for (const char* i : {"1", "2", "3"}) {
        made->Append(LabelSet{{"__name__", "a"}, {"i", i}, {"job", "x"}}, at, step % 7);
        made->Append(LabelSet{{"__name__", "b_total"}, {"i", i}, {"job", "x"}}, at,
                     step % 20 * 1.5);
      }
      for (const char* le : {"0.1", "1", "+Inf", "x"}) {
        made->Append(LabelSet{{"__name__", "c_bucket"}, {"le", le}}, at, step * (le[0] - '*'));
      }
      made->Append(LabelSet{{"__name__", "special"}}, at, specials[step % 9]);
    }
    return made;
  }();
  return *store;
}

narthex::engine::Engine& Engine() {
  static narthex::engine::Engine* const engine = [] {
    narthex::engine::EngineOptions options;
    options.samples_max = kSamplesMax;
    options.timeout = std::chrono::milliseconds(500);
    options.parse.allows_experimental_functions = true;
    options.parse.allows_extended_range_selectors = true;
    options.parse.allows_fill_modifiers = true;
    return new narthex::engine::Engine(options);  // lives as long as the process
  }();
  return *engine;
}

void CheckMatrix(const narthex::engine::Matrix& matrix) {
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    NARTHEX_CHECK(i == 0 || matrix[i - 1].labels < matrix[i].labels,
                  "a matrix is sorted by labels");
    const auto& samples = matrix[i].samples;
    for (std::size_t k = 1; k < samples.size(); ++k) {
      NARTHEX_CHECK(samples[k - 1].timestamp < samples[k].timestamp, "samples are oldest first");
    }
  }
}

void CheckVector(const narthex::engine::Vector& vector) {
  std::set<LabelSet> seen;
  for (const auto& element : vector) {
    NARTHEX_CHECK(seen.insert(element.labels).second, "no label set stands twice in a vector");
  }
}

void CheckResult(const narthex::Result<narthex::engine::QueryResult>& result) {
  if (!result.ok()) {
    NARTHEX_CHECK(!result.error().message().empty(), "an error must have a reason");
    return;
  }
  NARTHEX_CHECK(result->stats.samples_peak <= kSamplesMax, "the limit of samples holds");
  if (const auto* matrix = std::get_if<narthex::engine::Matrix>(&result->value)) {
    CheckMatrix(*matrix);
  }
  if (const auto* vector = std::get_if<narthex::engine::Vector>(&result->value)) {
    CheckVector(*vector);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices({reinterpret_cast<const char*>(data), size});
  const bool is_text = choices.Byte() % 2 == 0;
  const std::int64_t start = (static_cast<std::int64_t>(choices.Byte()) - 8) * 1000;
  const std::int64_t step = std::int64_t{1} << choices.Below(18);
  const auto count = static_cast<std::int64_t>(choices.Below(60));
  const bool is_range = choices.Byte() % 2 == 0;
  const std::string query =
      is_text ? std::string(choices.rest()) : Builder(choices).Vector(kDepthMax);

  const auto begun = std::chrono::steady_clock::now();
  if (is_range) {
    CheckResult(Engine().Range(Store(), query,
                               {start, start + step * count, std::chrono::milliseconds(step)}));
  } else {
    CheckResult(Engine().Instant(Store(), query, start));
  }
  // The timeout, and much for machines under load and sanitizers.
  NARTHEX_CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10),
                "a query ends soon after its time is over");
  return 0;
}

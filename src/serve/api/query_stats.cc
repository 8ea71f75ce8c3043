#include "api/query_stats.h"

namespace narthex::api {
namespace {

// [[1435781451,12],...]: seconds and samples.
void WriteSteps(json::Writer& writer, std::string_view key,
                const std::vector<engine::StepSamples>& steps,
                std::size_t engine::StepSamples::*count) {
  if (steps.empty()) return;
  writer.Key(key);
  writer.BeginArray();
  for (const engine::StepSamples& step : steps) {
    writer.BeginArray();
    writer.Double(static_cast<double>(step.timestamp) / 1000);
    writer.Int64(static_cast<std::int64_t>(step.*count));
    writer.EndArray();
  }
  writer.EndArray();
}

}  // namespace

void WriteQueryStats(json::Writer& writer, const engine::QueryStats& stats) {
  const auto seconds = [&writer](std::string_view key, double value) {
    writer.Key(key);
    writer.Double(value);
  };
  const double total = stats.preparation_seconds + stats.evaluation_seconds;
  writer.BeginObject();
  writer.Key("timings");
  writer.BeginObject();
  seconds("evalTotalTime", total);
  // Results are sorted while they are collected.
  seconds("resultSortTime", 0);
  seconds("queryPreparationTime", stats.preparation_seconds);
  seconds("innerEvalTime", stats.evaluation_seconds);
  seconds("execQueueTime", stats.queue_seconds);
  seconds("execTotalTime", total + stats.queue_seconds);
  writer.EndObject();
  writer.Key("samples");
  writer.BeginObject();
  WriteSteps(writer, "totalQueryableSamplesPerStep", stats.steps, &engine::StepSamples::queryable);
  json::Field(writer, "totalQueryableSamples", static_cast<std::int64_t>(stats.samples_queryable));
  WriteSteps(writer, "samplesReadPerStep", stats.steps, &engine::StepSamples::read);
  json::Field(writer, "samplesRead", static_cast<std::int64_t>(stats.samples_read));
  json::Field(writer, "peakSamples", static_cast<std::int64_t>(stats.samples_peak));
  writer.EndObject();
  writer.EndObject();
}

}  // namespace narthex::api

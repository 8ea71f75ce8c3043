// A server in memory for the handlers: a head without a log, an engine, targets as the test wants
// them.
#pragma once

#include <gtest/gtest.h>

#include "api/backend.h"
#include "engine/engine.h"
#include "fake_clock.h"
#include "head/head.h"
#include "io/file_system.h"
#include "promql/series_description.h"
#include "scrape/manager.h"

namespace narthex::api {

class FakeManager final : public scrape::Manager {
 public:
  void Apply(const std::vector<config::ScrapeConfig>&) override {}
  void SetGroups(const std::string&, const std::vector<discovery::TargetGroup>&) override {}
  std::vector<std::string> job_names() const override { return {"blackbox", "test"}; }
  std::vector<scrape::TargetState> targets() const override { return states; }
  std::vector<scrape::DroppedTargets> dropped() const override { return dropped_targets; }
  std::vector<scrape::TargetMetadata> metadata(std::string_view metric) const override {
    std::vector<scrape::TargetMetadata> found;
    for (const scrape::TargetMetadata& one : known) {
      if (metric.empty() || one.metric == metric) found.push_back(one);
    }
    return found;
  }
  void Stop() override {}

  std::vector<scrape::TargetState> states;
  std::vector<scrape::DroppedTargets> dropped_targets;
  std::vector<scrape::TargetMetadata> known;
};

class FakeBackend final : public Backend {
 public:
  FakeBackend() {
    Result<std::unique_ptr<head::Head>> made =
        head::Head::Open(io::SystemFiles(), clock, {.exemplar_count_max = 100});
    EXPECT_TRUE(made.ok());
    store_ = *std::move(made);
  }

  // Lines as test scripts have them; the first sample of each at 0, a minute between them.
  void Load(std::string_view lines) {
    std::vector<promql::SeriesDescription> all;
    while (!lines.empty()) {
      const std::string_view line = lines.substr(0, lines.find('\n'));
      lines.remove_prefix(std::min(line.size() + 1, lines.size()));
      Result<promql::SeriesDescription> series = promql::ParseSeriesDescription(line);
      ASSERT_TRUE(series.ok()) << line << ": " << series.error().message();
      all.push_back(*std::move(series));
    }
    // By time: a store takes nothing that is far behind its newest sample.
    for (std::size_t step = 0;; ++step) {
      std::vector<model::LabelSet> labels;
      std::vector<double> values;
      std::vector<const model::FloatHistogram*> histograms;
      for (const promql::SeriesDescription& series : all) {
        if (step >= series.values.size()) continue;
        labels.push_back(series.labels);
        values.push_back(series.values[step].value);
        histograms.push_back(series.values[step].histogram.get());
      }
      if (values.empty()) return;
      const auto refs = store_->Resolve(0, labels);
      ASSERT_TRUE(refs.ok());
      storage::Batch batch;
      batch.timestamp = static_cast<TimestampMs>(step) * 60'000;
      batch.series = *refs;
      batch.values = values;
      batch.histograms = histograms;
      const auto appended = store_->Append(batch);
      ASSERT_TRUE(appended.ok());
      ASSERT_EQ(appended->appended_count, values.size());
    }
  }

  void AddExemplar(const model::LabelSet& labels, const model::Exemplar& exemplar) {
    const auto refs = store_->Resolve(0, {{labels}});
    ASSERT_TRUE(refs.ok());
    const storage::SeriesExemplar exemplars[] = {{refs->front(), exemplar}};
    storage::Batch batch;
    batch.exemplars = exemplars;
    const auto appended = store_->Append(batch);
    ASSERT_TRUE(appended.ok());
    ASSERT_EQ(appended->exemplar_appended_count, 1u);
  }

  bool is_ready() const override { return ready; }
  bool is_stopping() const override { return stopping; }
  storage::Queryable& store() override { return *store_; }
  storage::ExemplarQueryable& exemplars() override { return *store_; }
  std::vector<BlockFacts> blocks() const override { return block_facts; }
  engine::Engine& engine() override { return engine_; }
  const scrape::Manager& scrape() const override { return manager; }
  HeadFacts head() const override { return {1, 2, 3, 4, 5}; }
  head::Cardinality cardinality(std::size_t limit) const override {
    return store_->cardinality(limit);
  }
  Status DeleteSeries(model::TimeRange range, std::span<const model::Matcher> matchers) override {
    std::string text = fmt::format("{} {}", range.from, range.until);
    for (const model::Matcher& matcher : matchers) text += " " + matcher.ToString();
    deletions.push_back(text);
    return admin_status;
  }
  Status CleanTombstones(std::stop_token) override {
    ++clean_count;
    return admin_status;
  }
  Result<std::string> Snapshot(SnapshotHead head) override {
    if (!admin_status.ok()) return Error(admin_status.error());
    return std::string(head == SnapshotHead::kLeftOut ? "blocks" : "all");
  }
  Result<std::vector<model::RelabelRule>> relabel_rules(std::string_view job) const override {
    if (job == "gone") return Error{ErrorCode::kNotFound, "scrape pool \"gone\" not found"};
    return rules;
  }
  std::string config_yaml() const override { return "global: {}\n"; }
  bool has_rules() const override { return rules_configured; }
  bool has_alerting() const override { return false; }
  std::vector<std::pair<std::string, std::string>> flags() const override {
    return {{"flag1", "value1"}};
  }
  RuntimeFacts runtime() const override { return {}; }
  BuildFacts build() const override { return {.version = "3.0.0"}; }
  Status Reload() override { return reload_status; }
  void RequestStop() override { ++stop_request_count; }

  FakeClock clock;
  FakeManager manager;
  bool ready = true;
  bool stopping = false;
  bool rules_configured = false;
  Status reload_status;
  int stop_request_count = 0;
  Status admin_status;
  std::vector<BlockFacts> block_facts;
  std::vector<model::RelabelRule> rules;
  std::vector<std::string> deletions;
  int clean_count = 0;

 private:
  std::unique_ptr<head::Head> store_;
  engine::Engine engine_{{}, clock};
};

// The whole body of an answer, streamed or not.
inline std::string BodyOf(const http::Response& response) {
  if (!response.stream) return response.body;
  struct Collector final : http::BodyWriter {
    Status Write(std::string_view bytes) override {
      body += bytes;
      return Ok();
    }
    std::string body;
  } collector;
  EXPECT_TRUE(response.stream(collector).ok());
  return collector.body;
}

}  // namespace narthex::api

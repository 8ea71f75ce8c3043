// What all parts of one evaluation share: the store, the limits, the notes for the user.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/alive.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/engine.h"
#include "ledger.h"
#include "needs.h"
#include "promql/ast.h"
#include "promql/position.h"
#include "steps.h"
#include "storage/querier.h"

namespace narthex::engine {

// Start, end and step of the query as given; @ start(), range() and step() refer to them.
struct QueryTimes {
  model::TimestampMs start = 0;
  model::TimestampMs end = 0;
  std::int64_t step_ms = 0;  // 0: an instant query
};

// Samples counted while they are taken from the store, by the names of QueryStats. Subqueries whose
// steps lie in gaps count here, and what an @ pins counts once.
struct TakenSamples {
  std::size_t read = 0;
  std::size_t queryable = 0;

  void Add(const TakenSamples& other) {
    read += other.read;
    queryable += other.queryable;
  }
};

class Crew;

// Not thread-safe: one thread. Others that work for the same evaluation have contexts of their own,
// see Fork().
class Context {
 public:
  struct Setup {
    const EngineOptions& options;
    Clock& clock;
    std::string_view query;
    QueryTimes times;
    std::chrono::milliseconds lookback;
    std::chrono::nanoseconds deadline;  // of the clock's monotonic time
    std::stop_token stop;
    Crew* crew = nullptr;                             // null: nobody helps
    bool counts_steps = false;                        // what windows hold is told by step
    const std::atomic<bool>* is_abandoned = nullptr;  // of forks
  };

  explicit Context(const Setup& setup) : setup_(setup) {}

  const EngineOptions& options() const { return setup_.options; }
  const QueryTimes& times() const { return setup_.times; }
  std::int64_t lookback_ms() const { return setup_.lookback.count(); }
  bool counts_steps() const { return setup_.counts_steps; }
  bool is_range_query() const { return setup_.times.step_ms != 0; }
  bool delays_name_removal() const { return setup_.options.delays_name_removal; }

  Crew* crew() const { return setup_.crew; }
  // For a thread that helps: the same limits, nothing held, no querier and nobody to ask for help.
  // What it does is in vain, too, once `is_abandoned`, which must outlive it.
  std::unique_ptr<Context> Fork(const std::atomic<bool>* is_abandoned) const;
  // Takes over what `other`, a fork whose work is done, has counted and noted.
  void Join(const Context& other);

  // For rows that are evaluated once more and count as they did the first time: a context that
  // reads from the same store, holds what it holds here, and whose ledger and notes are for nobody.
  // Expressions are opened in it as here now. Must not outlive this one.
  std::unique_ptr<Context> Repeat();

  storage::Querier& querier() { return repeated_ != nullptr ? repeated_->querier() : *querier_; }
  // To be called before anything is evaluated.
  void CountSteps() { setup_.counts_steps = true; }
  void SetQuerier(std::unique_ptr<storage::Querier> querier) { querier_ = std::move(querier); }

  // Fails once the query is canceled or its time is over. Cheap enough for once a series.
  Status CheckAlive() const;
  // The same for others to ask, on any thread while the query runs.
  AliveCheck alive_check() const;

  // Accounts for samples held in memory, whatever upstream would hold; fails at the limit, or at
  // `kHeldFreely` where the limit is less. Release what is freed.
  Status Hold(std::size_t sample_count);
  void Release(std::size_t sample_count);
  // Accounts for samples that are kept to spare work, beside those held; false if they would be
  // more than kKeptSamplesMax: they are not to be kept then. GiveUp() what is freed.
  bool Keep(std::size_t sample_count);
  void GiveUp(std::size_t sample_count) { kept_ -= sample_count; }
  // Whether that many steps can be held at all; keeps a subquery from asking for the impossible.
  Status CheckStepCount(std::size_t step_count) const;
  // Most that was held, by this context and those joined.
  std::size_t held_peak() const { return held_peak_; }
  // What the samples limit counts, by upstream's rules.
  Ledger& ledger() { return ledger_; }
  // For queries that fail: the ledger is complete at the end only. Those of forks come when these
  // are joined.
  TakenSamples& taken() { return repeated_ != nullptr ? repeated_->taken() : taken_; }

  // Threads that compute rows ahead for this evaluation.
  class Helpers {
   public:
    virtual ~Helpers() = default;
    // None of them works when it returns, and none will. What they took from the store is counted.
    virtual void End() = 0;
  };
  // `helpers` must live until they are removed.
  void AddHelpers(Helpers& helpers);
  void RemoveHelpers(Helpers& helpers);
  // Once nobody asks for more rows.
  void EndHelpers();

  // While it lives, expressions are opened inside of a subquery.
  class SubqueryScope {
   public:
    explicit SubqueryScope(Context& context) : context_(context) { ++context_.subquery_depth_; }
    ~SubqueryScope() { --context_.subquery_depth_; }
    SubqueryScope(const SubqueryScope&) = delete;
    SubqueryScope& operator=(const SubqueryScope&) = delete;

   private:
    Context& context_;
  };
  // Whether a window around what is opened now counts as queryable, not the samples inside.
  bool is_in_subquery() const { return subquery_depth_ > 0; }

  // While it lives, expressions are opened that end long before the query does.
  class EarlyEnd {
   public:
    explicit EarlyEnd(Context& context) : context_(context) { ++context_.early_end_depth_; }
    ~EarlyEnd() { --context_.early_end_depth_; }
    EarlyEnd(const EarlyEnd&) = delete;
    EarlyEnd& operator=(const EarlyEnd&) = delete;

   private:
    Context& context_;
  };
  // Whether what is opened now is dropped at its end, while the query goes on.
  bool ends_early() const { return early_end_depth_ > 0; }

  // While it lives, expressions are opened inside of something with such a need.
  class HistogramUse {
   public:
    HistogramUse(Context& context, HistogramNeed need) : context_(context), need_(need) {
      ++context_.need_counts_[static_cast<std::size_t>(need_)];
    }
    ~HistogramUse() { --context_.need_counts_[static_cast<std::size_t>(need_)]; }
    HistogramUse(const HistogramUse&) = delete;
    HistogramUse& operator=(const HistogramUse&) = delete;

   private:
    Context& context_;
    const HistogramNeed need_;
  };
  // Whether count, sum and resets are all that will be looked at of what is opened now.
  bool needs_totals_only() const {
    return need_counts_[static_cast<std::size_t>(HistogramNeed::kTotals)] > 0 &&
           need_counts_[static_cast<std::size_t>(HistogramNeed::kBuckets)] == 0;
  }

  // Notes for the user, shown with the position in the query.
  void Warn(std::string_view message, promql::PositionRange position);
  void Inform(std::string_view message, promql::PositionRange position);
  // The same, but told with how often it was said.
  void WarnCounted(std::string_view message, promql::PositionRange position);
  // Buckets whose counts fell with rising bounds, at one step.
  struct ForcedBuckets {
    double lowest_bound = 0;
    double highest_bound = 0;
    double greatest_fall = 0;
    model::TimestampMs time = 0;
  };
  // One note tells of all that were forced.
  void InformForced(std::string_view message, const ForcedBuckets& forced,
                    promql::PositionRange position);
  std::vector<std::string> warnings() const { return TextsOf(warnings_); }
  std::vector<std::string> infos() const { return TextsOf(infos_); }

  // Milliseconds, what is less cut off: may be 0; calculated where it is an expression.
  // Errors: kInvalidArgument  not positive although it must be, or out of range
  Result<std::int64_t> Resolve(const promql::DurationValue& duration, bool must_be_positive) const;

  // The name of `labels` as annotations tell it: ` for metric name "x"`, empty where names are
  // gone.
  std::string ForMetric(const model::LabelSet& labels) const;

 private:
  static Status CheckAlive(const std::stop_token& stop, const Clock& clock,
                           std::chrono::nanoseconds deadline,
                           const std::atomic<bool>* is_abandoned);

  // A note is shown once, wherever it was said; the place is that of the last in the query.
  struct Note {
    std::size_t position = 0;
    std::size_t count = 0;  // of a counted note
    std::optional<ForcedBuckets> forced;
    model::TimestampMs forced_until = 0;
    std::size_t forced_count = 0;
  };
  using Notes = std::map<std::string, Note, std::less<>>;

  static void JoinNotes(const Notes& from, Notes& into);
  static void AddForced(const ForcedBuckets& forced, model::TimestampMs until, std::size_t count,
                        Note& note);
  static Note& NoteOf(Notes& notes, std::string text, promql::PositionRange position);
  std::vector<std::string> TextsOf(const Notes& notes) const;

  Setup setup_;
  Context* repeated_ = nullptr;  // not null: this is a Repeat() of it
  std::unique_ptr<storage::Querier> querier_;
  std::array<std::size_t, 3> need_counts_ = {};
  std::size_t held_ = 0;
  std::size_t held_peak_ = 0;
  std::size_t kept_ = 0;
  Ledger ledger_;
  TakenSamples taken_;
  std::vector<Helpers*> helpers_;
  std::size_t subquery_depth_ = 0;
  std::size_t early_end_depth_ = 0;
  Notes warnings_;
  Notes infos_;
};

// The samples limit is about memory: what takes 16 MiB need not be refused on its account.
constexpr std::size_t kHeldFreely = std::size_t{1} << 20;
// Of a query: 1 MiB of values, which a processor has near. Beyond that to keep them costs what reading
// once more does.
constexpr std::size_t kKeptSamplesMax = std::size_t{128} << 10;

Error TooManySamples();

// An error of the data, not of the query.
Error ExecutionError(std::string message);

}  // namespace narthex::engine

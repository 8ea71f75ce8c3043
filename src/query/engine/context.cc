#include "context.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "model/labels.h"

namespace narthex::engine {
namespace {

using promql::DurationExpr;

std::size_t FirstByte(const DurationExpr& expr) {
  return expr.left != nullptr ? FirstByte(*expr.left) : expr.position.start;
}
std::size_t EndOfLastByte(const DurationExpr& expr) {
  return expr.right == nullptr ? expr.position.end : EndOfLastByte(*expr.right);
}

// Upstream's positions: bytes counted from 0, without the parentheses around operands.
Error DurationError(const DurationExpr& expr, std::string_view reason) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("{}:{}: {}", FirstByte(expr), EndOfLastByte(expr), reason)};
}

Result<double> Evaluate(const DurationExpr& expr, const QueryTimes& times) {
  using Op = DurationExpr::Op;
  double left = 0;
  double right = 0;
  if (expr.left != nullptr) {
    NARTHEX_ASSIGN_OR_RETURN(left, Evaluate(*expr.left, times));
  }
  if (expr.right != nullptr) {
    NARTHEX_ASSIGN_OR_RETURN(right, Evaluate(*expr.right, times));
  }
  switch (expr.op) {
    case Op::kNumber:
      return expr.seconds;
    case Op::kAdd:
      return left + right;
    case Op::kSub:
      return left - right;
    case Op::kMul:
      return left * right;
    case Op::kDiv:
      if (right == 0) return DurationError(expr, "division by zero");
      return left / right;
    case Op::kMod:
      if (right == 0) return DurationError(expr, "modulo by zero");
      return std::fmod(left, right);
    case Op::kPow:
      return std::pow(left, right);
    case Op::kStep:
      return static_cast<double>(times.step_ms) / 1000;
    case Op::kRange:
      return static_cast<double>(times.end - times.start) / 1000;
    // With NaN both are NaN, which is refused, as infinities are.
    case Op::kMinOf:
      return std::isnan(left) || std::isnan(right) ? left + right : std::min(left, right);
    case Op::kMaxOf:
      return std::isnan(left) || std::isnan(right) ? left + right : std::max(left, right);
  }
  return 0.0;
}

// 2^63 ns, the longest duration upstream can hold.
constexpr double kLongestSeconds = 9223372036.854775807;

}  // namespace

Error ExecutionError(std::string message) {
  return {ErrorCode::kFailedPrecondition, std::move(message)};
}

std::unique_ptr<Context> Context::Fork(const std::atomic<bool>* is_abandoned) const {
  Setup setup = setup_;
  setup.is_abandoned = is_abandoned;
  setup.crew = nullptr;
  return std::make_unique<Context>(setup);
}

std::unique_ptr<Context> Context::Repeat() {
  auto again = std::make_unique<Context>(setup_);
  again->repeated_ = this;
  again->need_counts_ = need_counts_;
  again->subquery_depth_ = subquery_depth_;
  again->early_end_depth_ = early_end_depth_;
  return again;
}

void Context::Join(const Context& other) {
  held_peak_ = std::max(held_peak_, held_ + kept_ + other.held_peak_);
  ledger_.JoinWindows(other.ledger_);
  taken_.Add(other.taken_);
  JoinNotes(other.warnings_, warnings_);
  JoinNotes(other.infos_, infos_);
}

void Context::JoinNotes(const Notes& from, Notes& into) {
  for (const auto& [message, note] : from) {
    Note& all = into[message];
    all.position = std::max(all.position, note.position);
    all.count += note.count;
    if (note.forced) AddForced(*note.forced, note.forced_until, note.forced_count, all);
  }
}

void Context::AddForced(const ForcedBuckets& forced, model::TimestampMs until, std::size_t count,
                        Note& note) {
  note.forced_count += count;
  if (!note.forced) {
    note.forced = forced;
    note.forced_until = until;
    return;
  }
  ForcedBuckets& all = *note.forced;
  all.lowest_bound = std::min(all.lowest_bound, forced.lowest_bound);
  all.highest_bound = std::max(all.highest_bound, forced.highest_bound);
  all.greatest_fall = std::max(all.greatest_fall, forced.greatest_fall);
  all.time = std::min(all.time, forced.time);
  note.forced_until = std::max(note.forced_until, until);
}

Status Context::CheckAlive(const std::stop_token& stop, const Clock& clock,
                           std::chrono::nanoseconds deadline,
                           const std::atomic<bool>* is_abandoned) {
  const bool is_in_vain = is_abandoned != nullptr && is_abandoned->load(std::memory_order_relaxed);
  if (is_in_vain || stop.stop_requested()) {
    return Error{ErrorCode::kCanceled, "query was canceled in query execution"};
  }
  if (clock.Monotonic() >= deadline) {
    return Error{ErrorCode::kDeadlineExceeded, "query timed out in query execution"};
  }
  return Ok();
}

Status Context::CheckAlive() const {
  return CheckAlive(setup_.stop, setup_.clock, setup_.deadline, setup_.is_abandoned);
}

AliveCheck Context::alive_check() const {
  return [stop = setup_.stop, &clock = setup_.clock, deadline = setup_.deadline,
          is_abandoned = setup_.is_abandoned] {
    return CheckAlive(stop, clock, deadline, is_abandoned);
  };
}

Error TooManySamples() {
  return {ErrorCode::kResourceExhausted,
          "query processing would load too many samples into memory in query execution"};
}

Status Context::CheckStepCount(std::size_t step_count) const {
  if (step_count <= std::max(setup_.options.samples_max, kHeldFreely)) return Ok();
  return TooManySamples();
}

Status Context::Hold(std::size_t sample_count) {
  if (repeated_ != nullptr) return repeated_->Hold(sample_count);
  held_ += sample_count;
  held_peak_ = std::max(held_peak_, held_ + kept_);
  if (held_ <= std::max(setup_.options.samples_max, kHeldFreely)) return Ok();
  return TooManySamples();
}

void Context::Release(std::size_t sample_count) {
  if (repeated_ != nullptr) return repeated_->Release(sample_count);
  held_ -= sample_count;
}

bool Context::Keep(std::size_t sample_count) {
  if (kept_ + sample_count > kKeptSamplesMax) return false;
  kept_ += sample_count;
  held_peak_ = std::max(held_peak_, held_ + kept_);
  return true;
}

void Context::AddHelpers(Helpers& helpers) {
  if (repeated_ != nullptr) return repeated_->AddHelpers(helpers);
  helpers_.push_back(&helpers);
}

void Context::RemoveHelpers(Helpers& helpers) {
  if (repeated_ != nullptr) return repeated_->RemoveHelpers(helpers);
  std::erase(helpers_, &helpers);
}

void Context::EndHelpers() {
  for (Helpers* helpers : helpers_) helpers->End();
}

Context::Note& Context::NoteOf(Notes& notes, std::string text, promql::PositionRange position) {
  Note& note = notes[std::move(text)];
  note.position = std::max<std::size_t>(note.position, position.start);
  return note;
}

void Context::Warn(std::string_view message, promql::PositionRange position) {
  NoteOf(warnings_, fmt::format("PromQL warning: {}", message), position);
}

void Context::Inform(std::string_view message, promql::PositionRange position) {
  NoteOf(infos_, fmt::format("PromQL info: {}", message), position);
}

void Context::WarnCounted(std::string_view message, promql::PositionRange position) {
  ++NoteOf(warnings_, fmt::format("PromQL warning: {}", message), position).count;
}

void Context::InformForced(std::string_view message, const ForcedBuckets& forced,
                           promql::PositionRange position) {
  Note& note = NoteOf(infos_, fmt::format("PromQL info: {}", message), position);
  AddForced(forced, forced.time, 1, note);
}

std::vector<std::string> Context::TextsOf(const Notes& notes) const {
  std::vector<std::string> texts;
  for (const auto& [message, note] : notes) {
    std::string text = message;
    if (note.count > 1) text += fmt::format(" ({} occurrences)", note.count);
    if (note.forced) {
      // Times in whole seconds, as upstream shows them.
      const auto time = [](model::TimestampMs timestamp) {
        const std::string exact = FormatTimestamp(timestamp);
        return exact.substr(0, exact.find('.')) + 'Z';
      };
      text += fmt::format(
          ", from buckets {} to {}, with a max diff of {:.2g}, over {} samples from {} to {}",
          FormatDouble(note.forced->lowest_bound), FormatDouble(note.forced->highest_bound),
          note.forced->greatest_fall, note.forced_count, time(note.forced->time),
          time(note.forced_until));
    }
    text += fmt::format(" ({})", promql::LineAndColumn(setup_.query, note.position));
    texts.push_back(std::move(text));
  }
  std::ranges::sort(texts);
  return texts;
}

Result<std::int64_t> Context::Resolve(const promql::DurationValue& duration,
                                      bool must_be_positive) const {
  if (duration.expr == nullptr) return std::int64_t{duration.value.count()};
  const DurationExpr& expr = *duration.expr;
  NARTHEX_ASSIGN_OR_RETURN(const double seconds, Evaluate(expr, setup_.times));
  if (!std::isfinite(seconds)) return DurationError(expr, "duration is NaN or infinite");
  if (must_be_positive && seconds <= 0) {
    return DurationError(expr, "duration must be greater than 0");
  }
  if (std::fabs(seconds) >= kLongestSeconds) return DurationError(expr, "duration is out of range");
  return static_cast<std::int64_t>(seconds * 1000);
}

std::string Context::ForMetric(const model::LabelSet& labels) const {
  if (!delays_name_removal()) return {};
  const std::string_view name = labels.Get(model::kMetricName);
  return name.empty() ? std::string() : fmt::format(" for metric name {}", model::Quote(name));
}

}  // namespace narthex::engine

#include "head_deletions.h"

#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/log.h"

namespace narthex::tsdb {
namespace {

// The last byte is the version.
constexpr std::string_view kMagic{"NXDELS\0\1", 8};
constexpr std::size_t kChecksumSize = 4;
// Series found to have nothing left between two questions: the samples of each are decoded.
constexpr std::size_t kHiddenPerQuestion = 64;

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, std::string("deletions: ").append(what)};
}

std::optional<model::Matcher> ReadMatcher(ByteReader& reader) {
  const auto type = reader.ReadByte();
  const auto name = reader.ReadLengthPrefixed();
  const auto value = reader.ReadLengthPrefixed();
  if (!type || *type > static_cast<std::uint8_t>(model::MatchType::kNotRegex) || !name || !value) {
    return std::nullopt;
  }
  Result<model::Matcher> matcher = model::Matcher::Make(static_cast<model::MatchType>(*type),
                                                        std::string(*name), std::string(*value));
  if (!matcher.ok()) return std::nullopt;
  return *std::move(matcher);
}

std::optional<Deletion> ReadDeletion(ByteReader& reader) {
  const auto from = reader.ReadSignedVarint();
  const auto until = reader.ReadSignedVarint();
  const auto count = reader.ReadVarint();
  if (!from || !until || !count || *count > reader.remaining()) return std::nullopt;
  Deletion deletion{{*from, *until}, {}};
  for (std::uint64_t i = 0; i < *count; ++i) {
    std::optional<model::Matcher> matcher = ReadMatcher(reader);
    if (!matcher) return std::nullopt;
    deletion.matchers.push_back(*std::move(matcher));
  }
  return deletion;
}

class HidingSet final : public storage::SeriesSet {
 public:
  HidingSet(std::unique_ptr<storage::SeriesSet> set, std::shared_ptr<const Deletions> deletions,
            std::size_t series_count_max, const AliveCheck& check_alive)
      : set_(std::move(set)),
        deletions_(std::move(deletions)),
        series_count_max_(series_count_max),
        check_alive_(check_alive),
        meter_(check_alive, kHiddenPerQuestion) {}

  bool Next() override {
    if (series_count_max_ > 0 && given_count_ == series_count_max_) return false;
    while (set_->Next()) {
      ranges_.clear();
      for (const Deletion& deletion : *deletions_) {
        if (model::MatchesAll(deletion.matchers, set_->labels())) ranges_.push_back(deletion.range);
      }
      if (!ranges_.empty() && IsGone()) {
        if (!meter_.MayGoOn()) return false;
        continue;
      }
      ++given_count_;
      return true;
    }
    return false;
  }

  const model::LabelSet& labels() const override { return set_->labels(); }
  Status status() const override {
    NARTHEX_TRY(meter_.status());
    return set_->status();
  }

  Result<storage::SampleColumns> samples() override {
    NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, set_->samples());
    if (ranges_.empty()) return columns;
    times_.clear();
    values_.clear();
    histograms_.clear();
    starts_.clear();
    for (std::size_t i = 0; i < columns.values.size(); ++i) {
      if (IsHidden(columns.timestamps[i])) continue;
      times_.push_back(columns.timestamps[i]);
      values_.push_back(columns.values[i]);
      if (!columns.histograms.empty()) histograms_.push_back(columns.histograms[i]);
      if (!columns.start_timestamps.empty()) starts_.push_back(columns.start_timestamps[i]);
    }
    return storage::SampleColumns{times_, values_, 0, histograms_, starts_};
  }

  bool is_cuttable() const override { return series_count_max_ == 0 && set_->is_cuttable(); }
  std::size_t remaining_count() const override { return set_->remaining_count(); }
  model::LabelSet LabelsAhead(std::size_t index) const override { return set_->LabelsAhead(index); }
  std::unique_ptr<SeriesSet> TakeAhead(std::size_t count) override {
    return std::make_unique<HidingSet>(set_->TakeAhead(count), deletions_, 0, check_alive_);
  }

  Result<std::optional<storage::EncodedColumns>> encoded() override {
    if (ranges_.empty()) return set_->encoded();
    return std::optional<storage::EncodedColumns>();
  }

 private:
  bool IsHidden(model::TimestampMs time) const {
    return std::ranges::any_of(ranges_,
                               [&](const model::TimeRange& range) { return range.Contains(time); });
  }
  // Whether nothing of the series at the cursor is left. One that cannot be read is: reading it
  // says why.
  bool IsGone() {
    const auto columns = set_->samples();
    return columns.ok() && std::ranges::all_of(columns->timestamps, [&](model::TimestampMs time) {
             return IsHidden(time);
           });
  }

  const std::unique_ptr<storage::SeriesSet> set_;
  const std::shared_ptr<const Deletions> deletions_;
  const std::size_t series_count_max_;
  const AliveCheck check_alive_;
  AliveMeter meter_;
  std::size_t given_count_ = 0;
  std::vector<model::TimeRange> ranges_;  // hidden of the series at the cursor
  std::vector<model::TimestampMs> times_;
  std::vector<double> values_;
  std::vector<const model::FloatHistogram*> histograms_;
  std::vector<model::TimestampMs> starts_;
};

class HidingQuerier final : public storage::Querier {
 public:
  HidingQuerier(std::unique_ptr<storage::Querier> querier,
                std::shared_ptr<const Deletions> deletions)
      : querier_(std::move(querier)), deletions_(std::move(deletions)) {}

  Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                     const storage::SelectHints& hints) override {
    storage::SelectHints all = hints;
    // Series are counted when it is known that something of them is left.
    all.series_count_max = 0;
    all.is_labels_only = false;
    // The newest sample may be one that is hidden.
    all.is_newest_only = false;
    all.label_names = nullptr;
    NARTHEX_ASSIGN_OR_RETURN(auto set, querier_->Select(matchers, all));
    return std::make_unique<HidingSet>(std::move(set), deletions_, hints.series_count_max,
                                       hints.check_alive);
  }
  Result<storage::LabelList> LabelNames(std::span<const model::Matcher> matchers,
                                        const storage::ListHints& hints) override {
    return querier_->LabelNames(matchers, hints);
  }
  Result<storage::LabelList> LabelValues(std::string_view name,
                                         std::span<const model::Matcher> matchers,
                                         const storage::ListHints& hints) override {
    return querier_->LabelValues(name, matchers, hints);
  }

 private:
  const std::unique_ptr<storage::Querier> querier_;
  const std::shared_ptr<const Deletions> deletions_;
};

}  // namespace

std::string EncodeDeletions(const Deletions& deletions) {
  std::string out(kMagic);
  PutVarint(out, deletions.size());
  for (const Deletion& deletion : deletions) {
    PutSignedVarint(out, deletion.range.from);
    PutSignedVarint(out, deletion.range.until);
    PutVarint(out, deletion.matchers.size());
    for (const model::Matcher& matcher : deletion.matchers) {
      out.push_back(static_cast<char>(matcher.type()));
      PutLengthPrefixed(out, matcher.name());
      PutLengthPrefixed(out, matcher.value());
    }
  }
  PutLittleEndian32(out, Crc32c(out));
  return out;
}

Result<Deletions> DecodeDeletions(std::string_view bytes) {
  if (bytes.size() < kMagic.size() + kChecksumSize) return Damaged("file is cut short");
  const std::string_view body = bytes.substr(0, bytes.size() - kChecksumSize);
  if (*ByteReader(bytes.substr(body.size())).ReadLittleEndian32() != Crc32c(body)) {
    return Damaged("file fails its checksum");
  }
  if (!body.starts_with(kMagic)) {
    return Error{ErrorCode::kUnsupported, "deletions: file is not of a known version"};
  }
  ByteReader reader(body.substr(kMagic.size()));
  const auto count = reader.ReadVarint();
  if (!count || *count > reader.remaining()) return Damaged("malformed");
  Deletions deletions;
  for (std::uint64_t i = 0; i < *count; ++i) {
    std::optional<Deletion> deletion = ReadDeletion(reader);
    if (!deletion) return Damaged("malformed");
    deletions.push_back(*std::move(deletion));
  }
  if (!reader.empty()) return Damaged("malformed");
  return deletions;
}

HeadDeletions::HeadDeletions(io::FileSystem& files, std::string path)
    : files_(files), path_(std::move(path)), deletions_(std::make_shared<const Deletions>()) {}

std::shared_ptr<const Deletions> HeadDeletions::current() const {
  MutexLock lock(mutex_);
  return deletions_;
}

Status HeadDeletions::Open() {
  if (!io::Exists(files_, path_)) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(const std::string bytes, io::ReadFile(files_, path_));
  Result<Deletions> deletions = DecodeDeletions(bytes);
  if (!deletions.ok()) {
    LogError("tsdb", "what was deleted of the newest samples is not known and shows again",
             {{"file", path_}, {"err", deletions.error().message()}});
    return Ok();
  }
  MutexLock lock(mutex_);
  deletions_ = std::make_shared<const Deletions>(*std::move(deletions));
  return Ok();
}

Status HeadDeletions::Replace(Deletions deletions) {
  NARTHEX_TRY(io::WriteFileAtomically(files_, path_, EncodeDeletions(deletions)));
  auto shared = std::make_shared<const Deletions>(std::move(deletions));
  MutexLock lock(mutex_);
  deletions_.swap(shared);
  return Ok();
}

Status HeadDeletions::Add(Deletion deletion) {
  Deletions deletions = *current();
  if (std::ranges::find(deletions, deletion) != deletions.end()) return Ok();
  deletions.push_back(std::move(deletion));
  return Replace(std::move(deletions));
}

Status HeadDeletions::Prune(model::TimestampMs before) {
  Deletions deletions = *current();
  const auto count = std::erase_if(
      deletions, [&](const Deletion& deletion) { return deletion.range.until < before; });
  return count == 0 ? Ok() : Replace(std::move(deletions));
}

std::unique_ptr<storage::Querier> HeadDeletions::Hide(
    std::unique_ptr<storage::Querier> head) const {
  std::shared_ptr<const Deletions> deletions = current();
  if (deletions->empty()) return head;
  return std::make_unique<HidingQuerier>(std::move(head), std::move(deletions));
}

}  // namespace narthex::tsdb

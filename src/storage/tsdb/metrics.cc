#include "metrics.h"

#include <string>
#include <string_view>

namespace narthex::tsdb {
namespace {

// Families under the prefix that dashboards and alerts for this kind of server expect.
class Families {
 public:
  explicit Families(client::FamilySink& sink) : sink_(sink) {}

  void Counter(std::string_view name, std::string_view help, std::uint64_t value) {
    sink_.AddCounter(Describe(name, help), static_cast<double>(value));
  }
  // With the kind of sample as a label.
  void FloatCounter(std::string_view name, std::string_view help, std::uint64_t value) {
    sink_.AddCounter(Describe(name, help), static_cast<double>(value), {{"type", "float"}});
  }
  void Gauge(std::string_view name, std::string_view help, double value) {
    sink_.AddGauge(Describe(name, help), value);
  }
  void Gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    Gauge(name, help, static_cast<double>(value));
  }
  // In milliseconds, and in seconds under a second name.
  void Time(const std::string& name, const std::string& help, TimestampMs time) {
    Gauge(name, help + ", in milliseconds since 1970.", static_cast<double>(time));
    Gauge(name + "_seconds", help + ", in seconds since 1970.", static_cast<double>(time) / 1000);
  }
  void Summary(std::string_view name, std::string_view help, std::uint64_t count, double sum) {
    sink_.AddSummary(Describe(name, help), {{}, static_cast<double>(count), sum});
  }

 private:
  static client::Description Describe(std::string_view name, std::string_view help) {
    return {std::string("prometheus_tsdb_").append(name), std::string(help)};
  }

  client::FamilySink& sink_;
};

void AddHead(Families& out, const head::HeadStats& head) {
  const bool is_empty = head.range.empty();
  out.Gauge("head_series", "Series in the head.", head.series_count);
  out.Gauge("head_chunks", "Chunks in the head.", head.chunk_count);
  out.Counter("head_chunks_created_total", "Chunks made in the head.", head.chunks_created_count);
  out.Counter("head_chunks_removed_total", "Chunks removed from the head.",
              head.chunks_removed_count);
  out.Counter("head_series_created_total", "Series made in the head.", head.series_created_count);
  out.Counter("head_series_removed_total", "Series removed from the head.",
              head.series_removed_count);
  out.Counter("head_series_not_found_total", "Samples whose series was gone.",
              head.series_not_found_count);
  out.Time("head_min_time", "Time of the oldest sample in the head",
           is_empty ? 0 : head.range.from);
  out.Time("head_max_time", "Time of the newest sample in the head",
           is_empty ? 0 : head.range.until);
  out.Counter("head_truncations_total", "Truncations of the head.", head.truncation_count);
  out.Counter("head_truncations_failed_total",
              "Truncations of the head after which the log could not be made smaller.",
              head.truncation_failed_count);
  out.Gauge("symbol_table_size_bytes", "Bytes of distinct label names and values in the head.",
            head.symbol_bytes);
  out.FloatCounter("head_samples_appended_total", "Samples appended.", head.appended_count);
  out.Gauge("head_stale_series", "Series in the head whose newest sample says that they ended.",
            head.stale_series_count);
  out.FloatCounter("head_out_of_order_samples_appended_total",
                   "Samples appended that were older than the newest of their series.",
                   head.late_appended_count);
  out.FloatCounter("too_old_samples_total",
                   "Samples refused: older than the out-of-order window takes.",
                   head.too_old_count);
  out.FloatCounter("out_of_order_samples_total", "Samples refused: older than the newest.",
                   head.out_of_order_count);
  out.FloatCounter("out_of_bound_samples_total", "Samples refused: older than the head takes.",
                   head.out_of_bounds_count);
}

void AddExemplars(Families& out, const head::ExemplarStats& exemplars) {
  out.Counter("exemplar_exemplars_appended_total", "Exemplars appended.", exemplars.appended_count);
  out.Gauge("exemplar_exemplars_in_storage", "Exemplars held.", exemplars.count);
  out.Gauge("exemplar_series_with_exemplars_in_storage", "Series that have exemplars.",
            exemplars.series_count);
  out.Gauge("exemplar_last_exemplars_timestamp_seconds", "Time of the oldest exemplar held.",
            static_cast<double>(exemplars.oldest) / 1000);
  out.Gauge("exemplar_max_exemplars", "Exemplars that are held at most.", exemplars.count_max);
  out.Counter("exemplar_out_of_order_exemplars_total",
              "Exemplars refused: older than the newest of their series.",
              exemplars.out_of_order_count);
}

void AddLog(Families& out, const head::HeadStats& head) {
  out.Counter("wal_corruptions_total", "Stretches of the log that were damaged at start.",
              head.wal_corruption_count);
  out.Counter("wal_replay_unknown_refs_total", "Samples in the log whose series was not, at start.",
              head.unknown_reference_count);
  out.Gauge("wal_segment_current", "Segment of the log that is written.", head.wal.segment);
  out.Gauge("wal_storage_size_bytes", "Size of the log.", head.wal.size_bytes);
  out.Counter("wal_writes_failed_total", "Writes of the log that failed.",
              head.wal.write_failed_count);
  out.Summary("wal_fsync_duration_seconds", "How long syncs of the log took.",
              head.wal.sync_count + head.wal.sync_failed_count,
              std::chrono::duration<double>(head.wal.sync_duration).count());
  out.Counter("wal_truncations_total", "Times the log was made smaller.", head.checkpoint_count);
  out.Counter("wal_truncations_failed_total", "Times the log could not be made smaller.",
              head.checkpoint_failed_count);
  out.Counter("checkpoint_creations_total", "Checkpoints written.", head.checkpoint_count);
  out.Counter("checkpoint_creations_failed_total", "Checkpoints that could not be written.",
              head.checkpoint_failed_count);
}

}  // namespace

void TsdbCollector::Collect(client::FamilySink& sink) {
  const TsdbStats stats = store_.stats();
  Families out(sink);
  AddHead(out, stats.head);
  AddExemplars(out, stats.head.exemplars);
  AddLog(out, stats.head);
  out.Gauge("blocks_loaded", "Blocks that queries read.", stats.block_count);
  out.Gauge("storage_blocks_bytes", "Size of all blocks.", stats.block_bytes);
  out.Counter("compactions_total", "Blocks cut from the head or merged.", stats.compaction_count);
  out.Counter("compactions_failed_total", "Blocks that could not be written.",
              stats.compaction_failed_count);
  out.Counter("compactions_triggered_total", "Merges that were due.", stats.merge_triggered_count);
  out.Counter("compactions_skipped_total", "Merges for which the disk had too little room.",
              stats.merge_skipped_count);
  out.Counter("vertical_compactions_total", "Merges of blocks that overlap.",
              stats.overlap_merge_count);
  out.Gauge("compaction_populating_block", "1 while a block is written.",
            stats.is_writing_block ? 1.0 : 0.0);
  out.Gauge("clean_start", "0 if the process before did not end in order, else 1.",
            stats.was_left_behind ? 0.0 : 1.0);
  out.Counter("reloads_total", "Looks at the folder for blocks put in or taken out.",
              stats.refresh_count);
  out.Counter("reloads_failures_total", "Looks at the folder that failed.",
              stats.refresh_failed_count);
  out.Counter("time_retentions_total", "Blocks deleted for their age.", stats.time_retention_count);
  out.Counter("size_retentions_total", "Blocks deleted for the size of all.",
              stats.size_retention_count);
  out.Counter("mmap_chunk_corruptions_total", "Pages of blocks that failed their checks when read.",
              stats.damaged_page_count);
  out.Gauge("retention_limit_seconds", "Age at which blocks are deleted; 0 is never.",
            static_cast<double>(stats.retention_time.count()) / 1000);
  out.Gauge("retention_limit_bytes", "Size above which blocks are deleted; 0 is never.",
            stats.retention_size_bytes);
  out.Gauge("retention_limit_percentage",
            "Share of the disk above which blocks are deleted; 0 is never.",
            stats.retention_percentage);
  out.Gauge("data_replay_duration_seconds", "How long reading the folder took at start.",
            static_cast<double>(stats.replay_duration.count()) / 1000);
  out.Time("lowest_timestamp", "Time of the oldest sample of all", stats.oldest);
}

}  // namespace narthex::tsdb

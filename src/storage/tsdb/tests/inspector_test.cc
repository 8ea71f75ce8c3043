// Dump, analysis and verification of a folder.
#include "tsdb/inspector.h"

#include "test_store.h"

namespace narthex::tsdb {
namespace {

// Collects what is written.
class Output {
 public:
  WriteText write() {
    return [this](std::string_view part) {
      text.append(part);
      return Ok();
    };
  }
  std::string text;
};

// All files below, with their bytes.
std::map<std::string, std::string> Content(const std::string& directory) {
  std::map<std::string, std::string> files;
  const auto entries = io::SystemFiles().List(directory);
  for (const auto& entry : *entries) {
    const std::string path = io::JoinPath(directory, entry.name);
    if (entry.is_directory) {
      files.merge(Content(path));
    } else {
      files[path] = io::ReadFile(io::SystemFiles(), path).value();
    }
  }
  return files;
}

std::string Dump(const std::string& directory, const DumpOptions& options) {
  FakeClock clock;
  const auto inspector = Inspector::Open(io::SystemFiles(), clock, directory);
  EXPECT_TRUE(inspector.ok()) << inspector.error().message();
  Output output;
  EXPECT_TRUE((*inspector)->Dump(options, output.write()).ok());
  return output.text;
}

TEST(Inspector, DumpsSamplesOfHeadAndBlocksAndChangesNothing) {
  const io::TemporaryDirectory directory;
  {
    TestStore t(directory.path());
    t.AppendRange(0, 5 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
  }
  const auto before = Content(directory.path());
  const model::TimeRange range{2 * kHour - kStep, 2 * kHour};
  const auto some = [](const char* value) {
    return std::vector<model::Matcher>{model::Matcher::Equal("i", value)};
  };
  using Format = DumpOptions::Format;
  const struct {
    std::string name;
    DumpOptions options;
    std::string want;
  } cases[] = {
      {"one series, over the edge of a block",
       {range, {some("0")}, Format::kProm},
       "{__name__=\"m\", i=\"0\"} 7.14e+06 7140000\n{__name__=\"m\", i=\"0\"} 7.2e+06 7200000\n"},
      {"two selectors, a series of both once",
       {{7'200'000, 7'200'000}, {some("1"), some("3"), some("1")}, Format::kProm},
       "{__name__=\"m\", i=\"1\"} 1 7200000\n{__name__=\"m\", i=\"3\"} 7200 7200000\n"},
      {"OpenMetrics",
       {range, {some("1")}, Format::kOpenMetrics},
       "m{i=\"1\"} 1 7140\nm{i=\"1\"} 1 7200\n# EOF\n"},
      {"nothing", {range, {some("9")}, Format::kProm}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Dump(directory.path(), c.options), c.want);
  }
  const std::string all = Dump(directory.path(), {});
  EXPECT_EQ(std::ranges::count(all, '\n'), 4 * 300);
  EXPECT_EQ(Content(directory.path()), before);
}

TEST(Inspector, AnErrorOfTheOutputEndsTheDump) {
  const io::TemporaryDirectory directory;
  {
    TestStore t(directory.path());
    t.AppendRange(0, kHour);
  }
  FakeClock clock;
  const auto inspector = Inspector::Open(io::SystemFiles(), clock, directory.path());
  const WriteText write = [](std::string_view) -> Status {
    return Error{ErrorCode::kIo, "closed"};
  };
  EXPECT_EQ((*inspector)->Dump({}, write).code(), ErrorCode::kIo);
}

TEST(Inspector, RefusesFoldersInUseOrWithoutAStore) {
  FakeClock clock;
  Output output;
  const io::TemporaryDirectory directory;
  EXPECT_EQ(Inspector::Open(io::SystemFiles(), clock, directory.path()).code(),
            ErrorCode::kNotFound);
  EXPECT_EQ(Verify(io::SystemFiles(), directory.path(), output.write()).code(),
            ErrorCode::kNotFound);
  TestStore t(directory.path());
  EXPECT_EQ(Inspector::Open(io::SystemFiles(), clock, directory.path()).code(),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Verify(io::SystemFiles(), directory.path(), output.write()).code(),
            ErrorCode::kFailedPrecondition);
}

TEST(Inspector, AnalysesEachBlockAndTheHead) {
  const io::TemporaryDirectory directory;
  {
    TestStore t(directory.path());
    t.AppendRange(0, 5 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
  }
  FakeClock clock;
  const auto inspector = Inspector::Open(io::SystemFiles(), clock, directory.path());
  ASSERT_TRUE(inspector.ok());
  Output output;
  ASSERT_TRUE((*inspector)->Analyze({.limit = 2}, output.write()).ok());
  for (const char* want :
       {": 1970-01-01T00:00:00.000Z to 1970-01-01T02:00:00.000Z (2h)\n           4 series\n"
        "         480 samples\n           2 label names\n           5 label pairs\n"
        "           8 label pairs of all series\n",
        "head: 1970-01-01T02:00:00.000Z to ",
        "Label pairs with the most series:\n           4 __name__=m\n           1 i=0\n\n",
        "Metric names with the most series:\n           4 m\n"}) {
    EXPECT_NE(output.text.find(want), std::string::npos) << want << "\n" << output.text;
  }
  Output head;
  ASSERT_TRUE((*inspector)->Analyze({.block = "head"}, head.write()).ok());
  EXPECT_TRUE(head.text.starts_with("head: "));
  EXPECT_EQ((*inspector)->Analyze({.block = "01XYZ"}, head.write()).code(), ErrorCode::kNotFound);
}

TEST(Verify, FindsDamageAndSaysWhere) {
  const io::TemporaryDirectory directory;
  {
    TestStore t(directory.path());
    t.AppendRange(0, 5 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
  }
  Output sound;
  const auto report = Verify(io::SystemFiles(), directory.path(), sound.write());
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->damage_count, 0u);
  EXPECT_EQ(report->block_count, 1u);
  EXPECT_EQ(report->series_count, 4u);
  EXPECT_EQ(report->sample_count, 480u);
  EXPECT_GT(report->log_record_count, 0u);
  EXPECT_EQ(sound.text, "");

  for (const auto& [path, bytes] : Content(directory.path())) {
    if (path.ends_with("/lock")) continue;
    SCOPED_TRACE(path);
    std::string damaged = bytes;
    // Behind the head of the file, before its end: the end of a log may be torn without fault.
    damaged[damaged.size() / 3] = static_cast<char>(damaged[damaged.size() / 3] ^ 8);
    ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), path, damaged).ok());
    Output output;
    const auto found = Verify(io::SystemFiles(), directory.path(), output.write());
    ASSERT_TRUE(found.ok());
    if (bytes.size() > 64) {
      EXPECT_GT(found->damage_count, 0u);
      EXPECT_NE(output.text.find(std::string(io::ParentPath(path))), std::string::npos)
          << output.text;
    }
    ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), path, bytes).ok());
  }
}

}  // namespace
}  // namespace narthex::tsdb

// Files that people use must be understood: dashboards keep all they hold, provisioning files load.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "corpus.h"
#include "dashboard/document.h"
#include "dashboard/provisioning_file.h"
#include "json/reader.h"

namespace narthex::dashboard {
namespace {

namespace fs = std::filesystem;

fs::path Corpus() { return conformance::CorpusRoot(); }

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// JSON without the white space between its tokens: what a faithful copy may differ in.
std::string Squeezed(std::string_view text) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string || std::string_view(" \t\r\n").find(text[i]) == std::string_view::npos)
      out.push_back(text[i]);
    if (in_string && text[i] == '\\')
      out.push_back(text[++i]);
    else if (text[i] == '"')
      in_string = !in_string;
  }
  return out;
}

// The spellings of a character in a string that mean the same and that the writer unifies.
bool HasEscapes(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos;
       at = text.find('\\', at + 2)) {
    if (std::string_view("\"\\nrt").find(text[at + 1]) == std::string_view::npos) return true;
  }
  return false;
}

TEST(Conformance, DashboardsComeBackAsTheyAre) {
  const fs::path folder = Corpus() / "dashboards";
  NARTHEX_NEED_CORPUS(folder);
  int count = 0;
  int exact = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json" || entry.path().filename() == "INDEX.json") continue;
    SCOPED_TRACE(entry.path().filename().string());
    ++count;
    const std::string text = ReadAll(entry.path());
    auto document = json::Parse(text);
    ASSERT_TRUE(document.ok()) << document.error().message();
    EXPECT_TRUE(Summarise(*document).ok());
    auto again = json::Parse(json::Print(*document));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(*again, *document);
    if (!HasEscapes(text)) {
      ++exact;
      EXPECT_EQ(json::Print(*document), Squeezed(text));
    }
  }
  EXPECT_EQ(count, 87);
  EXPECT_GT(exact, 60);
}

TEST(Conformance, ProvisioningFilesLoad) {
  const fs::path folder = Corpus() / "provisioning";
  NARTHEX_NEED_CORPUS(folder);
  const VariableSource source = {
      [](std::string_view) { return std::nullopt; },
      [](std::string_view) -> Result<std::string> { return std::string(); }};
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yml" && entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path().string());
    ++count;
    const std::string text = ReadAll(entry.path());
    if (entry.path().parent_path().filename() == "datasources") {
      auto file = ParseDatasourceFile(text, source);
      ASSERT_TRUE(file.ok()) << file.error().message();
      EXPECT_FALSE(file->datasources.empty());
    } else {
      auto file = ParseProviderFile(text, source);
      ASSERT_TRUE(file.ok()) << file.error().message();
      EXPECT_FALSE(file->providers.empty());
    }
  }
  EXPECT_EQ(count, 7);
}

}  // namespace
}  // namespace narthex::dashboard

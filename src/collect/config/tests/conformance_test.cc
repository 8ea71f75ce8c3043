// Configuration files of upstream's tests and of public use: what loads, what is refused and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "config/load.h"
#include "corpus.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

namespace narthex::config {
namespace {

namespace fs = std::filesystem;

fs::path Corpus() { return conformance::CorpusRoot() / "config"; }

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

// JSON is YAML.
yaml::Node ReadJson(const fs::path& path) {
  Result<yaml::Document> document = yaml::Parse(ReadAll(path));
  if (!document.ok()) ADD_FAILURE() << path << ": " << document.error().message();
  return document.ok() ? std::move(document->root) : yaml::Node();
}

std::set<std::string> NotYet() {
  std::set<std::string> ids;
  std::ifstream file(NARTHEX_TESTDATA "/conformance_not_yet.txt");
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && !line.starts_with('#')) ids.insert(line.substr(0, line.find(' ')));
  }
  return ids;
}

const yaml::Node* At(const yaml::Node& root, const std::string& path) {
  const yaml::Node* node = &root;
  std::istringstream parts(path);
  for (std::string part; node != nullptr && std::getline(parts, part, '.');) {
    if (node->is_sequence()) {
      const std::size_t i = static_cast<std::size_t>(part[0] - '0');
      node = i < node->items().size() ? &node->items()[i] : nullptr;
    } else {
      node = node->Find(part);
    }
  }
  return node;
}

bool SameValue(const yaml::Node& a, const yaml::Node& b) {
  if (a.items().size() != b.items().size()) return false;
  for (std::size_t i = 0; i < a.items().size(); ++i) {
    if (!SameValue(a.items()[i], b.items()[i])) return false;
  }
  return a.text() == b.text();
}

// Why the case does not hold; empty if it does.
std::string Judge(const yaml::Node& test) {
  const fs::path file = Corpus() / "files" / test.Find("file")->text();
  const yaml::Node* mode = test.Find("mode");
  const Result<LoadedConfig> loaded =
      LoadFile(file.string(), {.is_agent = mode != nullptr && mode->text() == "agent"});
  if (test.Find("ok")->text() == "false") {
    if (loaded.ok()) return "was accepted";
    std::string want = test.Find("error_contains")->text();
    if (const std::size_t at = want.find("testdata/"); at != std::string::npos) {
      want.replace(at, 9, (Corpus() / "files/").string());
    }
    return loaded.error().message().find(want) != std::string::npos
               ? ""
               : "says: " + loaded.error().message();
  }
  if (!loaded.ok()) return "was refused: " + loaded.error().message();
  const yaml::Node* facts = test.Find("facts");
  if (facts == nullptr || facts->Find("round trip") != nullptr) return "";
  for (const yaml::Member& fact : facts->members()) {
    const yaml::Node* value = At(loaded->config.effective, fact.key);
    if (value == nullptr || !SameValue(*value, fact.value)) {
      return fact.key + " is " + (value == nullptr ? "missing\n" : yaml::Emit(*value));
    }
  }
  return "";
}

TEST(ConfigConformance, Cases) {
  NARTHEX_NEED_CORPUS(Corpus());
  const std::set<std::string> not_yet = NotYet();
  const yaml::Node table = ReadJson(Corpus() / "cases.json");
  int passed_count = 0;
  for (const yaml::Node& test : table.Find("cases")->items()) {
    const std::string id = test.Find("id")->text();
    const std::string fault = Judge(test);
    passed_count += fault.empty();
    if (not_yet.contains(id)) {
      EXPECT_NE(fault, "") << id << " is listed in conformance_not_yet.txt and passes";
    } else {
      EXPECT_EQ(fault, "") << id << " " << test.Find("file")->text();
    }
  }
  RecordProperty("passed", passed_count);
  fmt::print("{} of {} cases pass\n", passed_count, table.Find("cases")->items().size());
}

TEST(ConfigConformance, FilesInPublicUseLoad) {
  NARTHEX_NEED_CORPUS(Corpus());
  for (const fs::directory_entry& entry : fs::directory_iterator(Corpus() / "real")) {
    if (entry.path().extension() != ".yml") continue;
    const Result<LoadedConfig> loaded = LoadFile(entry.path().string());
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message());
  }
}

TEST(ConfigConformance, HttpClientSettings) {
  NARTHEX_NEED_CORPUS(Corpus());
  const yaml::Node table = ReadJson(Corpus() / "http_client.json");
  for (const yaml::Node& test : table.Find("cases")->items()) {
    const std::string file = test.Find("file")->text();
    SCOPED_TRACE(file);
    const yaml::Node settings = ReadJson(Corpus() / "http_client" / file);
    yaml::Node root = yaml::Node::Mapping();
    yaml::Node& scrape =
        root.Set("scrape_configs", yaml::Node::Sequence()).Append(yaml::Node::Mapping());
    scrape.Set("job_name", yaml::Node::Scalar("x"));
    if (file.starts_with("tls_config")) {
      scrape.Set("tls_config", settings);
    } else {
      for (const yaml::Member& member : settings.members()) scrape.Set(member.key, member.value);
    }
    const Result<LoadedConfig> loaded = LoadText(yaml::Emit(root), file, "");
    if (test.Find("ok")->text() == "true") {
      EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message());
      continue;
    }
    ASSERT_FALSE(loaded.ok());
    EXPECT_THAT(loaded.error().message(), testing::HasSubstr(test.Find("error_contains")->text()));
  }
}

// What is shown as the configuration in force loads as the same configuration.
TEST(ConfigConformance, EffectiveTreeRoundTrips) {
  NARTHEX_NEED_CORPUS(Corpus());
  for (const char* name : {"roundtrip.good.yml", "conf.good.yml"}) {
    SCOPED_TRACE(name);
    const std::string dir = (Corpus() / "files").string();
    const Result<LoadedConfig> first = LoadFile(dir + "/" + name);
    ASSERT_TRUE(first.ok()) << first.error().message();
    const Result<LoadedConfig> second = LoadText(yaml::Emit(first->config.effective), name, dir);
    ASSERT_TRUE(second.ok()) << second.error().message();
    EXPECT_EQ(yaml::Emit(first->config.effective), yaml::Emit(second->config.effective));
    ASSERT_EQ(first->config.scrape_configs.size(), second->config.scrape_configs.size());
    for (std::size_t i = 0; i < first->config.scrape_configs.size(); ++i) {
      EXPECT_EQ(first->config.scrape_configs[i].relabel_configs,
                second->config.scrape_configs[i].relabel_configs);
      EXPECT_EQ(first->config.scrape_configs[i].static_configs,
                second->config.scrape_configs[i].static_configs);
      EXPECT_EQ(first->config.scrape_configs[i].limits, second->config.scrape_configs[i].limits);
    }
  }
}

}  // namespace
}  // namespace narthex::config

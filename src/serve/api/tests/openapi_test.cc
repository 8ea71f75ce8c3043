// The description of the API: complete, well-formed, in two editions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "endpoints.h"
#include "fake_backend.h"
#include "handlers.h"
#include "yaml/parse.h"

namespace narthex::api {
namespace {

using Operations = std::set<std::string>;  // "get /query"

constexpr std::string_view kPathPrefix = "/api/v1";

// A path as a description has it: parts such as :name in braces.
std::string WithBraces(std::string_view path) {
  std::string text;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view part = path.substr(0, end);
    text += part.starts_with("/:") ? fmt::format("/{{{}}}", part.substr(2)) : std::string(part);
    path.remove_prefix(end);
  }
  return text;
}

std::string_view OperationName(http::Method method) {
  switch (method) {
    case http::Method::kPost:
      return "post";
    case http::Method::kPut:
      return "put";
    default:
      return "get";
  }
}

class OpenApi : public testing::Test {
 protected:
  OpenApi() {
    options_.metrics = [](const http::Request&) { return http::Response(); };
    options_.has_search = true;
    options_.has_admin = true;
    options_.external_scheme = "https";
    options_.external_host = "monitor.example.com";
    options_.external_path = "/prom";
    options_.assets = {};
    AddAllRoutes(routes_, backend_, backend_.clock, options_);
  }

  Operations Registered() const {
    Operations operations;
    for (const Routes::Added& added : routes_.added()) {
      if (!added.path.starts_with(kPathPrefix)) continue;
      operations.insert(fmt::format("{} {}", OperationName(added.method),
                                    WithBraces(added.path.substr(kPathPrefix.size()))));
    }
    return operations;
  }

  http::Response Answer(std::string_view version) const {
    http::Request request;
    request.target = request.path = "/api/v1/openapi.yaml";
    if (!version.empty()) request.query.Add("openapi_version", std::string(version));
    return router_.Answer(request);
  }

  yaml::Node Parsed(std::string_view version) const {
    Result<yaml::Document> document = yaml::Parse(Answer(version).body);
    EXPECT_TRUE(document.ok()) << (document.ok() ? "" : document.error().message());
    return document.ok() ? std::move(document->root) : yaml::Node();
  }

  FakeBackend backend_;
  http::Router router_;
  ApiOptions options_;
  Routes routes_{router_, backend_, ""};
};

// API-045
TEST_F(OpenApi, DescribesWhatIsRegisteredAndNothingElse) {
  for (const std::string_view version : {"3.1", "3.2"}) {
    Operations described;
    const yaml::Node tree = Parsed(version);
    for (const yaml::Member& path : tree.Find("paths")->members()) {
      for (const yaml::Member& operation : path.value.members())
        described.insert(fmt::format("{} {}", operation.key, path.key));
    }
    EXPECT_EQ(described, Registered());
  }
}

TEST_F(OpenApi, IsOfTheEditionThatIsAskedFor) {
  const struct {
    std::string asked;
    std::string given;
    bool has_summary;  // of tags, which 3.1 does not know
  } cases[] = {
      {"", "3.1.0", false},   {"3.1", "3.1.0", false},  {"3.1.0", "3.1.0", false},
      {"3.2", "3.2.0", true}, {"3.2.0", "3.2.0", true}, {"4", "3.1.0", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.asked);
    const http::Response response = Answer(c.asked);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.Get("Content-Type"), "application/yaml; charset=utf-8");
    EXPECT_EQ(response.headers.Get("Cache-Control"), "no-cache, no-store, must-revalidate");
    const yaml::Node tree = Parsed(c.asked);
    EXPECT_EQ(tree.Find("openapi")->text(), c.given);
    EXPECT_EQ(tree.Find("tags")->items().front().Find("summary") != nullptr, c.has_summary);
  }
}

TEST_F(OpenApi, NamesTheServerAsOthersReachIt) {
  const yaml::Node tree = Parsed("");
  EXPECT_EQ(tree.Find("servers")->items().front().Find("url")->text(),
            "https://monitor.example.com/prom/api/v1");
  EXPECT_EQ(tree.Find("info")->Find("version")->text(), backend_.build().version);
}

TEST_F(OpenApi, ReferencesAndTagsAreDefinedAndOperationsNamedOnce) {
  const std::string text = Answer("").body;
  const yaml::Node tree = Parsed("");
  std::set<std::string> tags;
  for (const yaml::Node& tag : tree.Find("tags")->items()) tags.emplace(tag.Find("name")->text());
  std::set<std::string> ids;
  for (const yaml::Member& path : tree.Find("paths")->members()) {
    for (const yaml::Member& operation : path.value.members()) {
      EXPECT_TRUE(ids.emplace(operation.value.Find("operationId")->text()).second) << path.key;
      EXPECT_TRUE(tags.contains(std::string(operation.value.Find("tags")->items().front().text())))
          << path.key;
    }
  }
  constexpr std::string_view kReference = "#/components/";
  for (std::size_t at = text.find(kReference); at != std::string::npos;
       at = text.find(kReference, at + 1)) {
    const std::string_view rest = std::string_view(text).substr(at + kReference.size());
    const std::string_view name = rest.substr(0, rest.find('"'));
    const std::size_t slash = name.find('/');
    const yaml::Node* part = tree.Find("components")->Find(name.substr(0, slash));
    ASSERT_NE(part, nullptr) << name;
    EXPECT_NE(part->Find(name.substr(slash + 1)), nullptr) << name;
  }
}

}  // namespace
}  // namespace narthex::api

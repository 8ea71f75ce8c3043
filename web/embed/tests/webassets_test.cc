#include "webassets/webassets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace narthex::webassets {
namespace {

struct Front {
  std::string name;
  std::span<const http::Asset> assets;
};

std::vector<Front> Fronts() {
  return {{"server", ServerAssets()}, {"dashboards", DashboardsAssets()}};
}

const http::Asset* Find(std::span<const http::Asset> assets, std::string_view path) {
  const auto found = std::ranges::find(assets, path, &http::Asset::path);
  return found == assets.end() ? nullptr : &*found;
}

TEST(WebAssets, AreSortedByPathWithoutRepeats) {
  for (const Front& front : Fronts()) {
    SCOPED_TRACE(front.name);
    EXPECT_TRUE(
        std::ranges::is_sorted(front.assets, std::ranges::less_equal{}, &http::Asset::path));
  }
}

TEST(WebAssets, HaveAnIndexPageOfHtml) {
  for (const Front& front : Fronts()) {
    SCOPED_TRACE(front.name);
    const http::Asset* index = Find(front.assets, "/index.html");
    ASSERT_NE(index, nullptr);
    EXPECT_EQ(index->mime, "text/html; charset=utf-8");
    EXPECT_FALSE(index->is_immutable);
  }
}

TEST(WebAssets, HaveABodyInAFormThatEveryClientTakes) {
  for (const Front& front : Fronts()) {
    for (const http::Asset& asset : front.assets) {
      SCOPED_TRACE(std::string(asset.path));
      EXPECT_TRUE(!asset.identity.empty() || asset.gzip.starts_with("\x1f\x8b"));
    }
  }
}

TEST(WebAssets, HaveAQuotedStrongEntityTag) {
  for (const Front& front : Fronts()) {
    for (const http::Asset& asset : front.assets) {
      SCOPED_TRACE(std::string(asset.path));
      ASSERT_GE(asset.etag.size(), 10U);
      EXPECT_TRUE(asset.etag.starts_with('"') && asset.etag.ends_with('"'));
    }
  }
}

}  // namespace
}  // namespace narthex::webassets

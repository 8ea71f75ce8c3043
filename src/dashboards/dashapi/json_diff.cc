#include "json_diff.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/message.h"
#include "json/writer.h"

namespace narthex::dashapi {
namespace {

constexpr std::size_t kChangeCountMax = 10'000;
// Longer values are cut in what people read.
constexpr std::size_t kShownSizeMax = 200;

// Source: RFC 6901, section 3.
std::string Escaped(std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

class Comparison {
 public:
  explicit Comparison(std::vector<JsonChange>& changes) : changes_(changes) {}

  void Compare(const std::string& path, const json::Value& before, const json::Value& after) {
    if (before == after || changes_.size() >= kChangeCountMax) return;
    if (before.is_object() && after.is_object()) {
      Members(path, before, after);
    } else if (before.is_array() && after.is_array()) {
      Items(path, before.items(), after.items());
    } else {
      Note({JsonChange::Kind::kReplace, path, before, after});
    }
  }

 private:
  void Note(JsonChange change) {
    if (changes_.size() < kChangeCountMax) changes_.push_back(std::move(change));
  }

  void Members(const std::string& path, const json::Value& before, const json::Value& after) {
    for (const json::Member& member : before.members()) {
      const std::string below = path + "/" + Escaped(member.key);
      if (const json::Value* now = after.Find(member.key)) {
        Compare(below, member.value, *now);
      } else {
        Note({JsonChange::Kind::kRemove, below, member.value, {}});
      }
    }
    for (const json::Member& member : after.members()) {
      if (before.Find(member.key) == nullptr) {
        Note({JsonChange::Kind::kAdd, path + "/" + Escaped(member.key), {}, member.value});
      }
    }
  }

  void Items(const std::string& path, const json::Value::Array& before,
             const json::Value::Array& after) {
    const std::size_t count = std::max(before.size(), after.size());
    for (std::size_t i = 0; i < count && changes_.size() < kChangeCountMax; ++i) {
      const std::string below = fmt::format("{}/{}", path, i);
      if (i >= after.size()) {
        Note({JsonChange::Kind::kRemove, below, before[i], {}});
      } else if (i >= before.size()) {
        Note({JsonChange::Kind::kAdd, below, {}, after[i]});
      } else {
        Compare(below, before[i], after[i]);
      }
    }
  }

  std::vector<JsonChange>& changes_;
};

std::string_view Name(JsonChange::Kind kind) {
  switch (kind) {
    case JsonChange::Kind::kAdd:
      return "add";
    case JsonChange::Kind::kRemove:
      return "remove";
    case JsonChange::Kind::kReplace:
      break;
  }
  return "replace";
}

std::string Shown(const json::Value& value) {
  std::string text = json::Print(value);
  if (text.size() > kShownSizeMax) text = text.substr(0, kShownSizeMax) + "...";
  return http::HtmlEscape(text);
}

}  // namespace

std::vector<JsonChange> Differences(const json::Value& before, const json::Value& after) {
  std::vector<JsonChange> changes;
  Comparison(changes).Compare("", before, after);
  return changes;
}

std::string DifferencesAsJson(const std::vector<JsonChange>& changes) {
  std::string text;
  json::Writer writer(text);
  writer.BeginArray();
  for (const JsonChange& change : changes) {
    writer.BeginObject();
    Field(writer, "op", Name(change.kind));
    Field(writer, "path", std::string_view(change.path));
    if (change.kind != JsonChange::Kind::kAdd) {
      writer.Key("old");
      writer.Tree(change.before);
    }
    if (change.kind != JsonChange::Kind::kRemove) {
      writer.Key("value");
      writer.Tree(change.after);
    }
    writer.EndObject();
  }
  writer.EndArray();
  return text;
}

std::string DifferencesAsHtml(const std::vector<JsonChange>& changes) {
  std::string html = "<ul class=\"diff\">";
  for (const JsonChange& change : changes) {
    html += fmt::format("<li class=\"diff-{}\"><code>{}</code>", Name(change.kind),
                        http::HtmlEscape(change.path));
    if (change.kind != JsonChange::Kind::kAdd) {
      html += fmt::format(" <del>{}</del>", Shown(change.before));
    }
    if (change.kind != JsonChange::Kind::kRemove) {
      html += fmt::format(" <ins>{}</ins>", Shown(change.after));
    }
    html += "</li>";
  }
  return html + "</ul>";
}

}  // namespace narthex::dashapi

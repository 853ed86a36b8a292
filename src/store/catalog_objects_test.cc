// Objects and names: what leads where, and what may be removed.
#include <algorithm>

#include "base/limits.h"
#include "store/testing/catalog_fixture.h"

namespace vexfs::store {
namespace {

class Objects : public CatalogTest {
 protected:
  ObjectId directory(std::string_view key) {
    return catalog().add_object(key_named(key), ObjectKind::kDirectory, 3).value();
  }
  std::vector<std::string> children(ObjectId of, std::string_view after = {}) {
    std::vector<std::string> names;
    const auto note = [&](std::string_view name, ObjectId, ObjectKind) {
      names.emplace_back(name);
      return true;
    };
    EXPECT_TRUE(catalog().children_of(of, after, note).ok());
    return names;
  }
  std::vector<std::pair<ObjectId, std::string>> names(ObjectId of) {
    std::vector<std::pair<ObjectId, std::string>> out;
    const auto note = [&](ObjectId parent, std::string_view name) {
      out.emplace_back(parent, name);
      return true;
    };
    EXPECT_TRUE(catalog().names_of(of, note).ok());
    std::sort(out.begin(), out.end());
    return out;
  }
};

TEST_F(Objects, AreFoundByKeyAndById) {
  const std::string long_key(ObjectKey::kBytesMax, '\xff');
  const ObjectId a =
      catalog().add_object(key_named(long_key), ObjectKind::kFile, UINT64_MAX).value();
  const ObjectId b = directory(std::string_view("\0b\0", 3));
  EXPECT_EQ(catalog().find_object(key_named(long_key)).value()->id, a);
  EXPECT_EQ(catalog().find_object(key_named(long_key)).value()->inode, UINT64_MAX);
  EXPECT_EQ(catalog().find_object(key_named(std::string_view("\0b\0", 3))).value()->id, b);
  EXPECT_FALSE(catalog().find_object(key_named("b")).value().has_value());
  EXPECT_EQ(catalog().object(b).value()->kind, ObjectKind::kDirectory);
  EXPECT_TRUE(catalog().key_of(a).value().value() == key_named(long_key));
  EXPECT_FALSE(catalog().key_of(ObjectId{99}).value().has_value());
  EXPECT_FALSE(catalog().object(ObjectId{99}).value().has_value());
  EXPECT_EQ(catalog().find_object(key_named("")).error(), EINVAL)
      << "the source's, until it has one";
}

TEST_F(Objects, AKeyIsOneObjects) {
  const ObjectId a = file("a");
  const ObjectId b = file("b");
  EXPECT_EQ(catalog().add_object(key_named("a"), ObjectKind::kFile, 0).error(), EEXIST);
  EXPECT_EQ(catalog().add_object(key_named(""), ObjectKind::kFile, 0).error(), EINVAL);
  EXPECT_EQ(catalog().set_key(a, key_named("b"), 0).error(), EEXIST);
  EXPECT_EQ(catalog().set_key(ObjectId{99}, key_named("x"), 0).error(), ENOENT);
  EXPECT_TRUE(catalog().set_key(a, key_named("c"), 8).ok()) << "nothing was lost";
  EXPECT_TRUE(catalog().set_key(kRootObject, key_named("source"), 2).ok());
  EXPECT_EQ(catalog().find_object(key_named("c")).value()->id, a);
  EXPECT_EQ(catalog().find_object(key_named("b")).value()->id, b);
  EXPECT_FALSE(catalog().find_object(key_named("a")).value().has_value());
  EXPECT_EQ(catalog().find_object(key_named("source")).value()->id, kRootObject);
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
}

TEST_F(Objects, NamesLeadToOneObjectAndObjectsHaveSeveral) {
  const ObjectId docs = directory("docs");
  const ObjectId a = file("a");
  const ObjectId b = file("b");
  ASSERT_TRUE(catalog().put_name(kRootObject, "docs", docs).ok());
  ASSERT_TRUE(catalog().put_name(docs, "one", a).ok());
  ASSERT_TRUE(catalog().put_name(kRootObject, "two", a).ok());
  ASSERT_TRUE(catalog().put_name(docs, "\xff\xfe not text", b).ok());
  EXPECT_EQ(names(a),
            (std::vector<std::pair<ObjectId, std::string>>{{kRootObject, "two"}, {docs, "one"}}));
  EXPECT_EQ(children(docs), (std::vector<std::string>{"one", "\xff\xfe not text"}));
  EXPECT_EQ(children(docs, "one"), std::vector<std::string>{"\xff\xfe not text"});
  EXPECT_EQ(catalog().find_name(docs, "one").value(), a);
  ASSERT_TRUE(catalog().put_name(docs, "one", b).ok()) << "a rename over it";
  EXPECT_EQ(catalog().find_name(docs, "one").value(), b);
  EXPECT_EQ(names(a).size(), 1U);
  ASSERT_TRUE(catalog().remove_name(docs, "one").ok());
  ASSERT_TRUE(catalog().remove_name(docs, "one").ok()) << "none is no failure";
  EXPECT_FALSE(catalog().find_name(docs, "one").value().has_value());
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
}

TEST_F(Objects, NamesAreNames) {
  for (const std::string_view bad :
       {std::string_view(""), std::string_view("."), std::string_view(".."),
        std::string_view("a/b"), std::string_view("a\0b", 3)}) {
    EXPECT_EQ(catalog().put_name(kRootObject, bad, kRootObject).error(), EINVAL) << bad;
  }
  EXPECT_TRUE(catalog().put_name(kRootObject, std::string(255, 'n'), file("a")).ok());
  EXPECT_EQ(catalog().put_name(kRootObject, std::string(256, 'n'), kRootObject).error(),
            ENAMETOOLONG);
}

TEST_F(Objects, GoWithTheirNamesWhenNothingHangsOnThem) {
  const SpaceId text = space("text");
  const ObjectId docs = directory("docs");
  const ObjectId a = file("a");
  put(text, a);
  ASSERT_TRUE(catalog().put_name(kRootObject, "docs", docs).ok());
  ASSERT_TRUE(catalog().put_name(docs, "a", a).ok());
  ASSERT_TRUE(catalog().put_name(docs, "b", a).ok());
  EXPECT_EQ(catalog().remove_object(a).error(), EBUSY);
  EXPECT_EQ(catalog().remove_object(docs).error(), EBUSY);
  EXPECT_EQ(catalog().remove_object(kRootObject).error(), EBUSY);
  EXPECT_EQ(catalog().remove_object(ObjectId{99}).error(), ENOENT);
  ASSERT_EQ(catalog().remove_passages(text, a, 0).value(), 1U);
  EXPECT_TRUE(catalog().remove_object(a).ok());
  EXPECT_TRUE(children(docs).empty());
  EXPECT_TRUE(catalog().remove_object(docs).ok());
  EXPECT_EQ(catalog().count_objects().value(), 1U);
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
}

TEST_F(Objects, AreListedFromAnIdOn) {
  const ObjectId docs = directory("docs");
  const ObjectId a = file("a");
  const ObjectId alone = directory("alone");
  ASSERT_TRUE(catalog().put_name(kRootObject, "docs", docs).ok());
  std::vector<ObjectId> ids;
  ASSERT_TRUE(catalog()
                  .objects(docs,
                           [&](const Object& object) {
                             ids.push_back(object.id);
                             return true;
                           })
                  .ok());
  EXPECT_EQ(ids, (std::vector<ObjectId>{a, alone}));
  std::vector<std::string> found;
  ASSERT_TRUE(catalog()
                  .directories([&](const Object& object, const ObjectKey& key, ObjectId parent,
                                   std::string_view name) {
                    found.push_back(std::to_string(static_cast<uint64_t>(object.id)) + " " +
                                    std::string(key.view()) + " " +
                                    std::to_string(static_cast<uint64_t>(parent)) + " " +
                                    std::string(name));
                    return true;
                  })
                  .ok());
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::string>{"1  0 ", "2 docs 1 docs", "4 alone 0 "}));
}

}  // namespace
}  // namespace vexfs::store

// Reading and writing the rows of a data source.
#pragma once

#include <vector>

#include "dashstore/datasources.h"
#include "database.h"

namespace narthex::dashstore {

// `where` follows "FROM datasource ".
Result<std::vector<Datasource>> SelectDatasources(Connection& connection, const std::string& where,
                                                  std::vector<Bound> values);
Result<std::optional<Datasource>> SelectDatasource(Connection& connection, const std::string& where,
                                                   std::vector<Bound> values);

// How a row comes to be.
struct Origin {
  std::string provisioned_by;  // the file, empty for the API
  TimestampMs now = 0;
};

// Both set is_default of all others to false if `datasource` is the default.
// Errors: kAlreadyExists
Result<std::int64_t> InsertDatasource(Connection& connection, const Datasource& datasource,
                                      const Origin& origin);
Status UpdateDatasource(Connection& connection, const Datasource& datasource, const Origin& origin);

Status StoreSecrets(Connection& connection, const SecretBox& box, std::int64_t datasource_id,
                    const Secrets& secrets);

}  // namespace narthex::dashstore

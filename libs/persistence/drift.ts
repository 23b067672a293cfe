/** Whether the entities and the migrated schema say the same. Empty when they do. */
import type { DataSource } from 'typeorm';

/** The SQL that would bring the database to the entities. */
export async function schemaDrift(data: DataSource): Promise<string[]> {
  const { upQueries } = await data.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

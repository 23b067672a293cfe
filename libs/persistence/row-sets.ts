/**
 * Many rows in one statement with one parameter. A thousand rows as parameters of their own take longer to say than to store, and a
 * statement has room for 65,535 of them. Promises: values arrive as an insert of the entity would store them.
 */
import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';

export interface InsertOptions {
  /** Rows that are there already stay as they are. */
  orIgnore?: boolean;
  /** A property whose values are answered, of the rows that are new. */
  returning?: string;
}

/** All rows say the same properties; what a row leaves out is null. Answers `returning` of those that were inserted. */
export async function insertRows<Row extends ObjectLiteral>(
  tx: EntityManager,
  entity: EntityTarget<Row>,
  rows: readonly Partial<Row>[],
  { orIgnore = false, returning }: InsertOptions = {},
): Promise<string[]> {
  if (rows.length === 0) return [];
  const { tableName, columns: all } = tx.connection.getMetadata(entity);
  const said = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = all.filter(({ propertyName }) => said.has(propertyName));
  const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  const types = columns.map((column) => `"${column.propertyName}" ${typeOf(column)}`).join(', ');
  const values = columns.map(({ propertyName }) => `"${propertyName}"`).join(', ');
  const wanted = all.find(({ propertyName }) => propertyName === returning);
  const answered: { answer: string }[] = await tx.query(
    `INSERT INTO "${tableName}" (${names}) SELECT ${values} FROM json_to_recordset($1::json) AS told(${types})
     ${orIgnore ? 'ON CONFLICT DO NOTHING' : ''} ${wanted ? `RETURNING "${wanted.databaseName}" AS answer` : ''}`,
    [rowsAsJson(rows)],
  );
  return wanted ? answered.map(({ answer }) => answer) : [];
}

/** As the parameter of `json_to_recordset`: instants in ISO, bytes in hex. */
export const rowsAsJson = (rows: readonly object[]) => JSON.stringify(rows.map(plain));

function plain(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [name, Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value]),
  );
}

const typeOf = ({ type }: EntityMetadata['columns'][number]) => (typeof type === 'string' ? type : 'text');

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

/** All rows say the same properties as the first; what it leaves out is null. Answers `returning` of those that were inserted. */
export async function insertRows<Row extends ObjectLiteral>(
  tx: EntityManager,
  entity: EntityTarget<Row>,
  rows: readonly Partial<Row>[],
  { orIgnore = false, returning }: InsertOptions = {},
): Promise<string[]> {
  const [first] = rows;
  if (!first) return [];
  const { tableName, columns: all } = tx.connection.getMetadata(entity);
  const columns = all.filter(({ propertyName }) => propertyName in first);
  const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  const types = columns.map((column) => `"${column.propertyName}" ${typeOf(column)}`).join(', ');
  const values = columns.map(({ propertyName }) => `"${propertyName}"`).join(', ');
  const wanted = all.find(({ propertyName }) => propertyName === returning);
  const bytes = columns.filter((column) => typeOf(column) === 'bytea').map(({ propertyName }) => propertyName);
  const answered: { answer: string }[] = await tx.query(
    `INSERT INTO "${tableName}" (${names}) SELECT ${values} FROM json_to_recordset($1::json) AS told(${types})
     ${orIgnore ? 'ON CONFLICT DO NOTHING' : ''} ${wanted ? `RETURNING "${wanted.databaseName}" AS answer` : ''}`,
    [rowsAsJson(bytes.length === 0 ? rows : rows.map((row) => inHex(row, bytes)))],
  );
  return wanted ? answered.map(({ answer }) => answer) : [];
}

/** As the parameter of `json_to_recordset`; instants are in ISO. */
export const rowsAsJson = (rows: readonly object[]) => JSON.stringify(rows);

function inHex<Row extends ObjectLiteral>(row: Partial<Row>, bytes: readonly string[]): object {
  const written: Record<string, unknown> = { ...row };
  for (const name of bytes) if (Buffer.isBuffer(written[name])) written[name] = `\\x${written[name].toString('hex')}`;
  return written;
}

const typeOf = ({ type }: EntityMetadata['columns'][number]) => (typeof type === 'string' ? type : 'text');

/**
 * The manager of entities, with a short way for its commonest question: one row by the values of its columns. TypeORM builds such a query anew each
 * time it is asked, and that took more time and memory than the answers. Here a statement is built once; what asks for more is left to TypeORM.
 */
import {
  DataSource,
  EntityManager,
  type EntityMetadata,
  type EntityTarget,
  type FindOneOptions,
  type FindOptionsWhere,
  type ObjectLiteral,
  type QueryRunner,
} from 'typeorm';

type Where<Entity> = FindOptionsWhere<Entity> | FindOptionsWhere<Entity>[] | undefined;
type Lock<Entity> = FindOneOptions<Entity>['lock'];

/** Those that we ask for. */
const LOCKS: ReadonlyMap<string, string> = new Map([
  ['pessimistic_write', 'FOR UPDATE'],
  ['for_key_share', 'FOR KEY SHARE'],
]);

export class RowDataSource extends DataSource {
  override createEntityManager(queryRunner?: QueryRunner): EntityManager {
    return new RowManager(this, queryRunner);
  }
}

class RowManager extends EntityManager {
  override async findOne<Entity extends ObjectLiteral>(
    target: EntityTarget<Entity>,
    options: FindOneOptions<Entity>,
  ): Promise<Entity | null> {
    const { where, lock, ...more } = options;
    const short = Object.keys(more).length === 0 && this.shortWay(target, where, lock);
    return short ? short() : super.findOne(target, options);
  }

  override async findOneBy<Entity extends ObjectLiteral>(
    target: EntityTarget<Entity>,
    where: FindOptionsWhere<Entity> | FindOptionsWhere<Entity>[],
  ): Promise<Entity | null> {
    const short = this.shortWay(target, where);
    return short ? short() : super.findOneBy(target, where);
  }

  private shortWay<Entity extends ObjectLiteral>(target: EntityTarget<Entity>, where: Where<Entity>, lock?: Lock<Entity>) {
    const metadata = this.dataSource.getMetadata(target);
    const clause = this.clauseOf(lock);
    if (clause === null || where === undefined || Array.isArray(where) || !isPlain(metadata)) return null;
    const [names, values]: [string[], unknown[]] = [Object.keys(where), Object.values(where)];
    // Null, undefined and operators such as In() have meanings of their own.
    if (names.length === 0 || !values.every(isValue)) return null;
    const text = statementFor(metadata, names, clause);
    return text === null ? null : () => this.oneRow<Entity>(metadata, text, values);
  }

  /** Null where TypeORM decides: without a transaction it refuses a lock. */
  private clauseOf<Entity>(lock: Lock<Entity>): string | null {
    if (!lock) return '';
    if ('tables' in lock || 'onLocked' in lock || this.queryRunner?.isTransactionActive !== true) return null;
    return LOCKS.get(lock.mode) ?? null;
  }

  private async oneRow<Entity extends ObjectLiteral>(metadata: EntityMetadata, text: string, values: unknown[]): Promise<Entity | null> {
    const [row]: Record<string, unknown>[] = await this.query(text, values);
    if (row === undefined) return null;
    const { driver } = this.dataSource;
    const entity = metadata.create(this.queryRunner, { fromDeserializer: true }) as Entity;
    for (const column of metadata.columns) column.setEntityValue(entity, driver.prepareHydratedValue(row[column.databaseName], column));
    return entity;
  }
}

const isValue = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || Buffer.isBuffer(value);

/** Nothing but columns, as all our entities are. */
const isPlain = ({ relations, embeddeds, discriminatorColumn, deleteDateColumn, afterLoadListeners }: EntityMetadata): boolean =>
  relations.length === 0 && embeddeds.length === 0 && !discriminatorColumn && !deleteDateColumn && afterLoadListeners.length === 0;

const statements = new WeakMap<EntityMetadata, Map<string, string | null>>();

function statementFor(metadata: EntityMetadata, names: readonly string[], clause: string): string | null {
  const ofEntity = statements.get(metadata) ?? new Map<string, string | null>();
  statements.set(metadata, ofEntity);
  const key = `${names.join()} ${clause}`;
  const known = ofEntity.get(key);
  if (known !== undefined) return known;
  const built = build(metadata, names, clause);
  ofEntity.set(key, built);
  return built;
}

/** Null where not all columns are read as they are kept, or a name is no column's. */
function build({ columns, tablePath }: EntityMetadata, names: readonly string[], clause: string): string | null {
  if (!columns.every(({ isSelect, isVirtual }) => isSelect && !isVirtual)) return null;
  const conditions: string[] = [];
  for (const name of names) {
    const column = columns.find(({ propertyName }) => propertyName === name);
    if (!column || column.transformer) return null;
    conditions.push(`"${column.databaseName}" = $${conditions.length + 1}`);
  }
  const selected = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  return `SELECT ${selected} FROM "${tablePath}" WHERE ${conditions.join(' AND ')} LIMIT 1 ${clause}`.trimEnd();
}

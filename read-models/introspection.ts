/**
 * What the migrator asks of the database: which schemas and tables there are. Kysely's own answer works out the columns of every book's
 * tables, and breaks where another book is dropped meanwhile; the catalogue's plain views do not.
 */
import { type DatabaseIntrospector, type Kysely, PostgresDialect, sql, type TableMetadata } from "kysely";

export class CatalogueDialect extends PostgresDialect {
  override createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    const getTables = async (): Promise<TableMetadata[]> => {
      const { rows } = await sql<{ schema: string; name: string }>`
        select schemaname as schema, tablename as name from pg_catalog.pg_tables`.execute(db);
      return rows.map((table) => ({ ...table, isView: false, columns: [] }));
    };
    return {
      async getSchemas() {
        const { rows } = await sql<{ name: string }>`
          select nspname as name from pg_catalog.pg_namespace`.execute(db);
        return rows;
      },
      getTables,
      getMetadata: async () => ({ tables: await getTables() }),
    };
  }
}

/**
 * The node's tables. An event is stored as the bytes that readers get. A stream is known by 128 bits of a hash of its
 * name, because a name may be longer than an index allows.
 */
import { hash } from "node:crypto";

export const SCHEMA = "eventstore_node";

export const tables = `
  create schema if not exists ${SCHEMA};
  create table if not exists ${SCHEMA}.fence (epoch bigint not null);
  insert into ${SCHEMA}.fence select 0 where not exists (select from ${SCHEMA}.fence);
  create table if not exists ${SCHEMA}.event (
    position bigint primary key,
    stream uuid not null,
    revision bigint not null,
    id uuid not null,
    recorded bytea not null,
    unique (stream, revision)
  );
  create index if not exists event_id on ${SCHEMA}.event (id);`;

export const streamKey = (name: string): string => hash("sha256", name).slice(0, 32);

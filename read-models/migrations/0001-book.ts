/** What outlasts every generation: the trail, the checkpoint, commands that wait, the pointer. Never edited once it landed. */
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>, schema: string): Promise<void> {
  const table = (name: string) => sql.table(`${schema}.${name}`);
  await sql`
    create table ${table("trail")} (
      seq        bigint      primary key,
      stream     text        not null,
      revision   bigint      not null,
      id         text        not null,
      type       text        not null,
      data       text        not null,
      metadata   text        not null,
      hash       text        not null,
      command_id text        not null,
      part       integer     not null,
      parts      integer     not null,
      position   bigint      not null,
      known_at   text collate "C" not null
    )`.execute(db);
  await sql`create unique index trail_stream on ${table("trail")} (stream, revision)`.execute(db);
  await sql`create index trail_command on ${table("trail")} (command_id)`.execute(db);
  await sql`create index trail_known on ${table("trail")} (known_at, seq)`.execute(db);

  await sql`
    create table ${table("waiting")} (
      position   bigint      primary key,
      stream     text        not null,
      event      text        not null,
      waits_from timestamptz not null default now()
    )`.execute(db);

  await sql`
    create table ${table("checkpoint")} (
      position bigint      not null,
      reached  bigint      not null,
      epoch    bigint      not null,
      seq      bigint      not null,
      hash     text        not null,
      known_at text        not null
    )`.execute(db);
  const before = sql`-1, -1, 0, 0, repeat('0', 64), ''`;
  await sql`insert into ${table("checkpoint")} values (${before})`.execute(db);

  await sql`create table ${table("generation")} (number integer not null, shape integer not null)`.execute(
    db,
  );

  // Moves the checkpoint from where the projector believes it is, or breaks its transaction.
  await sql`
    create function ${sql.raw(`"${schema}".move_checkpoint`)}(
      from_position bigint, from_epoch bigint, to_position bigint, to_reached bigint, to_seq bigint,
      to_hash text, to_known_at text
    ) returns void language plpgsql as $$
    begin
      update ${table("checkpoint")}
         set position = to_position, reached = to_reached, seq = to_seq, hash = to_hash, known_at = to_known_at
       where position = from_position and epoch = from_epoch;
      if not found then
        raise exception 'not at position % in epoch %', from_position, from_epoch using errcode = 'PF001';
      end if;
    end $$`.execute(db);
}

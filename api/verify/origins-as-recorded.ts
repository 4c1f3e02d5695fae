/** The day that each layer's goods first came is as an event of the trail says: ages rest on it. */
import { layerOrigins } from "../../projections/layer-origins.ts";
import type { Session } from "../../read-models/database.ts";
import type { Check } from "./check.ts";
import { cursor } from "./cursor.ts";
import { asRecorded, recordedCommands } from "./recorded.ts";

type Origin = ReturnType<typeof layerOrigins>[number];

export const originsAsRecorded = (session: Session, book: string, schema: string): Promise<Check> =>
  asRecorded("layer origins = trail", recordedOrigins(session, book), origins(session, schema));

async function* origins(session: Session, schema: string): AsyncGenerator<string> {
  const rows = cursor<Origin>(
    session,
    "layer_origins",
    `select * from "${schema}".layer_origin order by seq, layer collate "C", item`,
  );
  for await (const row of rows) yield textOf(row);
}

async function* recordedOrigins(session: Session, book: string): AsyncGenerator<string> {
  for await (const command of recordedCommands(session, book, "recorded_origins"))
    for (const entry of command)
      yield* layerOrigins(entry)
        .toSorted((a, b) => (a.layer < b.layer ? -1 : 1))
        .map(textOf);
}

const textOf = ({ seq, item, layer, received_on }: Origin): string =>
  `seq ${seq}: ${item} ${layer} first came on ${received_on}`;

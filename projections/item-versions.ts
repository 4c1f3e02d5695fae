/** What an item is called and how it is kept, from which seq on. */
import type { Insertable } from "kysely";
import type { Session } from "../read-models/database.ts";
import type { GenerationTables } from "../read-models/schema.ts";
import type { Entry } from "./entry.ts";

type Version = Insertable<GenerationTables["item_version"]>;

export function itemVersions(session: Session, schema: string) {
  async function latest(item: string): Promise<Version> {
    const [version] = await session.query<Version>(
      `select * from "${schema}".item_version where item = $1 order by seq desc limit 1`,
      [item],
    );
    if (!version) throw new Error(`Invariant broken: ${item} changed before it was registered`);
    return version;
  }

  return {
    async fold(entries: readonly Entry[]): Promise<readonly Version[]> {
      const versions: Version[] = [];
      const before = async (item: string) =>
        versions.findLast((version) => version.item === item) ?? (await latest(item));
      for (const { event, seq } of entries) {
        switch (event.type) {
          case "ItemRegistered": {
            const { item, name, unit, quantityScale, valueScale, costBy } = event.data;
            const scales = { quantity_scale: quantityScale, value_scale: valueScale };
            versions.push({
              item,
              seq,
              name,
              unit,
              ...scales,
              cost_by: costBy,
              active: true,
              tracks: costBy === "lot" ? "lots" : null,
            });
            break;
          }
          case "ItemRenamed":
            versions.push({ ...(await before(event.data.item)), seq, name: event.data.name });
            break;
          case "LotsTracked": {
            const tracks = event.data.serials ? "serials" : "lots";
            versions.push({ ...(await before(event.data.item)), seq, tracks });
            break;
          }
          case "ItemDeactivated":
            versions.push({ ...(await before(event.data.item)), seq, active: false });
            break;
        }
      }
      return versions;
    },
  };
}

/** Nobody has deleted a stream of the book, or told the store to forget its events: what a scavenge would erase is gone. */
import type { Session } from "../../read-models/database.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import type { Book } from "../book.ts";
import type { Check } from "./check.ts";

export async function nothingHidden(
  session: Session,
  { name, store }: Pick<Book, "name" | "store">,
): Promise<Check> {
  const [streams] = await session.query<{ count: bigint }>(
    `select count(distinct stream) as count from ${quoted(bookSchema(name))}.trail`,
  );
  const [first] = await store.marks(`${name}.`);
  return {
    name: "no stream is deleted or cut",
    compared: Number(streams?.count ?? 0),
    difference: first && `${first.stream} has ${first.what}, set at position ${first.position}`,
  };
}

/** Nobody has deleted a stream of the book, or told the store to forget its events: what a scavenge would erase is gone. */
import type { Book } from "../book.ts";
import type { Check } from "./check.ts";

export async function nothingHidden({ name, store }: Pick<Book, "name" | "store">): Promise<Check> {
  const marks = await store.marks(`${name}.`);
  const [first] = marks;
  return {
    name: "no stream is deleted or cut",
    compared: marks.length,
    difference: first && `${first.stream} has ${first.what}, set at position ${first.position}`,
  };
}

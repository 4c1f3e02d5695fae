/** Questions of one thing, as it is now: by its name, where there are several. */
import { z } from "zod";
import { items } from "../../read-models/items.ts";
import { NOW, type Page } from "../../read-models/question.ts";
import { stocktakes } from "../../read-models/stocktakes.ts";
import type { Book } from "../book.ts";
import { id } from "../edge/schemas.ts";

export type Single = Readonly<{
  path: string;
  summary: string;
  params: z.ZodObject;
  /** Undefined: there is none. */
  ask: (book: Book, params: object) => Promise<object | undefined>;
}>;
type Ask = (
  pool: Book["pool"],
  book: string,
  asked: never,
  page: Page<never>,
) => Promise<Readonly<{ rows: readonly object[] }>>;

const only =
  (question: Ask): Single["ask"] =>
  async ({ pool, name }, params) => {
    const { rows } = await question(pool, name, { ...NOW, ...params } as never, {
      limit: 1,
      after: undefined,
    });
    return rows[0];
  };

export const singles: readonly Single[] = [
  { path: "/v1/company", summary: "The company.", params: z.object({}), ask: ({ company }) => company() },
  { path: "/v1/items/{item}", summary: "An item.", params: z.object({ item: id }), ask: only(items) },
  {
    path: "/v1/stocktakes/{stocktake}",
    summary: "A stocktake.",
    params: z.object({ stocktake: id }),
    ask: only(stocktakes),
  },
];

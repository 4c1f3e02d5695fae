/** Every command of the book: HTTP's routes, and the command line's commands, are this table. */
import type { Book } from "../book.ts";
import { companyRoutes } from "./company.ts";
import { correctionRoutes } from "./corrections.ts";
import { inventoryRoutes } from "./inventory.ts";
import { landedCostRoutes } from "./landed-costs.ts";
import { periodRoutes } from "./periods.ts";
import type { CommandRoute } from "./routes.ts";
import { stocktakeRoutes } from "./stocktakes.ts";

export const commandRoutes = (book: Book): readonly CommandRoute[] => [
  ...landedCostRoutes(book),
  ...stocktakeRoutes(book),
  ...companyRoutes(book),
  ...periodRoutes(book),
  ...inventoryRoutes(book),
  ...correctionRoutes(book),
];

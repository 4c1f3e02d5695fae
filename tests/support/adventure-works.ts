/** AdventureWorks (`shared/data/README.md`): its movements as a file that the import reads, and what they must come to. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env["PERPETUAL_DATA"] ?? join("..", "shared", "data");
export const hasAdventureWorks = existsSync(join(folder, "aw_movements.csv"));

type Row = Readonly<Record<string, string>>;

/** Its files hold no quotes, but for the products', which we don't need. */
function rowsOf(name: string): readonly Row[] {
  const [headers = "", ...lines] = readFileSync(join(folder, name), "utf8").trim().split(/\r?\n/);
  const columns = headers.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
  });
}

/** By their headers there; `get` throws where one is missing. */
const get = (row: Row, column: string): string => {
  const text = row[column];
  if (text === undefined) throw new Error(`no column ${column}`);
  return text;
};

const LOCATION = "main";
export const HEADERS = "item,date,kind,quantity,unitCost,location,purpose,reference";

/** Opening stock, then day by day the receipt at its unit cost before the issue. */
export function movementsFile(): string {
  const lines = rowsOf("aw_opening.csv").map((row) =>
    [
      get(row, "ProductKey"),
      get(row, "as_at"),
      "opening",
      get(row, "opening_qty"),
      get(row, "opening_cost"),
      LOCATION,
      "",
      "",
    ].join(","),
  );
  for (const row of rowsOf("aw_movements.csv")) {
    const [item, date] = [get(row, "ProductKey"), get(row, "MovementDate")];
    const [came, went] = [get(row, "UnitsIn"), get(row, "UnitsOut")];
    if (came !== "0")
      lines.push([item, date, "receipt", came, get(row, "UnitCost"), LOCATION, "", ""].join(","));
    if (went !== "0") lines.push([item, date, "issue", went, "", LOCATION, "sale", `day ${date}`].join(","));
  }
  return `${HEADERS}\n${lines.join("\n")}\n`;
}

/** What is there at the end of each day that has a movement. */
export const expectedBalances = () =>
  rowsOf("aw_movements.csv").map((row) => ({
    item: get(row, "ProductKey"),
    date: get(row, "MovementDate"),
    quantity: get(row, "expected_balance"),
  }));

/** What each day's issue cost. */
export const expectedIssues = () =>
  rowsOf("aw_expected_fifo_by_issue.csv").map((row) => ({
    item: get(row, "ProductKey"),
    date: get(row, "date"),
    quantity: get(row, "qty"),
    cost: get(row, "fifo_cogs"),
  }));

export const expectedItems = () =>
  rowsOf("aw_expected_fifo.csv").map((row) => ({
    item: get(row, "ProductKey"),
    quantity: get(row, "closing_qty"),
    cost: get(row, "fifo_cogs"),
    value: get(row, "fifo_closing_value"),
    layers: Number(get(row, "open_layers")),
  }));
